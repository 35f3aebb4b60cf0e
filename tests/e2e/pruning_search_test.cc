// SPDX-License-Identifier: Apache-2.0
#include "engine/pruning_search.h"

#include <gtest/gtest.h>

#include "adapters/memory/memory_store.h"
#include "core/dead_letter/dead_letter.h"
#include "core/ledger/codec.h"

namespace attacca::e2e {
namespace {

constexpr std::uint32_t records_in_batch = 64;  // four batches fill a tile
constexpr WallTime old_enough{1'000};
constexpr WallTime young_from{2'000};
constexpr Duration retention_for_search = seconds(1);

core::JobId job_number(std::uint64_t number) { return {uuid_v7({1'000}, number, 1)}; }

// Batches of equal records, each of another job or of something else.
class PruningSearchTest : public ::testing::Test {
  protected:
    struct Wanted {
        std::string entity = "some/thing";
        std::string type = "some_type";
        WallTime at = old_enough;
        std::vector<ports::JobRow> jobs = {};
        std::vector<ports::EntityHead> heads = {};
        bool is_damaged = false;
    };

    void add(Wanted wanted) {
        ports::StoreBatch batch;
        batch.ledger.first_gseq = size_;
        batch.ledger.count = records_in_batch;
        batch.ledger.previous.assign(records_in_batch, ports::no_gseq);
        batch.ledger.last_at = wanted.at;
        batch.ledger.root.bytes[0] = static_cast<std::uint8_t>(size_ / records_in_batch);
        for (std::uint32_t i = 0; i < records_in_batch; ++i) {
            std::string record;
            core::append_envelope(record, {wanted.type, wanted.entity, "t", "usr:1", wanted.at},
                                  "{}", {size_ + i, i, {}, {}}, {"example.org/l", "n"});
            record[0] = wanted.is_damaged && i == 9 ? 'X' : record[0];
            batch.ledger.records += static_cast<char>(record.size() >> 8U);
            batch.ledger.records += static_cast<char>(record.size() & 0xFFU);
            batch.ledger.records += record;
        }
        batch.jobs = std::move(wanted.jobs);
        // The newest record of the server is elsewhere, unless the test says where.
        if (size_ == 0) {
            batch.entities.push_back(head("ledger", "", ports::no_gseq - 1));
            batch.bodies = {{Sha256{}, "{}"}, {asks_for_more(), R"({"retention":"3s"})"}};
        }
        for (ports::EntityHead& entity : wanted.heads) {
            batch.entities.push_back(std::move(entity));
        }
        size_ += records_in_batch;
        ASSERT_EQ(store_.commit(batch).outcome, ports::CommitOutcome::committed);
    }

    // A batch of a job.
    Wanted of_job(std::uint64_t number, core::JobState state, WallTime ended_at = old_enough) {
        ports::JobRow row;
        row.id = job_number(number);
        row.is_new = true;
        row.tenant = "t";
        row.state = state;
        row.ended_at = ended_at;
        return {.entity = "job/" + row.id.text(), .jobs = {row}};
    }
    static Sha256 asks_for_more() {
        Sha256 digest;
        digest.bytes[0] = 1;
        return digest;
    }
    static ports::EntityHead head(std::string entity, std::string image, std::uint64_t last = 0) {
        return {std::move(entity), "t", 0, last, {}, std::move(image)};
    }

    // The ranges that a look finds, as numbers of batches.
    using Ranges = std::vector<std::pair<std::uint64_t, std::uint64_t>>;
    Ranges look(Duration later = {}) {
        Ranges ranges;
        found_.clear();
        EXPECT_TRUE(search_.begin(young_from + retention_for_search + later, size_));
        for (;;) {
            Result<std::optional<core::PruneEntries>> next = search_.next();
            EXPECT_TRUE(next) << next.error().text();
            if (!next || !*next) {
                return ranges;
            }
            const core::EntriesPruned& range = (*next)->range;
            EXPECT_EQ(range.before, young_from + later);
            const std::uint64_t end = (range.first + range.count) / records_in_batch;
            EXPECT_EQ(range.root.bytes[0], end - 1);
            ranges.emplace_back(range.first / records_in_batch, end);
            found_.push_back(std::move(**next));
        }
    }

    memory::MemoryStore store_;
    engine::PruningSearch search_{store_.reader(), {.usual = retention_for_search}};
    std::uint64_t size_ = 0;
    std::vector<core::PruneEntries> found_;
};

using core::JobState;

TEST_F(PruningSearchTest, FindsWhatHasEndedLongAgoInFullTiles) {
    add(of_job(1, JobState::completed));
    add(of_job(2, JobState::cancelled));
    add(of_job(3, JobState::running));
    add(of_job(4, JobState::completed, young_from));
    EXPECT_EQ(look(), (Ranges{{0, 2}}));
    EXPECT_EQ(found_[0].jobs, (std::vector{job_number(1), job_number(2)}));
    EXPECT_EQ(found_[0].tenants, std::vector<std::string>{"t"});
    add({});  // its tile is not full
    EXPECT_EQ(look(), (Ranges{{0, 2}}));
    add({});
    add({.at = young_from});
    add({});  // behind one that is too young
    EXPECT_EQ(look(), (Ranges{{0, 2}, {4, 6}}));
    EXPECT_TRUE(found_[1].jobs.empty());
}

TEST_F(PruningSearchTest, KeepsWhatIsNeededForEverAndHowTheServerEnded) {
    add({.heads = {head("ledger", "", 2 * records_in_batch + 5)}});
    add({.type = "key_rotated"});
    add({});
    add({});
    EXPECT_EQ(look(), (Ranges{{0, 1}, {3, 4}}));
}

TEST_F(PruningSearchTest, AHoldWins) {
    core::Holds holds;
    ASSERT_TRUE(holds.place({job_number(2), "M", "c", old_enough}));
    add(of_job(1, JobState::completed));
    add(of_job(2, JobState::completed));
    add({});
    add({.heads = {head(core::hold_entity("t"), core::image_of(holds))}});
    EXPECT_EQ(look(), (Ranges{{0, 1}, {2, 4}}));
    ASSERT_TRUE(holds.place({std::nullopt, "M", "c", old_enough}));
    for (int i = 0; i < 4; ++i) {
        add({.heads = {head(core::hold_entity("t"), core::image_of(holds))}});
    }
    EXPECT_EQ(look(), Ranges{});
}

TEST_F(PruningSearchTest, AnOpenDeadLetterKeepsItsJob) {
    core::DeadLetter letter;
    letter.tenant = "t";
    letter.job = job_number(1);
    const std::string entity = core::dead_letter_entity("t", letter.job);
    Wanted failed = of_job(1, JobState::failed);
    failed.heads = {head(entity, core::image_of(letter))};
    add(std::move(failed));
    add(of_job(2, JobState::failed));  // without one
    add({});
    add({});
    EXPECT_EQ(look(), (Ranges{{1, 4}}));
    letter.state = core::DeadLetterState::discarded;
    add({.at = young_from, .heads = {head(entity, core::image_of(letter))}});
    EXPECT_EQ(look(), (Ranges{{0, 4}}));
}

TEST_F(PruningSearchTest, AJobMayAskForMore) {
    Wanted patient = of_job(1, JobState::completed);
    patient.jobs[0].definition = asks_for_more();
    add(std::move(patient));
    add(of_job(2, JobState::completed));
    add({});
    add({});
    EXPECT_EQ(look(), (Ranges{{1, 4}}));
    EXPECT_EQ(look(seconds(1)), (Ranges{{1, 4}}));
    EXPECT_EQ(look(seconds(2)), (Ranges{{0, 4}}));
}

TEST_F(PruningSearchTest, DamageCostsItsOwnBatch) {
    add(of_job(1, JobState::completed));
    add({.is_damaged = true});
    add(of_job(2, JobState::completed));
    add({});
    store_.poison_job(job_number(1));
    EXPECT_EQ(look(), (Ranges{{2, 4}}));
}

TEST_F(PruningSearchTest, WhatIsGoneIsNotFoundAgain) {
    for (int i = 0; i < 8; ++i) {
        add({});
    }
    EXPECT_EQ(look(), (Ranges{{0, 8}}));
    ports::StoreBatch pruning;
    pruning.ledger.first_gseq = size_++;
    pruning.ledger.count = 1;
    pruning.ledger.previous = {ports::no_gseq};
    pruning.ledger.records = "x";
    pruning.ledger.last_at = young_from;
    pruning.pruned = {{2 * records_in_batch, 5 * records_in_batch}};
    ASSERT_EQ(store_.commit(pruning).outcome, ports::CommitOutcome::committed);
    EXPECT_EQ(look(), (Ranges{{0, 2}, {5, 8}}));
}

}  // namespace
}  // namespace attacca::e2e
