// SPDX-License-Identifier: Apache-2.0
#include "engine/scribe.h"

#include <gtest/gtest.h>

#include "core/ledger/hash.h"
#include "engine/history.h"

namespace attacca::engine {
namespace {

class CountingEntropy final : public ports::Entropy {
  public:
    std::uint64_t draw() override { return ++drawn_; }

  private:
    std::uint64_t drawn_ = 0;
};

const core::LedgerName name_for_scribe{"example.org/ledger", "test"};

PlacedRecord of_ledger(std::uint64_t eseq) {
    PlacedRecord placed;
    placed.record.tenant = "system";
    placed.record.actor = "sys:test";
    placed.record.entity.name = "ledger";
    placed.record.payload = core::LedgerStopped{};
    placed.eseq = eseq;
    placed.head = core::no_index;
    return placed;
}

PlacedRecord of_job(std::uint32_t slot, std::uint64_t eseq) {
    PlacedRecord placed;
    placed.record.tenant = "default";
    placed.record.actor = "usr:test";
    placed.record.entity.job = core::JobId{};
    placed.record.payload = core::JobPaused{};
    placed.eseq = eseq;
    placed.head = slot;
    return placed;
}

std::vector<core::StoredRecord> decoded(const Written& written) {
    ports::LedgerBatch batch;
    batch.records = written.records;
    batch.previous = written.previous;
    batch.count = static_cast<std::uint32_t>(written.links.size());
    std::vector<core::StoredRecord> records;
    const std::vector<std::string_view> split = split_records(batch).value();
    for (const std::string_view bytes : split) {
        records.push_back(core::decode_record(bytes).value());
    }
    return records;
}

class ScribeTest : public ::testing::Test {
  protected:
    CountingEntropy entropy_;
    Recovered recovered_;
};

TEST_F(ScribeTest, LinksARecordToTheOneBeforeItOfItsEntity) {
    recovered_.tail.size = 7;
    Scribe scribe(recovered_, entropy_, name_for_scribe);
    Batch batch;
    batch.records = {of_job(0, 0), of_ledger(0), of_job(0, 1)};
    scribe.write(batch);

    EXPECT_EQ(batch.written.first_gseq, 7U);
    EXPECT_EQ(batch.written.previous,
              (std::vector<std::uint64_t>{ports::no_gseq, ports::no_gseq, 7}));
    const std::vector<core::StoredRecord> records = decoded(batch.written);
    ASSERT_EQ(records.size(), 3U);
    EXPECT_EQ(records[2].place.gseq, 9U);
    EXPECT_EQ(records[2].place.prev, batch.written.links[0]);
    EXPECT_NE(records[1].place.prev, records[0].place.prev);
    EXPECT_NE(records[1].place.nonce, records[2].place.nonce);
}

TEST_F(ScribeTest, WritesEachRecordOfAnOpenBatchOnce) {
    Scribe scribe(recovered_, entropy_, name_for_scribe);
    Batch batch;
    batch.records = {of_ledger(0)};
    scribe.write(batch);
    const std::string first = batch.written.records;
    scribe.write(batch);
    EXPECT_EQ(batch.written.records, first);

    batch.records.push_back(of_ledger(1));
    scribe.write(batch);
    EXPECT_EQ(batch.written.links.size(), 2U);
    EXPECT_EQ(batch.written.records.substr(0, first.size()), first);
    const ports::EntityHead& head = batch.written.entities.at("ledger");
    EXPECT_EQ(head.eseq, 1U);
    EXPECT_EQ(head.last_gseq, 1U);
    EXPECT_EQ(head.last_link, batch.written.links[1]);
}

TEST_F(ScribeTest, GoesOnFromTheHeadsThatWereRecovered) {
    recovered_.tail.size = 3;
    Sha256 of_slot;
    of_slot.bytes.fill(1);
    Sha256 of_entity;
    of_entity.bytes.fill(2);
    recovered_.heads.push_back({4, 1, of_slot});
    recovered_.entities.push_back({"ledger", "system", 0, 2, of_entity});
    Scribe scribe(recovered_, entropy_, name_for_scribe);
    Batch batch;
    batch.records = {of_job(4, 1), of_ledger(1)};
    scribe.write(batch);

    const std::vector<core::StoredRecord> records = decoded(batch.written);
    EXPECT_EQ(records[0].place.prev, of_slot);
    EXPECT_EQ(records[1].place.prev, of_entity);
    EXPECT_EQ(batch.written.previous, (std::vector<std::uint64_t>{1, 2}));
}

TEST_F(ScribeTest, BeginsAnewWhereALaterJobUsesASlotAgain) {
    Scribe scribe(recovered_, entropy_, name_for_scribe);
    Batch batch;
    batch.records = {of_job(0, 0), of_job(0, 0)};
    scribe.write(batch);

    const std::vector<core::StoredRecord> records = decoded(batch.written);
    EXPECT_EQ(records[1].place.prev, records[0].place.prev);
    EXPECT_EQ(batch.written.previous[1], ports::no_gseq);
}

}  // namespace
}  // namespace attacca::engine
