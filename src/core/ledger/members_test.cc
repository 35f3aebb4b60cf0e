// SPDX-License-Identifier: Apache-2.0
#include "core/ledger/members.h"

#include <limits>
#include <vector>

#include <gtest/gtest.h>

namespace attacca::core {
namespace {

Sha256 some_digest() {
    Sha256 digest;
    digest.bytes.fill(0x5A);
    return digest;
}

std::string some_object() {
    std::string out;
    MemberWriter members(out);
    members.digest("\"digest\":", some_digest());
    members.i64("\"i\":", std::numeric_limits<std::int64_t>::min());
    members.raw("\"list\":") += R"([1,"]",{"a":[]}])";
    members.instant("\"t\":", {1});
    members.text("\"text\":", "a\"}\\");
    members.u64("\"u\":", 7);
    members.yes("\"yes\":");
    members.end();
    return out;
}

TEST(Members, AreWrittenOneAfterAnother) {
    EXPECT_EQ(some_object(), R"({"digest":")" + hex(some_digest()) +
                                 R"(","i":"-9223372036854775808","list":[1,"]",{"a":[]}],)"
                                 R"("t":"1970-01-01T00:00:00.000001Z","text":"a\"}\\","u":7,)"
                                 R"("yes":true})");
    std::string empty;
    MemberWriter(empty).end();
    EXPECT_EQ(empty, "{}");
}

TEST(Members, ReadBackInTheirOrder) {
    const std::string object = some_object();
    MemberReader members(object);
    Sha256 digest;
    std::int64_t integer = 0;
    std::string_view list;
    WallTime at;
    std::string text;
    std::uint64_t number = 0;
    members.digest("\"digest\":", digest);
    members.i64("\"i\":", integer);
    EXPECT_FALSE(members.is_next("\"lis\":"));
    EXPECT_TRUE(members.is_next("\"list\":"));
    EXPECT_TRUE(members.take("\"list\":", list));
    members.instant("\"t\":", at);
    members.text("\"text\":", text);
    members.u64("\"u\":", number);
    EXPECT_FALSE(members.is_done());
    members.yes("\"yes\":");
    EXPECT_TRUE(members.is_done());
    EXPECT_EQ(digest, some_digest());
    EXPECT_EQ(integer, std::numeric_limits<std::int64_t>::min());
    EXPECT_EQ(list, R"([1,"]",{"a":[]}])");
    EXPECT_EQ(at, WallTime{1});
    EXPECT_EQ(text, "a\"}\\");
    EXPECT_EQ(number, 7U);
}

TEST(Members, StayBadAfterTheFirstThatIsMissing) {
    MemberReader members(R"({"a":1,"b":2})");
    std::uint64_t number = 0;
    members.u64("\"b\":", number);
    EXPECT_FALSE(members.is_done());
    members.u64("\"a\":", number);
    members.u64("\"b\":", number);
    EXPECT_FALSE(members.is_done());
    EXPECT_EQ(members.bad_key(), "\"b\":");
}

TEST(Members, AreBadInAnotherForm) {
    const auto reads = [](std::string_view object, auto read) {
        MemberReader members(object);
        read(members);
        return members.is_done();
    };
    const auto u32 = [](MemberReader& members) {
        std::uint32_t out = 0;
        members.u32("\"a\":", out);
    };
    EXPECT_TRUE(reads(R"({"a":4294967295})", u32));
    EXPECT_FALSE(reads(R"({"a":4294967296})", u32));
    EXPECT_FALSE(reads(R"({"a":1,"b":1})", u32));
    EXPECT_FALSE(reads(R"({})", u32));
    const auto yes = [](MemberReader& members) { members.yes("\"a\":"); };
    EXPECT_TRUE(reads(R"({"a":true})", yes));
    EXPECT_FALSE(reads(R"({"a":false})", yes));
    const auto digest = [](MemberReader& members) {
        Sha256 out;
        members.digest("\"a\":", out);
    };
    EXPECT_TRUE(reads(R"({"a":")" + std::string(64, 'f') + R"("})", digest));
    EXPECT_FALSE(reads(R"({"a":")" + std::string(64, 'F') + R"("})", digest));
    EXPECT_FALSE(reads(R"({"a":")" + std::string(63, 'f') + R"("})", digest));
    EXPECT_FALSE(reads(R"({"a":1})", digest));
    const auto instant = [](MemberReader& members) {
        WallTime out;
        members.instant("\"a\":", out);
    };
    EXPECT_TRUE(reads(R"({"a":"1970-01-01T00:00:00.000000Z"})", instant));
    EXPECT_FALSE(reads(R"({"a":"1970-01-01T00:00:00Z"})", instant));
    EXPECT_FALSE(reads(R"({"a":0})", instant));
}

TEST(Elements, ComeOneAfterAnother) {
    ElementReader elements(R"(["a,]",[1,2],{"b":"}"},3,true])");
    std::vector<std::string_view> all;
    for (auto element = elements.next(); !element.empty(); element = elements.next()) {
        all.push_back(element);
    }
    EXPECT_EQ(all,
              (std::vector<std::string_view>{R"("a,]")", "[1,2]", R"({"b":"}"})", "3", "true"}));
    EXPECT_EQ(ElementReader("[]").next(), "");
}

}  // namespace
}  // namespace attacca::core
