// SPDX-License-Identifier: Apache-2.0
#include "http/routes.h"

namespace attacca::http {
namespace {

constexpr Method get = Method::get;
constexpr Method post = Method::post;
constexpr Method put = Method::put;
constexpr Method remove = Method::remove;
constexpr Permission open = Permission::open;
constexpr Permission read = Permission::read;
constexpr Permission write = Permission::write;
constexpr Permission watch = Permission::watch;
constexpr Permission admin = Permission::admin;
constexpr Place here = Place::here;
constexpr Place pool = Place::pool;
constexpr BodyRule none = BodyRule::none;
constexpr BodyRule json = BodyRule::json;

// clang-format off
constexpr Route table[] = {
    {get,   "/livez",
        open, here, none, get_livez},
    {get,   "/readyz",
        open, here, none, get_readyz},
    {get,   "/health",
        open, here, none, get_health},
    {get,   "/api/v1/orchestration/health",
        open, here, none, get_health},

    {get,   "/metrics",
        watch, here, none, get_metrics},
    {get,   "/api/v1/version",
        watch, here, none, get_version},
    {get,   "/sse/events",
        read, pool, none, stream_events},
    {get,   "/jobs/{id}/events",
        read, pool, none, list_plain_events},

    {get,   "/api/v1/tenants",
        read, here, none, list_tenants},
    {get,   "/api/v1/tenants/{name}",
        read, here, none, get_tenant},
    {put,   "/api/v1/tenants/{name}",
        admin, here, json, put_tenant},

    {get,   "/api/v1/breakers",
        read, pool, none, list_breakers},
    {get,   "/api/v1/breakers/{dependency}",
        read, here, none, get_breaker},
    {put,   "/api/v1/breakers/{dependency}",
        write, here, json, put_breaker},

    {get,   "/api/v1/dead-letters",
        read, here, none, list_dead_letters},
    {post,  "/api/v1/dead-letters/replay",
        write, pool, json, replay_dead_letters},
    {post,  "/api/v1/dead-letters/discard",
        write, pool, json, discard_dead_letters},
    {get,   "/api/v1/dead-letters/{id}",
        read, pool, none, get_dead_letter},
    {post,  "/api/v1/dead-letters/{id}/replay",
        write, pool, none, replay_dead_letter},
    {post,  "/api/v1/dead-letters/{id}/discard",
        write, pool, json, discard_dead_letter},

    {post,  "/api/v1/orchestration/job",
        write, here, json, create_job},
    {post,  "/api/v1/orchestration/jobs:batch",
        write, here, json, create_jobs},
    {get,   "/api/v1/orchestration/jobs",
        read, pool, none, list_jobs},
    {get,   "/api/v1/orchestration/job/{id}",
        read, here, none, get_job},
    {get,   "/api/v1/orchestration/jobs/{id}",
        read, here, none, get_job},
    {remove, "/api/v1/orchestration/job/{id}",
        write, here, none, cancel_job},
    {remove, "/api/v1/orchestration/jobs/{id}",
        write, here, none, cancel_job},
    {post,  "/api/v1/orchestration/jobs/{id}/cancel",
        write, here, none, cancel_job},
    {post,  "/api/v1/orchestration/jobs/{id}/pause",
        write, here, none, pause_job},
    {post,  "/api/v1/orchestration/jobs/{id}/resume",
        write, here, none, resume_job},
    {post,  "/api/v1/orchestration/jobs/{id}/retry",
        write, pool, none, retry_job},
    {post,  "/api/v1/orchestration/jobs/{id}/rerun",
        write, pool, json, rerun_job},
    {get,   "/api/v1/orchestration/jobs/{id}/why",
        read, here, none, get_why},
    {get,   "/api/v1/orchestration/jobs/{id}/definition",
        read, pool, none, get_definition},
    {get,   "/api/v1/orchestration/jobs/{id}/events",
        read, pool, none, list_events},
    {get,   "/api/v1/orchestration/jobs/{id}/nodes",
        read, pool, none, list_nodes},
    {get,   "/api/v1/orchestration/jobs/{id}/tests",
        read, pool, none, list_tests},
    {get,   "/api/v1/orchestration/jobs/{id}/artifacts",
        read, pool, none, list_artifacts},
    {get,   "/api/v1/orchestration/jobs/{id}/artifacts/{*}",
        read, pool, none, get_artifact},
    {get,   "/api/v1/orchestration/jobs/{id}/nodes/{node}/logs",
        read, pool, none, get_logs},
    {post,  "/api/v1/orchestration/jobs/{id}/nodes/{node}/approve",
        write, here, json, approve_node},
    {post,  "/api/v1/orchestration/jobs/{id}/nodes/{node}/reject",
        write, here, json, reject_node},

    {get,   "/api/v1/schedules",
        read, pool, none, list_schedules},
    {get,   "/api/v1/schedules/{name}",
        read, here, none, get_schedule},
    {put,   "/api/v1/schedules/{name}",
        write, here, json, put_schedule},
    {remove, "/api/v1/schedules/{name}",
        write, here, none, delete_schedule},
    {get,   "/api/v1/schedules/{name}/next",
        read, pool, none, get_next_times},
    {post,  "/api/v1/schedules/{name}/pause",
        write, here, none, pause_schedule},
    {post,  "/api/v1/schedules/{name}/resume",
        write, here, none, resume_schedule},
    {post,  "/api/v1/schedules/{name}/trigger",
        write, here, none, trigger_schedule},
    {post,  "/api/v1/schedules/{name}/backfill",
        write, pool, json, backfill_schedule},

    {get,   "/api/v1/workflows",
        read, pool, none, list_workflows},
    {get,   "/api/v1/workflows/{name}",
        read, pool, none, get_workflow},
    {put,   "/api/v1/workflows/{name}",
        write, here, json, put_workflow},
    {get,   "/api/v1/workflows/{name}/versions",
        read, pool, none, list_versions},
    {get,   "/api/v1/workflows/{name}/diff",
        read, pool, none, diff_workflow},
    {post,  "/api/v1/workflows/{name}/enable",
        write, here, none, enable_workflow},
    {post,  "/api/v1/workflows/{name}/disable",
        write, here, none, disable_workflow},
    {post,  "/api/v1/workflows/{name}/start",
        write, pool, json, start_workflow},

    {get,   "/api/v1/evidence/checkpoint",
        read, here, none, get_checkpoint},
    {get,   "/api/v1/evidence/keys",
        read, pool, none, list_keys},
    {post,  "/api/v1/evidence/keys/rotate",
        admin, here, none, rotate_keys},
    {get,   "/api/v1/evidence/records",
        read, pool, none, list_records},
    {get,   "/api/v1/evidence/records/{gseq}",
        read, pool, none, get_record},
    {get,   "/api/v1/evidence/records/{gseq}/proof",
        read, pool, none, get_proof},
    {get,   "/api/v1/evidence/records/{gseq}/signature",
        read, pool, none, get_record_signature},
    {get,   "/api/v1/evidence/job/{id}/receipt",
        read, pool, none, get_receipt},
    {get,   "/api/v1/evidence/job/{id}/bundle",
        read, pool, none, get_bundle},
    {get,   "/api/v1/evidence/job/{id}/verify",
        read, pool, none, verify_job},
    {get,   "/api/v1/evidence/holds",
        read, pool, none, list_holds},
    {post,  "/api/v1/evidence/holds",
        write, here, json, place_hold},
    {post,  "/api/v1/evidence/holds/release",
        write, here, json, release_hold},
    {post,  "/api/v1/evidence/job/{id}/erase",
        admin, pool, json, erase_job},
    {get,   "/api/v1/evidence/{entity}/verify",
        read, pool, none, verify_entity},
    {get,   "/api/v1/evidence/{entity}/receipt",
        read, pool, none, get_entity_receipt},
    {get,   "/api/v1/audit",
        read, pool, none, list_audit},
    {post,  "/api/v1/evidence/timestamps",
        admin, pool, json, put_timestamp},
    // Entry bundles hold the records of every tenant; hashes tell nothing, but whoever may not see
    // the server itself has no use for them.
    {get,   "/api/v1/evidence/tile/{*}",
        watch, pool, none, get_tile},

    {post,  "/dispatch",
        write, here, json, create_dispatch},
    {get,   "/tasks/{id}",
        read, pool, none, get_dispatch},
    {remove, "/tasks/{id}",
        write, here, none, cancel_dispatch},
    {post,  "/api/v1/lanes/{lane}/claim",
        write, here, json, claim_tasks},
    {get,   "/api/v1/workers",
        read, here, none, list_workers},
    {get,   "/api/v1/queue",
        read, here, none, get_queue},
    {post,  "/api/v1/attempts/{id}/heartbeat",
        write, here, json, beat_attempt},
    {post,  "/api/v1/attempts/{id}/complete",
        write, here, json, complete_attempt},
    {post,  "/api/v1/attempts/{id}/fail",
        write, here, json, fail_attempt},
};
// clang-format on

}  // namespace

std::span<const Route> routes() {
    return table;
}

}  // namespace attacca::http
