// SPDX-License-Identifier: Apache-2.0
#include "cli/watch.h"

#include <gtest/gtest.h>

#include "cli/fake_environment.h"
#include "cli/golden.h"
#include "cli/sample_events.h"

namespace attacca::cli {
namespace {

// Gives a script's events, one for each tick; a cancel appends the job's end.
class ScriptFeed final : public JobFeed {
  public:
    ScriptFeed(FakeEnvironment& env, std::vector<JobEvent> events)
        : env_(env), events_(std::move(events)) {}

    Result<void> follow(const Take& take, const Tick& tick) override {
        constexpr std::size_t ticks_max = 1000;
        std::size_t next = 0;
        for (std::size_t i = 0; tick(); ++i) {
            if (i == ticks_max) {
                return fail(Problem::internal, "nobody ends this");
            }
            env_.sleep(milliseconds(200));
            if (before_event) {
                before_event(i);
            }
            if (next < events_.size()) {
                take(events_[next++]);
            }
        }
        return {};
    }
    std::string log_tail(const LogWanted& wanted, std::uint64_t bytes_max) override {
        if (is_log_long) {
            return std::string(bytes_max, 'x');
        }
        return wanted.stream == "stderr" ? "connection refused\n" : "trying " + wanted.node + "\n";
    }
    Result<void> cancel() override {
        ++cancels;
        EventScript script(sample_job);
        script.add(0, "none").add(14'000, "cancel_requested", R"({"cause":"user"})");
        JobEvent request = script.events()[1];
        request.gseq = 1000;
        JobEvent end = request;
        end.gseq = 1001;
        end.type = "job_ended";
        end.data = *parse_json(R"({"fin":true,"reason":"user","state":"cancelled"})");
        events_.push_back(request);
        events_.push_back(end);
        return {};
    }
    Result<Json> job() override { return view; }

    std::function<void(std::size_t)> before_event;
    Json view = *parse_json(
        R"({"id":"j","nodes":[{"id":"tell","status":"skipped"}],"outputs":{"summary":"a\nb"}})");
    int cancels = 0;
    bool is_log_long = false;

  private:
    FakeEnvironment& env_;
    std::vector<JobEvent> events_;
};

class WatchTest : public testing::Test {
  protected:
    int watch(const std::vector<std::string>& flags, const WatchOptions& options,
              std::vector<JobEvent> events) {
        std::vector<std::string> words = {"run", "f"};
        words.insert(words.end(), flags.begin(), flags.end());
        const Result<Invocation> in = parse_words(words);
        const Context context(env, *in, std::get<Settings>(resolve_settings(*in, env)));
        ProgressModel followed = model;
        feed = std::make_unique<ScriptFeed>(env, std::move(events));
        feed->before_event = before_event;
        feed->is_log_long = long_log;
        if (!view.empty()) {
            feed->view = *parse_json(view);
        }
        return watch_job(context, *feed, followed, options);
    }

    WatchOptions local() const {
        WatchOptions options;
        options.is_local = true;
        options.job = "ID";
        options.logs_command = "attacca jobs logs ID";
        options.again_command = "attacca run f";
        return options;
    }

    std::vector<JobEvent> unfinished() const {
        std::vector<JobEvent> events = sample_scan().events();
        events.resize(5);
        return events;
    }

