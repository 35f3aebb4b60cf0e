// SPDX-License-Identifier: Apache-2.0
#include "world.h"

#include <cstdio>
#include <utility>

#include "invariants/i09_jobs_end.h"
#include "invariants/i12_graphs_are_acyclic.h"

namespace attacca::sim {
namespace {

constexpr std::uint64_t recount_interval = 1024;
// Longer than any job of ours can take, and shorter than a jump of the wall clock.
constexpr std::int64_t liveness_bound_us = 9'000'000'000;
constexpr std::int64_t jump_us_max = 3LL * 3600 * 1'000'000;
constexpr std::int64_t day_us = 25LL * 3600 * 1'000'000;

Knobs knobs_of(std::uint64_t seed, bool is_exact) {
    Prng prng(mixed(seed + 3));
    return draw_knobs(prng, is_exact);
}

}  // namespace

World::World(std::uint64_t seed, bool is_exact, Marks& marks, Trace& trace)
    : context_(seed, knobs_of(seed, is_exact), marks, trace),
      server_(context_),
      clients_(context_, server_) {
    server_.on_death = [this] { clients_.on_server_death(); };
    server_.on_stopped = [this] { clients_.check_all_answered(); };
    context_.durable.breakers().rules = context_.knobs.breakers;
    context_.durable.lanes().quiet = context_.knobs.lane_quiet;
    context_.clock.set_drift(context_.knobs.drift_ppm);
    make_blueprints();
}

void World::make_blueprints() {
    for (std::uint32_t i = 0; i < context_.knobs.blueprints; ++i) {
        Blueprint blueprint = draw_blueprint(context_.prng, context_.knobs.shape);
        const Result<Json> json = parse_json(json_of(blueprint));
        ATTACCA_CHECK(json.has_value());
        Result<core::Definition> definition = core::parse_definition(*json, "");
        if (!definition) {
            context_.violations.report("I12", "a valid graph was refused: " +
                                                  definition.error().text() + ": " +
                                                  json_of(blueprint));
            return;
        }
        check_graph(context_.violations, *definition);
        blueprint.definition = std::make_shared<const core::Definition>(std::move(*definition));
        context_.blueprints.push_back(std::move(blueprint));
    }
    // They move no more.
    for (const Blueprint& blueprint : context_.blueprints) {
        context_.durable.schedules().know(&blueprint);
    }
}

void World::run(std::uint64_t events_max) {
    if (context_.violations.is_broken()) {
        return;
    }
    server_.boot();
    clients_.begin();
    server_.fleet().begin();
    crash_again();
    jump_again();
    stop_again();
    while (!context_.violations.is_broken() && !is_over() && events_ < events_max) {
        const Event event = context_.queue.pop();
        context_.clock.set(event.at);
        ++events_;
        context_.trace.add(static_cast<std::uint64_t>(event.at),
                           (std::uint64_t{static_cast<std::uint8_t>(event.kind)} << 56U) ^
                               (std::uint64_t{event.a} << 24U) ^ event.b);
        if (is_verbose) {
            std::fprintf(stderr, "%lld kind %d a %u b %llu\n", static_cast<long long>(event.at),
                         static_cast<int>(event.kind), event.a,
                         static_cast<unsigned long long>(event.b));
        }
        deliver(event);
        if (events_ % recount_interval == 0) {
            server_.recount();
        }
        if (!context_.is_healing && events_ >= context_.knobs.events) {
            heal();
        }
        if (context_.is_healing && event.at > healed_at_ + liveness_bound_us) {
            for (const std::uint32_t index : context_.durable.live_jobs()) {
                check_liveness(context_.violations, context_.durable.at(index));
            }
            context_.violations.report("I09", "the server never comes to rest");
        }
    }
    if (!context_.violations.is_broken()) {
        server_.recount();
        server_.verify();
        context_.durable.check_set_aside_are_named(is_over());
    }
}

bool World::is_over() const {
    return context_.is_healing && context_.durable.live_count() == 0 &&
           !context_.durable.schedules().is_any_waiting() && server_.is_quiet() &&
           clients_.is_idle();
}

void World::heal() {
    context_.is_healing = true;
    healed_at_ = context_.queue.now();
    context_.durable.lanes().healed_at = healed_at_;
    // A clock that was set back is set right: rates wait until it is where it was (decision 0011).
    const Duration behind = context_.durable.last_at() - context_.clock.now().wall;
    if (behind.us > 0) {
        server_.note_jump();
        context_.clock.jump(behind.us);
    }
}

void World::crash_again() {
    if (context_.knobs.crash_every_us != 0 && !context_.is_healing) {
        context_.after(context_.about(context_.knobs.crash_every_us), EventKind::crash, 0, 0);
    }
}

void World::jump_again() {
    if (context_.knobs.wall_jump_every_us != 0 && !context_.is_healing) {
        context_.after(context_.about(context_.knobs.wall_jump_every_us), EventKind::wall_jump, 0,
                       0);
    }
}

void World::stop_again() {
    if (context_.knobs.stop_every_us != 0 && !context_.is_healing) {
        context_.after(context_.about(context_.knobs.stop_every_us), EventKind::shut_down, 0, 0);
    }
}

// Back as far as forth, or the wall clock would run ahead of all; but now and then over a day.
void World::jump() {
    server_.note_jump();
    if (context_.prng.chance(context_.knobs.day_per_jump)) {
        context_.marks.hit(Mark::wall_jumped_over_a_day);
        context_.clock.jump(day_us);
        return;
    }
    const std::int64_t by = context_.prng.between(0, jump_us_max);
    const bool is_back = context_.prng.chance(500);
    context_.marks.hit(is_back ? Mark::wall_jumped_back : Mark::wall_jumped_forward);
    context_.clock.jump(is_back ? -by : by);
}

void World::deliver(const Event& event) {
    switch (event.kind) {
        case EventKind::client_turn: clients_.on_turn(event.a); return;
        case EventKind::request: clients_.on_request(event.a, event.b); return;
        case EventKind::decided_late: clients_.on_edge_done(event.a, event.b); return;
        case EventKind::answer: clients_.on_answer(event.a, event.b); return;
        case EventKind::answer_late: clients_.on_answer_late(event.a, event.b); return;
        case EventKind::start: server_.workers().on_start(event.b); return;
        case EventKind::stop: server_.workers().on_stop(event.b); return;
        case EventKind::kill: server_.workers().on_kill(event.b); return;
        case EventKind::report: server_.workers().on_report(event.a, event.b); return;
        case EventKind::timer: server_.on_timer(event.a); return;
        case EventKind::stall_end: server_.on_stall_end(event.a); return;
        case EventKind::synced: server_.on_synced(event.a); return;
        case EventKind::result: server_.on_result(event.a); return;
        case EventKind::crash:
            server_.on_crash();
            crash_again();
            return;
        case EventKind::restart: server_.on_restart(); return;
        case EventKind::space: server_.on_space(event.a); return;
        case EventKind::fleet_turn: server_.fleet().on_turn(event.a); return;
        case EventKind::fleet_beat: server_.fleet().on_beat(event.b); return;
        case EventKind::fleet_report: server_.fleet().on_report(event.a, event.b); return;
        case EventKind::wall_jump:
            if (!context_.is_healing) {
                jump();
            }
            jump_again();
            return;
        case EventKind::prune: server_.on_prune(event.a, event.b); return;
        case EventKind::shut_down:
            server_.on_shut_down();
            stop_again();
            return;
        case EventKind::grace_end: server_.on_grace_end(event.a); return;
    }
    ATTACCA_CHECK(false);
}

}  // namespace attacca::sim
