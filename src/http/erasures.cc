// SPDX-License-Identifier: Apache-2.0
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/graph/input.h"
#include "core/retention/erasure.h"
#include "core/retention/hold.h"
#include "http/api.h"
#include "http/json_out.h"

// The erasure of a sealed job, and of all that descends from it: one key seals them all.

namespace attacca::http {
namespace {

constexpr std::size_t family_max = 100'000;

bool read_line(const core::Input& body, std::string_view key, std::size_t bytes_max,
               std::string& out, core::Faults& faults) {
    const auto value = body.member(key);
    if (!value) {
        return true;
    }
    return core::read_text(*value, out, faults) &&
           ((!out.empty() && out.size() <= bytes_max) ||
            faults.add(*value, Problem::out_of_range,
                       "expected 1 to " + std::to_string(bytes_max) + " bytes"));
}

// {"reason": "…", "by": "…"?}
Result<void> read_erasure(const Call& call, core::EraseJob& out) {
    constexpr std::string_view keys[] = {"reason", "by"};
    if (Result<void> done = call.query.finish(); !done) {
        return done;
    }
    ATTACCA_TRY(const Json json, parse_json(call.request.body));
    const core::Input body(json, "");
    core::Faults faults;
    if (!core::check_keys(body, {keys}, faults) ||
        !read_line(body, "reason", core::reason_bytes_max, out.reason, faults) ||
        !read_line(body, "by", core::person_bytes_max, out.by, faults)) {
        return faults.take();
    }
    if (out.reason.empty()) {
        faults.add("/reason", Problem::missing_field, "say why: the record keeps it");
        return faults.take();
    }
    return {};
}

// The job and its descendants; what is added while this reads cannot be, for the job has ended.
Result<std::vector<core::JobId>> family_of(ports::StoreReader& reader, const std::string& tenant,
                                           const core::JobId& root) {
    std::vector<core::JobId> family = {root};
    for (std::size_t i = 0; i < family.size(); ++i) {
        ports::JobFilter filter;
        filter.tenant = tenant;
        filter.parent = family[i];
        for (bool has_more = true; has_more;) {
            ATTACCA_TRY(const ports::JobPage page, reader.jobs(filter));
            for (const ports::JobRow& row : page.rows) {
                family.push_back(row.id);
                filter.after = row.id;
            }
            has_more = page.has_more && !page.rows.empty();
            if (family.size() > family_max) {
                return fail(Problem::too_many, "the job has too many descendants");
            }
        }
    }
    return family;
}

Result<core::EraseJob> erasure_wanted(const Api& api, const Call& call) {
    core::EraseJob wanted;
    wanted.tenant = call.tenant;
    wanted.actor = api.options.actor;
    wanted.by = api.options.actor;
    if (Result<void> done = read_erasure(call, wanted); !done) {
        return done.error();
    }
    ATTACCA_TRY(const ports::JobRow row, api.jobs.find(call.tenant, call.path.front()));
    ATTACCA_TRY(const std::optional<core::JobId> seal, api.jobs.seal_of(row));
    if (!seal) {
        return fail(Problem::state_conflict,
                    "the job is not sealed: what it left cannot be erased without breaking the "
                    "evidence of it");
    }
    if (*seal != row.id) {
        return fail(Problem::state_conflict,
                    "the job is sealed with the key of job " + seal->text() + ": erase that one");
    }
    if (!core::is_final(row.state)) {
        return fail(Problem::state_conflict, "only a job that has ended can be erased");
    }
    wanted.job = row.id;
    ATTACCA_TRY(wanted.family, family_of(api.gateway.reader(), call.tenant, row.id));
    return wanted;
}

Result<std::string> erasure_json(const JobView& jobs, const core::JobId& job) {
    ATTACCA_TRY(const core::Erasure erasure, jobs.erasure_of(job));
    std::string body;
    ObjectOut out(body);
    out.text("job", job.text());
    out.text("by", erasure.by);
    out.text("reason", erasure.reason);
    out.time("erased_at", erasure.erased_at.value_or(WallTime{}));
    out.end();
    return body;
}

}  // namespace

void erase_job(Api& api, Call call) {
    Result<core::EraseJob> wanted = erasure_wanted(api, call);
    if (!wanted) {
        call.reply.refuse(wanted.error());
        return;
    }
    const core::JobId job = wanted->job;
    api.gateway.submit(std::move(*wanted), [kept = api.shared_from_this(), reply = call.reply,
                                            job](const core::Answer& given) {
        if (!given) {
            reply.refuse(given.error());
            return;
        }
        reply.send_made(
            [kept, reply, job] { return reply.response_of(200, erasure_json(kept->jobs, job)); });
    });
}

}  // namespace attacca::http
