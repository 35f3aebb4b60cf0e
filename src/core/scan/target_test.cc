// SPDX-License-Identifier: Apache-2.0
#include "core/scan/target.h"

#include <gtest/gtest.h>

namespace attacca::core {
namespace {

std::string target(std::string_view text) {
    const auto parsed = parse_target(text);
    if (parsed) {
        return parsed->text();
    }
    EXPECT_EQ(parsed.error().problem, Problem::tool_argument_rejected);
    return "refused";
}

TEST(Target, AddressesNetworksAndNamesHaveOneText) {
    EXPECT_EQ(target("192.0.2.1"), "192.0.2.1");
    EXPECT_EQ(target("2001:DB8::0001"), "2001:db8::1");
    EXPECT_EQ(target("192.0.2.9/28"), "192.0.2.0/28");
    EXPECT_EQ(target("Example.COM."), "example.com");
    EXPECT_EQ(target("my_service"), "my_service");
    EXPECT_EQ(target("xn--bcher-kva.example"), "xn--bcher-kva.example");
    EXPECT_EQ(target("3com.example"), "3com.example");
    EXPECT_EQ(target("::ffff:10.0.0.1"), "10.0.0.1");
}

TEST(Target, WhatAToolCouldReadAsSomethingElseIsRefused) {
    for (const char* text :
         {"", "-oN=/tmp/x", "--script=evil.nse", "-iL", "@list", "a b", "a\tb", "a\nb", "a,b",
          "a.example,b.evil", "/etc/passwd", "../x", "a/b", "file:///x", "http://a.example/",
          "user@host", "host:80", "a%00b", "fe80::1%eth0", "'a'", "\"a\"", "`id`", "$(id)", "a;b",
          "a|b", "a&b", "a\\b", "*.example.com", "10.0.0.*", "bücher.example", "[::1]", "a..b",
          ".a", "a.-b", "-a.example", "a-.example", "{a}", "a=b", "a#b", "!a", "~a"}) {
        EXPECT_EQ(target(text), "refused") << text;
    }
    EXPECT_EQ(target(std::string_view("a\0b", 3)), "refused");
    EXPECT_EQ(target("\x1B[31m"), "refused");
    EXPECT_EQ(target("\xFF"), "refused");
}

TEST(Target, OtherSpellingsOfAddressesAreRefused) {
    for (const char* text : {"2130706433", "0x7f000001", "0x7f.1", "0177.0.0.1", "127.1", "127.0.1",
                             "10.0.0.1-20", "10.0.0-255.1", "1-3", "10.0.0.1/33", "256.1.1.1",
                             "1.2.3.4.5", "a.0x7f", "example.123"}) {
        EXPECT_EQ(target(text), "refused") << text;
    }
}

TEST(Target, NamesAreBounded) {
    EXPECT_NE(target(std::string(63, 'a') + ".example"), "refused");
    EXPECT_EQ(target(std::string(64, 'a') + ".example"), "refused");
    std::string longest;
    for (int i = 0; i < 126; ++i) {
        longest += "a.";
    }
    EXPECT_NE(target(longest + "a"), "refused");
    EXPECT_EQ(target(longest + "aa.a"), "refused");
    EXPECT_EQ(target(std::string(100000, 'a')), "refused");
}

TEST(Target, LocalhostIsKnownByName) {
    EXPECT_TRUE(parse_target("LocalHost.")->is_localhost());
    EXPECT_TRUE(parse_target("db.localhost")->is_localhost());
    EXPECT_FALSE(parse_target("notlocalhost")->is_localhost());
    EXPECT_FALSE(parse_target("127.0.0.1")->is_localhost());
}

TEST(Target, ARefusalSaysWhatToWrite) {
    EXPECT_NE(parse_target("10.0.0.1-20").error().detail.find("192.0.2.0/28"), std::string::npos);
    EXPECT_EQ(parse_target("").error().detail, "`` is no target: it is empty");
}

}  // namespace
}  // namespace attacca::core
