// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/json.h"
#include "base/result.h"
#include "cli/environment.h"

// The commands that need several adapters at once, as the command line asks for them; the contracts
// are those of cli::Environment's functions of the same purpose.
//
// Call them from the main thread, and serve() and run_embedded() while there is no other.

namespace attacca::app {

[[nodiscard]] Result<int> serve(const cli::ServeOptions& options);
[[nodiscard]] Result<std::unique_ptr<cli::Embedded>> run_embedded(
    const std::string& data, std::uint32_t slots, const std::function<void()>& on_wait);
[[nodiscard]] Result<std::unique_ptr<cli::Stored>> open_stored(const std::string& data);
[[nodiscard]] std::vector<cli::DoctorFact> doctor(const std::string& data);
[[nodiscard]] Result<int> run_worker(const cli::WorkerOptions& options);
[[nodiscard]] Result<Json> bench(const cli::BenchOptions& options);
[[nodiscard]] Result<int> witness(const cli::WitnessOptions& options);
[[nodiscard]] Result<Json> restore(const cli::RestoreOptions& options);

}  // namespace attacca::app
