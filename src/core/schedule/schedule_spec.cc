// SPDX-License-Identifier: Apache-2.0
#include "core/schedule/schedule_spec.h"

#include <array>
#include <utility>

#include "core/graph/priority.h"
#include "core/job/states.h"

namespace attacca::core {
namespace {

constexpr std::array<std::string_view, 4> overlap_names = {"skip", "queue", "cancel_running",
                                                           "allow"};
constexpr std::array<std::string_view, 3> catch_up_names = {"skip", "once", "all"};
constexpr std::string_view catch_up_keys[] = {"policy", "window"};

bool read_cron(const Input& value, Timing& out, Faults& faults) {
    if (!read_text(value, out.cron, faults)) {
        return false;
    }
    const Result<CronFields> fields = parse_cron(out.cron);
    if (!fields) {
        return faults.add(value, fields.error().problem, fields.error().detail);
    }
    out.kind = TimingKind::cron;
    out.fields = *fields;
    return true;
}

bool read_instant(const Input& value, WallTime& out, Faults& faults) {
    std::string text;
    if (!read_text(value, text, faults)) {
        return false;
    }
    const Result<WallTime> at = parse_rfc3339(text);
    if (!at || at->us < 0) {
        return faults.add(value, Problem::invalid_value,
                          "expected an instant like 2026-03-01T12:00:00Z");
    }
    out = *at;
    return true;
}

bool read_interval(const Input& schedule, const Input& every, Timing& out, Faults& faults) {
    out.kind = TimingKind::interval;
    if (!read_duration(every, out.every, faults)) {
        return false;
    }
    if (out.every < interval_min || out.every.us % interval_min.us != 0) {
        return faults.add(every, Problem::out_of_range,
                          "an interval is a whole number of seconds, at least one");
    }
    const auto from = schedule.member("from");
    return !from || read_instant(*from, out.from.emplace(), faults);
}

bool read_timing(const Input& schedule, Timing& out, Faults& faults) {
    const auto cron = schedule.member("cron");
    const auto every = schedule.member("every");
    const auto at = schedule.member("at");
    const auto zone = schedule.member("timezone");
    const auto from = schedule.member("from");
    const int given = (cron ? 1 : 0) + (every ? 1 : 0) + (at ? 1 : 0);
    if (given != 1) {
        return faults.add(schedule, given == 0 ? Problem::missing_field : Problem::invalid_value,
                          "exactly one of `cron`, `every` and `at` says when it fires");
    }
    if (zone && !cron) {
        return faults.add(*zone, Problem::invalid_value, "`timezone` belongs to `cron`");
    }
    if (from && !every) {
        return faults.add(*from, Problem::invalid_value, "`from` belongs to `every`");
    }
    if (cron) {
        return read_cron(*cron, out, faults) && (!zone || read_text(*zone, out.zone, faults));
    }
    if (every) {
        return read_interval(schedule, *every, out, faults);
    }
    out.kind = TimingKind::once;
    return read_instant(*at, out.at, faults);
}

bool read_window(const Input& value, ScheduleSpec& out, Faults& faults) {
    if (!read_duration(value, out.window, faults)) {
        return false;
    }
    return out.window <= catch_up_window_max ||
           faults.add(value, Problem::out_of_range, "a catch-up window is limited to 31d");
}

// A duration is short for the policy `once` within it.
bool read_catch_up(const Input& value, ScheduleSpec& out, Faults& faults) {
    if (value.json().is_string() && value.json().as_string() == "skip") {
        return true;
    }
    if (value.json().is_string()) {
        out.catch_up = CatchUp::once;
        return read_window(value, out, faults);
    }
    if (!check_keys(value, Keys{catch_up_keys}, faults)) {
        return false;
    }
    const auto policy = value.member("policy");
    const auto window = value.member("window");
    if (!policy) {
        return faults.add(value, Problem::missing_field, "`policy` is missing");
    }
    std::size_t position = 0;
    if (!read_choice(*policy, catch_up_names, position, faults)) {
        return false;
    }
    out.catch_up = static_cast<CatchUp>(position);
    if (out.catch_up == CatchUp::skip) {
        return !window || faults.add(*window, Problem::invalid_value,
                                     "`skip` catches nothing up, so it has no window");
    }
    return window ? read_window(*window, out, faults)
                  : faults.add(value, Problem::missing_field, "`window` is missing");
}

void set_timing(const Timing& timing, Json& out) {
    switch (timing.kind) {
        case TimingKind::cron:
            out.set("cron", timing.cron);
            out.set("timezone", timing.zone);
            return;
        case TimingKind::interval:
            out.set("every", format_duration(timing.every));
            if (timing.from) {
                out.set("from", rfc3339(*timing.from));
            }
            return;
        case TimingKind::once: out.set("at", rfc3339(timing.at)); return;
    }
}

bool read_job(const Input& job, ScheduleSpec& out, Faults& faults) {
    const auto name = job.member("name");
    const auto priority = job.member("priority");
    const auto details = job.member("details");
    if (!name || !priority || !read_text(*name, out.job_name, faults)) {
        return false;
    }
    const Result<Priority> parsed = parse_priority(priority->json());
    if (!parsed) {
        return false;
    }
    out.priority = *parsed;
    out.details = details ? details->json().canonical_text() : std::string{};
    return true;
}

}  // namespace

bool read_schedule_rules(const Input& schedule, ScheduleSpec& out, Faults& faults) {
    if (!read_timing(schedule, out.timing, faults)) {
        return false;
    }
    if (const auto overlap = schedule.member("overlap")) {
        std::size_t position = 0;
        if (!read_choice(*overlap, overlap_names, position, faults)) {
            return false;
        }
        out.overlap = static_cast<Overlap>(position);
    }
    const auto catch_up = schedule.member("catch_up");
    return !catch_up || read_catch_up(*catch_up, out, faults);
}

Json json_of(const ScheduleSpec& spec) {
    Json out = Json::object();
    set_timing(spec.timing, out);
    out.set("overlap", name_of(spec.overlap));
    if (spec.catch_up != CatchUp::skip) {
        Json catch_up = Json::object();
        catch_up.set("policy", name_of(spec.catch_up));
        catch_up.set("window", format_duration(spec.window));
        out.set("catch_up", std::move(catch_up));
    }
    if (!spec.workflow.empty()) {
        out.set("workflow", spec.workflow);
        if (!spec.params.empty()) {
            out.set("params", parse_json(spec.params).value());
        }
        if (spec.is_trigger) {
            out.set("trigger", true);
        }
        return out;
    }
    Json job = Json::object();
    job.set("name", spec.job_name);
    job.set("priority", name_of(spec.priority));
    if (!spec.details.empty()) {
        job.set("details", parse_json(spec.details).value());
    }
    out.set("job", std::move(job));
    return out;
}

Result<ScheduleSpec> load_schedule_spec(std::string_view text) {
    ATTACCA_TRY(const Json json, parse_json(text, json_depth_max + 8));
    const Input input(json, "");
    Faults faults;
    ScheduleSpec out;
    bool is_good = json.is_object() && read_schedule_rules(input, out, faults);
    const auto workflow = input.member("workflow");
    const auto job = input.member("job");
    if (is_good && workflow) {
        is_good = read_text(*workflow, out.workflow, faults);
        const auto params = input.member("params");
        out.params = params ? params->json().canonical_text() : std::string{};
        out.is_trigger = input.member("trigger").has_value();
    } else if (is_good) {
        is_good = job && read_job(*job, out, faults);
    }
    if (!is_good) {
        return fail(Problem::corrupt, "a schedule's record cannot be read");
    }
    return out;
}

std::string_view name_of(Overlap overlap) {
    return overlap_names[static_cast<std::size_t>(overlap)];
}

std::string_view name_of(CatchUp catch_up) {
    return catch_up_names[static_cast<std::size_t>(catch_up)];
}

}  // namespace attacca::core
