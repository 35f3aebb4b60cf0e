// SPDX-License-Identifier: Apache-2.0
#include "adapters/spawner/monitor.h"

#include <algorithm>

#include <sys/stat.h>

#include "base/check.h"

namespace attacca::spawner {
namespace {

constexpr Duration look_interval = seconds(1);
constexpr Duration look_interval_min = milliseconds(10);

std::uint64_t size_of(const std::string& path) {
    struct stat found {};
    return ::lstat(path.c_str(), &found) == 0 ? static_cast<std::uint64_t>(found.st_size) : 0;
}

std::int64_t touch_ns_of(const std::string& path) {
    struct stat found {};
    if (::lstat(path.c_str(), &found) != 0) {
        return 0;
    }
    return std::int64_t{found.st_mtim.tv_sec} * 1'000'000'000 + found.st_mtim.tv_nsec;
}

// Four looks within one heartbeat notice silence at most a quarter late.
Duration interval_of(const core::AttemptSpec& spec) {
    const Duration quarter = spec.heartbeat ? Duration{spec.heartbeat->us / 4} : look_interval;
    return std::clamp(quarter, look_interval_min, look_interval);
}

}  // namespace

Monitor::Monitor(AttemptRoots roots, std::uint64_t output_bytes_max)
    : roots_(std::move(roots)), output_bytes_max_(output_bytes_max) {}

void Monitor::add(core::AttemptSpec spec, const ports::Tool* tool, MonoTime now) {
    Watched watched;
    watched.paths = paths_of(roots_, spec);
    watched.tool = tool;
    if (spec.timeout) {
        watched.due = now + *spec.timeout;
    }
    watched.look_at = now + interval_of(spec);
    watched.last_sign = now;
    const core::FenceToken fence = spec.fence;
    watched.spec = std::move(spec);
    const bool is_new = watched_.emplace(fence, std::move(watched)).second;
    ATTACCA_CHECK(is_new);
}

bool Monitor::mark_stopped(core::FenceToken fence, StopReason reason) {
    const auto found = watched_.find(fence);
    if (found == watched_.end() || found->second.stop) {
        return false;
    }
    found->second.stop = std::move(reason);
    return true;
}

FinishedAttempt Monitor::remove(core::FenceToken fence, const End& end) {
    const auto found = watched_.find(fence);
    ATTACCA_CHECK(found != watched_.end());
    Watched& watched = found->second;
    FinishedAttempt finished{std::move(watched.spec), watched.tool, std::move(watched.stop), end};
    watched_.erase(found);
    return finished;
}

std::vector<core::FenceToken> Monitor::fences() const {
    std::vector<core::FenceToken> fences;
    fences.reserve(watched_.size());
    for (const auto& [fence, watched] : watched_) {
        fences.push_back(fence);
    }
    return fences;
}

std::optional<StopReason> Monitor::look(Watched& watched, MonoTime now) const {
    watched.look_at = now + interval_of(watched.spec);
    const std::uint64_t out = size_of(watched.paths.stdout_file());
    const std::uint64_t err = size_of(watched.paths.stderr_file());
    if (std::max(out, err) >= output_bytes_max_) {
        return StopReason{core::Outcome::failed, "output limit: " +
                                                     std::to_string(output_bytes_max_) +
                                                     " bytes reached"};
    }
    if (!watched.spec.heartbeat) {
        return std::nullopt;
    }
    const std::int64_t touch_ns = touch_ns_of(watched.paths.heartbeat_file());
    // A live file can shrink when the command truncates it: that is a sign of life too.
    if (out + err != watched.seen_bytes || touch_ns != watched.seen_touch_ns) {
        watched.seen_bytes = out + err;
        watched.seen_touch_ns = touch_ns;
        watched.last_sign = now;
    }
    if (now - watched.last_sign < *watched.spec.heartbeat) {
        return std::nullopt;
    }
    return StopReason{core::Outcome::timeout,
                      "silent for " + format_duration(*watched.spec.heartbeat)};
}

std::vector<Monitor::Alarm> Monitor::check(MonoTime now) {
    std::vector<Alarm> alarms;
    for (auto& [fence, watched] : watched_) {
        if (watched.stop) {
            continue;
        }
        if (watched.due && *watched.due <= now) {
            alarms.push_back({fence,
                              {core::Outcome::timeout,
                               "not done after " + format_duration(*watched.spec.timeout)}});
        } else if (watched.look_at <= now) {
            if (std::optional<StopReason> reason = look(watched, now)) {
                alarms.push_back({fence, std::move(*reason)});
            }
        }
    }
    return alarms;
}

std::optional<MonoTime> Monitor::next_check() const {
    std::optional<MonoTime> next;
    for (const auto& [fence, watched] : watched_) {
        if (watched.stop) {
            continue;
        }
        const MonoTime at = watched.due ? std::min(*watched.due, watched.look_at) : watched.look_at;
        next = next ? std::min(*next, at) : at;
    }
    return next;
}

}  // namespace attacca::spawner
