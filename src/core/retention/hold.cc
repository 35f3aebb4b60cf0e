// SPDX-License-Identifier: Apache-2.0
#include "core/retention/hold.h"

#include <algorithm>
#include <utility>

#include "core/image_json.h"

namespace attacca::core {
namespace {

constexpr std::string_view tenant_scope = "tenant";
constexpr std::string_view job_scope = "job/";

}  // namespace

const Hold* Holds::find(const std::optional<JobId>& job, std::string_view matter) const {
    const auto it = std::find_if(holds_.begin(), holds_.end(), [&](const Hold& hold) {
        return hold.job == job && hold.matter == matter;
    });
    return it == holds_.end() ? nullptr : &*it;
}

const Hold* Holds::over(const JobId& job) const {
    const auto it = std::find_if(holds_.begin(), holds_.end(), [&](const Hold& hold) {
        return !hold.job || *hold.job == job;
    });
    return it == holds_.end() ? nullptr : &*it;
}

bool Holds::place(Hold hold) {
    if (hold.matter.empty() || find(hold.job, hold.matter) != nullptr) {
        return false;
    }
    holds_.push_back(std::move(hold));
    return true;
}

bool Holds::release(const std::optional<JobId>& job, std::string_view matter) {
    const Hold* hold = find(job, matter);
    if (hold == nullptr) {
        return false;
    }
    holds_.erase(holds_.begin() + (hold - holds_.data()));
    return true;
}

std::string hold_entity(std::string_view tenant) { return "hold/" + std::string(tenant); }

std::string scope_text(const std::optional<JobId>& job) {
    return job ? std::string(job_scope) + job->text() : std::string(tenant_scope);
}

Result<std::optional<JobId>> parse_scope(std::string_view text) {
    if (text == tenant_scope) {
        return std::optional<JobId>();
    }
    const auto uuid = text.starts_with(job_scope) ? Uuid::parse(text.substr(job_scope.size()))
                                                  : std::nullopt;
    if (!uuid) {
        return fail(Problem::invalid_value, "a scope is `tenant` or `job/ID`");
    }
    return std::optional<JobId>(JobId{*uuid});
}

std::string image_of(const Holds& holds) {
    Json list = Json::array();
    for (const Hold& hold : holds.all()) {
        Json one = Json::object();
        one.set("scope", scope_text(hold.job));
        one.set("matter", hold.matter);
        one.set("by", hold.by);
        one.set("at", hold.at.us);
        list.push(std::move(one));
    }
    Json out = Json::object();
    out.set("holds", std::move(list));
    return out.text();
}

Result<Holds> load_holds(std::string_view image) {
    ATTACCA_TRY(const Json json, parse_json(image));
    ImageReader reader(json);
    Holds out;
    for (const Json& one : reader.list("holds")) {
        ImageReader part(one);
        Hold hold;
        const Result<std::optional<JobId>> scope = parse_scope(part.text("scope"));
        hold.job = scope ? *scope : std::nullopt;
        hold.matter = part.text("matter");
        hold.by = part.text("by");
        hold.at = {part.number("at")};
        reader.require(scope.has_value() && part.is_good() && out.place(std::move(hold)));
    }
    if (!reader.is_good()) {
        return fail(Problem::corrupt, "the image of a tenant's holds cannot be read");
    }
    return out;
}

}  // namespace attacca::core
