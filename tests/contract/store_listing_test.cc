// SPDX-License-Identifier: Apache-2.0
#include <set>

#include "adapters/memory/memory_query.h"
#include "contract/store_harness.h"
#include "contract/store_samples.h"

namespace attacca {
namespace {

using contract::job_id;
using contract::sample_batch;
using contract::sample_row;
using core::JobState;
using ports::JobFilter;
using ports::JobPage;
using ports::JobRow;

class StoreListing : public contract::EveryStore {
  protected:
    void commit_rows(const std::vector<JobRow>& rows) {
        ports::StoreBatch batch = sample_batch(reader().tail().value().size, 1);
        batch.jobs = rows;
        commit(batch);
        for (const JobRow& row : rows) {
            JobRow& kept = oracle_[row.id];
            kept = row;
            kept.is_new = false;
        }
    }
    // Names of the page's rows, newest first.
    std::vector<std::string> names(const JobFilter& filter) {
        std::vector<std::string> found;
        const JobPage page = reader().jobs(filter).value();
        for (const JobRow& row : page.rows) {
            found.push_back(row.name);
        }
        return found;
    }
    void expect_as_oracle(const JobFilter& filter) {
        const JobPage expected = memory::list_jobs(oracle_, filter);
        const auto page = reader().jobs(filter);
        ASSERT_TRUE(page) << page.error().text();
        EXPECT_EQ(page->total, expected.total);
        EXPECT_EQ(page->has_more, expected.has_more);
        EXPECT_EQ(page->rows, expected.rows);
    }

