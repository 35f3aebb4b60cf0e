// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "clock.h"
#include "durable.h"
#include "event_queue.h"
#include "invariants/violations.h"
#include "knobs.h"
#include "marks.h"
#include "ports/clock.h"
#include "ports/entropy.h"
#include "prng.h"
#include "trace.h"

// What all actors of one world share.

namespace attacca::sim {

class SimEntropy final : public ports::Entropy {
  public:
    explicit SimEntropy(std::uint64_t seed) : prng_(seed) {}
    [[nodiscard]] std::uint64_t draw() override { return prng_.draw(); }

  private:
    Prng prng_;
};

struct Context {
    Context(std::uint64_t seed, const Knobs& drawn, Marks& shared_marks, Trace& shared_trace)
        : knobs(drawn),
          prng(seed),
          queue(mixed(seed + 1)),
          entropy(mixed(seed + 2)),
          marks(shared_marks),
          trace(shared_trace),
          durable(violations, shared_marks, shared_trace) {
        durable.prunings().job_of = [this](std::uint32_t index) {
            const Intent& intent = durable.intents[index];
            return RefPrunings::JobOf{durable.job(intent.id), &intent.tenant,
                                      durable.letters().open().contains(intent.id)};
        };
    }

    Knobs knobs;
    Prng prng;
    EventQueue queue;
    SimEntropy entropy;
    SimClock clock;
    Marks& marks;
    Trace& trace;
    Violations violations;
    Durable durable;
    std::vector<Blueprint> blueprints;
    bool is_healing = false;  // no new faults, no new work
    // How many more messages leave the process before it dies; negative: it does not.
    std::int64_t leaves_left = -1;

    // False when the process died before this message could leave it.
    [[nodiscard]] bool may_leave() {
        if (leaves_left < 0) {
            return true;
        }
        if (leaves_left == 0) {
            return false;
        }
        --leaves_left;
        return true;
    }
    [[nodiscard]] bool has_fault(std::uint32_t per_thousand) {
        const bool is_drawn = per_thousand != 0 && prng.chance(per_thousand);
        return is_drawn && !is_healing;
    }
    // Around `typical`, never 0: half to one and a half, now and then ten times that.
    [[nodiscard]] std::int64_t about(std::int64_t typical) {
        const std::int64_t spread = prng.between(typical / 2, typical + typical / 2);
        const bool is_slow = prng.chance(20);
        return 1 + (is_slow ? spread * 10 : spread);
    }
    // The id of a job that may come; it carries the intent's position.
    [[nodiscard]] Intent& add_intent() {
        const std::uint64_t index = durable.intents.size();
        const std::uint64_t random = prng.draw();
        Intent& intent = durable.intents.emplace_back();
        // The id drops two bits of its random part for the variant.
        intent.id = core::JobId{uuid_v7(clock.now().wall, random, index << 2U)};
        intent.has_reached_server = true;
        return intent;
    }
    void after(std::int64_t us, EventKind kind, std::uint32_t a, std::uint64_t b) {
        queue.push(queue.now() + us, kind, a, b);
    }
};

}  // namespace attacca::sim
