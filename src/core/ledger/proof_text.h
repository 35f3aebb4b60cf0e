// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"

// Proofs as text, for people and tools that have nothing else of ours.
//
// A receipt is a C2SP tlog-proof: all that shows, without the ledger, that it holds a record.
//
//   c2sp.org/tlog-proof@v1
//   index 7
//   base64 of a hash, from the leaf's sibling up to the root's child; a line each
//                                      (an empty line)
//   the signed checkpoint, verbatim
//
// An extension is what C2SP tlog-witness sends with add-checkpoint: that an earlier tree is the
// beginning of the one whose checkpoint follows.
//
//   old 5
//   base64 of a hash; a line each
//                                      (an empty line)
//   the signed checkpoint, verbatim
//
// Both are read strictly: one text for one proof. Pure.

namespace attacca::core {

inline constexpr std::size_t proof_hashes_max = 63;

struct ReceiptText {
    std::uint64_t index = 0;
    std::vector<Sha256> path;
    std::string checkpoint;
    friend bool operator==(const ReceiptText&, const ReceiptText&) = default;
};
[[nodiscard]] std::string format_receipt(const ReceiptText& receipt);
// The optional `extra` line is passed over: nothing covers it. Errors: corrupt.
[[nodiscard]] Result<ReceiptText> parse_receipt(std::string_view text);

struct ExtensionText {
    std::uint64_t old_size = 0;
    std::vector<Sha256> path;
    std::string checkpoint;
    friend bool operator==(const ExtensionText&, const ExtensionText&) = default;
};
[[nodiscard]] std::string format_extension(const ExtensionText& extension);
// Errors: corrupt.
[[nodiscard]] Result<ExtensionText> parse_extension(std::string_view text);

}  // namespace attacca::core
