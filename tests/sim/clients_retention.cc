// SPDX-License-Identifier: Apache-2.0
#include <utility>
#include <variant>

#include "clients.h"

// What clients ask about holds and erasures.

namespace attacca::sim {

void Clients::draw_retention(Request& request) {
    const core::JobId job =
        acked_[context_.prng.below(static_cast<std::uint32_t>(acked_.size()))];
    const RefJob* known = context_.durable.job(job);
    request.kind = Kind::named;
    request.tenant = context_.durable.intents[index_of(job)].tenant;
    const std::uint32_t what = context_.prng.below(10);
    const auto hold = context_.durable.retention().first_hold(request.tenant);
    // The edge reads the job's row, and asks for the erasure of none that lives.
    if (what < 5 && known != nullptr && known->is_ended()) {
        request.named = core::EraseJob{request.tenant, "usr:1", job, {job}, "usr:1", "r"};
    } else if (what < 8 && hold) {
        request.named =
            core::ReleaseHold{request.tenant, "usr:1", hold->first, hold->second, "usr:1"};
    } else {
        const auto scope = context_.prng.chance(200) ? std::optional<core::JobId>()
                                                     : std::optional(job);
        request.named = core::PlaceHold{request.tenant, "usr:1", scope,
                                        "m" + std::to_string(context_.prng.below(2)), "usr:1"};
    }
}

// An answer leaves when what it says is durable: only then the edge destroys the key.
void Clients::check_erasure(const Request& request, const core::Answer& given) {
    const auto* erase = std::get_if<core::EraseJob>(&request.named);
    if (erase == nullptr) {
        return;
    }
    const RefRetention& retention = context_.durable.retention();
    if (given && !retention.is_erased(erase->job)) {
        context_.violations.report("I01", "an erasure was answered before it was durable");
    }
    if (!given && given.error().problem == Problem::under_hold &&
        !retention.was_refused(erase->job)) {
        context_.violations.report("I01", "an erasure was refused, and no record says so");
    }
}

}  // namespace attacca::sim