    FakeEnvironment env;
    std::unique_ptr<ScriptFeed> feed;
    std::function<void(std::size_t)> before_event;
    ProgressModel model = sample_model();
    std::string view;  // of the job at its end; empty: the usual one
    bool long_log = false;
};

TEST_F(WatchTest, PlainOutputIsAsKept) {
    EXPECT_EQ(watch({}, local(), sample_scan().events()), 1);
    EXPECT_EQ(env.err.find('\x1b'), std::string::npos);
    expect_golden("watch_plain.txt", env.err);
    EXPECT_EQ(env.out, "summary:\n  a\n  b\n");
}

TEST_F(WatchTest, TtyOutputIsAsKept) {
    EXPECT_EQ(watch({"--progress", "tty", "--color", "never"}, local(), sample_scan().events()),
              1);
    expect_golden("watch_tty.txt", env.err);
}

TEST_F(WatchTest, JsonLinesAreCloudEventsAndNothingElse) {
    EXPECT_EQ(watch({"--progress", "jsonl"}, local(), sample_scan().events()), 1);
    std::size_t lines = 0;
    for (const std::string_view line : lines_of(env.err)) {
        const Result<Json> event = parse_json(line);
        ASSERT_TRUE(event) << line;
        EXPECT_EQ(text_member(*event, "specversion"), "1.0");
        ++lines;
    }
    EXPECT_EQ(lines, sample_scan().events().size() + 1);  // and the failure's log
}

TEST_F(WatchTest, WithoutProgressOnlyABadVerdictIsSaid) {
    EXPECT_EQ(watch({"--progress", "none"}, local(), sample_scan().events()), 1);
    EXPECT_TRUE(env.err.starts_with("✗ perimeter-scan failed"));
    env.err.clear();
    EventScript script(sample_job);
    script.add(0, "job_created", R"({"name":"x"})")
        .add(1, "job_ended", R"({"fin":true,"state":"completed"})");
    EXPECT_EQ(watch({"-q"}, local(), script.events()), 0);
    EXPECT_EQ(env.err, "");
}

// What a job without outputs leaves to be read.
TEST_F(WatchTest, AJobWithoutOutputsSaysHowItsLogsAreRead) {
    EventScript script(sample_job);
    script.add(0, "job_created", R"({"name":"x"})")
        .add(1, "job_ended", R"({"fin":true,"state":"completed"})");
    view = R"({"id":"j"})";
    EXPECT_EQ(watch({}, local(), script.events()), 0);
    EXPECT_EQ(env.out, "");
    EXPECT_TRUE(env.err.ends_with("\n  output: attacca jobs logs ID\n")) << env.err;
    env.err.clear();
    EXPECT_EQ(watch({"-q"}, local(), script.events()), 0);
    EXPECT_EQ(env.err, "");
}

TEST_F(WatchTest, OfASingleNodeTheOutputItselfIsShown) {
    EventScript script(sample_job);
    script.add(0, "job_created", R"({"name":"x"})")
        .start(1, "hi")
        .end(2, "hi", "succeeded", R"(,"attempt":1)")
        .add(3, "job_ended", R"({"fin":true,"state":"completed"})");
    view = R"({"id":"j"})";
    model = ProgressModel("x");
    EXPECT_EQ(watch({}, local(), script.events()), 0);
    EXPECT_EQ(env.out, "trying hi\n");
    EXPECT_TRUE(env.err.ends_with("\n  output: attacca jobs logs ID --node hi\n"))
        << "standard error has more: " << env.err;
    env.out.clear();
    long_log = true;
    EXPECT_EQ(watch({}, local(), script.events()), 0);
    EXPECT_EQ(env.out, "") << "only its end would fit";
}

TEST_F(WatchTest, JsonGivesTheWholeJobOnStandardOutput) {
    EXPECT_EQ(watch({"-o", "jsonl", "-q"}, local(), sample_scan().events()), 1);
    EXPECT_EQ(env.out, feed->view.text() + "\n");
}

TEST_F(WatchTest, TheFirstInterruptCancelsALocalJobAndWaitsForIt) {
    before_event = [this](std::size_t i) { env.interrupt_count = i >= 3 ? 1 : 0; };
    EXPECT_EQ(watch({}, local(), unfinished()), 2);
    EXPECT_EQ(feed->cancels, 1);
    EXPECT_NE(env.err.find("cancelling; Ctrl-C again leaves at once\n"), std::string::npos);
    EXPECT_NE(env.err.find("was cancelled"), std::string::npos);
}

TEST_F(WatchTest, TheSecondInterruptLeavesAtOnce) {
    before_event = [this](std::size_t i) { env.interrupt_count = i >= 3 ? 2 : 0; };
    EXPECT_EQ(watch({}, local(), unfinished()), 130);
    EXPECT_EQ(feed->cancels, 0);
}

TEST_F(WatchTest, ATerminationLeavesWithItsOwnStatus) {
    before_event = [this](std::size_t) {
        env.interrupt_count = 2;
        env.is_terminated = true;
    };
    EXPECT_EQ(watch({}, local(), unfinished()), 143);
}

TEST_F(WatchTest, ATerminationCancelsALocalJobFirst) {
    before_event = [this](std::size_t i) {
        env.interrupt_count = i >= 3 ? 1 : 0;
        env.is_terminated = i >= 3;
    };
    EXPECT_EQ(watch({}, local(), unfinished()), 143);
    EXPECT_EQ(feed->cancels, 1);
}

TEST_F(WatchTest, AnInterruptLeavesAServersJobRunning) {
    WatchOptions options = local();
    options.is_local = false;
    before_event = [this](std::size_t) { env.interrupt_count = 1; };
    EXPECT_EQ(watch({}, options, unfinished()), 130);
    EXPECT_EQ(feed->cancels, 0);
    EXPECT_NE(env.err.find("cancel: attacca jobs cancel ID\n"), std::string::npos);
}

TEST_F(WatchTest, WhereNobodyReadsAServersJobIsLeftAlone) {
    WatchOptions options = local();
    options.is_local = false;
    std::size_t seen = 0;
    before_event = [this, &seen](std::size_t i) {
        env.is_nobody_reading = i >= 2;
        seen = i;
    };
    EXPECT_EQ(watch({}, options, unfinished()), 141);
    EXPECT_EQ(feed->cancels, 0);
    EXPECT_EQ(seen, 2U) << "it left at once";
}

TEST_F(WatchTest, ThePatienceOfWaitEndsWith124) {
    WatchOptions options = local();
    options.limit = seconds(2);
    EXPECT_EQ(watch({}, options, unfinished()), 124);
    EXPECT_EQ(feed->cancels, 1);
    options.is_local = false;
    env.interrupt_count = 0;
    EXPECT_EQ(watch({}, options, unfinished()), 124);
    EXPECT_EQ(feed->cancels, 0);
}

}  // namespace
}  // namespace attacca::cli
