// SPDX-License-Identifier: Apache-2.0
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>

#include "http/api.h"
#include "http/evidence_view.h"
#include "http/json_out.h"
#include "http/node_view.h"
#include "http/task_body.h"
#include "ports/sealing_content.h"

// Workers outside this server: they claim tasks from a lane, say that they live, and report. Their
// claims may wait; a waiting one is an entry in the engine, not a thread.

namespace attacca::http {
namespace {

void append_lease(std::string& out, const core::LeaseOffer& offer) {
    ObjectOut lease(out);
    lease.text("id", attempt_id(offer.attempt));
    lease.text("job", offer.attempt.job.text());
    lease.text("job_name", offer.job_name);
    lease.text("node", offer.attempt.node);
    if (offer.attempt.item) {
        lease.number("item", *offer.attempt.item);
        lease.text("key", offer.item_key);
    } else {
        lease.raw("item", "null");
    }
    lease.number("attempt", offer.attempt.attempt);
    lease.number("fence", offer.attempt.fence.value);
    lease.text("lane", offer.lane);
    lease.texts_if_any("capabilities", offer.capabilities);
    lease.integer("ttl_ms", offer.ttl_ms);
    if (offer.timeout) {
        lease.integer("timeout_ms", offer.timeout->ms());
    }
    if (offer.stays) {
        lease.boolean("stay", true);
    }
    lease.raw("spec", offer.spec);
    lease.end();
}

std::string leases_json(const core::Leased& leased) {
    std::string out;
    ObjectOut object(out);
    ArrayOut list(object.key("leases"));
    for (const core::LeaseOffer& offer : leased.offers) {
        append_lease(list.element(), offer);
    }
    list.end();
    object.end();
    return out;
}

std::string workers_json(const core::WorkerList& workers) {
    std::string out;
    ObjectOut object(out);
    ArrayOut items(object.key("items"));
    for (const core::WorkerList::Held& held : workers.held) {
        ObjectOut item(items.element());
        item.text("worker", held.worker);
        item.text("lane", held.lane);
        item.text("id", attempt_id(held.attempt));
        item.text("job", held.attempt.job.text());
        item.text("node", held.attempt.node);
        if (held.attempt.item) {
            item.number("item", *held.attempt.item);
        }
        item.number("attempt", held.attempt.attempt);
        item.time("started_at", held.started_at);
        item.integer("expires_in_ms", held.left.ms());
        item.end();
    }
    items.end();
    ArrayOut waiting(object.key("waiting"));
    for (const core::WorkerList::Waiting& worker : workers.waiting) {
        ObjectOut item(waiting.element());
        item.text("worker", worker.worker);
        ArrayOut lanes(item.key("lanes"));
        for (const std::string& lane : worker.lanes) {
            append_json_string(lanes.element(), lane);
        }
        lanes.end();
        item.texts_if_any("capabilities", worker.capabilities);
        item.end();
    }
    waiting.end();
    ArrayOut kept(object.key("reservations"));
    for (const core::Reservation& lane : workers.kept) {
        ObjectOut item(kept.element());
        item.text("lane", lane.lane);
        item.text("owner", lane.owner);
        item.text("job", lane.job.text());
        item.text("node", lane.node);
        item.time("since", lane.since_at);
        item.end();
    }
    kept.end();
    object.end();
    return out;
}

// The body that a live attempt's report or heartbeat gets.
std::string accepted_json(const core::AttemptName& name) {
    std::string out;
    ObjectOut object(out);
    object.text("id", attempt_id(name));
    object.boolean("accepted", true);
    object.end();
    return out;
}

Error unknown_attempt() {
    return fail(Problem::not_found, "there is no such attempt");
}

// The attempt in the path with the fence of the body.
Result<core::AttemptName> name_of_call(const Call& call, core::FenceToken fence) {
    std::optional<core::AttemptName> name = parse_attempt_id(call.path.front());
    if (!name) {
        return unknown_attempt();
    }
    name->fence = fence;
    return std::move(*name);
}

// A report about a job that the engine does not hold any more: was it the one that was accepted?
// Nothing: a heartbeat, which cannot have been.
Result<std::string> answer_of_history(const Api& api, const std::string& tenant,
                                      const core::AttemptName& name,
                                      std::optional<core::Outcome> outcome) {
    ATTACCA_TRY(const ports::JobRow row, api.jobs.find(tenant, name.job));
    if (!core::is_final(row.state)) {
        return fail(Problem::state_conflict,
                    "the server set the job aside, because its records cannot be read");
    }
    ATTACCA_TRY(const NodeView nodes, NodeView::load(api.jobs, row));
    for (const AttemptView* attempt : nodes.attempts_of(name.node, name.item)) {
        if (attempt->started.attempt != name.attempt) {
            continue;
        }
        const bool is_same = attempt->started.fence == name.fence && attempt->ended && outcome &&
                             attempt->ended->outcome == *outcome;
        if (is_same) {
            return accepted_json(name);
        }
        return fail(Problem::fenced, "this attempt has ended, or another one has taken over");
    }
    return unknown_attempt();
}

// On the pool: it reads all of the job's records.
void answer_later(const std::shared_ptr<Api>& api, const Reply& reply, const std::string& tenant,
                  const core::AttemptName& name, std::optional<core::Outcome> outcome) {
    const bool is_taken = api->pool.run([api, reply, tenant, name, outcome] {
        reply.send(reply.response_of(200, answer_of_history(*api, tenant, name, outcome)));
    });
    if (!is_taken) {
        reply.refuse(fail(Problem::overloaded, "too many requests wait; try again soon"));
    }
}

// Outputs that are too large for a body, as a file.
Result<void> keep_output(Api& api, core::ReportTask& task) {
    Boxed<core::SealKey> key;
    ATTACCA_TRY(const ports::JobRow row, api.jobs.find(task.tenant, task.attempt.job));
    ATTACCA_TRY(const std::optional<core::JobId> seal, api.jobs.seal_of(row));
    if (seal && api.gateway.seal_keys() != nullptr) {
        ATTACCA_TRY(key, api.gateway.seal_keys()->load(*seal));
    }
    ports::SealingContent content(api.gateway.content(), key);
    const std::string place = "outputs/" + std::to_string(task.attempt.fence.value);
    ATTACCA_TRY(const ports::SealingContent::Kept kept, content.put(place, task.report.output));
    task.report.output_file =
        core::Artifact{"outputs.json", kept.digest, kept.bytes, "application/json", false};
    task.report.output.clear();
    return {};
}

void report(Api& api, const Call& call, Result<core::ReportTask> parsed) {
    if (Result<void> done = call.query.finish(); !done) {
        call.reply.refuse(done.error());
        return;
    }
    if (!parsed) {
        call.reply.refuse(parsed.error());
        return;
    }
    core::ReportTask task = std::move(*parsed);
    Result<core::AttemptName> name = name_of_call(call, task.attempt.fence);
    if (!name) {
        call.reply.refuse(name.error());
        return;
    }
    task.attempt = std::move(*name);
    task.tenant = call.tenant;
    task.actor = api.options.actor;
    if (task.report.output.size() > core::body_bytes_max) {
        // A body of this size is handled on the pool, where a file may be written and synced.
        if (Result<void> kept = keep_output(api, task); !kept) {
            call.reply.refuse(kept.error());
            return;
        }
    }
    const core::AttemptName about = task.attempt;
    const core::Outcome outcome = task.report.outcome;
    const std::optional<core::Artifact> file = task.report.output_file;
    api.gateway.submit(std::move(task), [kept = api.shared_from_this(), reply = call.reply, about,
                                         outcome, tenant = call.tenant,
                                         file](const core::Answer& given) {
        if (file) {
            kept->gateway.content().release(file->digest);
        }
        if (given) {
            Response response = reply.response_of(200, accepted_json(about));
            response.headers.push_back(newest_receipt("job/" + about.job.text()));
            reply.send(std::move(response));
        } else if (given.error().problem == Problem::not_live) {
            answer_later(kept, reply, tenant, about, outcome);
        } else {
            reply.refuse(given.error());
        }
    });
}

}  // namespace

void claim_tasks(Api& api, Call call) {
    if (Result<void> done = call.query.finish(); !done) {
        call.reply.refuse(done.error());
        return;
    }
    Result<core::Claim> claim = parse_claim(call.path.front(), call.request.body);
    if (!claim) {
        call.reply.refuse(claim.error());
        return;
    }
    claim->tenant = call.tenant;
    claim->actor = api.options.actor;
    api.gateway.submit(std::move(*claim), [reply = call.reply](core::Answer given) {
        if (!given) {
            reply.refuse(given.error());
            return;
        }
        auto leased = std::make_shared<core::Leased>(std::get<core::Leased>(std::move(*given)));
        reply.send_made([reply, leased] { return reply.response_of(200, leases_json(*leased)); });
    });
}

void list_workers(Api& api, Call call) {
    if (Result<void> done = call.query.finish(); !done) {
        call.reply.refuse(done.error());
        return;
    }
    api.gateway.submit(core::ListWorkers{call.tenant},
                       [reply = call.reply](core::Answer given) {
        if (!given) {
            reply.refuse(given.error());
            return;
        }
        auto list = std::make_shared<core::WorkerList>(
            std::get<core::WorkerList>(std::move(*given)));
        reply.send_made([reply, list] { return reply.response_of(200, workers_json(*list)); });
    });
}

void beat_attempt(Api& api, Call call) {
    if (Result<void> done = call.query.finish(); !done) {
        call.reply.refuse(done.error());
        return;
    }
    const Result<core::FenceToken> fence = parse_heartbeat(call.request.body);
    if (!fence) {
        call.reply.refuse(fence.error());
        return;
    }
    const Result<core::AttemptName> name = name_of_call(call, *fence);
    if (!name) {
        call.reply.refuse(name.error());
        return;
    }
    api.gateway.submit(
        core::Heartbeat{*name, call.tenant},
        [kept = api.shared_from_this(), reply = call.reply,
         about = *name, tenant = call.tenant](const core::Answer& given) {
            if (!given && given.error().problem == Problem::not_live) {
                answer_later(kept, reply, tenant, about, std::nullopt);
                return;
            }
            if (!given) {
                reply.refuse(given.error());
                return;
            }
            const auto& alive = std::get<core::Alive>(*given);
            std::string out;
            ObjectOut object(out);
            object.text("id", attempt_id(about));
            object.boolean("cancel", alive.must_stop);
            object.integer("ttl_ms", alive.ttl_ms);
            object.end();
            reply.json(200, std::move(out));
        });
}

void complete_attempt(Api& api, Call call) {
    report(api, call, parse_complete(call.request.body));
}

void fail_attempt(Api& api, Call call) {
    report(api, call, parse_failure(call.request.body));
}

}  // namespace attacca::http
