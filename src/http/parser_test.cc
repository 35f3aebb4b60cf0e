// SPDX-License-Identifier: Apache-2.0
#include "http/parser.h"

#include <algorithm>

#include <gtest/gtest.h>

namespace attacca::http {
namespace {

TEST(RequestParser, SplitsTheTargetAndLowersFieldNames) {
    const Limits limits;
    RequestParser parser(limits);
    const auto request =
        parser.put_head("DELETE /a/%20b?c=d?e HTTP/1.1\r\nHost: h\r\nX-Big: Value\r\n\r\n");
    ASSERT_TRUE(request);
    EXPECT_EQ(request->method, Method::remove);
    EXPECT_EQ(request->path, "/a/%20b");
    EXPECT_EQ(request->query, "c=d?e");
    ASSERT_NE(request->header("x-big"), nullptr);
    EXPECT_EQ(*request->header("x-big"), "Value");
    EXPECT_FALSE(request->has_body);
    EXPECT_TRUE(parser.keeps_alive());
    EXPECT_EQ(parser.take_body(), "");
}

TEST(RequestParser, TakesABodyInPiecesAndLeavesTheRest) {
    const Limits limits;
    RequestParser parser(limits);
    ASSERT_TRUE(parser.put_head("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\n"));
    EXPECT_EQ(parser.content_length(), 5U);
    EXPECT_EQ(*parser.put_body("he"), 2U);
    EXPECT_FALSE(parser.is_done());
    EXPECT_EQ(*parser.put_body("lloGET"), 3U);
    ASSERT_TRUE(parser.is_done());
    EXPECT_EQ(parser.take_body(), "hello");
}

TEST(RequestParser, AChunkedBodyMayNotPassTheLimit) {
    Limits limits;
    limits.body_bytes_max = 4;
    RequestParser parser(limits);
    ASSERT_TRUE(
        parser.put_head("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n"));
    const auto taken = parser.put_body("3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n");
    ASSERT_FALSE(taken);
    EXPECT_EQ(taken.error().problem, Problem::body_too_large);
}

// The body that the parser makes of the bytes when it gets them so many at a time.
std::string body_in_pieces(std::string_view bytes, std::size_t size) {
    const Limits limits;
    RequestParser parser(limits);
    EXPECT_TRUE(
        parser.put_head("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n"));
    std::size_t taken = 0;
    for (std::size_t end = 0; !parser.is_done() && end < bytes.size();) {
        end = std::min(end + size, bytes.size());
        const auto count = parser.put_body(bytes.substr(taken, end - taken));
        EXPECT_TRUE(count);
        taken += count ? *count : 0;
    }
    return parser.is_done() && taken == bytes.size() ? parser.take_body() : "not done";
}

TEST(RequestParser, ChunksMayArriveInPiecesOfAnySize) {
    for (std::size_t size = 1; size <= 30; ++size) {
        EXPECT_EQ(body_in_pieces("0\r\n\r\n", size), "") << size;
        EXPECT_EQ(body_in_pieces("0\r\nA: b\r\n\r\n", size), "") << size;
        EXPECT_EQ(body_in_pieces("1\r\na\r\n2;x=y\r\nbc\r\n00\r\n\r\n", size), "abc") << size;
    }
}

TEST(RequestParser, AChunkExtensionHoldsNoControlCharacter) {
    const Limits limits;
    for (const std::string_view character : {"\n", "\x01", "\x7f"}) {
        RequestParser parser(limits);
        ASSERT_TRUE(
            parser.put_head("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n"));
        const std::string body = "1;a=\"" + std::string(character) + "\"\r\nx\r\n0\r\n\r\n";
        const auto taken = parser.put_body(body);
        ASSERT_FALSE(taken);
        EXPECT_EQ(taken.error().problem, Problem::bad_request_framing);
    }
}

TEST(RequestParser, AnUnknownMethodIsOther) {
    const Limits limits;
    RequestParser parser(limits);
    EXPECT_EQ(parser.put_head("BREW / HTTP/1.1\r\nHost: h\r\n\r\n")->method, Method::other);
}

}  // namespace
}  // namespace attacca::http
