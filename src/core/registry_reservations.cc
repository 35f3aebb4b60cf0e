// SPDX-License-Identifier: Apache-2.0
#include <string>
#include <utility>

#include "core/registry.h"

// The registry's lanes. One is made by the first record that keeps it for somebody.

namespace attacca::core {

const Reservation* Registry::lane(const std::string& entity) const {
    const auto it = lanes_.find(entity);
    return it == lanes_.end() ? nullptr : &it->second;
}

const Reservation* Registry::reservation(std::string_view tenant, std::string_view lane) const {
    if (kept_.empty()) {
        return nullptr;
    }
    const Reservation* known = this->lane(lane_entity(tenant, lane));
    return known != nullptr && known->is_kept() ? known : nullptr;
}

const Reservation* Registry::reservation(FenceToken fence) const {
    const auto it = kept_.find(fence);
    return it == kept_.end() ? nullptr : lane(it->second);
}

void Registry::note_end_in(const Reservation& kept) {
    ++lanes_.at(lane_entity(kept.tenant, kept.lane)).ends;
}

void Registry::add_lane(const std::string& entity, Reservation next) {
    Reservation& own = lanes_[entity];
    if (own.is_kept()) {
        kept_.erase(own.fence);
    }
    own = std::move(next);
    if (own.is_kept()) {
        kept_[own.fence] = entity;
    }
}

template <typename Payload>
Result<void> Registry::fold_lane_record(const Record& record, const Payload& payload) {
    const std::string& entity = record.entity.name;
    const std::string prefix = lane_entity(record.tenant, "");
    const auto misfit = [&](std::string_view why) {
        return fail(Problem::corrupt, std::string(type_name_of(record.payload)) + " of " +
                                          record.entity.text() + ": " + std::string(why));
    };
    if (!entity.starts_with(prefix) || entity.size() == prefix.size()) {
        return misfit("this record is about a lane of its tenant");
    }
    const Reservation* known = lane(entity);
    Reservation next = known == nullptr ? Reservation{} : *known;
    next.tenant = record.tenant;
    next.lane = entity.substr(prefix.size());
    if (!fold_reservation(next, payload, record.at)) {
        return misfit(next.is_kept() ? "the lane is kept for somebody else"
                                     : "the lane is kept for nobody");
    }
    add_lane(entity, std::move(next));
    return {};
}

Result<void> Registry::fold(const Record& record, const LaneReserved& reserved, Bodies&) {
    return fold_lane_record(record, reserved);
}

Result<void> Registry::fold(const Record& record, const LaneReleased& released, Bodies&) {
    return fold_lane_record(record, released);
}

}  // namespace attacca::core
