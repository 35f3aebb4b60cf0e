// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <string>
#include <utility>
#include <variant>

#include "core/graph/pipeline.h"
#include "http/api.h"
#include "http/conditions.h"
#include "http/evidence_view.h"
#include "http/named_view.h"
#include "http/query.h"
#include "http/submission.h"
#include "http/throttle.h"

// Schedules: set, shown, paused and triggered.

namespace attacca::http {
namespace {

constexpr std::string_view schedule_keys[] = {"cron",    "timezone", "every",    "from",   "at",
                                              "overlap", "catch_up", "workflow", "params", "job"};

bool read_target(const core::Input& schedule, core::SetSchedule& out, core::Faults& faults) {
    const auto workflow = schedule.member("workflow");
    const auto params = schedule.member("params");
    const auto job = schedule.member("job");
    if (workflow.has_value() == job.has_value()) {
        return faults.add(schedule, job ? Problem::invalid_value : Problem::missing_field,
                          "either `workflow` or `job` says what it starts");
    }
    if (job) {
        return !params || faults.add(*params, Problem::invalid_value,
                                     "`params` belongs to `workflow`; a job has its own");
    }
    if (!core::read_text(*workflow, out.spec.workflow, faults)) {
        return false;
    }
    if (params) {
        if (!core::check_object(*params, faults)) {
            return false;
        }
        out.spec.params = params->json().canonical_text();
    }
    return true;
}

Result<core::SetSchedule> parse_schedule(Api& api, const std::string& tenant,
                                         std::string_view body) {
    ATTACCA_TRY(const Json json, parse_bounded(body));
    core::SetSchedule out;
    core::Faults faults;
    const core::Input input(json, "");
    if (!core::check_keys(input, core::Keys{schedule_keys}, faults) ||
        !core::read_schedule_rules(input, out.spec, faults) || !read_target(input, out, faults)) {
        return faults.take();
    }
    if (const Result<std::shared_ptr<const core::Zone>> zone = zone_of(api, out.spec.timing);
        !zone) {
        faults.add("/timezone", zone.error().problem, zone.error().detail);
        return faults.take();
    }
    if (const Json* job = json.find("job")) {
        ATTACCA_TRY(core::NewJob made, job_of(*job, "/job", workflows_of(api, tenant)));
        if (made.scheduled_at) {
            faults.add("/job/scheduled_at", Problem::invalid_value,
                       "the schedule says when the job starts");
            return faults.take();
        }
        out.spec.job_name = std::move(made.name);
        out.spec.priority = made.priority;
        out.spec.details = std::move(made.details);
        out.definition = std::move(made.definition);
    }
    return out;
}

// Answers a command with the schedule as it then is.
engine::AnswerHandler show_schedule(Api& api, const Call& call, const std::string& name) {
    return [kept = api.shared_from_this(), reply = call.reply, tenant = call.tenant,
            name](const core::Answer& given) {
        if (!given) {
            reply.refuse(given.error());
            return;
        }
        reply.send_made([kept, reply, tenant, name] {
            const Result<StoredSchedule> found = find_schedule(*kept, tenant, name);
            Response response = reply.response_of(
                200, found ? Result<std::string>(schedule_json(*kept, found->schedule).text())
                           : Result<std::string>(found.error()));
            if (found) {
                response.headers.push_back(newest_receipt(core::schedule_entity(tenant, name)));
            }
            return response;
        });
    };
}

void switch_schedule(Api& api, const Call& call, core::ScheduleSwitch to) {
    if (!has_plain_query(call)) {
        return;
    }
    const std::string& name = call.path.front();
    engine::AnswerHandler handler = show_schedule(api, call, name);
    if (to == core::ScheduleSwitch::remove) {
        handler = [reply = call.reply, entity = core::schedule_entity(call.tenant, name)](
                      const core::Answer& given) {
            if (!given) {
                reply.refuse(given.error());
                return;
            }
            Response response;
            response.status = 204;
            response.headers.push_back(newest_receipt(entity));
            reply.send(std::move(response));
        };
    }
    api.gateway.submit_if(
        condition_on(call.request, core::schedule_entity(call.tenant, name)),
        core::SwitchSchedule{call.tenant, api.options.actor, name, to},
        std::move(handler));
}

std::string local_text(WallTime at, const core::Zone& zone) {
    const std::int64_t offset = zone.span_at(at.us / 1'000'000).offset_s;
    std::string text = rfc3339_ms(at + seconds(offset)).substr(0, 19);
    const std::int64_t minutes = (offset < 0 ? -offset : offset) / 60;
    text += offset < 0 ? '-' : '+';
    for (const std::int64_t part : {minutes / 60, minutes % 60}) {
        text += part < 10 ? "0" : "";
        text += std::to_string(part);
        text += text.size() == 22 ? ":" : "";
    }
    return text;
}

Result<std::string> next_times(Api& api, Call& call) {
    ATTACCA_TRY(const std::uint64_t count, call.query.take_number("count", 10, 1, page_max));
    ATTACCA_TRY(const std::optional<WallTime> after, call.query.take_time("after"));
    if (Result<void> done = call.query.finish(); !done) {
        return done.error();
    }
    ATTACCA_TRY(const StoredSchedule found,
                find_schedule(api, call.tenant, call.path.front()));
    ATTACCA_TRY(const auto zone, zone_of(api, found.schedule.spec.timing));
    const core::Occurrences occurrences = found.schedule.occurrences(*zone);
    Json items = Json::array();
    WallTime at = after.value_or(
        std::max(found.schedule.decided_to, api.gateway.clock().now().wall));
    while (items.as_array().size() < count) {
        const std::optional<WallTime> next = occurrences.next(at);
        if (!next) {
            break;
        }
        at = *next;
        Json item = Json::object();
        item.set("at", rfc3339_ms(at));
        item.set("local", local_text(at, *zone));
        items.push(std::move(item));
    }
    Json out = Json::object();
    out.set("timezone", zone->name);
    out.set("paused", found.schedule.is_paused);
    out.set("items", std::move(items));
    return out.text();
}

Result<std::string> schedule_page(Api& api, Call& call) {
    ATTACCA_TRY(const std::uint64_t limit, call.query.take_number("limit", 50, 1, page_max));
    const std::string after = call.query.take("after").value_or("");
    if (Result<void> done = call.query.finish(); !done) {
        return done.error();
    }
    const std::string prefix = core::schedule_entity(call.tenant, "");
    std::string from = prefix + after;
    Json items = Json::array();
    bool has_more = true;
    while (items.as_array().size() < limit && has_more) {
        ATTACCA_TRY(const auto heads, api.gateway.reader().entities_below(prefix, from, page_max));
        has_more = heads.size() == page_max;
        for (const ports::EntityHead& head : heads) {
            if (items.as_array().size() == limit) {
                has_more = true;
                break;
            }
            from = head.entity;
            ATTACCA_TRY(const core::Schedule schedule, schedule_of(api, head));
            if (!schedule.is_deleted) {
                items.push(schedule_json(api, schedule));
            }
        }
    }
    Json out = Json::object();
    out.set("items", std::move(items));
    if (has_more) {
        out.set("next_after", from.substr(prefix.size()));
    }
    return out.text();
}

}  // namespace

void put_schedule(Api& api, Call call) {
    if (!has_plain_query(call)) {
        return;
    }
    Result<core::SetSchedule> set = parse_schedule(api, call.tenant, call.request.body);
    const std::string& name = call.path.front();
    if (set && !core::is_pipeline_name(name)) {
        set = fail(Problem::invalid_value,
                   "a schedule's name has a small letter, then at most 62 small letters, digits "
                   "and `-`");
    }
    if (!set) {
        call.reply.refuse(set.error());
        return;
    }
    set->tenant = call.tenant;
    set->actor = api.options.actor;
    set->name = name;
    api.gateway.submit_if(condition_on(call.request, core::schedule_entity(call.tenant, name)),
                          std::move(*set), show_schedule(api, call, name));
}

void list_schedules(Api& api, Call call) {
    call.reply.send(call.reply.response_of(200, schedule_page(api, call)));
}

void get_schedule(Api& api, Call call) {
    if (!has_plain_query(call)) {
        return;
    }
    const auto found = find_schedule(api, call.tenant, call.path.front());
    Response response = call.reply.response_of(
        200, found ? Result<std::string>(schedule_json(api, found->schedule).text())
                   : Result<std::string>(found.error()));
    response.version = found ? version_of_tag(found->head.eseq) : std::string();
    call.reply.send(std::move(response));
}

void get_next_times(Api& api, Call call) {
    call.reply.send(call.reply.response_of(200, next_times(api, call)));
}

void delete_schedule(Api& api, Call call) {
    switch_schedule(api, call, core::ScheduleSwitch::remove);
}

void pause_schedule(Api& api, Call call) {
    switch_schedule(api, call, core::ScheduleSwitch::pause);
}

void resume_schedule(Api& api, Call call) {
    switch_schedule(api, call, core::ScheduleSwitch::resume);
}

void trigger_schedule(Api& api, Call call) {
    if (!has_plain_query(call)) {
        return;
    }
    const core::JobId id = api.gateway.new_job_id();
    api.gateway.submit(
        core::TriggerSchedule{call.tenant, api.options.actor, call.path.front(), id},
        [reply = call.reply, id](const core::Answer& given) {
            if (!given) {
                reply.refuse(given.error());
                return;
            }
            if (const auto* limits = std::get_if<core::Throttled>(&*given)) {
                reply.send(throttled_response(reply, *limits));
                return;
            }
            Response response;
            response.status = 202;
            Json out = Json::object();
            out.set("id", id.text());
            response.body = out.text();
            response.headers.push_back(
                {"Location", "/api/v1/orchestration/job/" + id.text()});
            response.headers.push_back({"Link", receipt_link(id, 0)});
            reply.send(std::move(response));
        });
}

}  // namespace attacca::http
