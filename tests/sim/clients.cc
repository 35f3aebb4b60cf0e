// SPDX-License-Identifier: Apache-2.0
#include "clients.h"

#include <utility>
#include <variant>

namespace attacca::sim {
namespace {

constexpr const char* other_tenant = "other";
constexpr std::size_t acked_max = 48;

// Small enough for the record, or a body.
std::string draw_details(Prng& prng) {
    const std::string text(prng.chance(300) ? 1200 : 5, 'd');
    return R"({"description":")" + text + R"(","tags":["a","b"]})";
}

}  // namespace

Clients::Clients(Context& context, Server& server) : context_(context), server_(server) {
    requests_.resize(context_.knobs.clients);
}

void Clients::begin() {
    for (std::uint32_t client = 0; client < requests_.size(); ++client) {
        context_.after(context_.about(context_.knobs.think_us), EventKind::client_turn, client, 0);
    }
}

bool Clients::is_idle() const {
    for (const Request& request : requests_) {
        if (request.phase != Phase::idle) {
            return false;
        }
    }
    return true;
}

void Clients::on_turn(std::uint32_t client) {
    Request& request = requests_[client];
    ATTACCA_CHECK(request.phase == Phase::idle);
    request = {};
    if (context_.is_healing) {
        if (!draw_healing(request)) {
            context_.after(context_.about(100'000), EventKind::client_turn, client, 0);
            return;
        }
    } else if (context_.has_fault(context_.knobs.set_tenant)) {
        draw_tenant(request);
    } else if (context_.has_fault(context_.knobs.schedule)) {
        draw_named(request);
    } else if (context_.has_fault(context_.knobs.set_breaker)) {
        draw_breaker(request);
    } else if (!context_.durable.letters().open().empty() && context_.prng.chance(100)) {
        draw_letter(request);
    } else if (!acked_.empty() && context_.prng.chance(30)) {
        draw_retention(request);
    } else if (!acked_.empty() && context_.has_fault(context_.knobs.control)) {
        draw_control(request);
    } else if (context_.durable.live_count() < context_.knobs.live_max) {
        draw_submission(request);
    } else {
        context_.after(context_.about(context_.knobs.think_us * 10), EventKind::client_turn,
                       client, 0);
        return;
    }
    send(client, request);
}

void Clients::draw_submission(Request& request) {
    request.kind = Kind::submit;
    request.tenant =
        context_.durable.tenants().existing(context_.prng.below(context_.knobs.tenants));
    const std::uint32_t count =
        context_.prng.chance(context_.knobs.in_a_batch) ? 2 + context_.prng.below(4) : 1;
    for (std::uint32_t i = 0; i < count; ++i) {
        const std::uint32_t which =
            context_.prng.below(static_cast<std::uint32_t>(context_.blueprints.size()));
        request.blueprints.push_back(&context_.blueprints[which]);
    }
    request.priority = static_cast<core::Priority>(context_.prng.below(3));
    if (context_.prng.chance(context_.knobs.held)) {
        context_.marks.hit(Mark::job_held);
        request.held_us = context_.prng.between(1, 20'000) * 1000;
    }
    request.request_hash = hash_of_request(next_serial_);
    if (context_.prng.chance(context_.knobs.with_key)) {
        // Now and then a key that was used before, with another request.
        const std::uint32_t again = context_.knobs.day_per_jump != 0 ? 100 : 30;
        const bool is_old = next_key_ > 0 && context_.prng.chance(again);
        request.key = is_old ? context_.prng.below(next_key_) : next_key_++;
    }
}

void Clients::draw_tenant(Request& request) {
    request.tenant = tenant_name(context_.prng.below(context_.knobs.tenants));
    request.settings = draw_settings(context_.prng);
    // Now and then a time stamp instead, without a draw of its own.
    request.kind = request.settings.weight % 8 == 0 ? Kind::stamp : Kind::set_tenant;
}

void Clients::send(std::uint32_t client, Request& request) {
    request.serial = next_serial_++;
    request.phase = Phase::sent;
    request.refusal.reset();
    request.ids.clear();
    if (context_.has_fault(context_.knobs.message_loss)) {
        context_.marks.hit(Mark::request_lost);
        ask_later(client, request, 300'000);
        return;
    }
    context_.after(context_.about(context_.knobs.network_us), EventKind::request, client,
                   request.serial);
    if (request.key && context_.has_fault(context_.knobs.message_loss)) {
        // An impatient client asks again while its first try is being decided.
        ask_later(client, request, context_.knobs.network_us * 2);
    }
}

void Clients::ask_later(std::uint32_t client, Request& request, std::int64_t after_us) {
    context_.after(context_.about(after_us), EventKind::answer_late, client, request.serial);
}

void Clients::on_request(std::uint32_t client, std::uint64_t serial) {
    Request& request = requests_[client];
    if (request.serial != serial || request.phase != Phase::sent) {
        return;
    }
    if (!server_.is_up()) {
        ask_later(client, request, 50'000);
        return;
    }
    request.phase = Phase::in_edge;
    request.process = server_.process();
    request.looked_up_at = context_.durable.size();
    if (request.kind == Kind::submit && request.key) {
        if (answer_from_store(client, request)) {
            return;
        }
        if (context_.has_fault(4 * context_.knobs.message_loss)) {
            const bool is_hung = context_.prng.chance(400);
            context_.after(context_.about(is_hung ? 2'000'000 : 5000), EventKind::decided_late,
                           client, serial);
            return;
        }
    }
    ask_engine(client, request);
}

void Clients::on_edge_done(std::uint32_t client, std::uint64_t serial) {
    Request& request = requests_[client];
    if (request.serial != serial || request.phase != Phase::in_edge) {
        return;
    }
    if (!server_.is_up() || server_.process() != request.process) {
        ask_later(client, request, 50'000);
        return;
    }
    ask_engine(client, request);
}

void Clients::ask_engine(std::uint32_t client, Request& request) {
    request.phase = Phase::in_server;
    const DurableKey* key = request.key ? context_.durable.key(*request.key) : nullptr;
    const bool is_forgotten =
        key != nullptr && context_.durable.last_at() - key->at >= core::key_life;
    request.forgotten = is_forgotten ? key->request : 0;
    core::Command command =
        request.kind == Kind::submit ? core::Command{submission(request)} : control(request);
    if (request.kind == Kind::named) {
        draw_ids(command);
    }
    server_.deliver(std::move(command),
                    [this, client, serial = static_cast<std::uint32_t>(request.serial)](
                        const core::Answer& given) { take_answer(client, serial, given); });
}

// What the edge does with a key that the engine may have forgotten.
bool Clients::answer_from_store(std::uint32_t client, Request& request) {
    const DurableKey* key = context_.durable.key(*request.key);
    if (key == nullptr || key->is_forgotten) {
        return false;
    }
    if (key->request_hash != request.request_hash) {
        context_.marks.hit(Mark::key_mismatch);
        request.refusal = fail(Problem::idempotency_mismatch);
    } else {
        context_.marks.hit(Mark::key_replayed_by_edge);
        request.ids = key->ids;
    }
    answer(client, request);
    return true;
}

core::SubmitJobs Clients::submission(Request& request) {
    core::SubmitJobs submit;
    submit.tenant = request.tenant;
    submit.actor = "usr:1";
    const Now now = context_.clock.now();
    const std::int64_t virtual_now = context_.queue.now();
    for (const Blueprint* blueprint : request.blueprints) {
        Intent& intent = context_.add_intent();
        intent.blueprint = blueprint;
        intent.request = request.serial;
        intent.tenant = request.tenant;
        core::NewJob job;
        job.id = intent.id;
        job.definition = blueprint->definition;
        job.name = "sim";
        if (context_.prng.chance(50)) {
            job.details = draw_details(context_.prng);
        }
        job.priority = request.priority;
        if (request.held_us != 0) {
            job.scheduled_at = now.wall + Duration{request.held_us};
            const bool has_bound = context_.knobs.wall_jump_every_us == 0;
            intent.held_until = has_bound ? virtual_now + request.held_us -
                                                request.held_us / 500 - 2000
                                          : 0;
        }
        submit.jobs.push_back(std::move(job));
    }
    if (request.key) {
        submit.key = core::IdempotencyKey{hash_of_key(*request.key), request.request_hash,
                                          request.looked_up_at};
    }
    return submit;
}

core::Command Clients::control(const Request& request) const {
    const bool is_of_nothing = request.kind == Kind::set_tenant ||
                               request.kind == Kind::stamp || request.kind == Kind::named;
    const std::string tenant = is_of_nothing ? request.tenant
                               : request.is_other_tenant
                                   ? other_tenant
                                   : context_.durable.intents[index_of(request.target)].tenant;
    switch (request.kind) {
        case Kind::cancel: return core::CancelJob{request.target, tenant, "usr:1"};
        case Kind::pause: return core::PauseJob{request.target, tenant, "usr:1", request.is_now};
        case Kind::resume: return core::ResumeJob{request.target, tenant, "usr:1"};
        case Kind::approve:
            return core::GiveApproval{request.target,
                                      tenant,
                                      "usr:1",
                                      node_name(request.node),
                                      request.item,
                                      request.ruling,
                                      "c"};
        case Kind::set_tenant: return core::SetTenant{tenant, "usr:1", request.settings};
        case Kind::stamp:
            return core::NoteTimestamp{"usr:1", 1, "tsa", WallTime{1}, "query", "reply"};
        case Kind::named: return request.named;
        case Kind::submit: break;
    }
    ATTACCA_CHECK(false);
}

// The answer leaves the server.
void Clients::take_answer(std::uint32_t client, std::uint64_t serial, const core::Answer& given) {
    if (!context_.may_leave()) {
        return;
    }
    Request& request = requests_[client];
    if (request.serial != serial) {
        return;
    }
    if (request.phase != Phase::in_server) {
        context_.violations.report("I08", "a request was answered twice");
        return;
    }
    if (!given) {
        request.refusal = given.error();
    } else if (const auto* throttled = std::get_if<core::Throttled>(&*given)) {
        context_.marks.hit(Mark::job_not_let_in);
        request.refusal = throttled->error;
    } else if (const auto* submitted = std::get_if<core::Submitted>(&*given)) {
        check_submitted(request, *submitted);
        request.ids = submitted->ids;
    }
    if (request.kind == Kind::set_tenant) {
        if (given && !context_.durable.tenants().exists(request.tenant)) {
            context_.violations.report("I01", "a tenant was answered before it was durable");
        }
    } else if (request.kind == Kind::stamp) {
        if (given && !context_.durable.entities().contains(core::timestamps_entity)) {
            context_.violations.report("I01", "a time stamp was answered before it was durable");
        }
        context_.marks.hit(Mark::time_stamped);
    } else if (request.kind == Kind::named) {
        check_named(request, given);
    } else if (request.kind != Kind::submit) {
        check_control(request, given);
    } else {
        check_forgotten(request, given);
    }
    answer(client, request);
}

void Clients::answer(std::uint32_t client, Request& request) {
    request.phase = Phase::answered;
    if (context_.has_fault(context_.knobs.message_loss)) {
        context_.marks.hit(Mark::answer_lost);
        ask_later(client, request, 300'000);
        return;
    }
    context_.after(context_.about(context_.knobs.network_us), EventKind::answer, client,
                   request.serial);
}

bool Clients::was_refused_for_now(const Request& request) const {
    return request.refusal && (request.refusal->problem == Problem::storage_full ||
                               request.refusal->problem == Problem::rate_limited ||
                               request.refusal->problem == Problem::shutting_down ||
                               request.refusal->problem == Problem::idempotency_in_progress);
}

void Clients::on_answer(std::uint32_t client, std::uint64_t serial) {
    Request& request = requests_[client];
    if (request.serial != serial || request.phase != Phase::answered) {
        return;
    }
    if (was_refused_for_now(request)) {
        if (request.refusal->problem == Problem::idempotency_in_progress) {
            context_.marks.hit(Mark::key_looked_up_again);
        }
        ask_later(client, request, 300'000);
        return;
    }
    for (const core::JobId& id : request.ids) {
        if (acked_.size() < acked_max) {
            acked_.push_back(id);
        } else {
            acked_[next_acked_++ % acked_max] = id;
        }
    }
    request.phase = Phase::idle;
    context_.after(context_.about(context_.knobs.think_us), EventKind::client_turn, client, 0);
}

// No answer came, or one that asks for patience.
void Clients::on_answer_late(std::uint32_t client, std::uint64_t serial) {
    Request& request = requests_[client];
    if (request.serial != serial || request.phase == Phase::idle) {
        return;
    }
    if (request.key && request.kind == Kind::submit && !context_.is_healing) {
        send(client, request);
        return;
    }
    request.phase = Phase::idle;
    request.serial = 0;
    context_.after(context_.about(context_.knobs.think_us), EventKind::client_turn, client, 0);
}

void Clients::on_server_death() {
    for (std::uint32_t client = 0; client < requests_.size(); ++client) {
        const Phase phase = requests_[client].phase;
        if (phase == Phase::in_server || phase == Phase::in_edge) {
            ask_later(client, requests_[client], 100'000);
        }
    }
}

}  // namespace attacca::sim
