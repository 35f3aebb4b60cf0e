// SPDX-License-Identifier: Apache-2.0
#include "knobs.h"

namespace attacca::sim {
namespace {

// Off in half of the worlds, else up to `highest`.
std::uint32_t rate(Prng& prng, std::uint32_t highest) {
    const bool is_on = prng.chance(500);
    return is_on ? 1 + prng.below(highest) : 0;
}

std::int64_t one_of(Prng& prng, const std::int64_t (&values)[4]) {
    return values[prng.below(4)];
}

void draw_tasks(Prng& prng, Knobs& knobs) {
    knobs.shape.task_per_thousand = rate(prng, 500);
    knobs.fleet = knobs.shape.task_per_thousand == 0 ? 0 : 1 + prng.below(6);
    knobs.shape.stay_per_thousand = knobs.fleet == 0 ? 0 : rate(prng, 400);
    static constexpr std::int64_t quiets_ms[] = {20, 300, 2000, 10'000};
    knobs.lane_quiet = milliseconds(one_of(prng, quiets_ms));
}

void draw_retention(Prng& prng, Knobs& knobs) {
    static constexpr std::int64_t looks[] = {0, 20'000, 300'000, 3'000'000};
    knobs.prune_every_us = one_of(prng, looks);
    static constexpr std::int64_t retentions[] = {1, 50'000, 1'000'000, 20'000'000};
    knobs.retention_us = one_of(prng, retentions);
}

}  // namespace

Knobs draw_knobs(Prng& prng, bool is_exact) {
    Knobs knobs;
    knobs.is_exact = is_exact;
    knobs.events = is_exact ? 3000 : static_cast<std::uint32_t>(prng.between(2000, 20000));
    knobs.clients = 1 + prng.below(12);
    knobs.slots = 1 + prng.below(prng.chance(300) ? 64 : 8);
    knobs.blueprints = 1 + prng.below(12);
    knobs.batch_records_max = prng.chance(200) ? 1 + prng.below(20) : 8192;
    static constexpr std::int64_t sizes[] = {1, 4, 10, 40};
    knobs.shape.nodes_max = static_cast<std::uint32_t>(one_of(prng, sizes));
    if (prng.chance(20)) {
        knobs.shape.nodes_max = 150;
    }
    knobs.shape.map_per_thousand = rate(prng, 200);
    knobs.shape.condition_per_thousand = rate(prng, 400);
    knobs.shape.trouble_per_thousand = rate(prng, 500);
    knobs.shape.wait_per_thousand = rate(prng, 150);
    knobs.shape.finally_per_thousand = rate(prng, 800);
    draw_tasks(prng, knobs);
    knobs.breakers.error_threshold = 2 + prng.below(prng.chance(300) ? 100 : 6);
    static constexpr std::int64_t windows_s[] = {1, 10, 60, 600};
    knobs.breakers.error_window = seconds(one_of(prng, windows_s));
    static constexpr std::int64_t openings_ms[] = {50, 500, 2000, 8000};
    knobs.breakers.open_for = milliseconds(one_of(prng, openings_ms));
    knobs.breakers.open_max = seconds(10);
    knobs.breakers.probes_max = 1 + prng.below(3);
    static constexpr std::int64_t retries[] = {2, 20, 100, 1000};
    knobs.breakers.retries_min = static_cast<std::uint32_t>(one_of(prng, retries));
    static constexpr std::int64_t networks[] = {20, 100, 400, 20000};
    knobs.network_us = one_of(prng, networks);
    static constexpr std::int64_t commits[] = {200, 1000, 4000, 30000};
    knobs.commit_us = one_of(prng, commits);
    static constexpr std::int64_t thinks[] = {100, 1000, 10000, 300000};
    knobs.think_us = one_of(prng, thinks);
    static constexpr std::int64_t works[] = {50, 1000, 10000, 100000};
    knobs.work_us = one_of(prng, works);
    knobs.drift_ppm = prng.between(-1000, 1000);
    knobs.crash_per_batch = rate(prng, 30);
    static constexpr std::int64_t crashes[] = {0, 60'000, 500'000, 5'000'000};
    knobs.crash_every_us = one_of(prng, crashes);
    knobs.unknown_per_batch = rate(prng, 8);
    knobs.full_per_batch = rate(prng, 15);
    knobs.stall = rate(prng, 20);
    static constexpr std::int64_t jumps[] = {0, 0, 200'000, 20'000'000};
    knobs.wall_jump_every_us = one_of(prng, jumps);
    knobs.worker_death = rate(prng, 100);
    knobs.report_loss = rate(prng, 100);
    knobs.report_double = rate(prng, 150);
    knobs.zombie = rate(prng, 600);
    knobs.message_loss = rate(prng, 60);
    knobs.with_key = rate(prng, 1000);
    knobs.control = rate(prng, 400);
    knobs.in_a_batch = rate(prng, 300);
    knobs.held = rate(prng, 100);
    static constexpr std::int64_t lives[] = {4, 16, 40, 120};
    knobs.live_max = static_cast<std::uint32_t>(one_of(prng, lives));
    knobs.tenants = 1 + prng.below(4);
    knobs.set_tenant = knobs.tenants > 1 ? 1 + prng.below(100) : 0;
    static constexpr std::int64_t stops[] = {0, 0, 2'000'000, 10'000'000};
    knobs.stop_every_us = one_of(prng, stops);
    knobs.damage_per_start = prng.chance(300) ? 1 + prng.below(100) : 0;
    knobs.day_per_jump = rate(prng, 100);
    knobs.schedule = prng.chance(350) ? 1 + prng.below(100) : 0;
    draw_retention(prng, knobs);
    knobs.shape.key_per_thousand = rate(prng, 300);
    knobs.shape.lock_per_thousand = rate(prng, 300);
    knobs.shape.checkpoint_per_thousand = rate(prng, 400);
    knobs.set_breaker = prng.chance(300) ? 1 + prng.below(30) : 0;
    return knobs;
}

std::string Knobs::text() const {
    const auto item = [](const char* name, std::int64_t value) {
        return std::string(" ") + name + "=" + std::to_string(value);
    };
    return item("exact", is_exact ? 1 : 0) + item("events", events) + item("clients", clients) +
           item("slots", slots) + item("fleet", fleet) +
           item("task", shape.task_per_thousand) +
           item("stay", shape.stay_per_thousand) +
           item("quiet_us", lane_quiet.us) + item("batch", batch_records_max) +
           item("nodes", shape.nodes_max) + item("map", shape.map_per_thousand) +
           item("if", shape.condition_per_thousand) + item("trouble", shape.trouble_per_thousand) +
           item("wait", shape.wait_per_thousand) + item("finally", shape.finally_per_thousand) +
           item("threshold", breakers.error_threshold) +
           item("window_us", breakers.error_window.us) + item("open_us", breakers.open_for.us) +
           item("probes", breakers.probes_max) + item("retries", breakers.retries_min) +
           item("network_us", network_us) + item("commit_us", commit_us) +
           item("think_us", think_us) + item("work_us", work_us) + item("drift", drift_ppm) +
           item("crash_batch", crash_per_batch) + item("crash_us", crash_every_us) +
           item("unknown", unknown_per_batch) + item("full", full_per_batch) +
           item("stall", stall) + item("jump_us", wall_jump_every_us) +
           item("death", worker_death) + item("report_loss", report_loss) +
           item("double", report_double) + item("zombie", zombie) + item("loss", message_loss) +
           item("key", with_key) + item("control", control) + item("many", in_a_batch) +
           item("held", held) + item("live", live_max) + item("tenants", tenants) +
           item("set_tenant", set_tenant) + item("stop_us", stop_every_us) +
           item("damage", damage_per_start) + item("day", day_per_jump) +
           item("schedule", schedule) + item("prune_us", prune_every_us) +
           item("retention_us", retention_us) + item("keyed", shape.key_per_thousand) +
           item("locked", shape.lock_per_thousand) +
           item("checkpoint", shape.checkpoint_per_thousand) + item("set_breaker", set_breaker);
}

}  // namespace attacca::sim
