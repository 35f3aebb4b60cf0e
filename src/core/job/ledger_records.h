// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

#include "base/bytes.h"
#include "base/time.h"

// What the server records about the ledger itself (entity `ledger`), and about its restores
// (entity `restores`, so that they are found without reading all of the others).

namespace attacca::core {

// A server that runs writes one so often. A longer silence that nothing explains is a gap.
inline constexpr Duration tick_period = seconds(60);

struct LedgerStarted {
    std::string version;
    std::uint64_t size = 0;  // of the ledger found at start
    std::string root;        // base64 of its root, empty when it is new
    std::uint64_t tick_s = 0;  // this server ticks so often; 0: it does not
    friend bool operator==(const LedgerStarted&, const LedgerStarted&) = default;
};
struct LedgerStopped {
    friend bool operator==(const LedgerStopped&, const LedgerStopped&) = default;
};
// A stored thing could not be read at start; it was set aside and the server went on.
struct Quarantined {
    std::string what;
    std::string why;
    friend bool operator==(const Quarantined&, const Quarantined&) = default;
};

// The server ran all the time since the record before it.
struct LedgerTick {
    // Where no record came for longer than two periods, and the server knows why: `storage_full`,
    // or `clock`: it was set, or the machine slept.
    std::string why;
    friend bool operator==(const LedgerTick&, const LedgerTick&) = default;
};

inline constexpr const char* restores_entity = "restores";
inline constexpr std::size_t restore_text_max = 512;  // bytes of `by` and of `reason`

// The ledger was restored from an older copy and goes on from here under the next origin. What the
// former origin had signed beyond `kept_size` is lost: the records kept_size … lost_size - 1.
struct LedgerRestored {
    std::string by;
    std::string former;  // origin
    std::uint64_t kept_size = 0;
    Sha256 kept_root;
    std::uint64_t lost_size = 0;  // of the newest checkpoint that is known of the former origin
    Sha256 lost_root;
    std::string reason;
    friend bool operator==(const LedgerRestored&, const LedgerRestored&) = default;
};

}  // namespace attacca::core
