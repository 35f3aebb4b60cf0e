// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "core/dead_letter/dead_letter_records.h"

// A dead letter: a job that failed although its failure was worth another attempt.
//
//     open ──► replayed      a new job runs what did not succeed
//        └───► discarded     by a person, or because the tenant has too many of them
//
// It has the id of its job, and there is at most one of each job.

namespace attacca::core {

// Attempts that took the server or a worker down, after which an instance is parked.
inline constexpr std::uint32_t poison_crashes = 3;
// Jobs that make up for one that failed and begins again, itself included.
inline constexpr std::uint32_t job_tries_max = 3;
// Of one tenant; the oldest is discarded for a new one, so that no flood of failures fills memory.
inline constexpr std::size_t dead_letters_max = 10'000;
inline constexpr std::size_t dead_letter_reason_bytes_max = 500;

enum class DeadLetterState : std::uint8_t { open, replayed, discarded };

struct DeadLetter {
    std::string tenant;
    JobId job;
    DeadLettered what;
    WallTime at;
    DeadLetterState state = DeadLetterState::open;
    WallTime closed_at;
    std::string closed_by;         // the actor
    std::optional<JobId> replay;   // the job that was made of it
    std::string reason;            // of a discard
};

// Somebody has looked at them, and nothing is to be done. Letters that are open no more are passed
// over where there are several; a single one is refused.
struct DiscardDeadLetters {
    std::string tenant;
    std::string actor;
    std::vector<JobId> jobs;
    std::string reason;
};

// What is left empty matches all.
struct DeadLetterFilter {
    std::optional<Parked> cause;
    std::string node;  // exactly
    std::string name;  // part of the job's name
};
[[nodiscard]] bool matches(const DeadLetterFilter& filter, const DeadLetter& letter);

// Asks for letters that are open, oldest job first; changes nothing.
struct ReadDeadLetters {
    std::string tenant;
    DeadLetterFilter filter;
    std::optional<JobId> after;
    std::uint32_t limit = 50;
};
struct DeadLetterPage {
    std::vector<DeadLetter> letters;
    bool has_more = false;
};

[[nodiscard]] std::string_view name_of(DeadLetterState state);
[[nodiscard]] std::optional<DeadLetterState> dead_letter_state_of(std::string_view name);

// `dead-letter/<tenant>/<job>`
[[nodiscard]] std::string dead_letter_entity(std::string_view tenant, const JobId& job);
// `dead-letter/<tenant>/`
[[nodiscard]] std::string dead_letter_prefix(std::string_view tenant);
// The job in an entity of this tenant; nothing when it is no dead letter of it.
[[nodiscard]] std::optional<JobId> job_of_dead_letter(std::string_view entity,
                                                      std::string_view tenant);

// What the store keeps of an entity is a dead letter that has no further records: only its image is
// wanted, and nothing of it need be in memory.
[[nodiscard]] bool is_closed_dead_letter(std::string_view entity, std::string_view image);

// The folded state as JSON text, as the store keeps it.
[[nodiscard]] std::string image_of(const DeadLetter& letter);
// Errors: corrupt.
[[nodiscard]] Result<DeadLetter> load_dead_letter(std::string_view image);

}  // namespace attacca::core
