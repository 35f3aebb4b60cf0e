// SPDX-License-Identifier: Apache-2.0
#include "core/reservation/reservation.h"

#include <array>

#include "base/seeded_bug.h"
#include "core/image_json.h"

namespace attacca::core {
namespace {

constexpr std::array<std::string_view, release_cause_count> release_causes = {"followed", "ended",
                                                                              "quiet"};

}  // namespace

std::string_view name_of(ReleaseCause cause) {
    return release_causes[static_cast<std::size_t>(cause)];
}

std::optional<ReleaseCause> release_cause_of(std::string_view name) {
    for (std::size_t i = 0; i < release_causes.size(); ++i) {
        if (release_causes[i] == name) {
            return static_cast<ReleaseCause>(i);
        }
    }
    return std::nullopt;
}

std::string lane_entity(std::string_view tenant, std::string_view lane) {
    return "lane/" + std::string(tenant) + "/" + std::string(lane);
}

std::string image_of(const Reservation& reservation) {
    Json out = Json::object();
    out.set("tenant", reservation.tenant);
    out.set("lane", reservation.lane);
    out.set("owner", reservation.owner);
    out.set("fence", static_cast<std::int64_t>(reservation.fence.value));
    out.set("job", reservation.job.text());
    out.set("node", reservation.node);
    out.set("since", reservation.since_at.us);
    return out.text();
}

Result<Reservation> load_reservation(std::string_view image) {
    ATTACCA_TRY(const Json json, parse_json(image));
    ImageReader reader(json);
    Reservation out;
    out.tenant = reader.text("tenant");
    out.lane = reader.text("lane");
    out.owner = reader.text("owner");
    out.fence = {static_cast<std::uint64_t>(reader.number("fence"))};
    out.job = reader.job("job");
    out.node = reader.text("node");
    out.since_at = {reader.number("since")};
    if (!reader.is_good()) {
        return fail(Problem::corrupt, "the image of a lane cannot be read");
    }
    if (ATTACCA_BUG(BUG_RESERVATION_FORGOTTEN)) {
        out.owner.clear();
    }
    return out;
}

bool fold_reservation(Reservation& lane, const LaneReserved& reserved, WallTime at) {
    if (reserved.owner.empty() || (lane.is_kept() && lane.owner != reserved.owner)) {
        return false;
    }
    lane.since_at = lane.is_kept() ? lane.since_at : at;
    lane.ends = lane.is_kept() ? lane.ends : 0;
    lane.owner = reserved.owner;
    lane.fence = reserved.fence;
    lane.job = reserved.job;
    lane.node = reserved.node;
    return true;
}

bool fold_reservation(Reservation& lane, const LaneReleased&, WallTime at) {
    if (!lane.is_kept()) {
        return false;
    }
    lane.owner.clear();
    lane.since_at = at;
    return true;
}

}  // namespace attacca::core
