// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "base/check.h"
#include "prng.h"

// What will happen, in order of virtual time; events of the same moment in an order that the seed
// decides. The order is total, so it is the same in every build.

namespace attacca::sim {

enum class EventKind : std::uint8_t {
    client_turn,    // a: client
    request,        // a: request; arrives at the server
    decided_late,   // a: request; the edge is slow between looking a key up and asking the engine
    answer,         // a: request; arrives at the client
    answer_late,    // a: request; the client has waited long enough
    start,          // b: fence; the order to start arrives at the worker
    stop,           // b: fence
    kill,           // b: fence; the grace after a stop is over
    report,         // a: version of the attempt, b: fence
    timer,          // the engine's next timer
    stall_end,      // the engine's thread runs again
    synced,         // a: process; the batch in flight reached the disk, or failed to
    result,         // a: process; the committer's result arrives at the engine
    crash,          // a: process
    restart,
    space,          // a: process; try whether the disk has space again
    wall_jump,
    prune,          // a: process, b: 0 = look for what may go, 1 = ask for it; 2, 3 of bodies
    shut_down,      // somebody asks the server to stop in an orderly way
    grace_end,      // a: process; what still runs then is left to its fate
    fleet_turn,     // a: worker outside the server; it asks for work
    fleet_beat,     // b: fence
    fleet_report,   // a: 1 = once more, b: fence
};

struct Event {
    std::int64_t at = 0;
    std::uint64_t order = 0;
    EventKind kind = EventKind::client_turn;
    std::uint32_t a = 0;
    std::uint64_t b = 0;
};

class EventQueue {
  public:
    explicit EventQueue(std::uint64_t seed) : prng_(seed) {}

    void push(std::int64_t at, EventKind kind, std::uint32_t a, std::uint64_t b) {
        ATTACCA_CHECK(at >= now_);
        const std::uint64_t tie = prng_.draw() >> 32U;
        heap_.push_back({at, (tie << 32U) | next_++, kind, a, b});
        std::push_heap(heap_.begin(), heap_.end(), IsLater{});
    }
    [[nodiscard]] bool empty() const { return heap_.empty(); }
    [[nodiscard]] std::size_t size() const { return heap_.size(); }
    [[nodiscard]] std::int64_t now() const { return now_; }

    Event pop() {
        std::pop_heap(heap_.begin(), heap_.end(), IsLater{});
        const Event event = heap_.back();
        heap_.pop_back();
        now_ = event.at;
        return event;
    }

  private:
    struct IsLater {
        bool operator()(const Event& a, const Event& b) const {
            return a.at != b.at ? a.at > b.at : a.order > b.order;
        }
    };

    std::vector<Event> heap_;
    Prng prng_;
    std::int64_t now_ = 0;
    std::uint32_t next_ = 0;
};

}  // namespace attacca::sim
