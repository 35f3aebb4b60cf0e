// SPDX-License-Identifier: Apache-2.0
#include <iterator>
#include <utility>
#include <variant>

#include "clients.h"

// What clients ask about dead letters.

namespace attacca::sim {

void Clients::draw_letter(Request& request) {
    const auto& open = context_.durable.letters().open();
    auto letter = open.begin();
    std::advance(letter, context_.prng.below(static_cast<std::uint32_t>(open.size())));
    request.kind = Kind::named;
    request.tenant = letter->second;
    if (context_.prng.chance(300)) {
        request.named = core::DiscardDeadLetters{request.tenant, "usr:1", {letter->first}, "r"};
        return;
    }
    core::SubmitJobs replay{request.tenant, "usr:1", {}, {}};
    core::NewJob job;
    job.definition = context_.durable.at(index_of(letter->first)).blueprint->definition;
    job.name = "sim";
    job.retry_of = letter->first;
    job.is_replay = true;
    replay.jobs.push_back(std::move(job));
    request.named = std::move(replay);
}

// An answer leaves when what it says is durable.
void Clients::check_letter(const Request& request, const core::Answer& given) {
    const auto* discard = std::get_if<core::DiscardDeadLetters>(&request.named);
    const auto* replay = std::get_if<core::SubmitJobs>(&request.named);
    if (discard == nullptr && replay == nullptr) {
        return;
    }
    if (!given && given.error().problem == Problem::not_live) {
        context_.marks.hit(Mark::dead_letter_closed_before);
    }
    const core::JobId& job =
        discard != nullptr ? discard->jobs.front() : *replay->jobs.front().retry_of;
    const bool is_done = given && !std::holds_alternative<core::Throttled>(*given);
    const bool is_closed_by_now =
        is_done || (!given && given.error().problem == Problem::not_live);
    if (is_closed_by_now && context_.durable.letters().open().contains(job)) {
        context_.violations.report("I16", "a dead letter is open that an answer calls closed");
    }
}

}  // namespace attacca::sim
