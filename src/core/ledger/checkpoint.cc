// SPDX-License-Identifier: Apache-2.0
#include "core/ledger/checkpoint.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "base/check.h"
#include "base/digest.h"
#include "core/ledger/scalar.h"

namespace attacca::core {
namespace {

constexpr char ed25519_type = '\x01';
constexpr std::string_view signature_prefix = "\xe2\x80\x94 ";  // an em dash and a space
constexpr std::size_t note_bytes_max = 65'536;
constexpr std::size_t signatures_max = 100;

std::string typed_key(const NoteKey& key) {
    return ed25519_type + std::string(key.key.view());
}

std::string view_of(const KeyId& id) {
    return {id.begin(), id.end()};
}

Error not_a_checkpoint(std::string_view why) {
    return fail(Problem::corrupt, "not a checkpoint: " + std::string(why));
}

// The line at the start of `rest`, without its newline; nothing when there is no newline.
std::optional<std::string_view> take_line(std::string_view& rest) {
    const std::size_t end = rest.find('\n');
    if (end == rest.npos) {
        return std::nullopt;
    }
    const std::string_view line = rest.substr(0, end);
    rest.remove_prefix(end + 1);
    return line;
}

}  // namespace

// A name stands between separators: it has none of them in it.
bool is_key_name(std::string_view name) {
    return !name.empty() && is_utf8(name) && std::all_of(name.begin(), name.end(), [](char c) {
        return static_cast<unsigned char>(c) > 0x20 && c != '+' && c != '\x7f';
    });
}

bool read_signature_line(std::string_view line, NoteSignature& out) {
    if (line.substr(0, signature_prefix.size()) != signature_prefix) {
        return false;
    }
    line.remove_prefix(signature_prefix.size());
    const std::size_t space = line.find(' ');
    if (space == line.npos || !is_key_name(line.substr(0, space))) {
        return false;
    }
    std::optional<std::string> bytes = unbase64(line.substr(space + 1));
    if (!bytes || bytes->size() <= out.key_id.size()) {
        return false;
    }
    out.name = line.substr(0, space);
    std::memcpy(out.key_id.data(), bytes->data(), out.key_id.size());
    out.bytes = std::move(bytes->erase(0, out.key_id.size()));
    return true;
}

std::string signature_line(const NoteSignature& signature) {
    ATTACCA_CHECK(is_key_name(signature.name));
    std::string line(signature_prefix);
    line += signature.name + " ";
    append_base64(line, view_of(signature.key_id) + signature.bytes);
    return line + "\n";
}

KeyId key_id_of(const NoteKey& key) {
    const Sha256 digest =
        sha256({key.name, "\n", std::string_view(&ed25519_type, 1), key.key.view()});
    KeyId id;
    std::memcpy(id.data(), digest.bytes.data(), id.size());
    return id;
}

std::string format_vkey(const NoteKey& key) {
    ATTACCA_CHECK(is_key_name(key.name));
    return key.name + "+" + hex(view_of(key_id_of(key))) + "+" + base64(typed_key(key));
}

Result<NoteKey> parse_vkey(std::string_view text) {
    const auto refuse = [](const char* why) {
        return fail(Problem::invalid_value, std::string("not a verifier key: ") + why);
    };
    const std::size_t first = text.find('+');
    const std::size_t second = first == text.npos ? text.npos : text.find('+', first + 1);
    if (second == text.npos || !is_key_name(text.substr(0, first))) {
        return refuse("expected name+hash+key");
    }
    const std::optional<std::string> typed = unbase64(text.substr(second + 1));
    NoteKey key;
    if (!typed || typed->size() != 1 + key.key.bytes.size() || typed->front() != ed25519_type) {
        return refuse("the key is not an Ed25519 public key");
    }
    key.name = text.substr(0, first);
    std::memcpy(key.key.bytes.data(), typed->data() + 1, key.key.bytes.size());
    if (text.substr(first + 1, second - first - 1) != hex(view_of(key_id_of(key)))) {
        return refuse("the hash is not that of the name and the key");
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
    ATTACCA_CHECK(is_key_name(origin));
    const NoteKey key{std::string(origin), signer.public_key()};
    const std::string text = checkpoint_text({key.name, size, root});
    return text + "\n" +
           signature_line({key.name, key_id_of(key), std::string(signer.sign(text).view())});
}

Result<CheckpointNote> parse_checkpoint(std::string_view note) {
    if (note.size() > note_bytes_max || !is_utf8(note)) {
        return not_a_checkpoint("too long or not UTF-8");
    }
    CheckpointNote out;
    std::string_view rest = note;
    const auto origin = take_line(rest);
    const auto size = take_line(rest);
    const auto root = take_line(rest);
    if (!origin || !size || !root || !is_key_name(*origin)) {
        return not_a_checkpoint("expected a line each for origin, size and root");
    }
    const std::optional<std::uint64_t> number = parse_u64(*size);
    if (!number) {
        return not_a_checkpoint("the size is not a decimal number");
    }
    if (!read_base64(*root, out.checkpoint.root.bytes.data(), out.checkpoint.root.bytes.size())) {
        return not_a_checkpoint("the root is not base64 of 32 bytes");
    }
    out.checkpoint.origin = *origin;
    out.checkpoint.size = *number;
    out.text = note.substr(0, note.size() - rest.size());
    const auto separator = take_line(rest);
    if (!separator || !separator->empty()) {
        return not_a_checkpoint("a line after the root");
    }
    while (!rest.empty()) {
        const auto line = take_line(rest);
        NoteSignature signature;
        if (!line || out.signatures.size() == signatures_max ||
            !read_signature_line(*line, signature)) {
            return not_a_checkpoint("a signature line is malformed");
        }
        out.signatures.push_back(std::move(signature));
    }
    if (out.signatures.empty()) {
        return not_a_checkpoint("no signature line");
    }
    return out;
}

namespace {

// `found`: the line of the key, when what is returned is good.
NoteTrust find_line(const CheckpointNote& note, const NoteKey& key, const NoteSignature*& found) {
    found = nullptr;
    if (note.checkpoint.origin != key.name) {
        return NoteTrust::other_origin;
    }
    const KeyId id = key_id_of(key);
    for (const NoteSignature& line : note.signatures) {
        if (line.name != key.name || line.key_id != id) {
            continue;
        }
        // A second line may not hide a forgery.
        if (found != nullptr || line.bytes.size() != sizeof(Ed25519Signature::bytes)) {
            return NoteTrust::bad;
        }
        found = &line;
    }
    return found != nullptr ? NoteTrust::good : NoteTrust::unsigned_by_key;
}

}  // namespace

NoteTrust check_note_form(const CheckpointNote& note, const NoteKey& key) {
    const NoteSignature* line = nullptr;
    return find_line(note, key, line);
}

NoteTrust check_note(const CheckpointNote& note, const NoteKey& key) {
    const NoteSignature* line = nullptr;
    const NoteTrust form = find_line(note, key, line);
    if (form != NoteTrust::good) {
        return form;
    }
    Ed25519Signature signature;
    std::memcpy(signature.bytes.data(), line->bytes.data(), signature.bytes.size());
    return ed25519_verify(key.key, note.text, signature) ? NoteTrust::good : NoteTrust::bad;
}

Result<Checkpoint> open_checkpoint(std::string_view note, const NoteKey& key) {
    ATTACCA_TRY(CheckpointNote parsed, parse_checkpoint(note));
    switch (check_note(parsed, key)) {
        case NoteTrust::good:
            return std::move(parsed.checkpoint);
        case NoteTrust::unsigned_by_key:
            return fail(Problem::corrupt, "the checkpoint is not signed by " + key.name);
        case NoteTrust::bad:
            return fail(Problem::corrupt, "the checkpoint's signature is not that of its key");
        case NoteTrust::outside_window:
            return fail(Problem::corrupt, "the checkpoint is outside of its key's window");
        case NoteTrust::other_origin:
            return fail(Problem::corrupt,
                        "the checkpoint is of another origin, " + quoted(parsed.checkpoint.origin));
    }
    return fail(Problem::internal);
}

}  // namespace attacca::core
