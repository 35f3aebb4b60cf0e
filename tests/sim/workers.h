// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <vector>

#include "context.h"
#include "engine/gateway.h"
#include "ports/runner.h"

// The runner and its workers: quick, slow, failing, dying before or after the effect, ignoring the
// order to stop, reporting twice or not at all, and zombies that outlive the server.

namespace attacca::sim {

class Workers final : public ports::Runner {
  public:
    // `sink` takes a report to the server, when it is up.
    using Sink = std::function<void(core::AttemptReport, engine::AnswerHandler)>;
    Workers(Context& context, Sink sink) : context_(context), sink_(std::move(sink)) {}

    void start(core::AttemptSpec spec) override;
    void stop(core::FenceToken fence) override;
    void acknowledge(core::FenceToken fence) override;
    [[nodiscard]] std::vector<core::FenceToken> report_again() override;

    void on_start(std::uint64_t fence);
    void on_stop(std::uint64_t fence);
    void on_kill(std::uint64_t fence);
    void on_report(std::uint32_t version, std::uint64_t fence);
    // The spawner kills what it runs when the server dies; zombies are those that it could not.
    void on_server_crash();
    // I11: what had to stop has stopped.
    void check_stopped();
    [[nodiscard]] bool is_idle() const { return attempts_.empty(); }

  private:
    enum class Phase : std::uint8_t { ordered, running, reported };
    struct Attempt {
        core::AttemptReport report;
        std::uint32_t node = 0;
        std::uint32_t version = 0;
        Phase phase = Phase::ordered;
        bool is_stopping = false;
    };
    struct Work {
        std::int64_t length_us = 0;
        core::Outcome outcome = core::Outcome::succeeded;
    };
    static constexpr std::uint32_t ghost = 0xFFFFFFFFU;

    [[nodiscard]] Attempt* find(std::uint64_t fence);
    [[nodiscard]] Work draw_work(const BlueNode& node);
    void draw_output(core::AttemptReport& report);
    void end_early(std::uint64_t fence, Attempt& attempt, std::int64_t after_us);
    void deliver(std::uint64_t fence, Attempt& attempt);
    void take_ghost_answer(std::uint32_t number, const core::Answer& answer);
    void send_ghost(const core::AttemptReport& report, std::int64_t after_us);
    [[nodiscard]] const RefInstance* durable_instance(const core::AttemptReport& report);

    Context& context_;
    Sink sink_;
    std::map<std::uint64_t, Attempt> attempts_;  // by fence
    std::vector<core::AttemptReport> ghosts_;    // reports that nobody waits for any more
    std::uint64_t last_started_ = 0;
};

}  // namespace attacca::sim
