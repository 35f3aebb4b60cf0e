// SPDX-License-Identifier: Apache-2.0
#include "adapters/spawner/process_table.h"

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <utility>

#include <sys/wait.h>
#include <unistd.h>

#include "adapters/spawner/process_tree.h"
#include "base/check.h"

namespace attacca::spawner {
namespace {

// Far more than an exec takes.
constexpr Duration suspect_grace = milliseconds(200);
constexpr Duration suspect_interval = milliseconds(10);

// To the whole group of a main child that is not reaped. Before the child has made its group, the
// signal goes to the child alone, which has no descendants yet.
void signal_group(pid_t pid, int signal) {
    ATTACCA_CHECK(pid > 1);
    if (::kill(-pid, signal) != 0 && errno == ESRCH) {
        ::kill(pid, signal);
    }
}

End end_of(int status, const Fd& failure) {
    if (const std::optional<NotStarted> not_started = failure_of(failure)) {
        return *not_started;
    }
    if (WIFSIGNALED(status)) {
        return Signalled{static_cast<std::uint32_t>(WTERMSIG(status))};
    }
    return Exited{static_cast<std::uint32_t>(WEXITSTATUS(status))};
}

}  // namespace

void ProcessTable::start(const SpawnRequest& request) {
    ATTACCA_CHECK(!attempts_.contains(request.fence));
    std::variant<StartedChild, NotStarted> result = start_child(request);
    if (const auto* not_started = std::get_if<NotStarted>(&result)) {
        ended_.push_back({request.fence, *not_started});
        return;
    }
    auto& child = std::get<StartedChild>(result);
    sessions_.emplace(child.pid, request.fence);
    attempts_.emplace(request.fence, Attempt{child.pid, std::move(child.failure), {}, {}, false});
}

void ProcessTable::stop(const StopRequest& request, MonoTime now) {
    const auto found = attempts_.find(request.fence);
    if (found == attempts_.end() || found->second.end || found->second.kill_at) {
        return;
    }
    found->second.kill_at = now + milliseconds(request.grace_ms);
    signal_group(found->second.pid, SIGTERM);
}

void ProcessTable::reap(MonoTime now) {
    bool has_reaped = false;
    while (true) {
        siginfo_t info{};
        const int result = ::waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT);
        if (result != 0 && errno == EINTR) {
            continue;
        }
        if (result != 0 || info.si_pid == 0) {
            break;
        }
        reap_one(info.si_pid, now);
        has_reaped = true;
    }
    if (has_reaped) {
        sweep(now);
    }
}

void ProcessTable::reap_one(pid_t pid, MonoTime now) {
    const auto session = sessions_.find(pid);
    Attempt* const attempt =
        session == sessions_.end() ? nullptr : &attempts_.at(session->second);
    const bool is_main = attempt != nullptr && !attempt->end;
    // While the zombie keeps its number, its group cannot be another's. The rest of a group that
    // was asked to stop keeps its grace.
    if (is_main && (!attempt->kill_at || *attempt->kill_at <= now)) {
        signal_group(pid, SIGKILL);
    }
    int status = 0;
    ATTACCA_CHECK(::waitpid(pid, &status, 0) == pid);
    suspects_.erase(pid);
    if (is_main) {
        attempt->end = end_of(status, attempt->failure);
        attempt->failure.reset();
        draining_.insert(session->second);
    }
}

void ProcessTable::sweep(MonoTime now) {
    std::unordered_set<std::uint64_t> alive;
    for (const pid_t pid : children_of_self()) {
        const auto session = sessions_.find(pid);
        if (session != sessions_.end() && !attempts_.at(session->second).end) {
            continue;  // a main child
        }
        const std::optional<std::uint64_t> fence = owner_of(pid, now);
        const Attempt* const owner = fence ? &attempts_.at(*fence) : nullptr;
        if (owner != nullptr && !owner->end) {
            continue;
        }
        if (owner != nullptr) {
            alive.insert(*fence);
        }
        const bool is_due = owner == nullptr ? is_convicted(pid, now)
                                             : !owner->kill_at || *owner->kill_at <= now;
        if (is_due) {
            ::kill(pid, SIGKILL);
        }
    }
    if (!suspects_.empty()) {
        look_at_ = now + suspect_interval;
        return;
    }
    std::vector<std::uint64_t> done;
    std::copy_if(draining_.begin(), draining_.end(), std::back_inserter(done),
                 [&alive](std::uint64_t fence) { return !alive.contains(fence); });
    for (const std::uint64_t fence : done) {
        const auto found = attempts_.find(fence);
        ended_.push_back({fence, *found->second.end});
        sessions_.erase(found->second.pid);
        attempts_.erase(found);
        draining_.erase(fence);
    }
}

std::optional<std::uint64_t> ProcessTable::owner_of(pid_t orphan, MonoTime now) {
    const auto session = sessions_.find(::getsid(orphan));
    if (session != sessions_.end()) {
        return session->second;
    }
    const EnvironmentMark mark = environment_mark(orphan);
    if (mark.is_readable) {
        suspects_.erase(orphan);
    } else {
        suspects_.emplace(orphan, now + suspect_grace);
    }
    return mark.fence && attempts_.contains(*mark.fence) ? mark.fence : std::nullopt;
}

bool ProcessTable::is_convicted(pid_t orphan, MonoTime now) const {
    const auto suspect = suspects_.find(orphan);
    return suspect == suspects_.end() || suspect->second <= now;
}

void ProcessTable::expire(MonoTime now) {
    bool is_any = !suspects_.empty() && look_at_ <= now;
    for (auto& [fence, attempt] : attempts_) {
        if (attempt.kill_at && !attempt.is_expired && *attempt.kill_at <= now) {
            is_any = true;
            attempt.is_expired = true;
            if (!attempt.end) {
                signal_group(attempt.pid, SIGKILL);
            }
        }
    }
    if (is_any) {
        sweep(now);
    }
}

std::optional<MonoTime> ProcessTable::next_deadline() const {
    std::optional<MonoTime> next;
    for (const auto& [fence, attempt] : attempts_) {
        if (attempt.kill_at && !attempt.is_expired && (!next || *attempt.kill_at < *next)) {
            next = attempt.kill_at;
        }
    }
    if (!suspects_.empty()) {
        next = next ? std::min(*next, look_at_) : look_at_;
    }
    return next;
}

std::vector<Ended> ProcessTable::take_ended() {
    return std::exchange(ended_, {});
}

void ProcessTable::kill_all() {
    while (true) {
        for (const pid_t pid : children_of_self()) {
            signal_group(pid, SIGKILL);
        }
        if (::waitpid(-1, nullptr, 0) < 0 && errno != EINTR) {
            break;
        }
    }
    attempts_.clear();
    sessions_.clear();
    draining_.clear();
    suspects_.clear();
}

}  // namespace attacca::spawner
