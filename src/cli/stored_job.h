// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "base/result.h"
#include "cli/environment.h"
#include "cli/job_event.h"
#include "cli/job_feed.h"
#include "ports/content.h"
#include "ports/seal_keys.h"
#include "ports/store.h"

// A job read from a local store, in the form in which a server would show it: for `run`, and for
// `jobs` on a data directory that no server holds.

namespace attacca::cli {

// Errors: not_found, io_error, corrupt.
[[nodiscard]] Result<ports::JobRow> stored_row(ports::StoreReader& reader, std::string_view id);
// Its events from first to last.
[[nodiscard]] Result<std::vector<JobEvent>> stored_events(ports::StoreReader& reader,
                                                          const ports::JobRow& row);
// As `GET …/job/{id}`: with nodes (at most 1,000), and outputs when it has ended.
[[nodiscard]] Result<Json> stored_job(ports::StoreReader& reader, const ports::JobRow& row);
// The row alone, as an entry of a list.
[[nodiscard]] Json job_summary(const ports::JobRow& row);

// The digest that a record names, `sha256:<hex>` or base64.
[[nodiscard]] std::optional<Sha256> body_digest(const std::string& text);

// A log of an attempt that ended: its digest and size, from the events. Empty: there is none.
struct StoredLog {
    Sha256 digest;
    std::uint64_t bytes = 0;
    bool is_sealed = false;
};
// Of its job_created event.
[[nodiscard]] bool is_of_sealed_job(const JobEvent& created);
[[nodiscard]] std::optional<StoredLog> stored_log(const std::vector<JobEvent>& events,
                                                  const LogWanted& wanted);
// Whether the attempt that is named was ever started; true when none is named.
[[nodiscard]] bool has_attempt(const std::vector<JobEvent>& events, const LogWanted& wanted);
[[nodiscard]] Result<std::string> log_end(const ports::Content& content, ports::SealKeys* keys,
                                          const StoredLog& log, std::uint64_t bytes_max);

// The files that the attempts left, in the order in which these ended, as the API shows them.
[[nodiscard]] Json::Array stored_artifacts(const std::vector<JobEvent>& events);

// The parameters that a job_created event tells; an empty object when there are none.
[[nodiscard]] Json params_of(ports::StoreReader& reader, const JobEvent& created);
// The names of a map's items, where its definition has a key or the items name themselves. A key
// that needs more than the item and the parameters gives no name.
[[nodiscard]] std::vector<std::string> item_names(const core::NodeDef& node,
                                                  const Json::Array& items,
                                                  const Json& params);

}  // namespace attacca::cli
