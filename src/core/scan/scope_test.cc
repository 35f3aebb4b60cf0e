// SPDX-License-Identifier: Apache-2.0
#include "core/scan/scope.h"

#include <gtest/gtest.h>

namespace attacca::core {
namespace {

using Texts = std::vector<std::string>;

bool allows(const Texts& include, const Texts& exclude, std::string_view target) {
    const auto scope = Scope::parse({include, exclude}).value();
    const auto checked = scope.check(parse_target(target).value());
    if (!checked) {
        EXPECT_EQ(checked.error().problem, Problem::target_out_of_scope);
    }
    return checked.has_value();
}

bool allows(const Texts& include, std::string_view target) {
    return allows(include, {}, target);
}

TEST(Scope, AnEmptyIncludeAllowsNothing) {
    EXPECT_FALSE(allows({}, "192.0.2.1"));
    EXPECT_FALSE(allows({}, "example.com"));
    EXPECT_FALSE(allows({}, "localhost"));
}

TEST(Scope, ExactEntriesAllowThemselvesOnly) {
    EXPECT_TRUE(allows({"example.com"}, "EXAMPLE.com."));
    EXPECT_FALSE(allows({"example.com"}, "www.example.com"));
    EXPECT_FALSE(allows({"example.com"}, "example.com.evil.org"));
    EXPECT_TRUE(allows({"203.0.113.7"}, "203.0.113.7"));
    EXPECT_FALSE(allows({"203.0.113.7"}, "203.0.113.8"));
    EXPECT_TRUE(allows({"2001:db8::1"}, "2001:db8:0::1"));
}

TEST(Scope, SubdomainsEndAtALabel) {
    EXPECT_TRUE(allows({"*.example.com"}, "a.b.example.com"));
    EXPECT_FALSE(allows({"*.example.com"}, "example.com"));
    EXPECT_FALSE(allows({"*.example.com"}, "notexample.com"));
    EXPECT_FALSE(allows({"*.example.com"}, "a.example.com.evil.org"));
}

TEST(Scope, ANetworkAllowsWhatLiesWhollyWithin) {
    EXPECT_TRUE(allows({"203.0.113.0/24"}, "203.0.113.255"));
    EXPECT_TRUE(allows({"203.0.113.0/24"}, "203.0.113.64/26"));
    EXPECT_FALSE(allows({"203.0.113.0/24"}, "203.0.112.0/23"));  // straddles the edge
    EXPECT_FALSE(allows({"203.0.113.0/25", "203.0.113.128/25"}, "203.0.113.0/24"));
    EXPECT_TRUE(allows({"2001:db8::/32"}, "2001:db8:1::/48"));
}

TEST(Scope, DenyWins) {
    EXPECT_FALSE(allows({"203.0.113.0/24"}, {"203.0.113.9"}, "203.0.113.9"));
    EXPECT_TRUE(allows({"203.0.113.0/24"}, {"203.0.113.9"}, "203.0.113.10"));
    EXPECT_FALSE(allows({"203.0.113.0/24"}, {"203.0.113.9"}, "203.0.113.0/28"));
    EXPECT_FALSE(allows({"203.0.113.9"}, {"203.0.113.0/24"}, "203.0.113.9"));
    EXPECT_FALSE(allows({"*.example.com"}, {"db.example.com"}, "db.example.com"));
    EXPECT_FALSE(allows({"a.b.example.com"}, {"*.example.com"}, "a.b.example.com"));
}

TEST(Scope, AMappedAddressIsNoWayAround) {
    EXPECT_FALSE(allows({"203.0.113.0/24"}, "::ffff:10.0.0.1"));
    EXPECT_FALSE(allows({"203.0.113.0/24"}, {"203.0.113.9"}, "::ffff:203.0.113.9"));
    EXPECT_TRUE(allows({"203.0.113.0/24"}, "::ffff:203.0.113.8"));
    EXPECT_TRUE(allows({"::ffff:203.0.113.0/120"}, "203.0.113.8"));
}

TEST(Scope, SpecialRangesAreNeverMeantByAWiderOne) {
    for (const char* target : {"127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "0.0.0.0",
                               "169.254.169.254", "100.64.0.1", "224.0.0.1", "255.255.255.255",
                               "192.0.0.1", "198.18.0.1", "10.0.0.0/8", "0.0.0.0/0", "8.0.0.0/5"}) {
        EXPECT_FALSE(allows({"0.0.0.0/0"}, target)) << target;
    }
    for (const char* target : {"::1", "::", "fe80::1", "fd00::1", "ff02::1", "64:ff9b::a00:1",
                               "2002:7f00:1::", "::/0", "::10.0.0.1"}) {
        EXPECT_FALSE(allows({"::/0"}, target)) << target;
    }
    EXPECT_TRUE(allows({"0.0.0.0/0"}, "8.8.8.8"));
    EXPECT_TRUE(allows({"::/0"}, "2001:db8::1"));
}

TEST(Scope, ASpecialRangeIsAllowedByAnEntryWithinIt) {
    EXPECT_TRUE(allows({"127.0.0.1"}, "127.0.0.1"));
    EXPECT_TRUE(allows({"127.0.0.0/8"}, "127.1.2.3"));
    EXPECT_TRUE(allows({"10.1.0.0/16"}, "10.1.2.3"));
    EXPECT_FALSE(allows({"10.1.0.0/16"}, "10.2.0.1"));
    EXPECT_TRUE(allows({"::1"}, "::1"));
    EXPECT_FALSE(allows({"8.0.0.0/5"}, "10.0.0.1"));
}

TEST(Scope, WhatLeadsToIpv4NeedsBothEntries) {
    EXPECT_FALSE(allows({"64:ff9b::/96"}, "64:ff9b::a00:1"));
    EXPECT_TRUE(allows({"64:ff9b::/96", "10.0.0.1"}, "64:ff9b::a00:1"));
    EXPECT_FALSE(allows({"64:ff9b::/96", "10.0.0.1"}, {"10.0.0.0/24"}, "64:ff9b::a00:1"));
}

TEST(Scope, LocalhostIsTheLoopbackAddresses) {
    EXPECT_TRUE(allows({"localhost"}, "localhost"));
    EXPECT_TRUE(allows({"localhost"}, "127.0.0.1"));
    EXPECT_TRUE(allows({"localhost"}, "::1"));
    EXPECT_FALSE(allows({"localhost"}, "127.0.0.2"));
    EXPECT_TRUE(allows({"127.0.0.1"}, "localhost"));
    EXPECT_FALSE(allows({"192.0.2.1"}, "localhost"));
    EXPECT_FALSE(allows({"localhost"}, {"127.0.0.0/8"}, "localhost"));
    EXPECT_FALSE(allows({"localhost"}, {"::1"}, "localhost"));
    EXPECT_FALSE(allows({"127.0.0.1"}, {"localhost"}, "127.0.0.1"));
}

TEST(Scope, OddEntriesAreRefused) {
    for (const char* text : {"", "*", "*.", "*.*.example.com", "a*.example.com", "10.0.0.1-9",
                             "http://x/", "10.0.0.0/99", "*.1.2.3.4"}) {
        const auto scope = Scope::parse({{text}, {}});
        ASSERT_FALSE(scope) << text;
        EXPECT_EQ(scope.error().problem, Problem::invalid_value);
    }
    EXPECT_FALSE(Scope::parse({{}, {"x y"}}));
    EXPECT_FALSE(Scope::parse({Texts(1001, "a.example"), {}}));
}

TEST(Scope, ARefusalSaysWhatToDo) {
    const auto scope = Scope::parse({{"203.0.113.0/24"}, {"203.0.113.0/28"}}).value();
    EXPECT_EQ(scope.check(*parse_target("198.51.100.1")).error().detail,
              "`198.51.100.1` is not in the scope; if you may scan it, add it: "
              "scope: {include: [\"198.51.100.1\"]}");
    EXPECT_EQ(scope.check(*parse_target("203.0.113.3")).error().detail,
              "`203.0.113.3` is excluded by `203.0.113.0/28`");
    EXPECT_NE(no_scope_error().detail.find("include"), std::string::npos);
}

}  // namespace
}  // namespace attacca::core
