// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <map>
#include <set>
#include <string>
#include <vector>

#include "adapters/memory/memory_store.h"
#include "adapters/system/zone_files.h"
#include "core/ledger/codec.h"
#include "e2e/engine_harness.h"
#include "engine/committer.h"
#include "engine/engine.h"
#include "engine/history.h"
#include "engine/recovery.h"

// Sixty years of schedules in virtual time: the real engine, committer, store and recovery, with
// downtime of seconds to weeks and crashes before, within and after commits. Afterwards the ledger
// must tell of every occurrence exactly once, and of exactly one job for each that was started.

namespace attacca::e2e {
namespace {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr std::int64_t years = 4;
#else
constexpr std::int64_t years = 60;
#endif
constexpr std::int64_t day = 86400;
constexpr WallTime begin{1'600'000'000'000'000};

class SeededEntropy final : public ports::Entropy {
  public:
    explicit SeededEntropy(std::uint64_t seed) : state_(seed) {}
    std::uint64_t draw() override {
        state_ += 0x9E3779B97F4A7C15U;
        std::uint64_t z = state_;
        z = (z ^ (z >> 30U)) * 0xBF58476D1CE4E5B9U;
        z = (z ^ (z >> 27U)) * 0x94D049BB133111EBU;
        return z ^ (z >> 31U);
    }
    std::int64_t below(std::int64_t limit) {
        return static_cast<std::int64_t>(draw() % static_cast<std::uint64_t>(limit));
    }

  private:
    std::uint64_t state_;
};

class KeepingRunner final : public ports::Runner {
  public:
    void start(core::AttemptSpec spec) override { started.push_back(std::move(spec)); }
    void stop(core::FenceToken) override {}
    void acknowledge(core::FenceToken) override {}
    std::vector<core::FenceToken> report_again() override { return {}; }
    std::vector<core::AttemptSpec> started;
};

struct Plan {
    const char* name;
    const char* rules;
};
// All policies, several kinds of timing, and times that daylight saving leaves out or repeats.
constexpr Plan plans[] = {
    {"nightly", R"({"cron":"30 2 * * *","timezone":"Europe/Berlin"})"},
    {"havana", R"({"cron":"0 0 * * *","timezone":"America/Havana","catch_up":"6h"})"},
    {"weekly", R"({"cron":"15 4 * * mon","timezone":"America/New_York","overlap":"queue",
        "catch_up":{"policy":"all","window":"31d"}})"},
    {"twice", R"({"every":"12h","overlap":"allow","catch_up":{"policy":"all","window":"2d"}})"},
    {"gap", R"({"cron":"*/30 2 * * sun","timezone":"Europe/London","overlap":"queue"})"},
    {"leap", R"({"cron":"0 12 29 2 *","catch_up":{"policy":"once","window":"31d"}})"},
};

// One server after another on one store, in one thread.
class Years {
  public:
    void run() {
        boot();
        for (const Plan& plan : plans) {
            set(plan);
        }
        const WallTime end = begin + seconds(years * 365 * day);
        while (now.wall < end) {
            live(std::min(end, now.wall + seconds(3600 + chance.below(60 * day))));
            crash();
            const WallTime down = now.wall;
            // Mostly moments, sometimes weeks.
            const std::int64_t length = chance.below(3) == 0 ? chance.below(45 * day)
                                                             : chance.below(600);
            pass(seconds(length));
            boot();
            downtimes.push_back({down, now.wall});
        }
        live(now.wall + seconds(60));
    }

    memory::MemoryStore store;
    system::ZoneFiles zones;
    SeededEntropy chance{20261121};
    Now now{begin, {1}};
    struct Downtime {
        WallTime from;
        WallTime to;
    };
    std::vector<Downtime> downtimes;
    std::uint64_t crashes_in_commit = 0;

  private:
    void pass(Duration length) { now = {now.wall + length, now.mono + length}; }

    void boot() {
        runner = std::make_unique<KeepingRunner>();
        engine::EngineOptions options;
        options.fires_schedules = true;
        options.zones = &zones;
        engine = std::make_unique<engine::Engine>(options, store.reader(), *runner, chance);
        auto recovered = engine::recover(store.reader(), engine->definitions());
        ASSERT_TRUE(recovered.has_value()) << recovered.error().text();
        ASSERT_TRUE(recovered->quarantined.empty());
        auto opened = engine::Committer::open(store, key_for_test(), *recovered);
        ASSERT_TRUE(opened.has_value());
        committer = std::move(*opened);
        scribe.emplace(*recovered, chance, key_for_test().name);
        const auto running = recovered->running;
        engine->load(std::move(recovered->state), now);
        for (const auto& [id, instance] : running) {
            core::ReportAttempt lost;
            lost.report.job = id;
            lost.report.instance = instance;
            lost.report.fence = engine->state().find(id)->instances[instance].fence;
            lost.report.outcome = core::Outcome::lost;
            engine->handle(std::move(lost), {}, now);
        }
        ends.clear();
    }

