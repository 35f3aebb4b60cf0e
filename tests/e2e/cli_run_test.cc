// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "adapters/memory/memory_store.h"
#include "cli/fake_environment.h"
#include "cli/job_event.h"
#include "cli/text.h"
#include "e2e/engine_harness.h"

// `attacca run` with a real engine on a memory store, and `attacca jobs` on what it left behind.

namespace attacca::e2e {
namespace {

class HarnessEmbedded final : public cli::Embedded {
  public:
    explicit HarnessEmbedded(ports::Store& store, ports::Runner* runner)
        : harness_(store, runner) {}
    engine::Gateway& gateway() override { return *harness_.host; }
    bool is_healthy() const override { return true; }

  private:
    HostHarness harness_;
};

class StoreView final : public cli::Stored {
  public:
    explicit StoreView(ports::Store& store) : store_(store) {}
    ports::StoreReader& reader() override { return store_.reader(); }
    ports::Content& content() override { return content_; }
    Result<core::NoteKey> key() override {
        return core::NoteKey{key_for_test().name.origin, key_for_test().signer->public_key()};
    }

  private:
    ports::Store& store_;
    NoContent content_;
};

class CliRun : public testing::Test {
  protected:
    CliRun() {
        env.embed = [this](const std::string&) -> Result<std::unique_ptr<cli::Embedded>> {
            return std::unique_ptr<cli::Embedded>(
                std::make_unique<HarnessEmbedded>(store, runner));
        };
        env.store = [this](const std::string&) -> Result<std::unique_ptr<cli::Stored>> {
            return std::unique_ptr<cli::Stored>(std::make_unique<StoreView>(store));
        };
        env.files["p.yaml"] =
            R"({"attacca":"v1","name":"demo","params":{"n":{"type":"integer","default":1}},)"
            R"("nodes":{"a":{"noop":true},)"
            R"("m":{"needs":["a"],"noop":true,"map":{"over":["x","y","z"],"as":"it",)"
            R"("key":"${{ it }}-${{ params.n }}"}},)"
            R"("never":{"noop":true,"if":"params.n > 5"}},"finally":{"z":{"noop":true}},)"
            R"("outputs":{"count":"${{ nodes.m.counts.total }}"}})";
    }

    // The id of the newest job.
    std::string newest() {
        EXPECT_EQ(env.run({"jobs", "list", "-o", "jsonl"}), 0) << env.err;
        const Result<Json> job = parse_json(env.out.substr(0, env.out.find('\n')));
        EXPECT_TRUE(job);
        return cli::text_member(*job, "id");
    }

