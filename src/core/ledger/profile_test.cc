// SPDX-License-Identifier: Apache-2.0
#include "core/ledger/profile.h"

#include <array>
#include <string>

#include <gtest/gtest.h>

#include "core/ledger/codec.h"

namespace attacca::core {
namespace {

TEST(Profile, AcceptsItsOwnForm) {
    for (const std::string_view text : {
             R"({})",
             R"({"@":1,"_":2,"a":3,"a0":4,"b":5})",
             R"({"a":[],"b":{},"c":[[],{},[1,"x",true,false]]})",
             R"({"a":0,"b":-1,"c":9007199254740991,"d":-9007199254740991})",
             R"({"a":"\b\t\n\f\r\"\\\u0000\u000b\u001f/"})",
             "{\"a\":\"\x7f\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80\"}",
             R"({"abcdefghijklmnopqrstuvwxyz012345":1})",
             R"({"a":{"b":1,"c":{"b":1}},"b":1})",
         }) {
        const Result<void> result = check_profile(text);
        EXPECT_TRUE(result) << text << ": " << result.error().text();
    }
}

// Strings are read sixteen bytes at a time: each byte must be seen at each place, and what stands
// around it must not matter.
TEST(Profile, SeesEveryByteAtEveryPlaceOfAString) {
    for (const char around : {'a', '\x7f', '!'}) {
        for (std::size_t size = 1; size <= 36; ++size) {
            for (std::size_t at = 0; at < size; ++at) {
                for (int byte = 0; byte < 0x80; ++byte) {
                    std::string text(size, around);
                    text[at] = static_cast<char>(byte);
                    const bool is_plain = byte >= 0x20 && byte != '"' && byte != '\\';
                    ASSERT_EQ(check_profile("{\"a\":\"" + text + "\"}").has_value(), is_plain)
                        << size << " " << at << " " << byte;
                }
            }
        }
    }
}

// Tampering 21 and its relatives: JSON with the same meaning, and not the one form.
TEST(Profile, RefusesEveryOtherForm) {
    for (const std::string_view text : {
             "",
             " {}",
             "{} ",
             "{}\n",
             "{",
             "}",
             "[]",
             "1",
             "\"a\"",
             "{}{}",
             R"({"a":1,})",
             R"({,"a":1})",
             R"({"a":[1,]})",
             R"({"a":[,1]})",
             R"({"a":[1 2]})",
             R"({"a": 1})",
             R"({"a" :1})",
             R"({ "a":1})",
             R"({"a":1, "b":2})",
             R"({"a":1,"a":1})",
             R"({"b":1,"a":1})",
             R"({"a":{"b":1,"b":1}})",
             R"({"a":{"c":1,"b":1}})",
             R"({"":1})",
             R"({"A":1})",
             R"({"a-b":1})",
             R"({"\u0061":1})",
             R"({"abcdefghijklmnopqrstuvwxyz0123456":1})",
         }) {
        EXPECT_FALSE(check_profile(text)) << text;
    }
}

TEST(Profile, RefusesEveryOtherFormOfAValue) {
    for (const std::string_view text : {
             R"({"a":null})",
             R"({"a":nul})",
             R"({"a":True})",
             R"({"a":truex})",
             R"({"a":1.0})",
             R"({"a":1e3})",
             R"({"a":+1})",
             R"({"a":01})",
             R"({"a":-0})",
             R"({"a":-})",
             R"({"a":--1})",
             R"({"a":9007199254740992})",
             R"({"a":-9007199254740992})",
             R"({"a":99999999999999999999999999999})",
             R"({"a":"\u0041"})",
             R"({"a":"\u000a"})",
             R"({"a":"\u0008"})",
             R"({"a":"\u001F"})",
             R"({"a":"\u007f"})",
             R"({"a":"\u00e4"})",
             R"({"a":"\u001"})",
             R"({"a":"\/"})",
             R"({"a":"\x"})",
             R"({"a":"\)",
             R"({"a":"x)",
             R"({"a":"x}")",
             "{\"a\":\"\n\"}",
             "{\"a\":\"\t\"}",
             "{\"a\":\"\xc3\"}",
             "{\"a\":\"\xc0\x80\"}",
             "{\"a\":\"\xed\xa0\x80\"}",
             "{\"a\":1\xc3\xa4}",
             "\xef\xbb\xbf{}",
             R"({"a":[1})",
             R"({"a":[1}])",
             R"({"a":{]})",
             R"({"a"})",
             R"({"a":})",
             R"({a:1})",
             R"({'a':1})",
             R"({/**/})",
         }) {
        EXPECT_FALSE(check_profile(text)) << text;
    }
    EXPECT_FALSE(check_profile(std::string_view("{\"a\":\"\0\"}", 9)));
    EXPECT_FALSE(check_profile(std::string_view("{}\0", 3)));
}

