// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "base/time.h"
#include "cli/environment.h"

// What `attacca doctor` looks at, apart from each other so that each can be tried alone. Nothing is
// changed: no file is made that has a name, and no lock is kept.

namespace attacca::app {

using Facts = std::vector<cli::DoctorFact>;

void add_versions(Facts& facts);
// The directory, its disk, its secrets, its lock and its ledger.
void add_data_directory(Facts& facts, const std::string& data, WallTime now);
// Programs that nodes run, and those of our own tests; `path` has the form of $PATH.
void add_programs(Facts& facts, const std::string& path);
void add_sandbox(Facts& facts);

}  // namespace attacca::app
