// SPDX-License-Identifier: Apache-2.0
#include "core/bundle/tar.h"

#include <vector>

#include <gtest/gtest.h>

namespace attacca::core {
namespace {

std::string archive_of(const std::vector<std::pair<std::string, std::string>>& files) {
    std::string archive;
    for (const auto& [name, bytes] : files) {
        archive += tar_header(name, bytes.size()) + bytes + tar_padding(bytes.size());
    }
    return archive + tar_end();
}

Result<BundleFiles> read(std::string_view archive, std::size_t piece = 4096) {
    TarReader reader;
    for (std::size_t at = 0; at < archive.size(); at += piece) {
        if (Result<void> done = reader.add(archive.substr(at, piece)); !done) {
            return done.error();
        }
    }
    return reader.finish();
}

const std::string sample_tar = archive_of({{"MANIFEST.txt", "list\n"},
                                       {"artifacts/00", std::string(1000, 'a')},
                                       {"artifacts/01", ""},
                                       {"records/0.json", std::string(512, 'r')},
                                       {"verify.sh", "#!/bin/bash\n"}});

TEST(Tar, ReadsWhatItWritesInPiecesOfAnySize) {
    for (const std::size_t piece : {1U, 7U, 511U, 512U, 513U, 100000U}) {
        const Result<BundleFiles> files = read(sample_tar, piece);
        ASSERT_TRUE(files) << files.error().detail;
        ASSERT_EQ(files->size(), 5U);
        EXPECT_EQ(files->at("MANIFEST.txt").bytes, "list\n");
        EXPECT_EQ(files->at("records/0.json").size, 512U);
        EXPECT_EQ(files->at("artifacts/00").bytes, "") << "artifacts are hashed and not kept";
        EXPECT_EQ(files->at("artifacts/00").digest, sha256(std::string(1000, 'a')));
        EXPECT_EQ(files->at("artifacts/01").digest, sha256(""));
    }
}

TEST(Tar, AHeaderIsThatOfUstar) {
    const std::string header = tar_header("verify.sh", 8);
    EXPECT_EQ(header.size(), 512U);
    EXPECT_EQ(header.substr(0, 10), std::string("verify.sh\0", 10));
    EXPECT_EQ(header.substr(100, 8), std::string("0000755\0", 8));
    EXPECT_EQ(header.substr(124, 12), std::string("00000000010\0", 12));
    EXPECT_EQ(header.substr(257, 8), std::string("ustar\0" "00", 8));
    EXPECT_EQ(tar_header("records/0.json", 8).substr(100, 8), std::string("0000644\0", 8));
}

// Bytes of files are the manifest's matter.
TEST(Tar, EveryFlippedBitOutsideOfFilesIsFoundOrChangesAName) {
    const Result<BundleFiles> good = read(sample_tar);
    for (std::size_t bit = 0; bit < sample_tar.size() * 8; ++bit) {
        std::string archive = sample_tar;
        char& byte = archive[bit / 8];
        byte = static_cast<char>(static_cast<unsigned char>(byte) ^ (1U << (bit % 8)));
        const Result<BundleFiles> files = read(archive);
        ASSERT_FALSE(files && *files == *good) << bit;
    }
}

TEST(Tar, OtherArchivesAreRefused) {
    EXPECT_FALSE(read(""));
    EXPECT_FALSE(read(tar_end().substr(512)));
    EXPECT_FALSE(read(tar_end() + std::string(512, '\0')));
    EXPECT_FALSE(read(sample_tar + "x"));
    EXPECT_FALSE(read(sample_tar + archive_of({{"z", ""}})));
    EXPECT_FALSE(read(archive_of({{"b", ""}, {"a", ""}})));
    EXPECT_FALSE(read(archive_of({{"a", ""}, {"a", ""}})));
    for (std::size_t size = 0; size < sample_tar.size(); size += 100) {
        EXPECT_FALSE(read(std::string_view(sample_tar).substr(0, size))) << size;
    }
}

TEST(Tar, ABeginningIsToldFromWhatHasMoreThanItsEnd) {
    const auto is_cut_off = [](const std::string& archive) {
        TarReader reader;
        EXPECT_TRUE(reader.add(archive)) << archive.size();
        return reader.is_cut_off();
    };
    for (std::size_t size = 0; size < sample_tar.size(); size += 100) {
        EXPECT_TRUE(is_cut_off(sample_tar.substr(0, size))) << size;
    }
    EXPECT_TRUE(is_cut_off(sample_tar.substr(0, sample_tar.size() - 1)));
    EXPECT_FALSE(is_cut_off(sample_tar));
    EXPECT_FALSE(is_cut_off(sample_tar + "x"));
}

TEST(Tar, NamesThatLeadElsewhereAreNone) {
    for (const char* name : {"", "/etc/passwd", "../a", "a/../b", "a//b", "a/", ".hidden", "a/.b",
                             "a b", "a\\b", "a\nb", "ä"}) {
        EXPECT_FALSE(is_tar_name(name)) << name;
    }
    EXPECT_TRUE(is_tar_name("keys/ledger-501e8192.pem"));
    EXPECT_TRUE(is_tar_name(std::string(100, 'a')));
    EXPECT_FALSE(is_tar_name(std::string(101, 'a')));
}

}  // namespace
}  // namespace attacca::core
