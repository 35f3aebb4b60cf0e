// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "adapters/spawner/attempt_files.h"
#include "adapters/spawner/message.h"
#include "core/job/attempt_spec.h"
#include "ports/content.h"
#include "ports/sealing_content.h"
#include "ports/tool.h"

// Turns an attempt that has ended into its report: reads what it left, keeps it as content, and
// says how it went. A result is never made up: what cannot be read, is too large or was cut off
// gives an outcome that says so.
//
// Blocks for the syncs of the kept files, so it runs on a thread of its own.

namespace attacca::spawner {

inline constexpr std::uint64_t default_output_bytes_max = std::uint64_t{64} << 20U;

// Why we asked an attempt to stop.
struct StopReason {
    core::Outcome outcome = core::Outcome::cancelled;
    std::string detail;
};

struct FinishedAttempt {
    core::AttemptSpec spec;
    const ports::Tool* tool = nullptr;  // of a scan or a test
    std::optional<StopReason> stop;
    End end;
};

class Collector {
  public:
    Collector(AttemptRoots roots, std::uint64_t output_bytes_max, ports::Content& content);

    [[nodiscard]] core::AttemptReport collect(const FinishedAttempt& attempt) const;
    // The report of an attempt that never got as far as a process.
    [[nodiscard]] static core::AttemptReport refuse(const core::AttemptSpec& spec,
                                                    const Error& error);

  private:
    struct Work;  // one attempt on its way to its report

    void keep_streams(Work& work) const;
    void keep_artifacts(Work& work) const;
    void keep_result_file(Work& work, const ports::ToolCommand& command) const;
    void keep_files(Work& work, const std::vector<ports::ToolFile>& files) const;
    void judge(Work& work) const;  // by the attempt's tool
    void read_outputs(Work& work) const;
    [[nodiscard]] Result<Json> value_of(const Work& work, const core::OutputDef& output) const;
    void add_output_text(Work& work) const;
    [[nodiscard]] Result<ports::SealingContent::Kept> take_over(Work& work,
                                                                const std::string& path,
                                                                const std::string& name) const;
    // Copies the file and stores the copy: the attempt may hold a link to the original.
    [[nodiscard]] Result<core::Artifact> keep(Work& work,
                                              const Fd& file,
                                              const std::string& name) const;

    AttemptRoots roots_;
    std::uint64_t output_bytes_max_;
    ports::Content& content_;
};

}  // namespace attacca::spawner
