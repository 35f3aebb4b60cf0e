// SPDX-License-Identifier: Apache-2.0
#include "clients.h"

// What clients ask for beside submissions.

namespace attacca::sim {

void Clients::draw_control(Request& request) {
    static constexpr Kind kinds[] = {Kind::cancel, Kind::cancel, Kind::pause, Kind::resume};
    request.kind = kinds[context_.prng.below(4)];
    request.target = acked_[context_.prng.below(static_cast<std::uint32_t>(acked_.size()))];
    request.is_other_tenant = context_.prng.chance(30);
    request.is_now = context_.prng.chance(400);
    // People decide more often than they cancel.
    const RefJob* job = context_.durable.job(request.target);
    if (job != nullptr && !job->is_ended() && context_.prng.chance(800)) {
        (void)draw_approval(request, *job);
    }
}

bool Clients::draw_approval(Request& request, const RefJob& job) {
    for (const RefInstance& instance : job.instances) {
        if (awaits_person(job, instance)) {
            request.kind = Kind::approve;
            request.target = job.id;
            request.node = instance.node;
            request.item = instance.item == core::no_index ? std::nullopt
                                                           : std::optional(instance.item);
            request.ruling = context_.prng.chance(700) ? core::Ruling::approved
                                                       : core::Ruling::rejected;
            return true;
        }
    }
    return false;
}

// The only work of the last phase: schedules come to an end, what was paused goes on, and people
// decide what is left.
bool Clients::draw_healing(Request& request) {
    if (draw_end_of_schedules(request) || draw_breaker_given_back(request)) {
        return true;
    }
    for (const std::uint32_t index : context_.durable.live_jobs()) {
        const RefJob& job = context_.durable.at(index);
        if (job.is_gone()) {
            continue;
        }
        if (job.state == core::JobState::paused) {
            request.kind = Kind::resume;
            request.target = job.id;
            return true;
        }
        if (!job.is_ended() && draw_approval(request, job)) {
            return true;
        }
    }
    return false;
}

}  // namespace attacca::sim
