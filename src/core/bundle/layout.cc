// SPDX-License-Identifier: Apache-2.0
#include "core/bundle/layout.h"

namespace attacca::core {

std::string record_name(std::uint64_t gseq) {
    return std::string(records_folder) + std::to_string(gseq) + ".json";
}

std::string proof_name(std::uint64_t gseq) {
    return std::string(proofs_folder) + std::to_string(gseq) + ".tlog-proof";
}

std::string erased_name(std::uint64_t gseq) {
    return std::string(erased_folder) + std::to_string(gseq) + ".json";
}

std::string erased_proof_name(std::uint64_t gseq) {
    return std::string(erased_folder) + std::to_string(gseq) + ".tlog-proof";
}

std::string artifact_name(const Sha256& digest) {
    return std::string(artifacts_folder) + hex(digest);
}

std::string key_name(const NoteKey& key) {
    const KeyId id = key_id_of(key);
    return std::string(keys_folder) + "ledger-" + hex(std::string(id.begin(), id.end())) + ".pem";
}

std::string delegation_name(const NoteKey& key) {
    const KeyId id = key_id_of(key);
    return std::string(keys_folder) + hex(std::string(id.begin(), id.end())) +
           std::string(delegation_suffix);
}

bool is_delegation_name(std::string_view name) {
    return name.starts_with(keys_folder) && name.ends_with(delegation_suffix);
}

std::string old_checkpoint_name(std::uint64_t size) {
    return std::string(consistency_folder) + std::to_string(size) + ".checkpoint";
}

std::string extension_name(std::uint64_t old_size, std::uint64_t size) {
    return std::string(consistency_folder) + std::to_string(old_size) + "-" + std::to_string(size);
}

std::string timestamp_name(std::uint64_t size, std::string_view suffix) {
    return std::string(timestamps_folder) + std::to_string(size) + std::string(suffix);
}

std::optional<std::uint64_t> number_in(std::string_view name,
                                       std::string_view folder,
                                       std::string_view suffix) {
    if (!name.starts_with(folder) || !name.ends_with(suffix) ||
        name.size() < folder.size() + suffix.size()) {
        return std::nullopt;
    }
    name.remove_prefix(folder.size());
    name.remove_suffix(suffix.size());
    return parse_u64(name);
}

std::string pem_of(const Ed25519PublicKey& key) {
    // SubjectPublicKeyInfo of RFC 8410: everything before the key is fixed.
    constexpr std::string_view prefix("\x30\x2a\x30\x05\x06\x03\x2b\x65\x70\x03\x21\x00", 12);
    return "-----BEGIN PUBLIC KEY-----\n" + base64(std::string(prefix) + std::string(key.view())) +
           "\n-----END PUBLIC KEY-----\n";
}

std::string manifest_line(std::string_view name, const Sha256& digest) {
    return hex(digest) + "  " + std::string(name) + "\n";
}

}  // namespace attacca::core
