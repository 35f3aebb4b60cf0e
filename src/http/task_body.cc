// SPDX-License-Identifier: Apache-2.0
#include "http/task_body.h"

#include <algorithm>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "base/json.h"
#include "core/decide.h"
#include "core/graph/capabilities.h"
#include "core/graph/input.h"

namespace attacca::http {
namespace {

using core::Faults;
using core::Input;
using core::Range;

constexpr std::size_t worker_bytes_max = 128;
constexpr std::size_t lanes_max = 16;
constexpr Range max_range{1, 1000};
constexpr Range wait_range{0, 120000};
constexpr Range ttl_range{core::lease_ttl_ms_min, core::lease_ttl_ms_max};
constexpr Range fence_range{1, std::numeric_limits<std::int64_t>::max(), Problem::invalid_value};

bool check_lane(const Input& at, std::string_view lane, Faults& faults) {
    return core::is_lane_name(lane) ||
           faults.add(at, Problem::invalid_value, "`" + quoted(lane) + "` is no lane");
}

// A name for people and for records, in one line.
bool read_worker(const Input& body, std::string& out, Faults& faults) {
    const auto value = body.member("worker");
    if (!value) {
        return faults.add(body, Problem::missing_field, "`worker` is required: your own name");
    }
    if (!core::read_text(*value, out, faults)) {
        return false;
    }
    const bool is_visible =
        std::all_of(out.begin(), out.end(), [](char c) { return c > ' ' && c < '\x7f'; });
    return (!out.empty() && out.size() <= worker_bytes_max && is_visible) ||
           faults.add(*value, Problem::invalid_value,
                      "a worker's name has 1 to 128 visible ASCII characters");
}

bool read_number(const Input& body, std::string_view key, Range range, std::int64_t& out,
                 Faults& faults) {
    const auto value = body.member(key);
    return !value || core::read_integer(*value, range, out, faults);
}

bool read_lanes(const Input& body, std::vector<std::string>& out, Faults& faults) {
    const auto value = body.member("lanes");
    if (!value) {
        return true;
    }
    if (!core::check_array(*value, faults)) {
        return false;
    }
    const Json::Array& elements = value->json().as_array();
    if (elements.size() >= lanes_max) {
        return faults.add(*value, Problem::out_of_range, "a claim names at most 16 lanes");
    }
    for (std::size_t i = 0; i < elements.size(); ++i) {
        const Input element(*value, i, elements[i]);
        std::string lane;
        if (!core::read_text(element, lane, faults) || !check_lane(element, lane, faults)) {
            return false;
        }
        if (std::find(out.begin(), out.end(), lane) == out.end()) {
            out.push_back(std::move(lane));
        }
    }
    return true;
}

bool read_fence(const Input& body, core::FenceToken& out, Faults& faults) {
    const auto value = body.member("fence");
    std::int64_t fence = 0;
    if (!value) {
        return faults.add(body, Problem::missing_field, "`fence` is required, as in the lease");
    }
    if (!core::read_integer(*value, fence_range, fence, faults)) {
        return false;
    }
    out.value = static_cast<std::uint64_t>(fence);
    return true;
}

bool read_message(const Input& body, std::string& out, Faults& faults) {
    const auto value = body.member("message");
    return !value || core::read_text(*value, out, faults);
}

bool read_class(const Input& body, core::AttemptReport& out, Faults& faults) {
    constexpr std::string_view names[] = {"transient", "permanent"};
    const auto value = body.member("class");
    std::size_t choice = 0;
    if (!value) {
        return true;
    }
    if (!core::read_choice(*value, names, choice, faults)) {
        return false;
    }
    out.is_transient = choice == 0;
    out.is_permanent = choice == 1;
    return true;
}

bool read_exit_code(const Input& body, core::AttemptReport& out, Faults& faults) {
    constexpr Range code_range{0, 255};
    const auto value = body.member("exit_code");
    std::int64_t code = 0;
    if (!value) {
        return true;
    }
    if (!core::read_integer(*value, code_range, code, faults)) {
        return false;
    }
    out.exit_code = code;
    return true;
}

bool read_outputs(const Input& body, core::AttemptReport& out, Faults& faults) {
    const auto value = body.member("outputs");
    if (!value) {
        return true;
    }
    if (!core::check_object(*value, faults)) {
        return false;
    }
    if (!value->json().as_object().empty()) {
        out.output = value->json().text();
    }
    return true;
}

std::optional<std::uint32_t> small_number(std::string_view text) {
    const auto number = parse_u64(text);
    const bool is_small = number && *number <= std::numeric_limits<std::uint32_t>::max();
    return is_small ? std::optional(static_cast<std::uint32_t>(*number)) : std::nullopt;
}

}  // namespace

Result<core::Claim> parse_claim(std::string_view lane, std::string_view body) {
    constexpr std::string_view keys[] = {"worker", "max",   "wait_ms",
                                         "ttl_ms", "lanes", "capabilities"};
    ATTACCA_TRY(const Json json, parse_json(body));
    const Input root(json, "");
    Faults faults;
    core::Claim claim;
    claim.lanes.emplace_back(lane);
    std::int64_t max = 1;
    std::int64_t wait_ms = 0;
    if (!core::check_keys(root, core::Keys{keys}, faults) || !check_lane(root, lane, faults) ||
        !read_worker(root, claim.worker, faults) ||
        !read_number(root, "max", max_range, max, faults) ||
        !read_number(root, "wait_ms", wait_range, wait_ms, faults) ||
        !read_number(root, "ttl_ms", ttl_range, claim.ttl_ms, faults) ||
        !read_lanes(root, claim.lanes, faults) ||
        !core::read_capabilities(root, core::worker_capabilities_max, claim.capabilities,
                                 faults)) {
        return faults.take();
    }
    claim.max = static_cast<std::uint32_t>(max);
    claim.wait = milliseconds(wait_ms);
    return claim;
}

std::string attempt_id(const core::AttemptName& name) {
    std::string id = name.job.text() + "." + name.node + ".";
    if (name.item) {
        id += std::to_string(*name.item) + ".";
    }
    return id + std::to_string(name.attempt);
}

std::optional<core::AttemptName> parse_attempt_id(std::string_view id) {
    std::vector<std::string_view> parts;
    for (std::size_t at = 0; at <= id.size();) {
        const std::size_t end = std::min(id.find('.', at), id.size());
        parts.push_back(id.substr(at, end - at));
        at = end + 1;
    }
    if (parts.size() != 3 && parts.size() != 4) {
        return std::nullopt;
    }
    const auto job = Uuid::parse(parts.front());
    const auto attempt = small_number(parts.back());
    const bool has_item = parts.size() == 4;
    const auto item = has_item ? small_number(parts[2]) : std::nullopt;
    if (!job || !attempt || has_item != item.has_value()) {
        return std::nullopt;
    }
    return core::AttemptName{core::JobId{*job}, std::string(parts[1]), item, *attempt, {}};
}

Result<core::FenceToken> parse_heartbeat(std::string_view body) {
    constexpr std::string_view keys[] = {"fence"};
    ATTACCA_TRY(const Json json, parse_json(body));
    const Input root(json, "");
    Faults faults;
    core::FenceToken fence;
    if (!core::check_keys(root, core::Keys{keys}, faults) || !read_fence(root, fence, faults)) {
        return faults.take();
    }
    return fence;
}

Result<core::ReportTask> parse_complete(std::string_view body) {
    constexpr std::string_view keys[] = {"fence", "outputs", "exit_code"};
    ATTACCA_TRY(const Json json, parse_json(body));
    const Input root(json, "");
    Faults faults;
    core::ReportTask task;
    if (!core::check_keys(root, core::Keys{keys}, faults) ||
        !read_fence(root, task.attempt.fence, faults) ||
        !read_outputs(root, task.report, faults) ||
        !read_exit_code(root, task.report, faults)) {
        return faults.take();
    }
    task.report.outcome = core::Outcome::succeeded;
    return task;
}

Result<core::ReportTask> parse_failure(std::string_view body) {
    constexpr std::string_view keys[] = {"fence", "class", "message", "exit_code", "outputs"};
    ATTACCA_TRY(const Json json, parse_json(body));
    const Input root(json, "");
    Faults faults;
    core::ReportTask task;
    if (!core::check_keys(root, core::Keys{keys}, faults) ||
        !read_fence(root, task.attempt.fence, faults) ||
        !read_class(root, task.report, faults) ||
        !read_message(root, task.report.detail, faults) ||
        !read_exit_code(root, task.report, faults) ||
        !read_outputs(root, task.report, faults)) {
        return faults.take();
    }
    task.report.outcome = core::Outcome::failed;
    return task;
}

}  // namespace attacca::http
