// SPDX-License-Identifier: Apache-2.0
#include <utility>

#include "base/uuid.h"
#include "engine/engine.h"

// The engine's part in schedules: firing them, and the images of what has a name.

namespace attacca::engine {

// What is due is decided one occurrence at a time: each sees what the one before it did.
void Engine::fire_schedules(Now now) {
    schedules_.update(state_);
    while (options_.fires_schedules && has_room()) {
        const std::optional<std::string> entity = schedules_.take_due(now.wall);
        if (!entity) {
            return;
        }
        const core::Schedule* schedule = state_.registry.schedule(*entity);
        std::shared_ptr<const core::Zone> zone =
            schedule == nullptr ? nullptr : schedules_.zone_of(*schedule);
        if (zone == nullptr) {
            continue;
        }
        handle(core::FireSchedule{*entity, std::move(zone), new_job_id(now)}, {}, now);
        schedules_.ask_again(state_, *entity, now.wall);
    }
}

core::JobId Engine::new_job_id(Now now) {
    if (options_.new_job_id) {
        return options_.new_job_id();
    }
    const std::uint64_t high = entropy_.draw();
    return core::JobId{uuid_v7(now.wall, high, entropy_.draw())};
}

std::map<std::string, std::string> Engine::take_images() {
    std::map<std::string, std::string> images;
    for (const std::string& entity : std::exchange(open_entities_, {})) {
        std::string image = state_.registry.image_of(entity);
        if (!image.empty()) {
            images.emplace(entity, std::move(image));
        }
    }
    state_.registry.forget_closed_letters();
    return images;
}

}  // namespace attacca::engine
