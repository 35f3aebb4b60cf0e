// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

// What `attacca doctor` finds: part of environment.h.

namespace attacca::cli {

struct DoctorFact {
    enum class Level { ok, warn, skipped } level = Level::ok;
    std::string name;   // sqlite, fdatasync, nmap, sandbox, …
    std::string value;  // what was found
    std::string hint;   // what to do about it; empty when nothing
};

}  // namespace attacca::cli