    memory::MemoryStore store;
    ports::Runner* runner = nullptr;
    cli::FakeEnvironment env;
};

TEST_F(CliRun, AJobRunsToItsEndAndItsOutputsAreData) {
    EXPECT_EQ(env.run({"run", "p.yaml"}), 0) << env.err;
    EXPECT_EQ(env.out, "count: 3\n");
    EXPECT_NE(env.err.find("  m  3 items\n"), std::string::npos) << env.err;
    EXPECT_NE(env.err.find("✓ demo completed in "), std::string::npos) << env.err;
    EXPECT_NE(env.err.find("a ✓, m 3/3, never », z ✓\n"), std::string::npos) << env.err;
}

TEST_F(CliRun, TheWholeJobIsAnObjectOnStandardOutput) {
    EXPECT_EQ(env.run({"run", "p.yaml", "-o", "json", "-q"}), 0) << env.err;
    const Result<Json> job = parse_json(env.out);
    ASSERT_TRUE(job);
    EXPECT_EQ(cli::text_member(*job, "status"), "completed");
    EXPECT_EQ(cli::number_member(*job, "progress"), 100);
    EXPECT_EQ(job->find("nodes")->as_array().size(), 4U);
    EXPECT_EQ(job->find("outputs")->text(), R"({"count":3})");
    EXPECT_EQ(env.err, "");
}

TEST_F(CliRun, EveryEventIsOneCloudEventInLedgerOrder) {
    EXPECT_EQ(env.run({"run", "p.yaml", "--progress", "jsonl"}), 0);
    std::int64_t last = -1;
    std::string type;
    for (const std::string_view line : cli::lines_of(env.err)) {
        const Result<Json> event = parse_json(line);
        ASSERT_TRUE(event) << line;
        const auto id = parse_u64(cli::text_member(*event, "id"));
        ASSERT_TRUE(id);
        EXPECT_GT(static_cast<std::int64_t>(*id), last);
        last = static_cast<std::int64_t>(*id);
        type = cli::text_member(*event, "type");
    }
    EXPECT_EQ(type, "attacca.job.completed");
}

TEST_F(CliRun, TheFirstInterruptCancelsWhatRuns) {
    class StoppingRunner final : public ports::Runner {
      public:
        explicit StoppingRunner(cli::FakeEnvironment& fake) : fake_(fake) {}
        // A node that never ends by itself: the user loses patience as soon as it runs.
        void start(core::AttemptSpec spec) override {
            report_.job = spec.job;
            report_.instance = spec.instance;
            report_.fence = spec.fence;
            fake_.interrupt_count = 1;
        }
        void stop(core::FenceToken) override {
            report_.outcome = core::Outcome::cancelled;
            host->report(report_);
        }
        void acknowledge(core::FenceToken) override {}
        std::vector<core::FenceToken> report_again() override { return {}; }
        engine::Host* host = nullptr;

      private:
        cli::FakeEnvironment& fake_;
        core::AttemptReport report_;
    };
    StoppingRunner stopping(env);
    env.embed = [&](const std::string&) -> Result<std::unique_ptr<cli::Embedded>> {
        auto embedded = std::make_unique<HarnessEmbedded>(store, &stopping);
        stopping.host = &dynamic_cast<engine::Host&>(embedded->gateway());
        return std::unique_ptr<cli::Embedded>(std::move(embedded));
    };
    env.files["slow.yaml"] = R"({"attacca":"v1","name":"slow","nodes":{"a":{"run":["x"]}}})";
    EXPECT_EQ(env.run({"run", "slow.yaml"}), 2) << env.err;
    EXPECT_NE(env.err.find("◌ slow was cancelled in "), std::string::npos) << env.err;
}

TEST_F(CliRun, AStoredJobIsListedShownAndExplainedWithoutAServer) {
    EXPECT_EQ(env.run({"run", "p.yaml", "-p", "n=2", "-q"}), 0);
    const std::string id = newest();
    EXPECT_EQ(env.run({"jobs", "get", id}), 0);
    EXPECT_TRUE(env.out.starts_with("✓ completed  demo  " + id + "\n")) << env.out;
    EXPECT_NE(env.out.find("never  » skipped    -\n"), std::string::npos) << env.out;
    EXPECT_EQ(env.run({"jobs", "get", id, "--events", "-o", "jsonl"}), 0);
    const std::vector<std::string_view> lines = cli::lines_of(env.out);
    ASSERT_GT(lines.size(), 2U);
    EXPECT_EQ(cli::text_member(*parse_json(lines.front()), "type"), "job_created");
    EXPECT_EQ(cli::text_member(*parse_json(lines.back()), "type"), "job_ended");
    EXPECT_EQ(env.run({"jobs", "list", "--status", "failed", "-o", "jsonl"}), 0);
    EXPECT_EQ(env.out, "");
    EXPECT_EQ(env.run({"jobs", "get", "01920000-0000-7000-8000-000000000001"}), 66);
}

TEST_F(CliRun, LogsOfAStoredJobAreFoundByNodeAndKey) {
    EXPECT_EQ(env.run({"run", "p.yaml", "-p", "n=2", "-q"}), 0);
    const std::string id = newest();
    EXPECT_EQ(env.run({"jobs", "logs", id, "--node", "m[y-2]"}), 0) << env.err;
    EXPECT_EQ(env.run({"jobs", "logs", id, "--node", "m[1]"}), 0) << env.err;
    EXPECT_EQ(env.run({"jobs", "logs", id, "--node", "m[q]"}), 66);
    EXPECT_EQ(env.run({"jobs", "logs", id}), 0) << env.err;
}

TEST_F(CliRun, AStoredJobThatHasEndedIsWatchedWithoutAServer) {
    EXPECT_EQ(env.run({"run", "p.yaml", "-p", "n=2", "-q"}), 0);
    const std::string id = newest();
    EXPECT_EQ(env.run({"jobs", "watch", id}), 0) << env.err;
    EXPECT_EQ(env.out, "count: 3\n");
    EXPECT_NE(env.err.find("✓ demo completed in "), std::string::npos) << env.err;
    EXPECT_NE(env.err.find("a ✓, m 3/3, never », z ✓\n"), std::string::npos) << env.err;
    EXPECT_EQ(env.run({"jobs", "artifacts", id}), 0) << env.err;
    EXPECT_EQ(env.err, "the job left no files\n");
    EXPECT_EQ(env.run({"jobs", "watch", "01920000-0000-7000-8000-000000000001"}), 66);
    EXPECT_EQ(env.run({"jobs", "artifacts", "01920000-0000-7000-8000-000000000001"}), 66);
}

TEST_F(CliRun, AHundredItemsAreCountedAndNamed) {
    std::string over;
    for (int i = 0; i < 100; ++i) {
        over += (i == 0 ? "\"" : ",\"") + std::to_string(i) + "\"";
    }
    env.files["wide.yaml"] = R"({"attacca":"v1","name":"wide","nodes":{"m":{"noop":true,)"
                             R"("map":{"over":[)" +
                             over + R"(],"parallel":20}}}})";
    EXPECT_EQ(env.run({"run", "wide.yaml"}), 0) << env.err;
    EXPECT_NE(env.err.find("m  ✓ 100 of 100 items succeeded"), std::string::npos) << env.err;
    EXPECT_NE(env.err.find("   m 100/100\n"), std::string::npos) << env.err;
    EXPECT_LT(cli::lines_of(env.err).size(), 10U);
}

}  // namespace
}  // namespace attacca::e2e
