// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/json.h"
#include "base/result.h"
#include "cli/client.h"
#include "cli/context.h"
#include "cli/job_event.h"
#include "cli/job_feed.h"

// Where `jobs` reads: a server, or a data directory that no server holds.

namespace attacca::cli {

struct JobQuery {
    std::vector<std::string> statuses;
    std::string type;
    std::string waiting_for;  // `approval`, or empty
    std::string tag;
    std::string text;
    std::optional<WallTime> created_after;
    std::uint32_t limit = 50;
    std::string cursor;
};

// A node or a map's item that has, or had, an attempt.
struct Instance {
    std::string node;
    std::optional<std::uint32_t> item;
    std::string key;
    std::optional<std::int64_t> attempts = {};  // begun so far, where the source tells
};

// Which of a job's files are wanted; what is empty narrows nothing down.
struct ArtifactsWanted {
    std::string node;
    std::optional<std::uint64_t> item;
    std::optional<std::uint64_t> attempt;
};

class JobSource {
  public:
    virtual ~JobSource() = default;

    // Of a named server only that; else the directory's server, else the directory itself.
    [[nodiscard]] static Result<std::unique_ptr<JobSource>> find(const Context& context);

    // {"items": […], "total": n, "next_cursor"?}
    [[nodiscard]] virtual Result<Json> list(const JobQuery& query) = 0;
    [[nodiscard]] virtual Result<Json> job(const std::string& id) = 0;
    // {"items": […]}, one per record
    [[nodiscard]] virtual Result<Json> events(const std::string& id) = 0;
    [[nodiscard]] virtual Result<std::vector<Instance>> instances(const std::string& id) = 0;
    // A whole log. Errors: not_found, when the job or the node does not exist.
    [[nodiscard]] virtual Result<std::string> log(const std::string& id,
                                                  const LogWanted& wanted) = 0;
    // As it is written, to the end of the attempt or until `take` returns false.
    [[nodiscard]] virtual Result<void> follow_log(
        const std::string& id, const LogWanted& wanted,
        const std::function<bool(std::string_view)>& take) = 0;
    // The files that the job's attempts left, each as the API shows it: `name`, `node`, `item`,
    // `attempt`, `sha256`, `bytes`, …, in the order of nodes, items and attempts.
    [[nodiscard]] virtual Result<Json::Array> artifacts(const std::string& id,
                                                        const ArtifactsWanted& wanted) = 0;
    // The bytes of one of them, piece by piece, until `take` returns false.
    [[nodiscard]] virtual Result<void> artifact(
        const std::string& id, const Json& artifact,
        const std::function<bool(std::string_view)>& take) = 0;
};

[[nodiscard]] std::unique_ptr<JobSource> server_source(const Client& client);
[[nodiscard]] std::unique_ptr<JobSource> stored_source(std::unique_ptr<Stored> stored,
                                                       std::string tenant);

// The events of a job that has ended. `source` and `model` outlive it.
[[nodiscard]] std::unique_ptr<JobFeed> stored_feed(JobSource& source, std::string job,
                                                   ProgressModel& model);

// What answers: a server, or a data directory. One of the two is there.
struct Place {
    std::optional<Client> server;
    std::unique_ptr<Stored> stored;
};
// Of a named server only that; else the directory's server, else the directory itself.
[[nodiscard]] Result<Place> find_place(const Context& context);

// The query of `GET …/jobs`, without `?`.
[[nodiscard]] std::string query_text(const JobQuery& query);

}  // namespace attacca::cli
