// SPDX-License-Identifier: Apache-2.0
#include "core/ledger/cosignature.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "base/bytes.h"
#include "base/check.h"
#include "base/digest.h"

namespace attacca::core {
namespace {

constexpr char cosigner_type = '\x04';
constexpr std::size_t stamp_bytes = 8;

std::string typed_cosigner(const NoteKey& key) {
    return cosigner_type + std::string(key.key.view());
}

std::string cosigned_message(std::string_view text, std::uint64_t seconds) {
    return "cosignature/v1\ntime " + std::to_string(seconds) + "\n" + std::string(text);
}

bool is_signature_of(const NoteSignature& line, std::string_view text, const WitnessKey& witness) {
    Ed25519Signature signature;
    if (line.name != witness.key.name || line.key_id != witness.id ||
        line.bytes.size() != stamp_bytes + signature.bytes.size()) {
        return false;
    }
    std::memcpy(signature.bytes.data(), line.bytes.data() + stamp_bytes, signature.bytes.size());
    const std::uint64_t seconds = attacca::read_u64(line.bytes, 0);
    return ed25519_verify(witness.key.key, cosigned_message(text, seconds), signature);
}

}  // namespace

WitnessKey witness_key_of(NoteKey key) {
    WitnessKey witness;
    const Sha256 digest = sha256({key.name, "\n", typed_cosigner(key)});
    std::memcpy(witness.id.data(), digest.bytes.data(), witness.id.size());
    witness.key = std::move(key);
    return witness;
}

std::string format_witness_vkey(const WitnessKey& witness) {
    ATTACCA_CHECK(is_key_name(witness.key.name));
    return witness.key.name + "+" + hex(std::string(witness.id.begin(), witness.id.end())) + "+" +
           base64(typed_cosigner(witness.key));
}

Result<WitnessKey> parse_witness_vkey(std::string_view text) {
    const std::size_t first = text.find('+');
    const std::size_t second = first == text.npos ? first : text.find('+', first + 1);
    NoteKey key;
    const std::optional<std::string> typed =
        second == text.npos ? std::nullopt : unbase64(text.substr(second + 1));
    if (!typed || !is_key_name(text.substr(0, first)) ||
        typed->size() != 1 + key.key.bytes.size() || typed->front() != cosigner_type) {
        return fail(Problem::invalid_value, "this is no Ed25519 key of a witness");
    }
    key.name = text.substr(0, first);
    std::memcpy(key.key.bytes.data(), typed->data() + 1, key.key.bytes.size());
    WitnessKey witness = witness_key_of(std::move(key));
    if (format_witness_vkey(witness) != text) {
        return fail(Problem::invalid_value, "the key's hash is not that of its name and key");
    }
    return witness;
}

std::string cosign(const Ed25519Signer& signer,
                   const WitnessKey& witness,
                   std::string_view text,
                   std::uint64_t seconds) {
    ATTACCA_CHECK(signer.public_key() == witness.key.key);
    std::string bytes;
    append_u64(bytes, seconds);
    bytes += signer.sign(cosigned_message(text, seconds)).view();
    return signature_line({witness.key.name, witness.id, std::move(bytes)});
}

bool is_cosigned(const CheckpointNote& note, const WitnessKey& witness) {
    for (const NoteSignature& line : note.signatures) {
        if (is_signature_of(line, note.text, witness)) {
            return true;
        }
    }
    return false;
}

std::optional<std::string> add_cosignature(std::string_view note,
                                           std::string_view lines,
                                           const WitnessKey& witness) {
    const Result<CheckpointNote> parsed = parse_checkpoint(note);
    ATTACCA_CHECK(parsed.has_value());
    if (is_cosigned(*parsed, witness)) {
        return std::string(note);
    }
    while (!lines.empty()) {
        const std::size_t end = std::min(lines.find('\n'), lines.size());
        NoteSignature signature;
        if (read_signature_line(lines.substr(0, end), signature) &&
            is_signature_of(signature, parsed->text, witness)) {
            return std::string(note) + signature_line(signature);
        }
        lines.remove_prefix(std::min(end + 1, lines.size()));
    }
    return std::nullopt;
}

}  // namespace attacca::core
