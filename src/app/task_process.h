// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <sys/types.h>

#include "adapters/spawner/fd.h"
#include "base/result.h"
#include "base/time.h"

// The command of a worker, run once for a task: its spec on standard input, its output kept. It
// leads a process group of its own, so that what it starts ends with it.
//
// One thread. The destructor kills what still runs.

namespace attacca::app {

// What a command may say, in bytes; more is dropped, and the result says so.
inline constexpr std::size_t task_output_bytes_max = std::size_t{1} << 20U;

struct TaskCommand {
    std::vector<std::string> argv;  // a name without a slash is looked up in PATH
    std::vector<std::pair<std::string, std::string>> env;  // besides the worker's own
    std::string input;
};

struct TaskEnd {
    std::optional<int> exit_code;
    int signal = 0;  // that ended it
    std::string output;
    bool is_cut = false;
};

class TaskProcess {
  public:
    // Errors: not_found (no such program), forbidden, io_error.
    [[nodiscard]] static Result<std::unique_ptr<TaskProcess>> start(const TaskCommand& command);
    ~TaskProcess();
    TaskProcess(const TaskProcess&) = delete;
    TaskProcess& operator=(const TaskProcess&) = delete;

    // Reads what it says for up to `length`; true once it has ended.
    [[nodiscard]] bool wait(Duration length);
    // To the whole group: SIGTERM, or SIGKILL.
    void stop(bool is_hard) const;
    // Precondition: wait() said true.
    [[nodiscard]] TaskEnd end();

  private:
    TaskProcess() = default;
    // False at its end.
    bool read_some();

    pid_t pid_ = -1;
    bool has_ended_ = false;
    spawner::Fd exit_;    // readable once it has ended
    spawner::Fd output_;
    TaskEnd end_;
};

}  // namespace attacca::app