std::string nested(std::size_t levels) {
    std::string text = "{\"a\":";
    text += std::string(levels - 1, '[');
    text += std::string(levels - 1, ']');
    return text + "}";
}

TEST(Profile, HasLimitsOfDepthAndSize) {
    EXPECT_TRUE(check_profile(nested(record_depth_max)));
    EXPECT_FALSE(check_profile(nested(record_depth_max + 1)));
    EXPECT_FALSE(check_profile(nested(10'000)));
    const std::string frame = R"({"a":""})";
    const std::string largest =
        R"({"a":")" + std::string(record_bytes_max - frame.size(), 'x') + R"("})";
    ASSERT_EQ(largest.size(), record_bytes_max);
    EXPECT_TRUE(check_profile(largest));
    EXPECT_FALSE(check_profile(R"({"a":"x)" + largest.substr(6)));
}

TEST(Profile, NamesThePlaceOfTheFault) {
    const Result<void> result = check_profile(R"({"a":1,"a":1})");
    ASSERT_FALSE(result);
    EXPECT_NE(result.error().detail.find("byte 10"), std::string::npos) << result.error().detail;
}

TEST(Profile, FindsTheMembersOfTheFirstLevelOnly) {
    const Result<RawRecord> raw =
        read_raw_record(R"({"act":"x","p":{"act":"y","org":[1]},"t":[{"n":1}],"zz":0})");
    ASSERT_TRUE(raw);
    EXPECT_EQ((*raw)[Member::act], R"("x")");
    EXPECT_EQ((*raw)[Member::p], R"({"act":"y","org":[1]})");
    EXPECT_EQ((*raw)[Member::t], R"([{"n":1}])");
    EXPECT_EQ((*raw)[Member::org], "");
    EXPECT_EQ((*raw)[Member::n], "");
    EXPECT_TRUE(raw->has_unknown_member);
    EXPECT_FALSE(read_raw_record(R"({"act":1,"p":{}})")->has_unknown_member);
}

// Names of the first level are found by a word that is read at once, others key by key.
TEST(Profile, FindsEveryMemberBesideEveryOther) {
    constexpr std::array<std::string_view, member_count> names = {
        "@",    "act", "art", "ent", "eseq", "gseq", "n",   "org", "p",
        "prev", "res", "ret", "src", "t",    "ten",  "tgt", "typ", "x"};
    const auto pair_of = [](std::string_view one, std::string_view other) {
        return "{\"" + std::string(one) + "\":1,\"" + std::string(other) + "\":2}";
    };
    for (std::size_t i = 0; i < names.size(); ++i) {
        const Member one{static_cast<std::uint8_t>(i)};
        for (std::size_t k = 0; k < names.size(); ++k) {
            const std::string text = pair_of(names[i], names[k]);
            const Result<RawRecord> raw = read_raw_record(text);
            ASSERT_EQ(raw.has_value(), i < k) << text;
            if (raw) {
                EXPECT_EQ((*raw)[one], "1") << text;
                EXPECT_EQ((*raw)[Member{static_cast<std::uint8_t>(k)}], "2") << text;
                EXPECT_FALSE(raw->has_unknown_member) << text;
            }
        }
        // A name that is longer by one is another, and comes right behind.
        const std::string longer = std::string(names[i]) + "0";
        const std::string text = pair_of(names[i], longer);
        const Result<RawRecord> raw = read_raw_record(text);
        ASSERT_TRUE(raw) << text;
        EXPECT_EQ((*raw)[one], "1") << text;
        EXPECT_TRUE(raw->has_unknown_member) << text;
        EXPECT_FALSE(check_profile(pair_of(longer, names[i])));
        const std::string behind_another = pair_of("0", names[i]);
        const Result<RawRecord> behind = read_raw_record(behind_another);
        ASSERT_TRUE(behind) << behind_another;
        EXPECT_EQ((*behind)[one], "2") << behind_another;
    }
}

TEST(Profile, TellsWhichTextsHaveAnEscape) {
    const Result<RawRecord> raw =
        read_raw_record(R"({"act":"a\n","art":["\n"],"ent":"x","foo":"\n","org":"\\"})");
    ASSERT_TRUE(raw);
    EXPECT_EQ(raw->escaped, 1U << static_cast<unsigned>(Member::act) |
                                1U << static_cast<unsigned>(Member::org));
}

TEST(Profile, SeesTheEndOfAnEntityInItsPayloadOnly) {
    EXPECT_TRUE(read_raw_record(R"({"p":{"a":[{"x":1}],"fin":true}})")->is_final);
    for (const std::string_view text : {
             R"({"fin":true,"p":{}})",
             R"({"p":{"fin":false}})",
             R"({"p":{"fin":"true"}})",
             R"({"p":{"a":{"fin":true}}})",
             R"({"p":{"a":"\"fin\":true"}})",
             R"({"o":{"fin":true},"p":{}})",
         }) {
        const Result<RawRecord> raw = read_raw_record(text);
        ASSERT_TRUE(raw) << text;
        EXPECT_FALSE(raw->is_final) << text;
    }
}

std::string some_record() {
    std::string out;
    Place place;
    place.gseq = 5;
    place.eseq = 2;
    place.prev.bytes.fill(0xAB);
    append_envelope(out, {"some_type", "job/A", "acme", "svc:engine", {1'767'225'600'123'456}},
                    R"({"fin":true})", place, {"evidence.example/ledger/1", "node-1"});
    return out;
}

TEST(Header, IsReadFromARecordOfAnyType) {
    const std::string bytes = some_record();
    const Result<RecordHeader> header = read_header(bytes);
    ASSERT_TRUE(header) << header.error().text();
    EXPECT_EQ(header->gseq, 5U);
    EXPECT_EQ(header->eseq, 2U);
    EXPECT_EQ(header->entity, "job/A");
    EXPECT_EQ(header->tenant, "acme");
    EXPECT_EQ(header->origin, "evidence.example/ledger/1");
    EXPECT_EQ(header->type, "some_type");
    EXPECT_EQ(header->at.us, 1'767'225'600'123'456);
    EXPECT_EQ(header->prev.bytes[0], 0xAB);
    EXPECT_TRUE(header->is_final);
    EXPECT_EQ(header->payload, R"({"fin":true})");
}

TEST(Header, NeedsEveryMemberInItsForm) {
    const std::string bytes = some_record();
    const std::pair<std::string_view, std::string_view> changes[] = {
        {R"("@":"attacca-evidence/1",)", R"("@":"attacca-evidence/2",)"},
        {R"("@":"attacca-evidence/1",)", ""},
        {R"("act":"svc:engine",)", ""},
        {R"("act":"svc:engine",)", R"("act":1,)"},
        {R"("ent":"job/A",)", R"("ent":"",)"},
        {R"("ent":"job/A",)", R"("ent":"job\nA",)"},
        {R"("eseq":2,)", R"("eseq":"2",)"},
        {R"("eseq":2,)", R"("eseq":-2,)"},
        {R"("gseq":5,)", ""},
        {R"("n":"AAAAAAAAAAAAAAAAAAAAAA==",)", R"("n":"AAAAAAAAAAAAAAAAAAAAAA=",)"},
        {R"("n":"AAAAAAAAAAAAAAAAAAAAAA==",)", R"("n":"AAAAAAAAAAAAAAAAAAAAAB==",)"},
        {R"("p":{"fin":true},)", R"("p":[true],)"},
        {R"("p":{"fin":true},)", ""},
        {R"("prev":"q6ur)", R"("prev":"6ur)"},
        {R"("res":"ok",)", ""},
        {R"("t":"2026-01-01T00:00:00.123456Z",)", R"("t":"2026-01-01T00:00:00.123Z",)"},
        {R"("t":"2026-01-01T00:00:00.123456Z",)", R"("t":"2026-02-30T00:00:00.123456Z",)"},
        {R"("ten":"acme",)", R"("ten":"ac\\me",)"},
        {R"("org":"evidence)", R"("org":"\"evidence)"},
        {R"("typ":"some_type")", R"("typ":"some\u0000type")"},
        {R"("typ":"some_type")", R"("typ":true)"},
    };
    for (const auto& [from, to] : changes) {
        std::string changed = bytes;
        const std::size_t at = changed.find(from);
        ASSERT_NE(at, changed.npos) << from;
        changed.replace(at, from.size(), to);
        EXPECT_TRUE(check_profile(changed)) << changed;
        EXPECT_FALSE(read_header(changed)) << changed;
    }
}

// Tampering 22: the preimage of a tree node is no record.
TEST(Header, IsNoPreimageOfATreeNode) {
    EXPECT_FALSE(read_header("\x01" + std::string(64, 'a')));
}

}  // namespace
}  // namespace attacca::core
