// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/time.h"

// How far tenants were ahead of their share of slot time at an instant: what a start must know so
// that nobody gains by a crash. Only those who stand out are named; who is near his share starts at
// it, and nobody is owed for having waited.
//
// A cache: it is no part of the fold, and no replay computes it.

namespace attacca::core {

struct FairLag {
    std::string tenant;
    std::int64_t lag_us = 0;  // slot time, > 0
    friend bool operator==(const FairLag&, const FairLag&) = default;
};

struct FairLedger {
    WallTime at;  // slot time that was held until then is in the lags; 0: nothing is known
    std::vector<FairLag> lags;  // by tenant; the largest fair_lags_max
    friend bool operator==(const FairLedger&, const FairLedger&) = default;
};
inline constexpr std::size_t fair_lags_max = 1000;

}  // namespace attacca::core
