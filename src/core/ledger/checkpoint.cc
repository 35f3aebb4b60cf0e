// SPDX-License-Identifier: Apache-2.0
#include "core/ledger/checkpoint.h"

#include <algorithm>
#include <optional>
#include <vector>

#include "base/digest.h"

namespace attacca::core {
namespace {

constexpr char ed25519_algorithm = '\x01';
constexpr std::string_view signature_mark = "\xE2\x80\x94 ";  // an em dash and a space
constexpr std::size_t key_hash_bytes = 4;
constexpr std::size_t signature_bytes = 64;

Error malformed(std::string_view why) {
    return fail(Problem::corrupt, "the checkpoint " + std::string(why));
}

bool is_name(std::string_view name) {
    return !name.empty() && is_utf8(name) && name.find_first_of(" +\n\t\r") == name.npos;
}

std::string_view view(const std::array<std::uint8_t, key_hash_bytes>& hash) {
    return {reinterpret_cast<const char*>(hash.data()), hash.size()};
}

// The text with its final newline, and the signature lines behind the blank one.
struct Note {
    std::string_view text;
    std::vector<std::string_view> signatures;
};

Result<Note> split_note(std::string_view note) {
    const std::size_t blank = note.rfind("\n\n");
    if (blank == note.npos || note.empty() || note.back() != '\n' || !is_utf8(note)) {
        return malformed("is no signed note");
    }
    Note split;
    split.text = note.substr(0, blank + 1);
    for (std::size_t at = blank + 2; at < note.size();) {
        const std::size_t end = note.find('\n', at);
        split.signatures.push_back(note.substr(at, end - at));
        at = end + 1;
    }
    if (split.signatures.empty()) {
        return malformed("has no signature");
    }
    return split;
}

// The bytes behind `— <name> `, or nothing when the line is not of that form.
std::optional<std::string> signature_by(std::string_view line, std::string_view name) {
    if (!line.starts_with(signature_mark)) {
        return std::nullopt;
    }
    line.remove_prefix(signature_mark.size());
    if (!line.starts_with(name) || line.size() <= name.size() || line[name.size()] != ' ') {
        return std::nullopt;
    }
    return unbase64(line.substr(name.size() + 1));
}

}  // namespace

std::array<std::uint8_t, key_hash_bytes> key_hash_of(const NoteKey& key) {
    const Sha256 digest =
        sha256({key.name, "\n", std::string_view(&ed25519_algorithm, 1), key.key.view()});
    std::array<std::uint8_t, key_hash_bytes> hash{};
    std::copy_n(digest.bytes.begin(), key_hash_bytes, hash.begin());
    return hash;
}

std::string format_vkey(const NoteKey& key) {
    std::string bytes(1, ed25519_algorithm);
    bytes += key.key.view();
    return key.name + "+" + hex(view(key_hash_of(key))) + "+" + base64(bytes);
}

Result<NoteKey> parse_vkey(std::string_view text) {
    const std::size_t first = text.find('+');
    const std::size_t second = first == text.npos ? text.npos : text.find('+', first + 1);
    if (second == text.npos || !is_name(text.substr(0, first))) {
        return fail(Problem::invalid_value, "a verification key reads name+hash+key");
    }
    const std::optional<std::string> bytes = unbase64(text.substr(second + 1));
    NoteKey key;
    if (!bytes || bytes->size() != 1 + key.key.bytes.size() || (*bytes)[0] != ed25519_algorithm) {
        return fail(Problem::invalid_value, "the verification key is no Ed25519 key");
    }
    key.name = std::string(text.substr(0, first));
    std::copy(bytes->begin() + 1, bytes->end(), key.key.bytes.begin());
    if (hex(view(key_hash_of(key))) != text.substr(first + 1, second - first - 1)) {
        return fail(Problem::invalid_value, "the hash in the verification key is another key's");
    }
    return key;
}

std::string checkpoint_text(const Checkpoint& checkpoint) {
    return checkpoint.origin + "\n" + std::to_string(checkpoint.size) + "\n" +
           base64(checkpoint.root.view()) + "\n";
}

std::string sign_checkpoint(const Ed25519Signer& signer,
                            std::string_view origin,
                            std::uint64_t size,
                            const Sha256& root) {
    const NoteKey key{std::string(origin), signer.public_key()};
    std::string note = checkpoint_text({key.name, size, root});
    std::string bytes{view(key_hash_of(key))};
    bytes += signer.sign(note).view();
    note += "\n";
    note += signature_mark;
    note += key.name;
    note += " ";
    append_base64(note, bytes);
    note += "\n";
    return note;
}

Result<Checkpoint> read_checkpoint(std::string_view note) {
    ATTACCA_TRY(const Note split, split_note(note));
    const std::string_view text = split.text;
    if (std::count(text.begin(), text.end(), '\n') != 3) {
        return malformed("has not exactly three lines");
    }
    const std::size_t first = text.find('\n');
    const std::size_t second = text.find('\n', first + 1);
    const std::string_view root_text = text.substr(second + 1, text.size() - second - 2);
    const std::optional<std::uint64_t> size =
        parse_u64(text.substr(first + 1, second - first - 1));
    const std::optional<std::string> root = unbase64(root_text);
    Checkpoint checkpoint;
    if (!is_name(text.substr(0, first)) || !size || !root ||
        root->size() != checkpoint.root.bytes.size()) {
        return malformed("has a line that cannot be read");
    }
    checkpoint.origin = std::string(text.substr(0, first));
    checkpoint.size = *size;
    std::copy(root->begin(), root->end(), checkpoint.root.bytes.begin());
    return checkpoint;
}

Result<Checkpoint> open_checkpoint(std::string_view note, const NoteKey& key) {
    ATTACCA_TRY(Checkpoint checkpoint, read_checkpoint(note));
    if (checkpoint.origin != key.name) {
        return fail(Problem::token_invalid,
                    "the checkpoint is of another ledger: " + quoted(checkpoint.origin));
    }
    ATTACCA_TRY(const Note split, split_note(note));
    const auto hash = key_hash_of(key);
    bool is_signed = false;
    for (const std::string_view line : split.signatures) {
        const std::optional<std::string> bytes = signature_by(line, key.name);
        if (!bytes || bytes->size() != key_hash_bytes + signature_bytes ||
            std::string_view(*bytes).substr(0, key_hash_bytes) != view(hash)) {
            continue;
        }
        Ed25519Signature signature;
        std::copy(bytes->begin() + key_hash_bytes, bytes->end(), signature.bytes.begin());
        if (!ed25519_verify(key.key, split.text, signature)) {
            return fail(Problem::token_invalid, "the checkpoint's signature is not valid");
        }
        is_signed = true;
    }
    if (!is_signed) {
        return fail(Problem::token_invalid, "the checkpoint is not signed by the ledger's key");
    }
    return checkpoint;
}

}  // namespace attacca::core
