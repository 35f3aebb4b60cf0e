// SPDX-License-Identifier: Apache-2.0
#include "contract/store_harness.h"
#include "contract/store_samples.h"

namespace attacca {
namespace {

using contract::changed_row;
using contract::digest_of;
using contract::job_id;
using contract::sample_batch;
using contract::sample_row;
using core::JobState;
using ports::EntityHead;
using ports::IdempotencyRow;
using ports::JobRow;
using ports::NodeChunk;
using ports::StoreBatch;

constexpr Duration one_day = seconds(86400);
constexpr Duration one_minute = seconds(60);

class StoreJobs : public contract::EveryStore {
  protected:
    // Commits rows as the next batch of one record.
    void commit_rows(std::vector<JobRow> rows) {
        StoreBatch batch = sample_batch(reader().tail().value().size, 1);
        batch.jobs = std::move(rows);
        commit(batch);
    }
    static JobRow stored(JobRow row) {
        row.is_new = false;
        return row;
    }
    static JobRow row_in(std::uint64_t number, JobState state) {
        JobRow row = sample_row(number);
        row.state = state;
        return row;
    }
};
ATTACCA_FOR_EVERY_STORE(StoreJobs);

TEST_P(StoreJobs, ANewRowIsReadBackWithEveryField) {
    commit_rows({sample_row(1)});
    EXPECT_EQ(reader().job(job_id(1)).value(), stored(sample_row(1)));
    EXPECT_EQ(reader().job(job_id(2)).value(), std::nullopt);
}

TEST_P(StoreJobs, ARowOfDefaultsIsReadBackWithEveryField) {
    JobRow row;
    row.id = job_id(1);
    row.is_new = true;
    commit_rows({row});
    EXPECT_EQ(reader().job(row.id).value(), stored(row));
}

TEST_P(StoreJobs, AnUpdateChangesTheMutableFieldsOnly) {
    commit_rows({sample_row(1), sample_row(2)});
    JobRow update = changed_row(1);
    update.tenant = "ignored";
    update.name = "ignored";
    update.priority = core::Priority::high;
    update.definition = digest_of(99);
    update.details = {};
    update.tags = "";
    update.kinds = 0;
    update.created_at = {};
    update.retry_of.reset();
    commit_rows({update});
    EXPECT_EQ(reader().job(job_id(1)).value(), changed_row(1));
    EXPECT_EQ(reader().job(job_id(2)).value(), stored(sample_row(2)));
}

TEST_P(StoreJobs, TheLastOfManyUpdatesStays) {
    commit_rows({sample_row(1)});
    for (std::uint32_t done = 1; done < 300; done += 37) {
        JobRow row = stored(sample_row(1));
        row.done = done;
        row.instances = std::string(done, 'x');
        commit_rows({row});
        EXPECT_EQ(reader().job(job_id(1)).value(), row);
    }
}

TEST_P(StoreJobs, RowsOfABatchMayComeInAnyOrder) {
    commit_rows({sample_row(5)});
    commit_rows({sample_row(9), changed_row(5), sample_row(2), sample_row(7)});
    for (const std::uint64_t number : {2U, 7U, 9U}) {
        EXPECT_EQ(reader().job(job_id(number)).value(), stored(sample_row(number)));
    }
    EXPECT_EQ(reader().job(job_id(5)).value(), changed_row(5));
}

TEST_P(StoreJobs, EveryStateAndReasonAndPriorityIsKept) {
    std::vector<JobRow> rows;
    for (int state = 0; state < core::job_state_count; ++state) {
        JobRow row = sample_row(static_cast<std::uint64_t>(state));
        row.state = static_cast<JobState>(state);
        row.reason = static_cast<core::JobReason>(state % 4);
        row.priority = static_cast<core::Priority>(state % 3);
        rows.push_back(row);
    }
    commit_rows(rows);
    for (const JobRow& row : rows) {
        EXPECT_EQ(reader().job(row.id).value(), stored(row));
    }
}

TEST_P(StoreJobs, TextsKeepEveryByte) {
    JobRow row = sample_row(1);
    row.name = std::string("nul\0and \xC3\xBC, \r\n\x1B[0m", 16);
    row.details = {R"({"a":"'; drop table jobs; --"})", std::nullopt};
    row.instances = contract::noise(1000, 3);
    commit_rows({row});
    EXPECT_EQ(reader().job(row.id).value(), stored(row));
}

TEST_P(StoreJobs, LiveJobsAreThoseNotFinalFromTheGivenIdOn) {
    std::vector<JobRow> rows;
    for (std::uint64_t number = 0; number < 14; ++number) {
        rows.push_back(row_in(number, static_cast<JobState>(number % 7)));
    }
    commit_rows(rows);
    const auto not_expected = [](const std::string& id, const std::string& why) {
        ADD_FAILURE() << id << ": " << why;
    };
    const auto numbers_from = [&](std::uint64_t from) {
        std::vector<JobRow> live = reader().live_jobs(job_id(from), not_expected).value();
        std::vector<std::uint64_t> numbers;
        for (const JobRow& row : live) {
            for (std::uint64_t number = 0; number < 14; ++number) {
                if (row == stored(rows[number])) {
                    numbers.push_back(number);
                }
            }
        }
        EXPECT_EQ(numbers.size(), live.size());
        return numbers;
    };
    using Numbers = std::vector<std::uint64_t>;
    EXPECT_EQ(numbers_from(0), (Numbers{0, 1, 2, 3, 7, 8, 9, 10}));
    EXPECT_EQ(numbers_from(2), (Numbers{2, 3, 7, 8, 9, 10}));
    EXPECT_EQ(numbers_from(4), (Numbers{7, 8, 9, 10}));
    EXPECT_EQ(numbers_from(11), Numbers{});
    EXPECT_EQ(reader().live_jobs({}, not_expected).value().size(), 8U);
}

TEST_P(StoreJobs, ChunksAreReplacedAndComeInOrder) {
    commit_rows({sample_row(1), sample_row(2)});
    StoreBatch batch = sample_batch(1, 1);
    batch.chunks = {{job_id(1), 300, "c"}, {job_id(1), 1, "a"}, {job_id(2), 1, "other"}};
    commit(batch);
    batch = sample_batch(2, 1);
    batch.chunks = {{job_id(1), 1, "aa"}, {job_id(1), 2, std::string("\0b", 2)}};
    commit(batch);
    EXPECT_EQ(reader().chunks(job_id(1)).value(),
              (std::vector<NodeChunk>{{job_id(1), 1, "aa"},
                                      {job_id(1), 2, std::string("\0b", 2)},
                                      {job_id(1), 300, "c"}}));
    EXPECT_EQ(reader().chunks(job_id(3)).value(), std::vector<NodeChunk>{});
}

TEST_P(StoreJobs, ABodyIsStoredOnce) {
    StoreBatch batch = sample_batch(0, 1);
    batch.bodies = {{digest_of(1), "one"}, {digest_of(2), ""}, {digest_of(1), "one"}};
    commit(batch);
    batch = sample_batch(1, 1);
    batch.bodies = {{digest_of(1), "one"}, {digest_of(3), contract::noise(65536, 1)}};
    commit(batch);
    EXPECT_EQ(reader().body(digest_of(1)).value(), "one");
    EXPECT_EQ(reader().body(digest_of(2)).value(), "");
    EXPECT_EQ(reader().body(digest_of(3)).value(), contract::noise(65536, 1));
    EXPECT_EQ(reader().body(digest_of(4)).value(), std::nullopt);
}

TEST_P(StoreJobs, ABodyThatIsCollectedIsGoneUnlessTheSameBatchHasItAnew) {
    const auto list = [&](const Sha256& after, std::size_t limit) {
        std::vector<std::pair<Sha256, std::uint64_t>> found;
        const auto bodies = reader().bodies_after(after, limit);
        for (const core::BodySize& body : *bodies) {
            found.emplace_back(body.digest, body.bytes);
        }
        return found;
    };
    EXPECT_TRUE(list({}, 10).empty());
    StoreBatch batch = sample_batch(0, 1);
    for (std::uint64_t i = 1; i <= 4; ++i) {
        batch.bodies.push_back({digest_of(i), contract::noise(30'000 * i, i)});
    }
    commit(batch);
    std::vector<std::pair<Sha256, std::uint64_t>> all;
    for (const ports::StoredBody& body : batch.bodies) {
        all.emplace_back(body.digest, body.bytes.size());
    }
    std::sort(all.begin(), all.end());
    EXPECT_EQ(list({}, 10), all);
    EXPECT_EQ(list({}, 3), (std::vector(all.begin(), all.begin() + 3)));
    EXPECT_EQ(list(all[2].first, 3), (std::vector(all.begin() + 3, all.end())));
    EXPECT_TRUE(list(all[3].first, 3).empty());

    const std::string again = contract::noise(60'000, 2);
    batch = sample_batch(1, 1);
    batch.collected = {digest_of(1), digest_of(2), digest_of(9)};
    batch.bodies = {{digest_of(2), again}};
    commit(batch);
    for (int i = 0; i < 2; ++i) {
        EXPECT_EQ(reader().body(digest_of(1)).value(), std::nullopt);
        EXPECT_EQ(reader().body(digest_of(2)).value(), again);
        EXPECT_EQ(reader().body(digest_of(3)).value(), contract::noise(90'000, 3));
        EXPECT_EQ(list({}, 10).size(), 3U);
        harness().reopen();
    }
}

TEST_P(StoreJobs, EntityHeadsAreReplacedAndComeInOrderOfName) {
    StoreBatch batch = sample_batch(0, 1);
    batch.entities = {{"ledger", "default", 1, 0, digest_of(1)}, {"a/b", "t", 7, 8, digest_of(2)}};
    commit(batch);
    batch = sample_batch(1, 1);
    batch.entities = {{"ledger", "default", 2, 1, digest_of(3)}};
    commit(batch);
    EXPECT_EQ(reader().entities().value(),
              (std::vector<EntityHead>{{"a/b", "t", 7, 8, digest_of(2)},
                                       {"ledger", "default", 2, 1, digest_of(3)}}));
}

TEST_P(StoreJobs, AnEntityIsFoundByNameAndByWhatItsNameBeginsWith) {
    StoreBatch batch = sample_batch(0, 1);
    batch.entities = {{"s/t/a", "t", 1, 0, digest_of(1), R"({"x":1})"},
                      {"s/t/b", "t", 2, 0, digest_of(2), "ü"},
                      {"s/t/c", "t", 3, 0, digest_of(3)},
                      {"s/tt/a", "tt", 4, 0, digest_of(4), "y"},
                      {"s/t", "t", 5, 0, digest_of(5), "z"}};
    commit(batch);
    EXPECT_EQ(reader().entity("s/t/a").value(), batch.entities[0]);
    EXPECT_EQ(reader().entity("s/t/d").value(), std::nullopt);
    using Heads = std::vector<EntityHead>;
    const Heads& all = batch.entities;
    EXPECT_EQ(reader().entities_below("s/t/", "", 10).value(), (Heads{all[0], all[1], all[2]}));
    EXPECT_EQ(reader().entities_below("s/t/", "", 2).value(), (Heads{all[0], all[1]}));
    EXPECT_EQ(reader().entities_below("s/t/", "s/t/b", 10).value(), Heads{all[2]});
    EXPECT_EQ(reader().entities_below("s/t/", "s/t/c", 10).value(), Heads{});
    EXPECT_EQ(reader().entities_below("x/", "", 10).value(), Heads{});
    batch = sample_batch(1, 1);
    batch.entities = {{"s/t/a", "t", 2, 1, digest_of(6), "other"}};
    commit(batch);
    harness().reopen();
    EXPECT_EQ(reader().entity("s/t/a").value()->image, "other");
}

TEST_P(StoreJobs, AKeyIsKeptForADay) {
    const WallTime at{1'772'000'000'000'000};
    const IdempotencyRow early{digest_of(1), digest_of(2), {job_id(1), job_id(2)}, at};
    const IdempotencyRow late{digest_of(3), digest_of(4), {}, at + seconds(3600)};
    StoreBatch batch = sample_batch(0, 1);
    batch.keys = {early, late};
    commit(batch);
    store().maintain({at.us + one_day.us - 1});
    EXPECT_EQ(reader().key(digest_of(1)).value(), early);
    harness().reopen();
    store().maintain(at + one_day + one_minute);
    EXPECT_EQ(reader().key(digest_of(1)).value(), std::nullopt);
    EXPECT_EQ(reader().key(digest_of(3)).value(), late);
    store().maintain(at + one_day + one_day);
    EXPECT_EQ(reader().key(digest_of(3)).value(), std::nullopt);
}

TEST_P(StoreJobs, AKeyUsedAgainIsReplacedAndLivesFromThenOn) {
    const WallTime at{1'772'000'000'000'000};
    StoreBatch batch = sample_batch(0, 1);
    batch.keys = {{digest_of(1), digest_of(2), {job_id(1)}, at}};
    commit(batch);
    batch = sample_batch(1, 1);
    const IdempotencyRow again{digest_of(1), digest_of(9), {job_id(5)}, at + one_day};
    batch.keys = {again};
    commit(batch);
    store().maintain(at + one_day + one_minute);
    EXPECT_EQ(reader().key(digest_of(1)).value(), again);
}

TEST_P(StoreJobs, EverythingIsThereAfterReopening) {
    StoreBatch batch = sample_batch(0, 1);
    batch.jobs = {sample_row(1)};
    batch.chunks = {{job_id(1), 1, "chunk"}};
    batch.bodies = {{digest_of(1), "body"}};
    batch.entities = {{"ledger", "default", 1, 0, digest_of(1)}};
    batch.keys = {{digest_of(1), digest_of(2), {job_id(1)}, {1}}};
    commit(batch);
    harness().reopen();
    EXPECT_EQ(reader().job(job_id(1)).value(), stored(sample_row(1)));
    EXPECT_EQ(reader().chunks(job_id(1)).value(), batch.chunks);
    EXPECT_EQ(reader().body(digest_of(1)).value(), "body");
    EXPECT_EQ(reader().entities().value(), batch.entities);
    EXPECT_EQ(reader().key(digest_of(1)).value(), batch.keys[0]);
}

}  // namespace
}  // namespace attacca
