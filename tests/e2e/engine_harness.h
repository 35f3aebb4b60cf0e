// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "adapters/system/noop_runner.h"
#include "adapters/system/system_clock.h"
#include "adapters/system/system_entropy.h"
#include "engine/host.h"

// A host on a store that the test owns: stopping and starting hosts on one store is a restart.

namespace attacca::e2e {

class NoContent final : public ports::Content {
  public:
    Result<Sha256> put(std::string_view) override { return fail(Problem::io_error); }
    Result<Sha256> adopt(const std::string&) override { return fail(Problem::io_error); }
    Result<std::uint64_t> size(const Sha256&) const override { return fail(Problem::not_found); }
    Result<std::string> read(const Sha256&, std::uint64_t, std::uint64_t) const override {
        return fail(Problem::not_found);
    }
};

class CountingReserve final : public ports::Reserve {
  public:
    void release() override { ++released; }
    bool restore() override { return is_available; }
    std::atomic<int> released{0};
    std::atomic<bool> is_available{true};
};

inline engine::LedgerKey key_for_test() {
    Ed25519Seed seed;
    seed.bytes.fill(7);
    return {std::make_shared<const Ed25519Signer>(seed), {"attacca.local/test", "node-1"}};
}

// Keeps attempts until the test lets them end.
class HeldRunner final : public ports::Runner {
  public:
    void start(core::AttemptSpec spec) override {
        const std::lock_guard lock(mutex_);
        started.push_back(std::move(spec));
        changed_.notify_all();
    }
    void stop(core::FenceToken fence) override {
        const std::lock_guard lock(mutex_);
        stopped.push_back(fence);
        changed_.notify_all();
    }
    void acknowledge(core::FenceToken) override {}
    std::vector<core::FenceToken> report_again() override { return {}; }

    core::AttemptSpec wait_for_start(std::size_t count) {
        std::unique_lock lock(mutex_);
        changed_.wait(lock, [&] { return started.size() >= count; });
        return started[count - 1];
    }
    void wait_for_stop() {
        std::unique_lock lock(mutex_);
        changed_.wait(lock, [&] { return !stopped.empty(); });
    }

    std::vector<core::AttemptSpec> started;
    std::vector<core::FenceToken> stopped;

  private:
    std::mutex mutex_;
    std::condition_variable changed_;
};

// Stands still until the test moves it.
class StandingClock final : public ports::Clock {
  public:
    Now now() const override { return {WallTime{1'800'000'000'000'000 + at_}, MonoTime{at_}}; }
    void advance(Duration by) { at_ += by.us; }

  private:
    std::atomic<std::int64_t> at_{1};
};

class HostHarness {
  public:
    explicit HostHarness(ports::Store& store, ports::Runner* runner = nullptr,
                         std::uint32_t slots = 64, ports::Clock* test_clock = nullptr,
                         const std::function<void(engine::HostOptions&)>& adjust = {},
                         ports::Content* files = nullptr) {
        engine::HostOptions options;
        options.engine.slots = slots;
        options.key = key_for_test();
        options.on_fatal = [this](const Error& error) {
            fatal = error.text();
        };
        if (adjust) {
            adjust(options);
        }
        host = std::make_unique<engine::Host>(std::move(options), store,
                                              files == nullptr ? content : *files,
                                              test_clock == nullptr ? clock : *test_clock, entropy,
                                              reserve);
        noop_ = std::make_unique<system::NoopRunner>(
            [this](core::AttemptReport report) { host->report(std::move(report)); });
        started = host->start(runner == nullptr ? *noop_ : *runner);
    }
    ~HostHarness() { host->stop(Duration{0}); }

    core::Answer ask(core::Command command) {
        std::mutex mutex;
        std::condition_variable changed;
        std::optional<core::Answer> answer;
        host->submit(std::move(command), [&](core::Answer given) {
            const std::lock_guard lock(mutex);
            answer = std::move(given);
            changed.notify_one();
        });
        std::unique_lock lock(mutex);
        changed.wait(lock, [&] { return answer.has_value(); });
        return *answer;
    }

    core::Answer submit(std::string_view dag, core::JobId* id = nullptr) {
        const Result<Json> json = parse_json(dag);
        ATTACCA_CHECK(json.has_value());
        Result<core::Definition> definition = core::parse_definition(*json, "");
        ATTACCA_CHECK(definition.has_value());
        core::SubmitJobs command{"default", "usr:test", {}, {}};
        core::NewJob job;
        job.id = host->new_job_id();
        job.name = "test";
        job.definition = std::make_shared<const core::Definition>(std::move(*definition));
        if (id != nullptr) {
            *id = job.id;
        }
        command.jobs.push_back(std::move(job));
        return ask(std::move(command));
    }

    // Waits for the row to be in this state; the store is the truth that users see.
    ports::JobRow wait_for(const core::JobId& id, core::JobState state) {
        for (;;) {
            const auto row = host->reader().job(id);
            ATTACCA_CHECK(row.has_value());
            if (*row && (*row)->state == state) {
                return **row;
            }
            std::this_thread::yield();
        }
    }

    NoContent content;
    system::SystemClock clock;
    system::SystemEntropy entropy;
    CountingReserve reserve;
    std::unique_ptr<engine::Host> host;
    Result<void> started;
    std::string fatal;

  private:
    std::unique_ptr<system::NoopRunner> noop_;
};

}  // namespace attacca::e2e
