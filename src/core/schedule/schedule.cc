// SPDX-License-Identifier: Apache-2.0
#include "core/schedule/schedule.h"

#include <utility>

#include "core/image_json.h"

namespace attacca::core {

std::string schedule_entity(std::string_view tenant, std::string_view name) {
    return "schedule/" + std::string(tenant) + "/" + std::string(name);
}

std::string image_of(const Schedule& schedule) {
    Json out = Json::object();
    out.set("tenant", schedule.tenant);
    out.set("name", schedule.name);
    set_text_or_body(out, "spec", schedule.spec_text);
    if (schedule.definition_digest) {
        out.set("definition", hex(*schedule.definition_digest));
    }
    out.set("paused", schedule.is_paused);
    out.set("deleted", schedule.is_deleted);
    out.set("created_at", schedule.created_at.us);
    out.set("set_at", schedule.set_at.us);
    out.set("decided_to", schedule.decided_to.us);
    Json queued = Json::array();
    for (const WallTime nominal : schedule.queued) {
        queued.push(nominal.us);
    }
    out.set("queued", std::move(queued));
    out.set("started", static_cast<std::int64_t>(schedule.started));
    out.set("skipped", static_cast<std::int64_t>(schedule.skipped));
    out.set("missed", static_cast<std::int64_t>(schedule.missed));
    if (schedule.last) {
        Json last = Json::object();
        last.set("nominal", schedule.last->nominal.us);
        last.set("outcome", name_of(schedule.last->outcome));
        if (schedule.last->job) {
            last.set("job", schedule.last->job->text());
        }
        out.set("last", std::move(last));
    }
    return out.text();
}

Result<Schedule> load_schedule(std::string_view image) {
    ATTACCA_TRY(const Json json, parse_json(image));
    ImageReader reader(json);
    Schedule out;
    out.tenant = reader.text("tenant");
    out.name = reader.text("name");
    out.spec_text = reader.text_or_body("spec");
    if (reader.has("definition")) {
        out.definition_digest = reader.digest("definition");
    }
    out.is_paused = reader.yes("paused");
    out.is_deleted = reader.yes("deleted");
    out.created_at = {reader.number("created_at")};
    out.set_at = {reader.number("set_at")};
    out.decided_to = {reader.number("decided_to")};
    for (const Json& nominal : reader.list("queued")) {
        reader.require(nominal.is_integer());
        out.queued.push_back({nominal.is_integer() ? nominal.as_integer() : 0});
    }
    out.started = static_cast<std::uint64_t>(reader.number("started"));
    out.skipped = static_cast<std::uint64_t>(reader.number("skipped"));
    out.missed = static_cast<std::uint64_t>(reader.number("missed"));
    if (const Json* last = json.find("last")) {
        ImageReader part(*last);
        const auto outcome = fire_outcome_of(part.text("outcome"));
        out.last = Schedule::Last{{part.number("nominal")},
                                  outcome.value_or(FireOutcome::started),
                                  std::nullopt};
        if (part.has("job")) {
            out.last->job = part.job("job");
        }
        reader.require(part.is_good() && outcome.has_value());
    }
    if (!reader.is_good()) {
        return fail(Problem::corrupt, "the image of a schedule cannot be read");
    }
    return out;
}

}  // namespace attacca::core
