// SPDX-License-Identifier: Apache-2.0
#include "fleet.h"

#include <algorithm>
#include <utility>

#include "invariants/i07_one_lease.h"
#include "invariants/i08_one_accepted_end.h"

namespace attacca::sim {
namespace {

constexpr std::int64_t patience_us = 300'000;  // before something is sent again

bool is_able(std::uint32_t worker) {
    return worker % 2 == 0;
}

const RefInstance* instance_in(Context& context, const core::AttemptName& name) {
    const RefJob* job = context.durable.job(name.job);
    if (job == nullptr || job->is_gone()) {
        return nullptr;
    }
    const std::uint32_t index =
        job->instance_of(node_of_name(name.node), name.item.value_or(core::no_index));
    return index == core::no_index ? nullptr : &job->instances[index];
}

const std::string& tenant_of(const Context& context, const core::AttemptName& name) {
    return context.durable.intents[index_of(name.job)].tenant;
}

}  // namespace

std::string lane_name(std::uint32_t lane) {
    return "l" + std::to_string(lane);
}

Fleet::Fleet(Context& context, Sink sink) : context_(context), sink_(std::move(sink)) {
    context_.durable.on_lease_lost = [this](std::uint64_t fence, std::int64_t at) {
        check_lost(fence, at);
    };
}

void Fleet::begin() {
    is_waiting_.assign(context_.knobs.fleet, false);
    for (std::uint32_t worker = 0; worker < context_.knobs.fleet; ++worker) {
        context_.after(context_.about(1000), EventKind::fleet_turn, worker, 0);
    }
}

void Fleet::on_turn(std::uint32_t worker) {
    if (!is_waiting_[worker]) {
        claim(worker);
    }
}

void Fleet::claim(std::uint32_t worker) {
    static constexpr std::int64_t ttls_ms[] = {1000, 1000, 5000, 30000};
    core::Claim claim;
    claim.tenant =
        context_.durable.tenants().existing(context_.prng.below(context_.knobs.tenants));
    claim.actor = "usr:1";
    claim.worker = "w" + std::to_string(worker);
    claim.max = 1 + context_.prng.below(4);
    claim.ttl_ms = ttls_ms[context_.prng.below(4)];
    claim.wait = Duration{context_.prng.chance(700) ? context_.prng.between(1, 2'000'000) : 0};
    const std::uint32_t first = context_.prng.below(lane_count);
    claim.lanes = {lane_name(first), lane_name(lane_count - 1 - first)};
    if (is_able(worker)) {
        claim.capabilities = {"able", "picky"};
    }
    const std::int64_t now = context_.queue.now();
    is_waiting_[worker] = true;  // the answer may come before sink_ returns
    const bool is_sent = sink_(std::move(claim), [this, worker, now](const core::Answer& answer) {
        take_leases(worker, now, answer);
    });
    if (!is_sent) {
        is_waiting_[worker] = false;
        context_.after(context_.about(50'000), EventKind::fleet_turn, worker, 0);
    }
}

void Fleet::take_leases(std::uint32_t worker, std::int64_t sent_at, const core::Answer& answer) {
    is_waiting_[worker] = false;
    context_.after(context_.about(answer ? 2000 : 50'000), EventKind::fleet_turn, worker, 0);
    if (!answer) {
        context_.marks.hit(Mark::claim_refused);
        return;
    }
    const auto& offers = std::get<core::Leased>(*answer).offers;
    const bool is_lost = context_.has_fault(context_.knobs.message_loss);
    if (!context_.may_leave() || is_lost) {
        if (!offers.empty()) {
            context_.marks.hit(Mark::lease_answer_lost);
        }
        return;
    }
    if (!offers.empty() && context_.queue.now() > sent_at + 100'000) {
        context_.marks.hit(Mark::claim_waited);
    }
    for (const core::LeaseOffer& offer : offers) {
        take_lease(worker, offer, sent_at);
    }
}

void Fleet::take_lease(std::uint32_t worker, const core::LeaseOffer& offer,
                       std::int64_t sent_at) {
    const std::uint64_t fence = offer.attempt.fence.value;
    check_start_is_durable(context_.violations, instance_in(context_, offer.attempt), fence,
                           attempts_.contains(fence) || ghosts_.contains(fence));
    const Intent& intent = context_.durable.intents[index_of(offer.attempt.job)];
    const BlueNode& node = intent.blueprint->nodes[node_of_name(offer.attempt.node)];
    if (node.is_picky && !is_able(worker)) {
        context_.violations.report("I07", "a worker was given what it cannot do");
    }
    if (node.is_picky) {
        context_.marks.hit(Mark::picky_leased);
    }
    Attempt attempt;
    attempt.name = offer.attempt;
    attempt.ttl_us = offer.ttl_ms * 1000;
    attempt.heard_at = sent_at;
    const bool is_slow = node.temper == Temper::slow || node.temper == Temper::hanging;
    const std::int64_t length =
        context_.about(is_slow ? 3'000'000 : context_.is_healing ? 1000 : context_.knobs.work_us);
    attempt.done_at = context_.queue.now() + length;
    const bool fails = node.temper == Temper::poison ||
                       (node.temper == Temper::failing && context_.prng.chance(500));
    attempt.outcome = fails ? core::Outcome::failed : core::Outcome::succeeded;
    if (context_.has_fault(context_.knobs.worker_death)) {
        attempt.is_silent = true;
        // Half of them are not dead, and report when nobody expects them any more.
        attempt.done_at += context_.prng.chance(500) ? 2 * attempt.ttl_us : 0;
    }
    attempts_.emplace(fence, attempt);
    context_.after(std::max<std::int64_t>(1, attempt.ttl_us / 3), EventKind::fleet_beat, 0, fence);
    context_.after(attempt.done_at - context_.queue.now(), EventKind::fleet_report, 0, fence);
}

void Fleet::on_beat(std::uint64_t fence) {
    const auto it = attempts_.find(fence);
    if (it == attempts_.end() || it->second.is_silent) {
        return;
    }
    Attempt& attempt = it->second;
    const std::int64_t now = context_.queue.now();
    const bool is_late = context_.has_fault(context_.knobs.report_loss);
    context_.after(is_late ? attempt.ttl_us * 2 : attempt.ttl_us / 3, EventKind::fleet_beat, 0,
                   fence);
    if (is_late) {
        context_.marks.hit(Mark::heartbeat_late);
        return;
    }
    (void)sink_(core::Heartbeat{attempt.name, tenant_of(context_, attempt.name)},
                [this, fence, now](const core::Answer& answer) { take_beat(fence, now, answer); });
}

void Fleet::take_beat(std::uint64_t fence, std::int64_t sent_at, const core::Answer& answer) {
    const auto it = attempts_.find(fence);
    if (it == attempts_.end() || !context_.may_leave()) {
        return;
    }
    Attempt& attempt = it->second;
    if (!answer) {
        check_refusal(attempt, answer);
        attempt.is_silent = true;  // it stops, or goes on in vain
        return;
    }
    attempt.heard_at = std::max(attempt.heard_at, sent_at);
    if (std::get<core::Alive>(*answer).must_stop && !attempt.is_ending) {
        context_.marks.hit(Mark::worker_told_to_stop);
        if (context_.prng.chance(700)) {
            attempt.outcome = core::Outcome::failed;
            context_.after(context_.about(500), EventKind::fleet_report, 0, fence);
        }
    }
}

core::ReportTask Fleet::report_of(const Attempt& attempt) const {
    core::ReportTask report;
    report.attempt = attempt.name;
    report.tenant = tenant_of(context_, attempt.name);
    report.actor = "usr:1";
    report.report.outcome = attempt.outcome;
    if (attempt.outcome == core::Outcome::failed) {
        report.report.exit_code = 1;
    } else if (attempt.name.fence.value % 4 == 0) {
        report.report.output = attempt.name.fence.value % 8 == 0 ? "{\"v\":1}" : "{\"v\":0}";
    }
    return report;
}

void Fleet::on_report(std::uint32_t is_ghost, std::uint64_t fence) {
    if (is_ghost != 0) {
        const Attempt& ghost = ghosts_.at(fence);
        (void)sink_(report_of(ghost), [this, fence](const core::Answer& answer) {
            if (!answer && context_.may_leave()) {
                check_refusal(ghosts_.at(fence), answer);
            }
        });
        return;
    }
    const auto it = attempts_.find(fence);
    if (it == attempts_.end() || it->second.is_reporting) {
        return;
    }
    Attempt& attempt = it->second;
    if (attempt.is_silent && context_.queue.now() < attempt.heard_at + attempt.ttl_us) {
        attempts_.erase(it);  // dead: it will never be heard of
        return;
    }
    if (!attempt.is_ending && context_.has_fault(context_.knobs.report_double)) {
        context_.marks.hit(Mark::task_reported_twice);
        ghosts_.emplace(fence, attempt);
        context_.after(context_.about(context_.prng.chance(300) ? 10'000'000 : 300),
                       EventKind::fleet_report, 1, fence);
    }
    attempt.is_ending = true;
    attempt.is_reporting = true;
    const bool is_sent = sink_(report_of(attempt), [this, fence](const core::Answer& answer) {
        take_report(fence, answer);
    });
    if (!is_sent) {
        attempt.is_reporting = false;
        context_.after(context_.about(patience_us), EventKind::fleet_report, 0, fence);
    }
}

void Fleet::take_report(std::uint64_t fence, const core::Answer& answer) {
    const auto it = attempts_.find(fence);
    if (it == attempts_.end()) {
        return;
    }
    Attempt& attempt = it->second;
    attempt.is_reporting = false;
    if (!context_.may_leave() || context_.has_fault(context_.knobs.report_loss) ||
        (!answer && answer.error().problem == Problem::storage_full)) {
        // It does not hear the answer, so it sends the report again.
        context_.after(context_.about(patience_us), EventKind::fleet_report, 0, fence);
        return;
    }
    if (!answer) {
        check_refusal(attempt, answer);
    } else {
        check_acknowledgement(context_.violations, instance_in(context_, attempt.name), fence);
        if (attempt.deaths > 0) {
            context_.marks.hit(Mark::lease_over_restart);
        }
    }
    attempts_.erase(it);
}

// Refused only when the durable records say that the attempt is over.
void Fleet::check_refusal(const Attempt& attempt, const core::Answer& answer) {
    const RefInstance* instance = instance_in(context_, attempt.name);
    const std::uint64_t fence = attempt.name.fence.value;
    const Problem problem = answer.error().problem;
    if (problem == Problem::fenced) {
        context_.marks.hit(Mark::task_report_fenced);
        check_refused_report(context_.violations,
                             instance == nullptr || instance->fence > fence || !instance->is_open,
                             fence);
    } else if (problem == Problem::not_live) {
        check_refused_report(context_.violations, instance == nullptr, fence);
    }
}

// I07 from the other side: whoever is heard of in time keeps its lease.
void Fleet::check_lost(std::uint64_t fence, std::int64_t at) {
    const auto it = attempts_.find(fence);
    if (it == attempts_.end()) {
        return;
    }
    const std::int64_t ttl_us = it->second.ttl_us - it->second.ttl_us / 500;  // clocks drift
    if (at < it->second.heard_at + ttl_us) {
        context_.violations.report("I07", "attempt " + std::to_string(fence) +
                                              " was taken from a worker that was heard of");
    }
}

void Fleet::on_server_death() {
    for (std::uint32_t worker = 0; worker < is_waiting_.size(); ++worker) {
        if (is_waiting_[worker]) {
            is_waiting_[worker] = false;
            context_.after(context_.about(50'000), EventKind::fleet_turn, worker, 0);
        }
    }
    for (auto& [fence, attempt] : attempts_) {
        ++attempt.deaths;
        if (attempt.is_reporting) {
            attempt.is_reporting = false;
            context_.after(context_.about(patience_us), EventKind::fleet_report, 0, fence);
        }
    }
}

}  // namespace attacca::sim
