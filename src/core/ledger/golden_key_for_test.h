// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <string_view>

#include "base/bytes.h"
#include "base/signature.h"

// The key and the name of the golden ledger (ledger.md 4.1).

namespace attacca::core {

inline constexpr std::string_view golden_origin = "evidence.example/ledger/1";

// RFC 8032, section 7.1, TEST 1.
inline Ed25519Seed golden_seed() {
    const auto bytes =
        sha256_of_hex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60");
    Ed25519Seed seed;
    std::copy(bytes->bytes.begin(), bytes->bytes.end(), seed.bytes.begin());
    return seed;
}

inline const Ed25519Signer& golden_signer() {
    static const Ed25519Signer signer{golden_seed()};
    return signer;
}

}  // namespace attacca::core
