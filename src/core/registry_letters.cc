// SPDX-License-Identifier: Apache-2.0
#include <string>
#include <utility>

#include "core/registry.h"

// The registry's dead letters. Those that are open are held here; one that was closed only until
// its image is stored.

namespace attacca::core {
namespace {

Error stray_letter(const Record& record, std::string_view why) {
    return fail(Problem::corrupt, std::string(type_name_of(record.payload)) + " of " +
                                      record.entity.text() + ": " + std::string(why));
}

}  // namespace

const std::map<JobId, DeadLetter>& Registry::dead_letters(std::string_view tenant) const {
    static const std::map<JobId, DeadLetter> none;
    const auto it = letters_.find(tenant);
    return it == letters_.end() ? none : it->second;
}

const DeadLetter* Registry::dead_letter(std::string_view tenant, const JobId& job) const {
    const std::map<JobId, DeadLetter>& letters = dead_letters(tenant);
    const auto it = letters.find(job);
    return it == letters.end() ? nullptr : &it->second;
}

bool Registry::is_closed_letter(const std::string& entity) const {
    return closed_letters_.contains(entity);
}

void Registry::forget_closed_letters() { closed_letters_.clear(); }

void Registry::add_letter(DeadLetter letter) {
    open_letters_ += letters_[letter.tenant].contains(letter.job) ? 0U : 1U;
    letters_[letter.tenant].insert_or_assign(letter.job, std::move(letter));
}

Result<void> Registry::fold(const Record& record, const DeadLettered& what, Bodies&) {
    const auto job = job_of_dead_letter(record.entity.name, record.tenant);
    if (!job || dead_letter(record.tenant, *job) != nullptr ||
        closed_letters_.contains(record.entity.name)) {
        return stray_letter(record, "the job has a dead letter, or is none of its tenant");
    }
    DeadLetter letter;
    letter.tenant = record.tenant;
    letter.job = *job;
    letter.what = what;
    letter.at = record.at;
    add_letter(std::move(letter));
    return {};
}

Result<void> Registry::close_letter(const Record& record, DeadLetterState to,
                                    std::optional<JobId> replay, std::string reason) {
    const auto job = job_of_dead_letter(record.entity.name, record.tenant);
    const auto of_tenant = letters_.find(record.tenant);
    auto letter = job && of_tenant != letters_.end() ? of_tenant->second.extract(*job)
                                                     : std::map<JobId, DeadLetter>::node_type{};
    if (letter.empty()) {
        return stray_letter(record, "there is no such dead letter that is open");
    }
    if (of_tenant->second.empty()) {
        letters_.erase(of_tenant);
    }
    --open_letters_;
    DeadLetter& closed = letter.mapped();
    closed.state = to;
    closed.closed_at = record.at;
    closed.closed_by = record.actor;
    closed.replay = replay;
    closed.reason = std::move(reason);
    closed_letters_.insert_or_assign(record.entity.name, std::move(closed));
    return {};
}

Result<void> Registry::fold(const Record& record, const DeadLetterReplayed& replayed, Bodies&) {
    return close_letter(record, DeadLetterState::replayed, replayed.job, {});
}

Result<void> Registry::fold(const Record& record, const DeadLetterDiscarded& discarded, Bodies&) {
    return close_letter(record, DeadLetterState::discarded, std::nullopt, discarded.reason);
}

std::string Registry::image_of_letter(const std::string& entity) const {
    if (const auto closed = closed_letters_.find(entity); closed != closed_letters_.end()) {
        return core::image_of(closed->second);
    }
    constexpr std::string_view prefix = "dead-letter/";
    const std::size_t slash = entity.rfind('/');
    if (!entity.starts_with(prefix) || slash < prefix.size()) {
        return {};
    }
    const std::string tenant = entity.substr(prefix.size(), slash - prefix.size());
    const auto job = job_of_dead_letter(entity, tenant);
    const DeadLetter* letter = job ? dead_letter(tenant, *job) : nullptr;
    return letter == nullptr ? std::string() : core::image_of(*letter);
}

Result<void> Registry::load_letter(std::string_view image) {
    ATTACCA_TRY(DeadLetter letter, load_dead_letter(image));
    if (letter.state == DeadLetterState::open) {
        add_letter(std::move(letter));
    }
    return {};
}

}  // namespace attacca::core
