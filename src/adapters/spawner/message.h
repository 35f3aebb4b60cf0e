// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

// What the server and the spawner say to each other. Both are the same binary, so the encoding has
// no version: integers big-endian, strings as u32 length and bytes.

namespace attacca::spawner {

// Server to spawner.
struct SpawnRequest {
    std::uint64_t fence = 0;
    std::vector<std::string> argv;  // [0] has a slash, or is looked up in `search`
    std::vector<std::string> env;   // `NAME=value`, the whole environment
    std::string directory;
    std::string stdout_path;
    std::string stderr_path;
    std::uint64_t file_bytes_max = 0;  // of any file that the attempt writes
    friend bool operator==(const SpawnRequest&, const SpawnRequest&) = default;
};
// TERM to the process group now, KILL to everything that is left after `grace_ms`.
struct StopRequest {
    std::uint64_t fence = 0;
    std::uint32_t grace_ms = 0;
    friend bool operator==(const StopRequest&, const StopRequest&) = default;
};
using Request = std::variant<SpawnRequest, StopRequest>;

// Where the start of a child failed.
enum class StartStage : std::uint8_t { fork, prepare, directory, output, execute };
struct Exited {
    std::uint32_t status = 0;
    friend bool operator==(const Exited&, const Exited&) = default;
};
struct Signalled {
    std::uint32_t signal = 0;
    friend bool operator==(const Signalled&, const Signalled&) = default;
};
struct NotStarted {
    StartStage stage = StartStage::fork;
    std::uint32_t error_number = 0;
    friend bool operator==(const NotStarted&, const NotStarted&) = default;
};
using End = std::variant<Exited, Signalled, NotStarted>;

// Spawner to server: sent once for each SpawnRequest, when no process of the attempt is left.
struct Ended {
    std::uint64_t fence = 0;
    End end;
    friend bool operator==(const Ended&, const Ended&) = default;
};

[[nodiscard]] std::string encode(const Request& request);
[[nodiscard]] std::string encode(const Ended& ended);
// Nothing when the bytes are not exactly one message.
[[nodiscard]] std::optional<Request> decode_request(std::string_view bytes);
[[nodiscard]] std::optional<Ended> decode_ended(std::string_view bytes);

}  // namespace attacca::spawner
