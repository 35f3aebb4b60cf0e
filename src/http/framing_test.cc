// SPDX-License-Identifier: Apache-2.0
#include "http/framing.h"

#include <string>

#include <gtest/gtest.h>

namespace attacca::http {
namespace {

using State = HeadScanner::State;

struct Row {
    const char* name;
    std::string head;
    Problem problem;
};

class Refused : public testing::TestWithParam<Row> {};

TEST_P(Refused, IsNamedByItsProblem) {
    const Limits limits;
    HeadScanner scanner(limits);
    ASSERT_EQ(scanner.scan(GetParam().head), State::refused) << GetParam().head.substr(0, 80);
    EXPECT_EQ(slug_of(scanner.error().problem), slug_of(GetParam().problem));
}

std::string with(const std::string& fields) {
    return "GET / HTTP/1.1\r\nHost: h\r\n" + fields + "\r\n";
}

std::string many_fields(int count) {
    std::string text;
    for (int i = 0; i < count; ++i) {
        text += "X-" + std::to_string(i) + ": 1\r\n";
    }
    return text;
}

const Row refused_rows[] = {
    {"BareLineFeed", "GET / HTTP/1.1\nHost: h\r\n\r\n", Problem::bad_request_framing},
    {"BareLineFeedInFields", with("A: 1\nB: 2\r\n"), Problem::bad_request_framing},
    {"SpaceBeforeColon", with("Content-Length : 1\r\n"), Problem::bad_request_framing},
    {"FoldedField", with("A: 1\r\n b\r\n"), Problem::bad_request_framing},
    {"NoColon", with("Apple\r\n"), Problem::bad_request_framing},
    {"EmptyName", with(": 1\r\n"), Problem::bad_request_framing},
    {"CarriageReturnInValue", with("A: 1\r2\r\n"), Problem::bad_request_framing},
    {"NulInValue", with(std::string("A: 1\0002\r\n", 9)), Problem::bad_request_framing},
    {"TwoLengths", with("Content-Length: 1\r\ncontent-length: 1\r\n"),
     Problem::bad_request_framing},
    {"LengthList", with("Content-Length: 1, 1\r\n"), Problem::bad_request_framing},
    {"SignedLength", with("Content-Length: +1\r\n"), Problem::bad_request_framing},
    {"LengthBeyondEveryNumber", with("Content-Length: 99999999999999999999\r\n"),
     Problem::bad_request_framing},
    {"LengthAndChunks", with("Content-Length: 1\r\nTransfer-Encoding: chunked\r\n"),
     Problem::bad_request_framing},
    {"ChunksAndLength", with("Transfer-Encoding: chunked\r\nContent-Length: 1\r\n"),
     Problem::bad_request_framing},
    {"OtherTransferEncoding", with("Transfer-Encoding: gzip, chunked\r\n"),
     Problem::bad_request_framing},
    {"ChunksTwice", with("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n"),
     Problem::bad_request_framing},
    {"ChunksInVersion10", "GET / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n",
     Problem::bad_request_framing},
    {"NoHost", "GET / HTTP/1.1\r\n\r\n", Problem::bad_request_framing},
    {"TwoHosts", with("Host: other\r\n"), Problem::bad_request_framing},
    {"OtherVersion", "GET / HTTP/2.0\r\nHost: h\r\n\r\n", Problem::bad_request_framing},
    {"SpaceInTarget", "GET /a b HTTP/1.1\r\nHost: h\r\n\r\n", Problem::bad_request_framing},
    {"NoTarget", "GET HTTP/1.1\r\nHost: h\r\n\r\n", Problem::bad_request_framing},
    {"ControlInTarget", "GET /a\tb HTTP/1.1\r\nHost: h\r\n\r\n", Problem::bad_request_framing},
    {"MethodIsNoToken", "GE(T / HTTP/1.1\r\nHost: h\r\n\r\n", Problem::bad_request_framing},
    {"EmptyLineOnly", "\n", Problem::bad_request_framing},
    {"LongTarget", "GET /" + std::string(65536, 'a'), Problem::uri_too_long},
    {"TargetOneByteTooLong", "GET /" + std::string(8192, 'a') + " HTTP/1.1\r\n",
     Problem::uri_too_long},
    {"ThousandFields", with(many_fields(1000)), Problem::headers_too_large},
    {"LongField", with("A: " + std::string(40000, 'a') + "\r\n"), Problem::headers_too_large},
    {"LongFieldWithoutEnd", "GET / HTTP/1.1\r\nA: " + std::string(40000, 'a'),
     Problem::headers_too_large},
};

INSTANTIATE_TEST_SUITE_P(Heads, Refused, testing::ValuesIn(refused_rows), [](const auto& row) {
    return std::string(row.param.name);
});

TEST(HeadScanner, FindsTheEndOfAHeadHoweverItIsCut) {
    const Limits limits;
    const std::string head = with("Content-Length: 5\r\nA:\t b c \r\n");
    for (std::size_t step = 1; step <= head.size(); ++step) {
        HeadScanner scanner(limits);
        State state = State::needs_more;
        std::size_t given = 0;
        while (state == State::needs_more && given < head.size()) {
            given = std::min(given + step, head.size());
            state = scanner.scan(std::string_view(head).substr(0, given));
        }
        ASSERT_EQ(state, State::complete) << "in steps of " << step;
        EXPECT_EQ(scanner.head_bytes(), head.size());
    }
}

TEST(HeadScanner, LeavesTheNextRequestAlone) {
    const Limits limits;
    HeadScanner scanner(limits);
    const std::string head = with("");
    EXPECT_EQ(scanner.scan(head + "GET / HTTP/9\n"), State::complete);
    EXPECT_EQ(scanner.head_bytes(), head.size());
}

TEST(HeadScanner, TheLimitsThemselvesAreAllowed) {
    const Limits limits;
    HeadScanner scanner(limits);
    EXPECT_EQ(scanner.scan("GET /" + std::string(8191, 'a') + " HTTP/1.1\r\nHost: h\r\n" +
                           many_fields(99) + "\r\n"),
              State::complete);
}

}  // namespace
}  // namespace attacca::http
