// SPDX-License-Identifier: Apache-2.0
#include "adapters/system/key_files.h"

#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "adapters/system/files.h"
#include "base/digest.h"

namespace attacca::system {
namespace {

class KeyFilesTest : public ::testing::Test {
  protected:
    void SetUp() override {
        folder_ = std::filesystem::temp_directory_path().string() + "/attacca-keys-" +
                  std::to_string(::getpid());
        std::filesystem::remove_all(folder_);
        ASSERT_TRUE(make_directory(folder_));
    }
    void TearDown() override { std::filesystem::remove_all(folder_); }
    [[nodiscard]] std::string path_of(const Ed25519PublicKey& key) const {
        return folder_ + "/batch-" + hex(key.view()) + ".key";
    }
    std::string folder_;
};

TEST_F(KeyFilesTest, AKeyOfOneProcessIsFoundByTheNext) {
    const Result<Ed25519PublicKey> made = KeyFiles(folder_).create();
    ASSERT_TRUE(made);
    struct stat found {};
    ASSERT_EQ(::stat(path_of(*made).c_str(), &found), 0);
    EXPECT_EQ(found.st_mode & 0777U, 0600U);
    KeyFiles later(folder_);
    const auto signer = later.load(*made);
    ASSERT_TRUE(signer);
    EXPECT_TRUE(ed25519_verify(*made, "text", (*signer)->sign("text")));
    EXPECT_EQ(*later.find(sha256(made->view())), *made);
    EXPECT_EQ(*later.find(sha256("another")), std::nullopt);
    EXPECT_NE(*KeyFiles(folder_).create(), *made);
}

TEST_F(KeyFilesTest, OnlyTheKeysThatAreNamedOutliveAnErasure) {
    KeyFiles files(folder_);
    const Ed25519PublicKey kept = *files.create();
    const Ed25519PublicKey gone = *files.create();
    ASSERT_TRUE(write_file(folder_ + "/ledger.key", "not one of these"));
    const Ed25519PublicKey named[] = {kept};
    ASSERT_TRUE(files.erase_all_but(named));
    EXPECT_TRUE(files.load(kept));
    EXPECT_EQ(files.load(gone).error().problem, Problem::bad_configuration);
    EXPECT_FALSE(file_exists(path_of(gone)));
    EXPECT_TRUE(file_exists(folder_ + "/ledger.key"));
}

TEST_F(KeyFilesTest, AFileWithAnotherKeyIsRefused) {
    const Ed25519PublicKey key = *KeyFiles(folder_).create();
    ASSERT_TRUE(write_file(path_of(key), std::string(32, 'k')));
    EXPECT_EQ(KeyFiles(folder_).load(key).error().problem, Problem::bad_configuration);
    ASSERT_TRUE(write_file(path_of(key), std::string(31, 'k')));
    EXPECT_EQ(KeyFiles(folder_).load(key).error().problem, Problem::bad_configuration);
}

TEST_F(KeyFilesTest, TheFilesSignerSignsBytesAsTheyAre) {
    Ed25519Seed seed;
    seed.bytes.fill(3);
    FileSigner signer(std::make_shared<const Ed25519Signer>(seed));
    EXPECT_EQ(*signer.sign("bytes"), Ed25519Signer(seed).sign("bytes"));
    EXPECT_EQ(signer.public_key(), Ed25519Signer(seed).public_key());
}

}  // namespace
}  // namespace attacca::system