    void set(const Plan& plan) {
        const Json rules = parse_json(plan.rules).value();
        core::SetSchedule command{"default", "usr:test", plan.name, {}, nullptr};
        core::Faults faults;
        ASSERT_TRUE(core::read_schedule_rules(core::Input(rules, ""), command.spec, faults));
        command.definition = std::make_shared<const core::Definition>(
            core::parse_definition(parse_json(R"({"nodes":[{"id":"a","noop":true}]})").value(), "")
                .value());
        command.spec.job_name = plan.name;
        engine->handle(std::move(command), {}, now);
        commit();
    }

    std::optional<engine::Batch> cut() {
        engine->write_open(*scribe);
        return engine->cut();
    }

    void commit() {
        while (std::optional<engine::Batch> batch = cut()) {
            engine->committed(committer->commit(std::move(*batch)));
            committer->sign();
            for (core::AttemptSpec& spec : std::exchange(runner->started, {})) {
                ends.emplace(now.wall + seconds(chance.below(6 * 3600)), std::move(spec));
            }
        }
    }

    // Time goes from one event to the next.
    void live(WallTime until) {
        for (;;) {
            engine->run_due(now);
            commit();
            WallTime next = until;
            if (const auto at = engine->next_schedule()) {
                next = std::min(next, *at);
            }
            if (!ends.empty()) {
                next = std::min(next, ends.begin()->first);
            }
            pass(std::max(Duration{0}, next - now.wall));
            while (!ends.empty() && ends.begin()->first <= now.wall) {
                core::ReportAttempt report;
                report.report.job = ends.begin()->second.job;
                report.report.instance = ends.begin()->second.instance;
                report.report.fence = ends.begin()->second.fence;
                ends.erase(ends.begin());
                engine->handle(std::move(report), {}, now);
            }
            if (now.wall >= until) {
                return;
            }
        }
    }

    // What is decided now is lost, or stored and never told; the next server must find out.
    void crash() {
        engine->run_due(now);
        if (std::optional<engine::Batch> batch = cut()) {
            ++crashes_in_commit;
            if (chance.below(2) == 0) {
                (void)committer->commit(std::move(*batch));
            }
        }
        engine.reset();
        committer.reset();
    }

    std::unique_ptr<KeepingRunner> runner;
    std::unique_ptr<engine::Engine> engine;
    std::optional<engine::Scribe> scribe;
    std::unique_ptr<engine::Committer> committer;
    std::multimap<WallTime, core::AttemptSpec> ends;
};

// What the ledger tells of one schedule.
struct Told {
    std::set<WallTime> decided;
    std::map<WallTime, core::JobId> started;
    std::uint64_t missed = 0;
    std::uint64_t twice = 0;
};

class Account {
  public:
    explicit Account(Years& life) : life_(life) {
        const std::uint64_t size = life_.store.reader().tail()->size;
        for (std::uint64_t gseq = 0; gseq < size;) {
            const auto batch = life_.store.reader().batch_of(gseq).value();
            const auto records = engine::split_records(*batch).value();
            for (const std::string_view bytes : records) {
                const auto stored = core::decode_record(bytes);
                if (!stored) {
                    ADD_FAILURE() << stored.error().text() << "\n" << bytes;
                    return;
                }
                note(stored->record);
            }
            gseq = batch->first_gseq + batch->count;
        }
    }

    void check() {
        std::uint64_t fired = 0;
        for (const Plan& plan : plans) {
            check_schedule(plan);
            fired += told_[plan.name].started.size();
        }
        EXPECT_EQ(jobs_.size(), fired) << "jobs without an occurrence";
        EXPECT_GT(fired, static_cast<std::uint64_t>(years) * 500);
    }

  private:
    void note(const core::Record& record) {
        const std::string name = record.entity.name.substr(record.entity.name.rfind('/') + 1);
        if (const auto* created = std::get_if<core::JobCreated>(&record.payload)) {
            const Json details = parse_json(created->details.text).value();
            const WallTime nominal =
                parse_rfc3339(details.find("nominal_at")->as_string()).value();
            jobs_[*record.entity.job] = {details.find("schedule")->as_string(), nominal};
        } else if (const auto* fired = std::get_if<core::ScheduleFired>(&record.payload)) {
            note_fired(told_[name], record, *fired);
        } else if (const auto* missed = std::get_if<core::ScheduleMissed>(&record.payload)) {
            note_missed(name, record, *missed);
        }
    }

