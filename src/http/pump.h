// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "base/time.h"

// One thread that feeds all streams: events, followed logs, large files, and requests that wait for
// a job's end. Each is a Source that is asked to go one step when there may be something to do.

namespace attacca::http {

class Source {
  public:
    explicit Source(bool wants_commits = false, Duration period = Duration{0})
        : wants_commits_(wants_commits), period_(period) {}
    virtual ~Source() = default;

    // On the pump's thread: does what can be done now, without waiting. False when it is finished
    // and is to be dropped.
    virtual bool step() = 0;

  protected:
    // For a step that did only a part: the next one follows the other sources.
    void call_again() { is_due_.store(true); }

  private:
    friend class Pump;
    const bool wants_commits_;
    const Duration period_;  // 0: only when woken
    std::atomic<bool> is_due_{true};
    std::chrono::steady_clock::time_point next_;
};

class Pump {
  public:
    Pump();
    ~Pump();
    Pump(const Pump&) = delete;
    Pump& operator=(const Pump&) = delete;

    void add(std::shared_ptr<Source> source);
    // The source has something to do: its stream has room, or its state changed.
    void wake(Source& source);
    // There is a new batch: sources that want commits are due. Must not block: it does not.
    void commit();
    // Drops all sources and ends the thread.
    void stop();

  private:
    void loop();
    void run_due(bool is_commit);

    std::mutex mutex_;  // guards the two below; is_stopping_ is set under it
    std::condition_variable changed_;
    std::vector<std::shared_ptr<Source>> added_;
    bool is_woken_ = false;
    std::atomic<bool> is_stopping_{false};
    std::atomic<bool> has_commit_{false};
    std::vector<std::shared_ptr<Source>> sources_;  // the pump's thread
    std::thread thread_;
};

}  // namespace attacca::http
