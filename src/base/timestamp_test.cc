// SPDX-License-Identifier: Apache-2.0
#include "base/timestamp.h"

#include <fstream>
#include <sstream>

#include <gtest/gtest.h>

#include "base/digest.h"

namespace attacca {
namespace {

// Made with `openssl ts -query` and `-reply`, by a CA that was made for it. `plain.tsr` is signed
// by a certificate of the same CA that is for TLS servers.
std::string stamp_file(const std::string& name) {
    std::ifstream file("src/base/testdata/timestamp/" + name, std::ios::binary);
    std::ostringstream bytes;
    bytes << file.rdbuf();
    EXPECT_FALSE(bytes.str().empty()) << name;
    return bytes.str();
}

TEST(Timestamp, OfATrustedAuthorityIsGood) {
    const Result<Timestamp> stamp =
        verify_timestamp(stamp_file("text"), stamp_file("query.tsq"), stamp_file("reply.tsr"),
                         stamp_file("ca.pem"));
    ASSERT_TRUE(stamp) << stamp.error().detail;
    EXPECT_EQ(rfc3339_ms(stamp->at), "2026-11-28T22:38:45.000Z");
    EXPECT_EQ(stamp->serial, "02");
    const Result<Timestamp> read =
        read_timestamp(stamp_file("text"), stamp_file("query.tsq"), stamp_file("reply.tsr"));
    ASSERT_TRUE(read);
    EXPECT_EQ(read->at, stamp->at);
}

TEST(Timestamp, OfAnotherTextIsRefused) {
    const Result<Timestamp> stamp =
        read_timestamp(stamp_file("text") + "x", stamp_file("query.tsq"), stamp_file("reply.tsr"));
    ASSERT_FALSE(stamp);
    EXPECT_EQ(stamp.error().detail, "the time stamp is of another text");
}

TEST(Timestamp, ThatAnswersAnotherRequestIsRefused) {
    const Result<Timestamp> stamp =
        read_timestamp(stamp_file("text"), timestamp_query(stamp_file("text"), 7),
                       stamp_file("reply.tsr"));
    ASSERT_FALSE(stamp);
    EXPECT_EQ(stamp.error().detail, "the time stamp does not answer its request: nonce mismatch");
}

// The digest and the chain are right; the certificate was not given for this.
TEST(Timestamp, BySomebodyWhoMayNotStampIsRefused) {
    const std::string text = stamp_file("text");
    const std::string query = stamp_file("query.tsq");
    EXPECT_TRUE(read_timestamp(text, query, stamp_file("plain.tsr")));
    const Result<Timestamp> stamp =
        verify_timestamp(text, query, stamp_file("plain.tsr"), stamp_file("ca.pem"));
    ASSERT_FALSE(stamp);
    EXPECT_EQ(stamp.error().problem, Problem::corrupt);
}

TEST(Timestamp, NeedsACertificateToTrust) {
    const Result<Timestamp> stamp = verify_timestamp(
        stamp_file("text"), stamp_file("query.tsq"), stamp_file("reply.tsr"), "nothing");
    ASSERT_FALSE(stamp);
    EXPECT_EQ(stamp.error().problem, Problem::invalid_value);
}

// Not everything in a reply is signed: it may hold certificates that nobody needs.
TEST(Timestamp, NoFlippedBitOfWhatIsStatedOrOfTheSignatureIsTaken) {
    const std::string text = stamp_file("text");
    const std::string query = stamp_file("query.tsq");
    const std::string trusted = stamp_file("ca.pem");
    std::string reply = stamp_file("reply.tsr");
    const std::size_t stated = reply.find(sha256(text).view());
    ASSERT_NE(stated, std::string::npos);
    for (std::size_t i = 0; i < 96; ++i) {
        // The digest, the serial and the time after it; and the end, which is the signature.
        const std::size_t at = i < 56 ? stated + i : reply.size() - 1 - (i - 56);
        for (std::size_t bit = 0; bit < 8; ++bit) {
            const auto mask = static_cast<char>(1U << bit);
            reply[at] ^= mask;
            EXPECT_FALSE(verify_timestamp(text, query, reply, trusted)) << at << " bit " << bit;
            reply[at] ^= mask;
        }
    }
    for (const std::string& other : {std::string(), text, reply + "x", reply.substr(1)}) {
        EXPECT_FALSE(read_timestamp(text, query, other));
    }
}

TEST(Timestamp, AQueryAsksForTheDigestWithANonce) {
    EXPECT_EQ(timestamp_query("a", 1), timestamp_query("a", 1));
    EXPECT_NE(timestamp_query("a", 1), timestamp_query("a", 2));
    EXPECT_NE(timestamp_query("a", 1), timestamp_query("b", 1));
}

}  // namespace
}  // namespace attacca
