// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

#include "clients.h"
#include "context.h"
#include "server.h"

// One simulated world: a server, its disk, workers and clients, from the first start to the end of
// the last job. Two phases: faults and new work, then neither, until everything has ended.

namespace attacca::sim {

class World {
  public:
    World(std::uint64_t seed, bool is_exact, Marks& marks, Trace& trace);

    // Runs to its end, or to the first violation, or to `events_max` events.
    void run(std::uint64_t events_max);

    [[nodiscard]] std::uint64_t events() const { return events_; }
    [[nodiscard]] const Violations& violations() const { return context_.violations; }
    [[nodiscard]] const Knobs& knobs() const { return context_.knobs; }
    bool is_verbose = false;

  private:
    void make_blueprints();
    void deliver(const Event& event);
    void crash_again();
    void jump_again();
    void stop_again();
    void jump();
    void heal();
    [[nodiscard]] bool is_over() const;

    Context context_;
    Server server_;
    Clients clients_;
    std::uint64_t events_ = 0;
    std::int64_t healed_at_ = 0;
};

}  // namespace attacca::sim
