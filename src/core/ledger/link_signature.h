// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/signature.h"

// A signature of one record, for whoever wants it without a tree around it: a signed note of four
// lines (`attacca-link/1`, origin, gseq, base64 of the link hash). Every record is signed through
// its checkpoint; this is for the few that are shown alone: of keys, holds, erasures, settings,
// sign-offs and ends. Pure, and deterministic like Ed25519.

namespace attacca::core {

// Whether records of this type may be signed alone.
[[nodiscard]] bool is_signed_alone(std::string_view type);

struct LinkPlace {
    std::string origin;  // as the record says
    std::uint64_t gseq = 0;
    Sha256 link;  // hash of the record's bytes
};
// The lines that are signed, each with its newline.
[[nodiscard]] std::string link_text(const LinkPlace& place);
// The whole note. `name` is that of the key.
[[nodiscard]] std::string sign_link(const Ed25519Signer& signer, std::string_view name,
                                    const LinkPlace& place);

}  // namespace attacca::core
