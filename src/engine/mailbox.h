// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "engine/batch.h"
#include "engine/gateway.h"

// What waits for the engine's thread: commands, and the result of the batch in flight.
//
// Submissions are bounded (in jobs, because one command may hold 10,000); reports, timers and
// cancels are not, for refusing them would lose what already happened (kernel.md 2).

namespace attacca::engine {

struct MailItem {
    core::Command command;
    AnswerHandler handler;
    std::unique_ptr<const Condition> condition = {};  // null: none
};

class Mailbox {
  public:
    explicit Mailbox(std::size_t jobs_max) : jobs_max_(jobs_max) {}

    // False when there is no room; the item is then untouched.
    [[nodiscard]] bool put(MailItem& item);
    void put_result(const BatchResult& result);
    // Makes wait() return.
    void wake();

    struct Taken {
        std::vector<MailItem> items;
        std::optional<BatchResult> result;
    };
    // Waits for something, at most `timeout` (nothing = without end), and takes all of it; commands
    // only when `wants_items`.
    [[nodiscard]] Taken wait(bool wants_items, std::optional<Duration> timeout);
    [[nodiscard]] std::size_t depth() const;

  private:
    static std::size_t jobs_in(const MailItem& item);

    const std::size_t jobs_max_;
    mutable std::mutex mutex_;
    std::condition_variable changed_;
    std::vector<MailItem> items_;
    std::size_t jobs_ = 0;
    std::optional<BatchResult> result_;
    bool is_woken_ = false;
    bool is_waiting_ = false;
};

}  // namespace attacca::engine
