// SPDX-License-Identifier: Apache-2.0
#include "http/wire.h"

#include <gtest/gtest.h>

namespace attacca::http {
namespace {

TEST(Wire, WritesAHeadWithItsLength) {
    Response response;
    response.headers = {{"Location", "/x"}};
    std::string out;
    append_response_head(out, response, {false, false, 12}, {"now", true});
    EXPECT_EQ(out,
              "HTTP/1.1 200 OK\r\nDate: now\r\nContent-Type: application/json\r\n"
              "Content-Length: 12\r\nX-Content-Type-Options: nosniff\r\n"
              "Cache-Control: no-store\r\nLocation: /x\r\n\r\n");
}

TEST(Wire, AValueWithALineEndAddsNoField) {
    Response response;
    response.headers = {{"Location", "/x\r\nSet-Cookie: a"}};
    std::string out;
    append_response_head(out, response, {}, {"now", true});
    EXPECT_EQ(out.find("Set-Cookie"), std::string::npos);
}

TEST(Wire, WritesChunks) {
    std::string out;
    append_chunk(out, std::string(26, 'x'));
    EXPECT_EQ(out, "1a\r\n" + std::string(26, 'x') + "\r\n");
}

TEST(Wire, WritesDatesAsTheStandardWantsThem) {
    EXPECT_EQ(http_date(784111777), "Sun, 06 Nov 1994 08:49:37 GMT");
    EXPECT_EQ(http_date(0), "Thu, 01 Jan 1970 00:00:00 GMT");
}

}  // namespace
}  // namespace attacca::http
