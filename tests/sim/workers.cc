// SPDX-License-Identifier: Apache-2.0
#include "workers.h"

#include <algorithm>
#include <utility>

#include "invariants/i07_one_lease.h"
#include "invariants/i08_one_accepted_end.h"
#include "invariants/i11_jobs_end_with_their_nodes.h"

namespace attacca::sim {

using core::Outcome;

Workers::Attempt* Workers::find(std::uint64_t fence) {
    const auto it = attempts_.find(fence);
    return it == attempts_.end() ? nullptr : &it->second;
}

const RefInstance* Workers::durable_instance(const core::AttemptReport& report) {
    const RefJob* job = context_.durable.job(report.job);
    if (job == nullptr || report.instance >= job->instances.size()) {
        return nullptr;
    }
    return &job->instances[report.instance];
}

void Workers::start(core::AttemptSpec spec) {
    if (!context_.may_leave()) {
        return;
    }
    const std::uint64_t fence = spec.fence.value;
    Attempt attempt;
    attempt.report.job = spec.job;
    attempt.report.instance = spec.instance;
    attempt.report.fence = spec.fence;
    attempt.node = node_of_name(spec.node);
    check_start_is_durable(context_.violations, durable_instance(attempt.report), fence,
                           fence <= last_started_);
    last_started_ = std::max(last_started_, fence);
    attempts_.emplace_hint(attempts_.end(), fence, std::move(attempt));
    context_.after(context_.about(20), EventKind::start, 0, fence);
}

void Workers::stop(core::FenceToken fence) {
    if (context_.may_leave()) {
        context_.after(context_.about(20), EventKind::stop, 0, fence.value);
    }
}

void Workers::acknowledge(core::FenceToken fence) {
    if (!context_.may_leave()) {
        return;
    }
    const auto it = attempts_.find(fence.value);
    if (it == attempts_.end()) {
        return;
    }
    check_acknowledgement(context_.violations, durable_instance(it->second.report), fence.value);
    if (it->second.phase == Phase::reported) {
        attempts_.erase(it);
    }
}

std::vector<core::FenceToken> Workers::report_again() {
    std::vector<core::FenceToken> running;
    for (auto& [fence, attempt] : attempts_) {
        if (attempt.phase == Phase::reported) {
            context_.marks.hit(Mark::full_report_came_again);
            sink_(attempt.report, {});
        } else {
            running.push_back({fence});
        }
    }
    return running;
}

void Workers::on_start(std::uint64_t fence) {
    Attempt* attempt = find(fence);
    if (attempt == nullptr || attempt->phase != Phase::ordered) {
        return;
    }
    if (attempt->is_stopping) {
        context_.marks.hit(Mark::stopped_before_it_began);
        end_early(fence, *attempt, 1);
        return;
    }
    attempt->phase = Phase::running;
    const Intent& intent = context_.durable.intents[index_of(attempt->report.job)];
    const Work work = draw_work(intent.blueprint->nodes[attempt->node]);
    attempt->report.outcome = work.outcome;
    attempt->report.is_transient = work.outcome == Outcome::error;
    if (work.outcome == Outcome::failed) {
        attempt->report.exit_code = 1;
    }
    draw_output(attempt->report);
    context_.after(work.length_us, EventKind::report, attempt->version, fence);
}

Workers::Work Workers::draw_work(const BlueNode& node) {
    Work work;
    const bool is_quick = node.kind == core::NodeKind::noop || context_.is_healing;
    work.length_us = context_.about(is_quick ? 10 : context_.knobs.work_us);
    switch (node.temper) {
        case Temper::normal: break;
        case Temper::failing:
            work.outcome = context_.prng.chance(500) ? Outcome::failed : Outcome::succeeded;
            break;
        case Temper::poison: work.outcome = Outcome::failed; break;
        case Temper::broken:
            // In the end what it depends on is well again.
            work.outcome = context_.prng.chance(context_.is_healing ? 50 : 700)
                               ? Outcome::error
                               : Outcome::succeeded;
            break;
        case Temper::slow:
            work.length_us = is_quick ? work.length_us : context_.about(1'000'000);
            break;
        case Temper::hanging:
            work.length_us = context_.about(context_.is_healing ? 1'000'000 : 60'000'000);
            break;
    }
    // What counts every failure against what it depends on is well in the end, or thousands of jobs
    // would wait for one failing probe after the other.
    if (context_.is_healing && node.has_retry &&
        node.strategy == core::RetryStrategy::circuit_breaker) {
        work.outcome = Outcome::succeeded;
    }
    // Whether the effect happened makes no difference to the server: it must try again.
    if (context_.has_fault(context_.knobs.worker_death)) {
        const bool is_after = context_.prng.chance(500);
        context_.marks.hit(is_after ? Mark::worker_died_after_effect
                                    : Mark::worker_died_before_effect);
        work.outcome = Outcome::error;
        work.length_us = is_after ? work.length_us : work.length_us / 2 + 1;
    }
    if (node.timeout_ms && work.length_us > *node.timeout_ms * 1000) {
        context_.marks.hit(Mark::worker_timed_out);
        work.length_us = *node.timeout_ms * 1000;
        work.outcome = Outcome::timeout;
    }
    return work;
}

// {"v":0} or {"v":1}, now and then with so much behind it that it becomes a body.
void Workers::draw_output(core::AttemptReport& report) {
    if (!context_.prng.chance(250)) {
        return;
    }
    report.output = context_.prng.chance(500) ? "{\"v\":1" : "{\"v\":0";
    if (context_.prng.chance(30)) {
        report.output += ",\"pad\":\"" + std::string(1100, 'x') + "\"";
    }
    report.output += "}";
}

void Workers::on_stop(std::uint64_t fence) {
    Attempt* attempt = find(fence);
    if (attempt == nullptr || attempt->phase == Phase::reported || attempt->is_stopping) {
        return;
    }
    attempt->is_stopping = true;
    if (attempt->phase == Phase::ordered) {
        return;
    }
    if (context_.prng.chance(800)) {
        context_.marks.hit(Mark::worker_stopped);
        end_early(fence, *attempt, context_.about(500));
    } else {
        context_.marks.hit(Mark::worker_ignored_stop);
        context_.after(10'000'000, EventKind::kill, 0, fence);
    }
}

void Workers::on_kill(std::uint64_t fence) {
    Attempt* attempt = find(fence);
    if (attempt != nullptr && attempt->phase != Phase::reported) {
        end_early(fence, *attempt, 1);
    }
}

void Workers::end_early(std::uint64_t fence, Attempt& attempt, std::int64_t after_us) {
    ++attempt.version;
    attempt.phase = Phase::running;
    attempt.report.outcome = Outcome::cancelled;
    attempt.report.is_transient = false;
    attempt.report.exit_code.reset();
    context_.after(after_us, EventKind::report, attempt.version, fence);
}

void Workers::on_report(std::uint32_t version, std::uint64_t fence) {
    if (version == ghost) {
        const auto number = static_cast<std::uint32_t>(fence);
        sink_(ghosts_[number], [this, number](const core::Answer& answer) {
            take_ghost_answer(number, answer);
        });
        return;
    }
    Attempt* attempt = find(fence);
    if (attempt != nullptr && attempt->version == version) {
        deliver(fence, *attempt);
    }
}

void Workers::deliver(std::uint64_t fence, Attempt& attempt) {
    attempt.phase = Phase::reported;
    if (context_.has_fault(context_.knobs.report_loss)) {
        context_.marks.hit(Mark::report_lost);
        context_.after(context_.about(500'000), EventKind::report, attempt.version, fence);
        return;
    }
    if (context_.has_fault(context_.knobs.report_double)) {
        const bool is_late = context_.prng.chance(300);
        context_.marks.hit(is_late ? Mark::report_doubled_late : Mark::report_doubled);
        send_ghost(attempt.report, context_.about(is_late ? 10'000'000 : 300));
    }
    sink_(attempt.report, {});  // a copy: the sink may acknowledge at once, then it is gone
}

// A report that nobody waits for: it may be refused, or have been accepted before.
void Workers::take_ghost_answer(std::uint32_t number, const core::Answer& answer) {
    if (answer || !context_.may_leave()) {
        return;
    }
    const core::AttemptReport& report = ghosts_[number];
    const RefJob* job = context_.durable.job(report.job);
    const bool is_live = job != nullptr && !job->is_gone();
    if (answer.error().problem == Problem::not_live) {
        context_.marks.hit(Mark::report_not_live);
        check_refused_report(context_.violations, !is_live, report.fence.value);
    } else if (answer.error().problem == Problem::fenced) {
        context_.marks.hit(Mark::report_fenced);
        const RefInstance* instance = is_live ? durable_instance(report) : nullptr;
        check_refused_report(context_.violations,
                             instance == nullptr || instance->fence > report.fence.value,
                             report.fence.value);
    }
}

void Workers::send_ghost(const core::AttemptReport& report, std::int64_t after_us) {
    ghosts_.push_back(report);
    context_.after(after_us, EventKind::report, ghost, ghosts_.size() - 1);
}

void Workers::on_server_crash() {
    for (const auto& [fence, attempt] : attempts_) {
        if (attempt.phase != Phase::ordered && context_.has_fault(context_.knobs.zombie)) {
            context_.marks.hit(Mark::zombie_report);
            send_ghost(attempt.report, context_.about(200'000));
        }
    }
    attempts_.clear();
}

void Workers::check_stopped() {
    for (const auto& [fence, attempt] : attempts_) {
        const RefJob* job = context_.durable.job(attempt.report.job);
        const RefInstance* instance = durable_instance(attempt.report);
        if (attempt.phase != Phase::running || job == nullptr || instance == nullptr) {
            continue;
        }
        check_stopped_in_time(context_.violations, *job, *instance,
                              context_.queue.now() - job->cancelled_virtual);
    }
}

}  // namespace attacca::sim
