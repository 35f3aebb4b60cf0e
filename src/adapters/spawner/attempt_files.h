// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "adapters/spawner/fd.h"
#include "adapters/spawner/message.h"
#include "base/result.h"
#include "core/job/attempt_spec.h"

// The two directories of an attempt, named by its fence token in decimal:
//
//   live/<fence>/   stdout, stderr, output, heartbeat, script: ours to name
//   work/<fence>/   where the command runs: its own, nothing in it is trusted
//
// What stands in `work` is opened without leaving it and without following a link (openat2).

namespace attacca::spawner {

struct AttemptRoots {
    std::string live;
    std::string work;
};

struct AttemptPaths {
    std::string live;  // of this attempt, absolute when the root is
    std::string work;
    std::string directory;  // where the command runs: `work`, or what the node says

    [[nodiscard]] std::string stdout_file() const { return live + "/stdout"; }
    [[nodiscard]] std::string stderr_file() const { return live + "/stderr"; }
    [[nodiscard]] std::string output_file() const { return live + "/output"; }
    [[nodiscard]] std::string heartbeat_file() const { return live + "/heartbeat"; }
    [[nodiscard]] std::string script_file() const { return live + "/script"; }
    [[nodiscard]] std::string temporary_directory() const { return work + "/.tmp"; }
};

[[nodiscard]] AttemptPaths paths_of(const AttemptRoots& roots, const core::AttemptSpec& spec);

// Makes both directories, the script and `spec.files`. Errors: storage_full, io_error,
// invalid_value (a path that leaves the directory).
[[nodiscard]] Result<void> make_attempt_files(const AttemptPaths& paths,
                                              const core::AttemptSpec& spec);
void remove_attempt_files(const AttemptRoots& roots, core::FenceToken fence);

// The command with its whole environment, ready for the spawner. `argv` is the tool's for a scan,
// else the spec's. Errors: invalid_value (a zero byte, a bad variable name, more than can be sent).
[[nodiscard]] Result<SpawnRequest> spawn_request(const AttemptPaths& paths,
                                                 const core::AttemptSpec& spec,
                                                 std::vector<std::string> argv,
                                                 std::uint64_t file_bytes_max);

// A regular file below `directory`. Errors: not_found, invalid_value, io_error.
[[nodiscard]] Result<Fd> open_beneath(const std::string& directory, const std::string& path);
// A regular file that we named, but that the attempt could have replaced. Errors: the same.
[[nodiscard]] Result<Fd> open_plain(const std::string& path);

// Up to `bytes_max` bytes. Errors: io_error.
[[nodiscard]] Result<std::string> read_up_to(const Fd& fd, std::uint64_t bytes_max);
// Copies the file to a new one at `path`. Errors: storage_full, io_error; invalid_value when it
// is larger than `bytes_max`.
[[nodiscard]] Result<std::uint64_t> copy_to(const Fd& from,
                                            const std::string& path,
                                            std::uint64_t bytes_max);

}  // namespace attacca::spawner
