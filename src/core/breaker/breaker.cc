// SPDX-License-Identifier: Apache-2.0
#include "core/breaker/breaker.h"

#include <utility>

#include "base/check.h"
#include "base/seeded_bug.h"
#include "core/image_json.h"

namespace attacca::core {
namespace {

std::optional<BreakerState> breaker_state_of(std::string_view name) {
    for (const BreakerState state :
         {BreakerState::closed, BreakerState::open, BreakerState::half_open}) {
        if (name == name_of(state)) {
            return state;
        }
    }
    return std::nullopt;
}

void move(Breaker& breaker, BreakerState to, WallTime at) {
    breaker.state = to;
    breaker.since_at = at;
    breaker.probe_at = {};
    breaker.in_a_row = to == BreakerState::closed ? 0 : breaker.in_a_row;
}

}  // namespace

std::string_view name_of(BreakerState state) {
    switch (state) {
        case BreakerState::closed: return "closed";
        case BreakerState::open: return "open";
        case BreakerState::half_open: return "half-open";
    }
    ATTACCA_CHECK(false);
}

std::string_view name_of(BreakerMode mode) {
    switch (mode) {
        case BreakerMode::automatic: return "auto";
        case BreakerMode::open: return "open";
        case BreakerMode::closed: return "closed";
    }
    ATTACCA_CHECK(false);
}

std::string_view name_of(BreakerCause cause) {
    switch (cause) {
        case BreakerCause::errors: return "errors";
        case BreakerCause::probe: return "probe";
    }
    ATTACCA_CHECK(false);
}

std::optional<BreakerMode> breaker_mode_of(std::string_view name) {
    for (const BreakerMode mode :
         {BreakerMode::automatic, BreakerMode::open, BreakerMode::closed}) {
        if (name == name_of(mode)) {
            return mode;
        }
    }
    return std::nullopt;
}

std::optional<BreakerCause> breaker_cause_of(std::string_view name) {
    if (name == name_of(BreakerCause::errors)) {
        return BreakerCause::errors;
    }
    return name == name_of(BreakerCause::probe) ? std::optional(BreakerCause::probe) : std::nullopt;
}

std::string breaker_entity(std::string_view tenant, std::string_view dependency) {
    return "breaker/" + std::string(tenant) + "/" + std::string(dependency);
}

std::string image_of(const Breaker& breaker) {
    Json out = Json::object();
    out.set("tenant", breaker.tenant);
    out.set("dependency", breaker.dependency);
    out.set("state", name_of(breaker.state));
    out.set("mode", name_of(breaker.mode));
    out.set("since", breaker.since_at.us);
    out.set("probe", breaker.probe_at.us);
    out.set("openings", static_cast<std::int64_t>(breaker.openings));
    out.set("in_a_row", std::int64_t{breaker.in_a_row});
    out.set("errors", std::int64_t{breaker.errors});
    out.set("reason", breaker.reason);
    return out.text();
}

Result<Breaker> load_breaker(std::string_view image) {
    ATTACCA_TRY(const Json json, parse_json(image));
    ImageReader reader(json);
    Breaker out;
    out.tenant = reader.text("tenant");
    out.dependency = reader.text("dependency");
    const auto state = breaker_state_of(reader.text("state"));
    const auto mode = breaker_mode_of(reader.text("mode"));
    out.since_at = {reader.number("since")};
    out.probe_at = {reader.number("probe")};
    out.openings = static_cast<std::uint64_t>(reader.number("openings"));
    out.in_a_row = static_cast<std::uint32_t>(reader.number("in_a_row"));
    out.errors = static_cast<std::uint32_t>(reader.number("errors"));
    out.reason = reader.text("reason");
    reader.require(state.has_value() && mode.has_value());
    if (!reader.is_good()) {
        return fail(Problem::corrupt, "the image of a breaker cannot be read");
    }
    out.state = *state;
    out.mode = ATTACCA_BUG(BUG_HOLD_FORGOTTEN) ? BreakerMode::automatic : *mode;
    return out;
}

bool fold_breaker(Breaker& breaker, const BreakerOpened& opened, WallTime at) {
    const BreakerState from =
        opened.cause == BreakerCause::errors ? BreakerState::closed : BreakerState::half_open;
    if (breaker.mode != BreakerMode::automatic || breaker.state != from) {
        return false;
    }
    move(breaker, BreakerState::open, at);
    breaker.probe_at = at + milliseconds(opened.probe_in_ms);
    breaker.errors = opened.errors;
    ++breaker.openings;
    ++breaker.in_a_row;
    return true;
}

bool fold_breaker(Breaker& breaker, const BreakerHalfOpened&, WallTime at) {
    if (breaker.mode != BreakerMode::automatic || breaker.state != BreakerState::open) {
        return false;
    }
    move(breaker, BreakerState::half_open, at);
    return true;
}

bool fold_breaker(Breaker& breaker, const BreakerClosed&, WallTime at) {
    if (breaker.mode != BreakerMode::automatic || breaker.state != BreakerState::half_open) {
        return false;
    }
    move(breaker, BreakerState::closed, at);
    return true;
}

bool fold_breaker(Breaker& breaker, const BreakerSet& set, WallTime at) {
    breaker.mode = set.mode;
    breaker.reason = set.mode == BreakerMode::automatic ? std::string() : set.reason;
    move(breaker, set.mode == BreakerMode::open ? BreakerState::open : BreakerState::closed, at);
    return true;
}

}  // namespace attacca::core
