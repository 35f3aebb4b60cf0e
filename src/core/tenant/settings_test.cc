// SPDX-License-Identifier: Apache-2.0
#include "core/tenant/settings.h"

#include <gtest/gtest.h>

namespace attacca::core {
namespace {

Result<TenantSettings> parsed(std::string_view text) {
    const Result<Json> json = parse_json(text);
    return json ? parse_tenant_settings(*json) : Result<TenantSettings>(json.error());
}

TEST(TenantSettings, WithoutMembersLimitNothing) {
    EXPECT_EQ(*parsed("{}"), TenantSettings{});
    EXPECT_EQ(*parsed(R"({"weight":null,"max_concurrency":null,"rate_limit":null,"quota":null})"),
              TenantSettings{});
}

TEST(TenantSettings, ReadsEveryMember) {
    const TenantSettings all = *parsed(R"({"weight":7,"max_concurrency":4,"max_queued":5,
        "rate_limit":{"count":100,"per":"1m","burst":20},"start_rate":{"count":3},
        "quota":{"jobs_per_day":8,"slot_seconds_per_day":9}})");
    EXPECT_EQ(all.weight, 7U);
    EXPECT_EQ(all.max_concurrency, 4U);
    EXPECT_EQ(all.max_queued, 5U);
    EXPECT_EQ(all.rate_limit, (RateLimit{100, 60000, 20}));
    EXPECT_EQ(all.start_rate, (RateLimit{3, 1000, 3}));
    EXPECT_EQ(all.jobs_per_day, 8U);
    EXPECT_EQ(all.slot_seconds_per_day, 9U);
    EXPECT_EQ(*parse_tenant_settings(json_of(all)), all);
}

TEST(TenantSettings, ARateMayBeANumberOrAText) {
    EXPECT_EQ(parsed(R"({"rate_limit":5})")->rate_limit, (RateLimit{5, 1000, 5}));
    EXPECT_EQ(parsed(R"({"rate_limit":"100/1m30s"})")->rate_limit, (RateLimit{100, 90000, 100}));
    EXPECT_EQ(parsed(R"({"rate_limit":"10/s"})")->rate_limit, (RateLimit{10, 1000, 10}));
}

struct Refused {
    const char* body;
    Problem problem;
    const char* pointer;
};

TEST(TenantSettings, RefuseEveryBadValueWithItsPlace) {
    const Refused rows[] = {
        {"[]", Problem::wrong_type, ""},
        {R"({"weight":0})", Problem::out_of_range, "/weight"},
        {R"({"weight":-1})", Problem::out_of_range, "/weight"},
        {R"({"weight":1000001})", Problem::out_of_range, "/weight"},
        {R"({"weight":"7"})", Problem::wrong_type, "/weight"},
        {R"({"weight":1.5})", Problem::json_number, "/weight"},
        {R"({"wieght":7})", Problem::unknown_field, "/wieght"},
        {R"({"max_concurrency":0})", Problem::out_of_range, "/max_concurrency"},
        {R"({"max_concurrency":4294967296})", Problem::out_of_range, "/max_concurrency"},
        {R"({"max_queued":-5})", Problem::out_of_range, "/max_queued"},
        {R"({"rate_limit":0})", Problem::out_of_range, "/rate_limit"},
        {R"({"rate_limit":"fast"})", Problem::invalid_value, "/rate_limit"},
        {R"({"rate_limit":"1/"})", Problem::invalid_value, "/rate_limit"},
        {R"({"rate_limit":"0/1s"})", Problem::out_of_range, "/rate_limit"},
        {R"({"rate_limit":"1/25h"})", Problem::out_of_range, "/rate_limit"},
        {R"({"rate_limit":{"per":"1s"}})", Problem::missing_field, "/rate_limit"},
        {R"({"rate_limit":{"count":2,"burst":3}})", Problem::out_of_range, "/rate_limit/burst"},
        {R"({"rate_limit":{"count":2,"per":"2d"}})", Problem::out_of_range, "/rate_limit/per"},
        {R"({"rate_limit":{"count":2,"every":"2s"}})", Problem::unknown_field,
         "/rate_limit/every"},
        {R"({"quota":5})", Problem::wrong_type, "/quota"},
        {R"({"quota":{"jobs":5}})", Problem::unknown_field, "/quota/jobs"},
        {R"({"quota":{"jobs_per_day":0}})", Problem::out_of_range, "/quota/jobs_per_day"},
    };
    for (const Refused& row : rows) {
        const Result<TenantSettings> settings = parsed(row.body);
        ASSERT_FALSE(settings) << row.body;
        EXPECT_EQ(settings.error().problem, row.problem) << row.body;
        ASSERT_FALSE(settings.error().fields.empty()) << row.body;
        EXPECT_EQ(settings.error().fields.front().pointer, row.pointer) << row.body;
    }
}

TEST(TenantName, IsPlainAndNotTheServersOwn) {
    for (const char* good : {"a", "A", "0", "default", "blue-1.x_y", "System"}) {
        EXPECT_TRUE(is_tenant_name(good)) << good;
    }
    EXPECT_TRUE(is_tenant_name(std::string(63, 'a')));
    for (const char* bad :
         {"", "system", "-a", ".", "..", "a b", "a/b", "a\"", "ä", "a\n", "%41"}) {
        EXPECT_FALSE(is_tenant_name(bad)) << bad;
    }
    EXPECT_FALSE(is_tenant_name(std::string(64, 'a')));
}

}  // namespace
}  // namespace attacca::core
