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

TEST(Conditions, ATagTellsTheVersionAndTheBytes) {
    Response response;
    response.body = "{}";
    const std::string plain = tag_of(response);
    EXPECT_EQ(plain, "\"44136fa355b3678a1146ad16f7e8649e\"");
    response.version = version_of_tag(17);
    EXPECT_EQ(tag_of(response), "\"v17-" + plain.substr(1));
    response.body = "{ }";
    EXPECT_NE(tag_of(response), "\"v17-" + plain.substr(1));
}

TEST(Conditions, AWriteNamesVersions) {
    Request request;
    EXPECT_FALSE(condition_of(request));
    request.headers = {{"if-match", R"("v3-ab", "other")"}, {"if-match", R"(W/"v4-ab", "v5-cd")"}};
    const engine::Condition match = condition_on(request, "schedule/s").value();
    EXPECT_EQ(match.entity, "schedule/s");
    EXPECT_EQ(match.versions, (std::vector<std::uint64_t>{3, 5})) << "a weak tag matches nothing";
    EXPECT_TRUE(match.is_met_by(5));
    EXPECT_FALSE(match.is_met_by(4) || match.is_met_by(std::nullopt));
    for (const char* odd :
         {"", "v3-ab", R"("v3")", R"("v-ab")", R"("vx-ab")", R"("v3-ab)", "\"\""}) {
        request.headers = {{"if-match", odd}};
        EXPECT_FALSE(condition_of(request)->is_met_by(3)) << odd;
    }
    request.headers = {{"if-match", " * "}};
    EXPECT_TRUE(condition_of(request)->is_met_by(0));
    EXPECT_FALSE(condition_of(request)->is_met_by(std::nullopt));
    request.headers = {{"if-none-match", "*"}};
    EXPECT_FALSE(condition_of(request)->is_met_by(0));
    EXPECT_TRUE(condition_of(request)->is_met_by(std::nullopt));
    request.headers = {{"if-none-match", R"(W/"v3-ab")"}};
    EXPECT_FALSE(condition_of(request)->is_met_by(3));
    EXPECT_TRUE(condition_of(request)->is_met_by(4));
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