    void note_fired(Told& told, const core::Record& record, const core::ScheduleFired& fired) {
        if (fired.cause != core::FireCause::queue) {
            told.twice += told.decided.insert(fired.nominal).second ? 0U : 1U;
        }
        if (fired.cause == core::FireCause::due) {
            EXPECT_LE((record.at - fired.nominal).us, core::on_time.us);
        }
        if (fired.outcome == core::FireOutcome::started) {
            told.twice += told.started.emplace(fired.nominal, *fired.job).second ? 0U : 1U;
        }
        EXPECT_NE(fired.outcome, core::FireOutcome::refused) << fired.why;
    }

    // A range stands for each of its occurrences, and for as many as it says.
    void note_missed(const std::string& name, const core::Record& record,
                     const core::ScheduleMissed& missed) {
        Told& told = told_[name];
        std::uint64_t count = 0;
        for (const WallTime nominal : expected(name)) {
            if (nominal >= missed.first && nominal <= missed.last) {
                ++count;
                told.twice += told.decided.insert(nominal).second ? 0U : 1U;
                EXPECT_TRUE(was_down(nominal)) << name << " missed " << rfc3339_ms(nominal)
                                               << " while the server was there";
                const core::ScheduleSpec& spec = specs_[name];
                if (spec.catch_up == core::CatchUp::all) {
                    EXPECT_GT(record.at - nominal, spec.window);
                }
            }
        }
        EXPECT_EQ(count, missed.count) << name;
        told.missed += count;
    }

    // Computed once: every occurrence from the first day to the last.
    const std::vector<WallTime>& expected(const std::string& name) {
        std::vector<WallTime>& out = expected_[name];
        if (!out.empty()) {
            return out;
        }
        for (const Plan& plan : plans) {
            if (plan.name == name) {
                const Json rules = parse_json(plan.rules).value();
                core::Faults faults;
                EXPECT_TRUE(
                    core::read_schedule_rules(core::Input(rules, ""), specs_[name], faults));
            }
        }
        const core::Timing& timing = specs_[name].timing;
        const auto zone = life_.zones.find(timing.zone).value();
        const core::Occurrences occurrences{timing, *zone, begin};
        for (auto at = occurrences.next(begin); at && *at <= life_.now.wall;
             at = occurrences.next(*at)) {
            out.push_back(*at);
        }
        return out;
    }

    [[nodiscard]] bool was_down(WallTime nominal) const {
        for (const Years::Downtime& one : life_.downtimes) {
            if (one.from <= nominal && nominal <= one.to) {
                return true;
            }
        }
        return false;
    }

    void check_schedule(const Plan& plan) {
        const Told& told = told_[plan.name];
        const std::vector<WallTime>& occurrences = expected(plan.name);
        EXPECT_EQ(told.twice, 0U) << plan.name << " decided an occurrence twice";
        std::uint64_t never = 0;
        for (const WallTime nominal : occurrences) {
            never += told.decided.contains(nominal) ? 0U : 1U;
        }
        EXPECT_EQ(never, 0U) << plan.name << " never decided these";
        EXPECT_EQ(told.decided.size(), occurrences.size()) << plan.name << " invented some";
        for (const auto& [nominal, job] : told.started) {
            const auto found = jobs_.find(job);
            ASSERT_NE(found, jobs_.end()) << plan.name << " started a job that is not there";
            EXPECT_EQ(found->second, std::pair(std::string(plan.name), nominal));
        }
        testing::Test::RecordProperty(std::string(plan.name) + "_occurrences",
                       static_cast<int>(occurrences.size()));
        testing::Test::RecordProperty(std::string(plan.name) + "_missed",
                                      static_cast<int>(told.missed));
    }

    Years& life_;
    std::map<std::string, Told> told_;
    std::map<core::JobId, std::pair<std::string, WallTime>> jobs_;
    std::map<std::string, std::vector<WallTime>> expected_;
    std::map<std::string, core::ScheduleSpec> specs_;
};

TEST(ScheduleYears, EveryOccurrenceIsDecidedExactlyOnceAcrossCrashes) {
    Years life;
    life.run();
    ASSERT_FALSE(testing::Test::HasFatalFailure());
    EXPECT_GT(life.downtimes.size(), static_cast<std::size_t>(years) * 8);
    Account(life).check();
    testing::Test::RecordProperty("downtimes", static_cast<int>(life.downtimes.size()));
    testing::Test::RecordProperty("crashes_in_commit", static_cast<int>(life.crashes_in_commit));
}

}  // namespace
}  // namespace attacca::e2e
