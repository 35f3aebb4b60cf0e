// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "core/bundle/tar.h"
#include "core/ledger/checkpoint.h"

// The names of a bundle's files. Pure.

namespace attacca::core {

inline constexpr std::string_view manifest_name = "MANIFEST.txt";
inline constexpr std::string_view readme_name = "VERIFY.md";
inline constexpr std::string_view checkpoint_name = "checkpoint";
inline constexpr std::string_view custody_html_name = "custody.html";
inline constexpr std::string_view custody_json_name = "custody.json";
inline constexpr std::string_view policy_name = "policy.txt";
inline constexpr std::string_view script_name = "verify.sh";
inline constexpr std::string_view delegation_suffix = ".delegation";
inline constexpr std::string_view artifacts_folder = "artifacts/";
inline constexpr std::string_view consistency_folder = "consistency/";
inline constexpr std::string_view erased_folder = "erased/";
inline constexpr std::string_view keys_folder = "keys/";
inline constexpr std::string_view proofs_folder = "proofs/";
inline constexpr std::string_view records_folder = "records/";
inline constexpr std::string_view timestamps_folder = "timestamps/";

[[nodiscard]] std::string record_name(std::uint64_t gseq);       // records/7.json
[[nodiscard]] std::string proof_name(std::uint64_t gseq);        // proofs/7.tlog-proof
[[nodiscard]] std::string erased_name(std::uint64_t gseq);        // erased/7.json
[[nodiscard]] std::string erased_proof_name(std::uint64_t gseq);  // erased/7.tlog-proof
[[nodiscard]] std::string artifact_name(const Sha256& digest);   // artifacts/<hex>
[[nodiscard]] std::string key_name(const NoteKey& key);          // keys/ledger-<key id>.pem
[[nodiscard]] std::string delegation_name(const NoteKey& key);   // keys/<key id>.delegation
// Whether it is such a name.
[[nodiscard]] bool is_delegation_name(std::string_view name);
[[nodiscard]] std::string old_checkpoint_name(std::uint64_t size);  // consistency/5.checkpoint
[[nodiscard]] std::string extension_name(std::uint64_t old_size, std::uint64_t size);  // …/5-9

// timestamps/9.text, .tsq or .tsr
[[nodiscard]] std::string timestamp_name(std::uint64_t size, std::string_view suffix);

// The number in `<folder>N<suffix>`, written in its one form; nothing for other names.
[[nodiscard]] std::optional<std::uint64_t> number_in(std::string_view name,
                                                     std::string_view folder,
                                                     std::string_view suffix);

// An Ed25519 public key as openssl reads it.
[[nodiscard]] std::string pem_of(const Ed25519PublicKey& key);

// The lines of MANIFEST.txt, as sha256sum writes them, for all files but itself.
[[nodiscard]] std::string manifest_line(std::string_view name, const Sha256& digest);

}  // namespace attacca::core