  private:
    memory::JobRows oracle_;
};
ATTACCA_FOR_EVERY_STORE(StoreListing);

using Names = std::vector<std::string>;

JobRow named(std::uint64_t number, std::string name, std::string tags = "") {
    JobRow row = sample_row(number);
    row.name = std::move(name);
    row.tags = std::move(tags);
    return row;
}

JobFilter of_tenant() {
    JobFilter filter;
    filter.tenant = "tenant";
    return filter;
}

TEST_P(StoreListing, RowsComeNewestFirstAndOnlyTheTenants) {
    JobRow foreign = named(2, "foreign");
    foreign.tenant = "tenant2";
    commit_rows({named(1, "a"), foreign, named(3, "c")});
    EXPECT_EQ(names(of_tenant()), (Names{"c", "a"}));
    EXPECT_EQ(names(JobFilter{}), Names{});
    EXPECT_EQ(reader().jobs(of_tenant()).value().total, 2U);
}

TEST_P(StoreListing, PagesJoinWithoutGapOrRepetition) {
    std::vector<JobRow> rows;
    for (std::uint64_t number = 0; number < 23; ++number) {
        rows.push_back(sample_row(number));
    }
    commit_rows(rows);
    JobFilter filter = of_tenant();
    filter.limit = 5;
    std::vector<core::JobId> seen;
    for (int pages = 0; pages < 10; ++pages) {
        const JobPage page = reader().jobs(filter).value();
        EXPECT_EQ(page.total, 23U);
        for (const JobRow& row : page.rows) {
            seen.push_back(row.id);
        }
        if (!page.has_more) {
            break;
        }
        ASSERT_EQ(page.rows.size(), 5U);
        filter.after = seen.back();
    }
    ASSERT_EQ(seen.size(), 23U);
    for (std::uint64_t number = 0; number < 23; ++number) {
        EXPECT_EQ(seen[number], job_id(22 - number));
    }
}

TEST_P(StoreListing, APageThatEndsExactlyHasNoMore) {
    commit_rows({sample_row(1), sample_row(2), sample_row(3)});
    JobFilter filter = of_tenant();
    filter.limit = 3;
    EXPECT_FALSE(reader().jobs(filter).value().has_more);
    filter.limit = 2;
    EXPECT_TRUE(reader().jobs(filter).value().has_more);
    filter.offset = 1;
    EXPECT_FALSE(reader().jobs(filter).value().has_more);
    filter.limit = 0;
    EXPECT_TRUE(reader().jobs(filter).value().has_more);
    EXPECT_TRUE(reader().jobs(filter).value().rows.empty());
    filter.offset = 3;
    EXPECT_FALSE(reader().jobs(filter).value().has_more);
}

TEST_P(StoreListing, TextIsFoundInNamesWithoutPatternMeaning) {
    commit_rows({named(1, "100% sure"), named(2, "100 percent"), named(3, "under_score"),
                 named(4, "underXscore"), named(5, R"(back\slash)"), named(6, "Ümlaut SCAN")});
    const auto find = [&](const std::string& text) {
        JobFilter filter = of_tenant();
        filter.text = text;
        return names(filter);
    };
    EXPECT_EQ(find("0%"), Names{"100% sure"});
    EXPECT_EQ(find("r_s"), Names{"under_score"});
    EXPECT_EQ(find(R"(k\s)"), Names{R"(back\slash)"});
    EXPECT_EQ(find("mlaut scan"), Names{"Ümlaut SCAN"});
    EXPECT_EQ(find("UNDER"), (Names{"underXscore", "under_score"}));
    EXPECT_EQ(find("'"), Names{});
}

TEST_P(StoreListing, ATagIsMatchedWholeAndExactly) {
    commit_rows({named(1, "a", R"(["red"])"), named(2, "b", R"(["redder","x"])"),
                 named(3, "c", R"(["x","red"])"), named(4, "d"), named(5, "e", R"(["q\"uote"])"),
                 named(6, "f", R"([","])"), named(7, "g", R"([])")});
    const auto find = [&](const std::string& tag) {
        JobFilter filter = of_tenant();
        filter.tag = tag;
        return names(filter);
    };
    EXPECT_EQ(find("red"), (Names{"c", "a"}));
    EXPECT_EQ(find("Red"), Names{});
    EXPECT_EQ(find("x"), (Names{"c", "b"}));
    EXPECT_EQ(find("q\"uote"), Names{"e"});
    EXPECT_EQ(find(","), Names{"f"});
    EXPECT_EQ(find("x\",\"red"), Names{});
}

TEST_P(StoreListing, TimesAreAHalfOpenSpan) {
    std::vector<JobRow> rows;
    for (std::uint64_t number = 0; number < 4; ++number) {
        rows.push_back(named(number, std::to_string(number)));
        rows.back().created_at = {static_cast<std::int64_t>(number) * 10};
    }
    commit_rows(rows);
    JobFilter filter = of_tenant();
    filter.created_after = WallTime{10};
    EXPECT_EQ(names(filter), (Names{"3", "2", "1"}));
    filter.created_before = WallTime{30};
    EXPECT_EQ(names(filter), (Names{"2", "1"}));
}

TEST_P(StoreListing, EveryPairOfStatesIsFiltered) {
    std::vector<JobRow> rows;
    for (std::uint64_t number = 0; number < 21; ++number) {
        rows.push_back(sample_row(number));
        rows.back().state = static_cast<JobState>(number % 7);
    }
    commit_rows(rows);
    for (int first = 0; first < core::job_state_count; ++first) {
        for (int second = 0; second < core::job_state_count; ++second) {
            JobFilter filter = of_tenant();
            filter.states = {static_cast<JobState>(first), static_cast<JobState>(second)};
            expect_as_oracle(filter);
            filter.states.pop_back();
            expect_as_oracle(filter);
        }
    }
}

TEST_P(StoreListing, LiveJobsAreFoundFromTheOldestLiveOneOn) {
    std::vector<JobRow> rows;
    for (std::uint64_t number = 0; number < 9; ++number) {
        rows.push_back(sample_row(number));
        rows.back().state = number < 3 ? JobState::completed : static_cast<JobState>(number % 7);
    }
    commit_rows(rows);
    ports::StoreBatch batch = sample_batch(1, 1);
    batch.ledger.oldest_live = job_id(3);
    commit(batch);
    JobFilter filter = of_tenant();
    filter.states = {JobState::queued, JobState::scheduled, JobState::running, JobState::paused};
    expect_as_oracle(filter);
    EXPECT_EQ(reader().jobs(filter).value().total, 3U);
    filter.states.push_back(JobState::completed);
    expect_as_oracle(filter);
    EXPECT_EQ(reader().jobs(filter).value().total, 7U);
}

TEST_P(StoreListing, KindsAreAnyOfTheBits) {
    std::vector<JobRow> rows;
    for (std::uint64_t number = 0; number < 16; ++number) {
        rows.push_back(sample_row(number));
        rows.back().kinds = static_cast<std::uint32_t>(number);
    }
    commit_rows(rows);
    for (std::uint32_t kinds = 0; kinds < 16; ++kinds) {
        JobFilter filter = of_tenant();
        filter.kinds = kinds;
        expect_as_oracle(filter);
    }
}

TEST_P(StoreListing, AnUndecodableRowHidesNoOther) {
    commit_rows({named(1, "a"), named(2, "b"), named(3, "c")});
    harness().poison_job(job_id(2));
    EXPECT_EQ(names(of_tenant()), (Names{"c", "a"}));
}

TEST_P(StoreListing, RandomFiltersGiveWhatTheOracleGives) {
    for (std::uint64_t seed = 1; seed <= 3; ++seed) {
        SCOPED_TRACE(seed);
        contract::RandomBatches random(seed);
        // All are new here, changes of older rows too: what counts is the variety of values.
        std::vector<JobRow> rows;
        std::set<core::JobId> taken;
        while (rows.size() < 300) {
            for (JobRow& row : random.next().jobs) {
                row.id = job_id(rows.size() + seed * 10000);
                row.is_new = true;
                if (taken.insert(row.id).second) {
                    rows.push_back(row);
                }
            }
        }
        commit_rows(rows);
        for (int i = 0; i < 400; ++i) {
            expect_as_oracle(random.filter());
        }
    }
}

}  // namespace
}  // namespace attacca
