// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/json.h"
#include "base/result.h"
#include "base/time.h"

// One record of a job as the progress display sees it: the same whether it was read from a local
// ledger or came from a server. `data` is the record's `p`. Pure.

namespace attacca::cli {

struct JobEvent {
    std::uint64_t gseq = 0;
    std::string type;  // job_created, attempt_started, …
    WallTime at;
    std::string actor;
    std::string job;  // id; empty when the record is not about a job
    Json data;
};

// From a stored record's exact bytes. Errors: corrupt.
[[nodiscard]] Result<JobEvent> event_of_record(std::string_view bytes);
// From an item of `GET …/events`, or from a CloudEvent of the event stream. Errors: corrupt.
[[nodiscard]] Result<JobEvent> event_of_wire(const Json& item);

// The event as a CloudEvent 1.0, one object.
[[nodiscard]] Json cloud_event(const JobEvent& event);

// Members of objects that come from elsewhere: a neutral value when missing or of another type.
[[nodiscard]] std::string text_member(const Json& object, std::string_view key);
// What stands behind a lane's name for its member `capabilities`: ` [cuda, gpu]`, or nothing.
[[nodiscard]] std::string capabilities_of(const Json& lane);
[[nodiscard]] std::int64_t number_member(const Json& object, std::string_view key,
                                         std::int64_t fallback = 0);

}  // namespace attacca::cli
