// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "engine/gateway.h"
#include "http/batch_cache.h"
#include "http/definition_cache.h"
#include "http/end_watch.h"
#include "http/job_view.h"
#include "http/known_tenants.h"
#include "http/pool.h"
#include "http/pump.h"
#include "http/query.h"
#include "http/reply.h"
#include "ports/zones.h"

// What handlers work with. One object for the life of the service; handlers keep it alive until
// their answers are out.

namespace attacca::http {

class Server;

struct Api : std::enable_shared_from_this<Api> {
    struct Options {
        std::string actor = "usr:admin";
        Sha256 secret;  // signs cursors; made from the token
        Duration comment_period = seconds(15);
        Duration wait_max = seconds(120);  // of `Prefer: wait`
        ports::Zones* zones = nullptr;     // outlives the service; without: UTC only
    };
    Api(engine::Gateway& gateway, std::shared_ptr<Observer> observer, Options options);
    ~Api();
    // Ends streams and waits; their clients come again.
    void stop();

    engine::Gateway& gateway;
    std::shared_ptr<Observer> observer;
    const Options options;
    DefinitionCache definitions;
    JobView jobs;
    KnownTenants tenants;
    BatchCache batches;  // the pump's thread
    std::shared_ptr<EndWatch> ends;
    Pump pump;
    Pool pool;
    std::atomic<const Server*> server{nullptr};  // once it runs
    // What is durable: records below this can be read.
    std::atomic<std::uint64_t> ledger_size{0};
    MonoTime started_at;

  private:
    void note_size(std::uint64_t size);

    std::uint64_t listener_ = 0;
    bool is_stopped_ = false;
};

// One request at its handler.
struct Call {
    Request request;
    std::vector<std::string> path;  // the values of the pattern's `{}` parts, decoded
    Query query;
    Reply reply;
    std::string tenant;  // for whom the caller acts; it exists
};

using Handler = void (*)(Api& api, Call call);

// --- Handlers; each answers its call, now or later ---

void get_health(Api& api, Call call);
void get_livez(Api& api, Call call);
void get_readyz(Api& api, Call call);
void get_version(Api& api, Call call);
void get_metrics(Api& api, Call call);

void create_job(Api& api, Call call);
void create_jobs(Api& api, Call call);
void retry_job(Api& api, Call call);
void rerun_job(Api& api, Call call);

void list_jobs(Api& api, Call call);
void get_job(Api& api, Call call);
void get_why(Api& api, Call call);
void get_definition(Api& api, Call call);
void list_nodes(Api& api, Call call);
void get_logs(Api& api, Call call);
void list_tests(Api& api, Call call);
void list_artifacts(Api& api, Call call);
void get_artifact(Api& api, Call call);
void list_events(Api& api, Call call);
void list_plain_events(Api& api, Call call);
void stream_events(Api& api, Call call);

void get_checkpoint(Api& api, Call call);
void list_keys(Api& api, Call call);
void rotate_keys(Api& api, Call call);
void list_records(Api& api, Call call);
void get_record(Api& api, Call call);
void get_proof(Api& api, Call call);
void get_record_signature(Api& api, Call call);
void get_receipt(Api& api, Call call);
void get_entity_receipt(Api& api, Call call);
void get_bundle(Api& api, Call call);
void get_tile(Api& api, Call call);
void put_timestamp(Api& api, Call call);
void verify_entity(Api& api, Call call);
void verify_job(Api& api, Call call);
void list_audit(Api& api, Call call);
void list_holds(Api& api, Call call);
void place_hold(Api& api, Call call);
void release_hold(Api& api, Call call);
void erase_job(Api& api, Call call);

void create_dispatch(Api& api, Call call);
void get_dispatch(Api& api, Call call);
void cancel_dispatch(Api& api, Call call);

void claim_tasks(Api& api, Call call);
void list_workers(Api& api, Call call);
void get_queue(Api& api, Call call);
void beat_attempt(Api& api, Call call);
void complete_attempt(Api& api, Call call);
void fail_attempt(Api& api, Call call);

void list_tenants(Api& api, Call call);
void get_tenant(Api& api, Call call);
void put_tenant(Api& api, Call call);

void list_breakers(Api& api, Call call);
void get_breaker(Api& api, Call call);
void put_breaker(Api& api, Call call);

void list_dead_letters(Api& api, Call call);
void get_dead_letter(Api& api, Call call);
void replay_dead_letter(Api& api, Call call);
void replay_dead_letters(Api& api, Call call);
void discard_dead_letter(Api& api, Call call);
void discard_dead_letters(Api& api, Call call);

void list_schedules(Api& api, Call call);
void get_schedule(Api& api, Call call);
void put_schedule(Api& api, Call call);
void delete_schedule(Api& api, Call call);
void get_next_times(Api& api, Call call);
void pause_schedule(Api& api, Call call);
void resume_schedule(Api& api, Call call);
void trigger_schedule(Api& api, Call call);
void backfill_schedule(Api& api, Call call);

void list_workflows(Api& api, Call call);
void get_workflow(Api& api, Call call);
void put_workflow(Api& api, Call call);
void list_versions(Api& api, Call call);
void diff_workflow(Api& api, Call call);
void enable_workflow(Api& api, Call call);
void disable_workflow(Api& api, Call call);
void start_workflow(Api& api, Call call);

void cancel_job(Api& api, Call call);
void pause_job(Api& api, Call call);
void resume_job(Api& api, Call call);
void approve_node(Api& api, Call call);
void reject_node(Api& api, Call call);

}  // namespace attacca::http
