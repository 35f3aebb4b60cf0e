// SPDX-License-Identifier: Apache-2.0
#include <string>
#include <utility>

#include "core/registry.h"

// The registry's breakers. A breaker is made by its first record.

namespace attacca::core {

const Breaker* Registry::breaker(const std::string& entity) const {
    const auto it = breakers_.find(entity);
    return it == breakers_.end() ? nullptr : &it->second;
}

const Breaker* Registry::breaker(std::uint32_t number) const {
    return number < breaker_numbers_.size() ? breaker_numbers_[number] : nullptr;
}

std::uint32_t Registry::breaker_number(const std::string& entity) const {
    const Breaker* known = breaker(entity);
    return known == nullptr ? static_cast<std::uint32_t>(breaker_numbers_.size()) : known->number;
}

void Registry::add_breaker(const std::string& entity, Breaker breaker) {
    const auto [it, is_added] = breakers_.try_emplace(entity);
    if (is_added) {
        breaker.number = static_cast<std::uint32_t>(breaker_numbers_.size());
        breaker_numbers_.push_back(&it->second);
    } else {
        breaker.number = it->second.number;
    }
    tripped_ -= it->second.state != BreakerState::closed ? 1U : 0U;
    it->second = std::move(breaker);
    tripped_ += it->second.state != BreakerState::closed ? 1U : 0U;
}

template <typename Payload>
Result<void> Registry::fold_breaker_record(const Record& record, const Payload& payload) {
    const std::string& entity = record.entity.name;
    const std::string prefix = breaker_entity(record.tenant, "");
    if (!entity.starts_with(prefix) || entity.size() == prefix.size()) {
        return fail(Problem::corrupt, std::string(type_name_of(record.payload)) + " of " +
                                          record.entity.text() +
                                          ": this record is about a breaker of its tenant");
    }
    const Breaker* known = breaker(entity);
    Breaker next = known == nullptr ? Breaker{} : *known;
    if (known == nullptr) {
        next.tenant = record.tenant;
        next.dependency = entity.substr(prefix.size());
        next.since_at = record.at;
    }
    if (!fold_breaker(next, payload, record.at)) {
        return fail(Problem::corrupt, std::string(type_name_of(record.payload)) + " of " + entity +
                                          ": the breaker is " + std::string(name_of(next.state)));
    }
    add_breaker(entity, std::move(next));
    return {};
}

Result<void> Registry::fold(const Record& record, const BreakerOpened& opened, Bodies&) {
    return fold_breaker_record(record, opened);
}

Result<void> Registry::fold(const Record& record, const BreakerHalfOpened& half, Bodies&) {
    return fold_breaker_record(record, half);
}

Result<void> Registry::fold(const Record& record, const BreakerClosed& closed, Bodies&) {
    return fold_breaker_record(record, closed);
}

Result<void> Registry::fold(const Record& record, const BreakerSet& set, Bodies&) {
    return fold_breaker_record(record, set);
}

}  // namespace attacca::core
