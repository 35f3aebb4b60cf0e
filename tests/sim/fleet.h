// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <vector>

#include "context.h"
#include "core/command.h"
#include "engine/gateway.h"

// Workers outside the server. They claim tasks from lanes, send heartbeats and reports, and live on
// when the server dies. Some die themselves, go silent and come back as zombies, report twice, or
// do not hear an answer.

namespace attacca::sim {

inline constexpr std::uint32_t lane_count = 2;
[[nodiscard]] std::string lane_name(std::uint32_t lane);

class Fleet {
  public:
    // False when the server is down: nothing was sent.
    using Sink = std::function<bool(core::Command, engine::AnswerHandler)>;
    Fleet(Context& context, Sink sink);

    void begin();
    void on_turn(std::uint32_t worker);
    void on_beat(std::uint64_t fence);
    void on_report(std::uint32_t is_ghost, std::uint64_t fence);
    // Requests under way are lost; the workers ask again.
    void on_server_death();

  private:
    struct Attempt {
        core::AttemptName name;
        std::int64_t ttl_us = 0;
        std::int64_t heard_at = 0;     // when what the server last took was sent
        std::int64_t done_at = 0;
        core::Outcome outcome = core::Outcome::succeeded;
        std::uint32_t deaths = 0;      // of the server while it had it
        bool is_silent = false;        // it is dead, or believed to be
        bool is_reporting = false;     // a report of it is under way
        bool is_ending = false;        // its one report is drawn: nothing changes it any more
    };

    void claim(std::uint32_t worker);
    void take_leases(std::uint32_t worker, std::int64_t sent_at, const core::Answer& answer);
    void take_lease(std::uint32_t worker, const core::LeaseOffer& offer, std::int64_t sent_at);
    void take_beat(std::uint64_t fence, std::int64_t sent_at, const core::Answer& answer);
    void take_report(std::uint64_t fence, const core::Answer& answer);
    void check_refusal(const Attempt& attempt, const core::Answer& answer);
    void check_lost(std::uint64_t fence, std::int64_t at);
    [[nodiscard]] core::ReportTask report_of(const Attempt& attempt) const;

    Context& context_;
    Sink sink_;
    std::vector<bool> is_waiting_;             // by worker: a claim is under way
    std::map<std::uint64_t, Attempt> attempts_;  // by fence
    std::map<std::uint64_t, Attempt> ghosts_;    // that were reported once already
};

}  // namespace attacca::sim
