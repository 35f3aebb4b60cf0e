// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include <sys/types.h>

#include "adapters/spawner/child.h"
#include "adapters/spawner/message.h"
#include "base/time.h"

// Every process of every attempt, inside the spawner. One thread.
//
//   running ──(main child ends)──► draining ──(no process left)──► ended
//
// The spawner is a subreaper: a process whose parent has ended becomes its child. Such an orphan
// belongs to the attempt of its session, or of its environment when it left that; one without an
// attempt, or of an attempt whose main child has ended, is killed. So an attempt has ended only
// when nothing that it started is left. A process in the middle of an exec has no environment for
// a moment: one without any is killed only when it has had time to show one, and until then
// no attempt ends, since it may be the one that owns it.
//
// Invariant: a signal goes only to a pid that this process has not reaped, or to the group of such
// a pid, so that it can never meet a stranger that got the same number.

namespace attacca::spawner {

class ProcessTable {
  public:
    void start(const SpawnRequest& request);
    // An unknown fence is ignored: the attempt's end is on its way.
    void stop(const StopRequest& request, MonoTime now);
    // Call it after SIGCHLD.
    void reap(MonoTime now);
    // Kills what is left of the attempts whose grace is over.
    void expire(MonoTime now);
    [[nodiscard]] std::optional<MonoTime> next_deadline() const;
    [[nodiscard]] std::vector<Ended> take_ended();
    // Kills everything and returns when no child is left.
    void kill_all();

  private:
    struct Attempt {
        pid_t pid = 0;  // of the main child; also its session and group
        Fd failure;
        std::optional<End> end;  // of the main child, once it is reaped
        std::optional<MonoTime> kill_at;  // when the grace of a stop is over
        bool is_expired = false;
    };

    void reap_one(pid_t pid, MonoTime now);
    // Kills stray processes, and ends the attempts that have none left.
    void sweep(MonoTime now);
    [[nodiscard]] std::optional<std::uint64_t> owner_of(pid_t orphan, MonoTime now);
    // Whether a process without an owner is to be killed now.
    [[nodiscard]] bool is_convicted(pid_t orphan, MonoTime now) const;

    std::unordered_map<std::uint64_t, Attempt> attempts_;  // by fence
    std::unordered_map<pid_t, std::uint64_t> sessions_;    // main child to fence
    std::unordered_set<std::uint64_t> draining_;           // fences
    std::unordered_map<pid_t, MonoTime> suspects_;         // no environment; when to kill them
    MonoTime look_at_;                                     // when to look at the suspects again
    std::vector<Ended> ended_;
};

}  // namespace attacca::spawner
