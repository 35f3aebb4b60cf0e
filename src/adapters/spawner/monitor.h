// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "adapters/spawner/attempt_files.h"
#include "adapters/spawner/collector.h"
#include "base/time.h"
#include "core/job/attempt_spec.h"
#include "ports/tool.h"

// Watches the running attempts: time-out, silence beyond the heartbeat, output beyond the limit.
//
// Output in a live file, or a newer heartbeat file, is a sign of life. Files are looked at once a
// second, more often only for a shorter heartbeat; without running attempts nothing wakes up.
// Takes the time as an argument. One thread.

namespace attacca::spawner {

class Monitor {
  public:
    struct Alarm {
        core::FenceToken fence;
        StopReason reason;
    };

    Monitor(AttemptRoots roots, std::uint64_t output_bytes_max);

    void add(core::AttemptSpec spec, const ports::Tool* tool, MonoTime now);
    [[nodiscard]] bool has(core::FenceToken fence) const { return watched_.contains(fence); }
    // Notes why it is stopped; false when the attempt is unknown or is being stopped already.
    [[nodiscard]] bool mark_stopped(core::FenceToken fence, StopReason reason);
    // Precondition: has(fence).
    [[nodiscard]] FinishedAttempt remove(core::FenceToken fence, const End& end);
    [[nodiscard]] std::vector<core::FenceToken> fences() const;

    // Those that must be stopped now; each is told once if it is then marked.
    [[nodiscard]] std::vector<Alarm> check(MonoTime now);
    // When to call check() next.
    [[nodiscard]] std::optional<MonoTime> next_check() const;

  private:
    struct Watched {
        core::AttemptSpec spec;
        const ports::Tool* tool = nullptr;
        AttemptPaths paths;
        std::optional<StopReason> stop;
        std::optional<MonoTime> due;
        MonoTime look_at;          // when to look at the files next
        MonoTime last_sign;        // of life
        std::uint64_t seen_bytes = 0;
        std::int64_t seen_touch_ns = 0;
    };
    [[nodiscard]] std::optional<StopReason> look(Watched& watched, MonoTime now) const;

    AttemptRoots roots_;
    std::uint64_t output_bytes_max_;
    std::map<core::FenceToken, Watched> watched_;
};

}  // namespace attacca::spawner
