// SPDX-License-Identifier: Apache-2.0
#include <utility>

#include "base/seeded_bug.h"
#include "engine/engine.h"

// The engine's part in collecting what no record names: it alone knows what was named since the
// caller looked, and must not take for stored what goes.

namespace attacca::engine {

void Engine::collect(core::CollectContent command, AnswerHandler handler, Now now) {
    if (!command.bodies.empty() && !ATTACCA_BUG(BUG_COLLECTED_WHILE_NAMED) &&
        !recent_bodies_.drop_named(command.bodies, command.marked)) {
        refuse(fail(Problem::state_conflict, "too much was recorded since the look"),
               std::move(handler));
        return;
    }
    core::Decision decision = core::decide(state_, command, now);
    for (const core::BodySize& body : command.bodies) {
        if (!ATTACCA_BUG(BUG_COLLECTED_TAKEN_FOR_STORED)) {
            definitions_.forget_stored(body.digest);
        }
        open_.collected.push_back(body.digest);
    }
    take(std::move(decision), std::move(handler));
}

}  // namespace attacca::engine
