// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <set>
#include <string>
#include <utility>
#include <variant>

#include "core/ledger/codec.h"
#include "engine/history.h"
#include "http/api.h"
#include "http/named_view.h"
#include "http/throttle.h"

// Jobs for occurrences that passed without one. What was started is read from the ledger; the
// engine refuses the command when the schedule has decided something since.

namespace attacca::http {
namespace {

constexpr std::string_view backfill_keys[] = {"from", "to", "dry_run"};

struct Span {
    WallTime from;
    WallTime to;  // not included
    bool is_dry_run = false;
};

bool read_instant(const core::Input& body, std::string_view key, WallTime& out,
                  core::Faults& faults) {
    const auto value = body.member(key);
    if (!value) {
        return faults.add(body, Problem::missing_field, "`" + std::string(key) + "` is missing");
    }
    std::string text;
    if (!core::read_text(*value, text, faults)) {
        return false;
    }
    const Result<WallTime> at = parse_rfc3339(text);
    if (!at || at->us < 0) {
        return faults.add(*value, Problem::invalid_value,
                          "expected an instant like 2026-03-01T12:00:00Z");
    }
    out = *at;
    return true;
}

Result<Span> parse_range(std::string_view body, WallTime now) {
    ATTACCA_TRY(const Json json, parse_json(body));
    Span out;
    core::Faults faults;
    const core::Input input(json, "");
    if (!core::check_keys(input, core::Keys{backfill_keys}, faults) ||
        !read_instant(input, "from", out.from, faults) ||
        !read_instant(input, "to", out.to, faults)) {
        return faults.take();
    }
    const auto dry_run = input.member("dry_run");
    if (dry_run && !core::read_bool(*dry_run, out.is_dry_run, faults)) {
        return faults.take();
    }
    if (out.to <= out.from || out.to > now) {
        faults.add("/to", Problem::out_of_range,
                   out.to > now ? "the end lies in the future" : "the end is not after `from`");
        return faults.take();
    }
    return out;
}

// The occurrences for which a job was started at or after `from`. The record of one is never older
// than its nominal instant, so the chain is read back no further.
Result<std::set<WallTime>> started_since(Api& api, std::uint64_t last_gseq, WallTime from) {
    std::set<WallTime> out;
    ports::StoreReader& reader = api.gateway.reader();
    std::shared_ptr<const ports::LedgerBatch> batch;
    std::vector<std::string_view> records;
    for (std::uint64_t gseq = last_gseq; gseq != ports::no_gseq;) {
        if (batch == nullptr || gseq < batch->first_gseq ||
            gseq - batch->first_gseq >= batch->count) {
            ATTACCA_TRY(batch, reader.batch_of(gseq));
            if (batch == nullptr) {
                return fail(Problem::corrupt, "a record of the schedule is missing");
            }
            if (batch->is_pruned()) {
                break;  // nothing that is looked for is so old
            }
            ATTACCA_TRY(records, engine::split_records(*batch));
        }
        const std::uint64_t index = gseq - batch->first_gseq;
        ATTACCA_TRY(const core::StoredRecord stored, core::decode_record(records[index]));
        if (stored.record.at < from) {
            break;
        }
        const auto* fired = std::get_if<core::ScheduleFired>(&stored.record.payload);
        if (fired != nullptr && fired->outcome == core::FireOutcome::started &&
            fired->cause != core::FireCause::trigger) {
            out.insert(fired->nominal);
        }
        const std::uint64_t previous = batch->previous[index];
        gseq = previous < gseq ? previous : ports::no_gseq;
    }
    return out;
}

struct Backfill {
    core::BackfillSchedule command;
    std::uint64_t count = 0;    // occurrences in the range
    std::uint64_t started = 0;  // of them had a job before
};

Result<Backfill> plan_backfill(Api& api, const Call& call, const Span& range) {
    ATTACCA_TRY(const StoredSchedule found,
                find_schedule(api, call.tenant, call.path.front()));
    const core::Schedule& schedule = found.schedule;
    ATTACCA_TRY(const auto zone, zone_of(api, schedule.spec.timing));
    ATTACCA_TRY(const std::set<WallTime> started,
                started_since(api, found.head.last_gseq, range.from));
    const core::Occurrences occurrences = schedule.occurrences(*zone);
    Backfill out;
    out.command = {call.tenant, api.options.actor, schedule.name, found.head.eseq, {}};
    // What lies beyond decided_to is the schedule's own to decide.
    const WallTime last = std::min(range.to + Duration{-1}, schedule.decided_to);
    for (auto at = occurrences.next(range.from + Duration{-1}); at && *at <= last;
         at = occurrences.next(*at)) {
        ++out.count;
        const bool is_queued = std::find(schedule.queued.begin(), schedule.queued.end(), *at) !=
                               schedule.queued.end();
        if (started.contains(*at) || is_queued) {
            ++out.started;
            continue;
        }
        if (out.command.occurrences.size() == core::backfill_max) {
            return fail(Problem::too_many, "the range holds more than " +
                                               std::to_string(core::backfill_max) +
                                               " occurrences without a job; take a shorter one");
        }
        out.command.occurrences.push_back({*at, {}});
    }
    return out;
}

Json backfill_json(const Backfill& plan) {
    Json occurrences = Json::array();
    for (const auto& one : plan.command.occurrences) {
        occurrences.push(rfc3339_ms(one.nominal));
    }
    Json out = Json::object();
    out.set("count", static_cast<std::int64_t>(plan.count));
    out.set("started_before", static_cast<std::int64_t>(plan.started));
    out.set("to_start", static_cast<std::int64_t>(plan.command.occurrences.size()));
    out.set("occurrences", std::move(occurrences));
    return out;
}

void answer_backfill(const Reply& reply, Json out, const std::vector<core::JobId>& started) {
    Json ids = Json::array();
    for (const core::JobId& id : started) {
        ids.push(id.text());
    }
    out.set("ids", std::move(ids));
    reply.json(202, out.text());
}

}  // namespace

void backfill_schedule(Api& api, Call call) {
    if (!has_plain_query(call)) {
        return;
    }
    const Result<Span> range = parse_range(call.request.body, api.gateway.clock().now().wall);
    Result<Backfill> plan =
        range ? plan_backfill(api, call, *range) : Result<Backfill>(range.error());
    if (!plan) {
        call.reply.refuse(plan.error());
        return;
    }
    Json out = backfill_json(*plan);
    if (range->is_dry_run) {
        call.reply.json(200, out.text());
        return;
    }
    if (plan->command.occurrences.empty()) {
        answer_backfill(call.reply, std::move(out), {});
        return;
    }
    for (auto& one : plan->command.occurrences) {
        one.job = api.gateway.new_job_id();
    }
    api.gateway.submit(std::move(plan->command),
                       [reply = call.reply, out](const core::Answer& given) {
                           if (!given) {
                               reply.refuse(given.error());
                               return;
                           }
                           if (const auto* limits = std::get_if<core::Throttled>(&*given)) {
                               reply.send(throttled_response(reply, *limits));
                               return;
                           }
                           answer_backfill(reply, out, std::get<core::Submitted>(*given).ids);
                       });
}

}  // namespace attacca::http
