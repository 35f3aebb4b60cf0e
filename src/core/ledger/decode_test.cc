// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "core/ledger/codec.h"
#include "core/ledger/decode_raw.h"
#include "core/ledger/profile.h"
#include "core/ledger/random_record_for_test.h"

namespace attacca::core {
namespace {

const LedgerName ledger{"evidence.example/ledger/1", "node-1"};

std::string encoded(const Record& record, const Place& place, const LedgerName& name = ledger) {
    std::string out;
    encode_record(out, record, place, name);
    return out;
}

TEST(Decode, ReadsBackEveryRandomRecord) {
    RandomRecords random(1);
    for (int i = 0; i < 20'000; ++i) {
        const Record record = random.record();
        const Place place = random.place();
        const LedgerName name{ledger.origin, random.text()};
        const std::string bytes = encoded(record, place, name);
        const Result<StoredRecord> stored = decode_record(bytes);
        ASSERT_TRUE(stored) << stored.error().text() << "\n" << bytes;
        ASSERT_EQ(*stored, (StoredRecord{record, place, name.origin, name.source})) << bytes;
        const Result<void> is_of_profile = check_profile(bytes);
        ASSERT_TRUE(is_of_profile) << is_of_profile.error().text() << "\n" << bytes;
    }
}

// One record's memory serves the next: nothing of the one before may stay.
TEST(Decode, IntoUsedMemoryItGivesTheSame) {
    RandomRecords random(6);
    RawRecord raw;
    StoredRecord used;
    for (int i = 0; i < 20'000; ++i) {
        const std::string bytes = encoded(random.record(), random.place());
        ASSERT_TRUE(read_raw_record(bytes, raw));
        const Result<RecordHeader> header = header_of(raw);
        ASSERT_TRUE(header && decode_raw(raw, *header, used));
        ASSERT_EQ(used, *decode_record(bytes)) << bytes;
    }
}

// What decode accepts has one form only: no two texts mean the same record.
TEST(Decode, AcceptsNothingThatEncodeWouldWriteDifferently) {
    RandomRecords random(2);
    int accepted = 0;
    for (int i = 0; i < 200'000; ++i) {
        std::string bytes = encoded(random.record(), random.place());
        const std::size_t at = random.below(bytes.size());
        switch (random.below(4)) {
            case 0:
                bytes[at] = static_cast<char>(random.draw());
                break;
            case 1:
                bytes.erase(at, 1 + random.below(8));
                break;
            case 2:
                bytes.insert(at, bytes.substr(random.below(bytes.size()), random.below(8)));
                break;
            default:
                bytes[at] = bytes[random.below(bytes.size())];
        }
        const Result<StoredRecord> stored = decode_record(bytes);
        if (stored) {
            ++accepted;
            ASSERT_EQ(encoded(stored->record, stored->place, {stored->origin, stored->source}),
                      bytes);
        }
    }
    EXPECT_GT(accepted, 1000);
}

std::string with_payload(std::string_view type, std::string_view payload) {
    std::string out;
    append_envelope(out, {type, "ledger", "acme", "svc:engine", {0}}, payload, {}, ledger);
    return out;
}

TEST(Decode, RefusesATypeThatItDoesNotKnow) {
    EXPECT_TRUE(read_header(with_payload("session_created", "{}")));
    EXPECT_FALSE(decode_record(with_payload("session_created", "{}")));
}

TEST(Decode, RefusesAPayloadOfAnotherForm) {
    EXPECT_TRUE(decode_record(with_payload("quarantined", R"({"what":"a","why":"b"})")));
    for (const std::string_view payload : {
             R"({})",
             R"({"what":"a"})",
             R"({"why":"b"})",
             R"({"what":"a","why":1})",
             R"({"what":"a","why":"b","x":1})",
             R"({"a":true,"what":"a","why":"b"})",
         }) {
        EXPECT_FALSE(decode_record(with_payload("quarantined", payload))) << payload;
    }
    EXPECT_TRUE(decode_record(with_payload("ledger_started", R"({"size":1,"version":""})")));
    for (const std::string_view payload : {
             R"({"size":"1","version":""})",  // a string below 2^53
             R"({"size":-1,"version":""})",
             R"({"size":"18446744073709551616","version":""})",  // 2^64
             R"({"root":"","size":1,"version":""})",             // empty is left out
         }) {
        EXPECT_FALSE(decode_record(with_payload("ledger_started", payload))) << payload;
    }
}

TEST(Decode, RefusesWhatTheEnvelopeOfOurRecordsDoesNotHave) {
    const std::string good = with_payload("job_paused", "{}");
    ASSERT_TRUE(decode_record(good));
    const auto replaced = [&good](std::string_view from, std::string_view to) {
        std::string out = good;
        const std::size_t at = out.find(from);
        EXPECT_NE(at, out.npos) << from;
        return out.replace(at, from.size(), to);
    };
    EXPECT_FALSE(decode_record(replaced(R"("res":"ok")", R"("res":"no")")));
    EXPECT_FALSE(decode_record(replaced(R"("tgt":"ledger")", R"("tgt":"other")")));
    EXPECT_FALSE(decode_record(replaced(R"("res":"ok")", R"("res":"ok","ret":"audit-7y")")));
    EXPECT_FALSE(decode_record(replaced(R"("src":"node-1")", R"("src":"node-1","sub":1)")));
    EXPECT_FALSE(decode_record(replaced(R"("src":"node-1")", R"("src":1)")));
    EXPECT_FALSE(decode_record(replaced(R"("ent":"ledger")", R"("art":[],"ent":"ledger")")));
}

}  // namespace
}  // namespace attacca::core
