// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

#include "base/bytes.h"
#include "base/time.h"

// An authority stamped the time on a checkpoint of this ledger, by RFC 3161 (entity `timestamps`).
// What was asked and answered is stored as bodies, byte for byte.

namespace attacca::core {

inline constexpr const char* timestamps_entity = "timestamps";

struct AnchorTimestamped {
    WallTime stamped_at;    // what the token states
    Sha256 query;           // of the request (TimeStampReq)
    Sha256 reply;           // of the response (TimeStampResp)
    std::uint64_t size = 0;  // of the checkpoint
    std::string authority;  // the address that was asked
    friend bool operator==(const AnchorTimestamped&, const AnchorTimestamped&) = default;
};

}  // namespace attacca::core
