// SPDX-License-Identifier: Apache-2.0
#include "http/conditions.h"

#include <gtest/gtest.h>

namespace attacca::http {
namespace {

TEST(Conditions, ATagIsFoundInAListAndComparedWeakly) {
    EXPECT_TRUE(names_tag(R"(W/"v3")", R"(W/"v3")"));
    EXPECT_TRUE(names_tag(R"("v3")", R"(W/"v3")"));
    EXPECT_TRUE(names_tag(R"("a" ,  W/"v3")", R"(W/"v3")"));
    EXPECT_TRUE(names_tag(" * ", R"(W/"v3")"));
    EXPECT_FALSE(names_tag(R"("v33", "v", v3, ,)", R"(W/"v3")"));
    EXPECT_FALSE(names_tag("", R"(W/"v3")"));
}

TEST(Conditions, ALinkKeepsTheFilterAndReplacesThePlace) {
    Request request;
    request.path = "/jobs";
    EXPECT_EQ(next_link(request, "cursor", "ab"), "</jobs?cursor=ab>; rel=\"next\"");
    request.query = "status=a,b&cursor=old&limit=2&&offset=4";
    EXPECT_EQ(next_link(request, "cursor", "ab"),
              "</jobs?status=a,b&limit=2&cursor=ab>; rel=\"next\"");
    EXPECT_EQ(next_link(request, "offset", "6"),
              "</jobs?status=a,b&limit=2&offset=6>; rel=\"next\"");
}

TEST(Conditions, NothingInAQueryEndsALinkEarly) {
    Request request;
    request.path = "/jobs";
    request.query = "tag=a>b\"c d";
    EXPECT_EQ(next_link(request, "after", "1"),
              "</jobs?tag=a%3Eb%22c%20d&after=1>; rel=\"next\"");
}

}  // namespace
}  // namespace attacca::http
