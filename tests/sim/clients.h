// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "context.h"
#include "server.h"

// Clients, each with one request at a time, and the edge between them and the engine: it draws ids,
// looks old idempotency keys up in the store, and loses messages.
//
// A client that gets no answer asks again under its key; without a key it gives up, for it cannot
// know. Every answer is held against what is durable at the moment when it leaves the server.

namespace attacca::sim {

class Clients {
  public:
    Clients(Context& context, Server& server);

    void begin();
    void on_turn(std::uint32_t client);
    void on_request(std::uint32_t client, std::uint64_t serial);
    void on_edge_done(std::uint32_t client, std::uint64_t serial);
    void on_answer(std::uint32_t client, std::uint64_t serial);
    void on_answer_late(std::uint32_t client, std::uint64_t serial);
    void on_server_death();
    // I08: a server that stopped in an orderly way owes nobody an answer.
    void check_all_answered();
    [[nodiscard]] bool is_idle() const;

  private:
    enum class Kind : std::uint8_t {
        submit, cancel, pause, resume, set_tenant, approve, stamp, named
    };
    enum class Phase : std::uint8_t { idle, sent, in_edge, in_server, answered };
    struct Request {
        Kind kind = Kind::submit;
        Phase phase = Phase::idle;
        std::uint64_t serial = 0;    // of this try; answers to former tries are stale
        std::vector<const Blueprint*> blueprints;
        std::int64_t held_us = 0;
        core::Priority priority = core::Priority::medium;
        std::optional<std::uint32_t> key;
        Sha256 request_hash;
        std::uint64_t looked_up_at = 0;  // the ledger's size at that time
        std::uint64_t forgotten = 0;     // the try whose use of the key was a day ago by then
        std::uint32_t process = 0;       // whose edge took it
        core::JobId target;
        std::uint32_t node = 0;  // of an approval
        std::optional<std::uint32_t> item;
        core::Ruling ruling = core::Ruling::approved;
        bool is_other_tenant = false;
        bool is_now = false;  // of a pause
        std::string tenant = "default";  // for whom the client acts, or which it changes
        core::TenantSettings settings;
        core::Command named;  // of a schedule or a workflow; its ids are drawn when it is asked
        std::optional<Error> refusal;
        std::vector<core::JobId> ids;  // of the answer
    };

    void draw_submission(Request& request);
    void draw_control(Request& request);
    void draw_tenant(Request& request);
    // False when nothing is left to do.
    bool draw_healing(Request& request);
    void draw_named(Request& request);
    void draw_schedule(Request& request, const std::string& name);
    void draw_workflow(Request& request, const std::string& name);
    // Something about a dead letter that is open.
    void draw_letter(Request& request);
    void check_letter(const Request& request, const core::Answer& answer);
    void draw_breaker(Request& request);
    bool draw_breaker_given_back(Request& request);
    void check_breaker(const Request& request, const core::Answer& answer);
    // A hold or an erasure of a job that was acknowledged.
    void draw_retention(Request& request);
    void check_erasure(const Request& request, const core::Answer& answer);
    void draw_backfill(Request& request, const std::string& name);
    bool draw_end_of_schedules(Request& request);
    void draw_ids(core::Command& command);
    void check_named(const Request& request, const core::Answer& answer);
    // A decision about something of this job that waits for one; false when nothing does.
    bool draw_approval(Request& request, const RefJob& job);
    void send(std::uint32_t client, Request& request);
    void ask_later(std::uint32_t client, Request& request, std::int64_t after_us);
    [[nodiscard]] core::SubmitJobs submission(Request& request);
    [[nodiscard]] core::Command control(const Request& request) const;
    [[nodiscard]] bool answer_from_store(std::uint32_t client, Request& request);
    void ask_engine(std::uint32_t client, Request& request);
    void take_answer(std::uint32_t client, std::uint64_t serial, const core::Answer& answer);
    void check_submitted(const Request& request, const core::Submitted& submitted);
    void check_forgotten(const Request& request, const core::Answer& given);
    void check_control(const Request& request, const core::Answer& answer);
    void answer(std::uint32_t client, Request& request);
    [[nodiscard]] bool was_refused_for_now(const Request& request) const;

    Context& context_;
    Server& server_;
    std::vector<Request> requests_;       // by client
    std::vector<core::JobId> acked_;      // of the last submissions
    std::size_t next_acked_ = 0;
    std::uint32_t next_key_ = 0;
    std::uint64_t next_serial_ = 1;
};

}  // namespace attacca::sim
