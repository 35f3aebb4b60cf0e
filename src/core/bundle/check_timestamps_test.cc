// SPDX-License-Identifier: Apache-2.0
#include "core/bundle/check_timestamps.h"

#include <fstream>
#include <sstream>

#include <gtest/gtest.h>

#include "core/bundle/layout.h"
#include "core/ledger/golden_key_for_test.h"

namespace attacca::core {
namespace {

// The time stamp there is of the golden ledger's checkpoint of three records.
std::string stamp_data(const std::string& name) {
    std::ifstream file("src/base/testdata/timestamp/" + name, std::ios::binary);
    std::ostringstream bytes;
    bytes << file.rdbuf();
    EXPECT_FALSE(bytes.str().empty()) << name;
    return bytes.str();
}

class CheckTimestamps : public ::testing::Test {
  protected:
    CheckTimestamps() {
        const auto root =
            sha256_of_hex("b6a54a3554a504664fb0af4a0d3722ed8f3e14c943492af1b28ae89fabbb2976");
        note = *parse_checkpoint(sign_checkpoint(golden_signer(), golden_origin, 3, *root));
        put(".text", stamp_data("text"));
        put(".tsq", stamp_data("query.tsq"));
        put(".tsr", stamp_data("reply.tsr"));
    }
    void put(std::string_view suffix, std::string bytes) {
        files[timestamp_name(3, suffix)] = BundleFile{bytes.size(), {}, std::move(bytes)};
    }
    // The code of what is wrong; empty when nothing is.
    std::string code(const std::optional<std::string>& trusted = stamp_data("ca.pem")) {
        BundleFailures failures(false);
        const Result<StampSummary> found =
            check_timestamps({files, policy, note, failures}, trusted);
        EXPECT_TRUE(found);
        summary = found ? *found : StampSummary{};
        const std::vector<Failure> told = failures.take();
        return told.empty() ? "" : std::string(code_of(told.front().fault));
    }

    BundleFiles files;
    TrustPolicy policy;
    CheckpointNote note;
    StampSummary summary;
};

TEST_F(CheckTimestamps, OneOfTheCheckpointByATrustedAuthorityIsGood) {
    EXPECT_EQ(code(), "");
    EXPECT_EQ(summary.size, 3U);
    EXPECT_TRUE(summary.is_trusted);
    EXPECT_EQ(code(std::nullopt), "");
    EXPECT_FALSE(summary.is_trusted);
}

TEST_F(CheckTimestamps, OneBySomebodyWhoMayNotStampIsNotTrusted) {
    put(".tsr", stamp_data("plain.tsr"));
    EXPECT_EQ(code(), "E_TSA");
    EXPECT_EQ(summary.size, 0U);
}

TEST_F(CheckTimestamps, OneOfAnotherTextOrCheckpointIsOfNone) {
    put(".text", stamp_data("text") + "x");
    EXPECT_EQ(code(), "E_TSA");
    put(".text", stamp_data("text"));
    note.text = "another";
    EXPECT_EQ(code(std::nullopt), "E_TSA");
    note.checkpoint.size = 4;
    EXPECT_EQ(code(std::nullopt), "E_TSA") << "no checkpoint of its size is there";
}

TEST_F(CheckTimestamps, OneOfWhichAFileIsMissingIsIncomplete) {
    for (const char* suffix : {".text", ".tsq", ".tsr"}) {
        const BundleFiles whole = files;
        files.erase(timestamp_name(3, suffix));
        EXPECT_EQ(code(), "E_MISSING") << suffix;
        files = whole;
    }
}

TEST_F(CheckTimestamps, WhatIsNoCertificateIsAMistakeOfWhoAsks) {
    BundleFailures failures(false);
    const Result<StampSummary> found =
        check_timestamps({files, policy, note, failures}, std::string("nothing"));
    ASSERT_FALSE(found);
    EXPECT_EQ(found.error().problem, Problem::invalid_value);
}

}  // namespace
}  // namespace attacca::core
