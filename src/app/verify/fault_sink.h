// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "core/ledger/fault.h"

namespace attacca::verify {

// Takes what a check finds wrong, with the record that it is about.
using FaultSink =
    std::function<void(core::Fault, std::optional<std::uint64_t> gseq, std::string detail)>;

}  // namespace attacca::verify
