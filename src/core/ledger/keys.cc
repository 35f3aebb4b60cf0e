// SPDX-License-Identifier: Apache-2.0
#include "core/ledger/keys.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "base/digest.h"
#include "core/ledger/scalar.h"

namespace attacca::core {
namespace {

constexpr std::string_view delegation_line = "attacca-delegation/1";
constexpr std::string_view rotation_line = "attacca-rotation/1";
constexpr std::size_t delegation_lines = 7;
constexpr std::size_t delegation_bytes_max = 4096;

Error no_delegation(std::string_view why) {
    return fail(Problem::corrupt, "no delegation: " + std::string(why));
}

// The signature of one line, when it is of this key; nothing when it has another length.
std::optional<Ed25519Signature> ed25519_of(const NoteSignature& line) {
    Ed25519Signature signature;
    if (line.bytes.size() != signature.bytes.size()) {
        return std::nullopt;
    }
    std::memcpy(signature.bytes.data(), line.bytes.data(), signature.bytes.size());
    return signature;
}

Result<Delegation> read_lines(const std::vector<std::string_view>& lines) {
    Delegation out;
    if (lines[0] != delegation_line) {
        return no_delegation("another first line");
    }
    ATTACCA_TRY(out.key, parse_vkey(lines[2]));
    if (out.key.name != lines[1]) {
        return no_delegation("the key has another name than the ledger");
    }
    const std::optional<std::uint64_t> from = parse_u64(lines[3]);
    const std::optional<std::uint64_t> to = parse_u64(lines[4]);
    if (!from || !to || *from >= *to) {
        return no_delegation("no window");
    }
    out.from_size = *from;
    out.to_size = *to;
    if (!read_base64(lines[5], out.from_root.bytes.data(), out.from_root.bytes.size())) {
        return no_delegation("the root is not base64 of 32 bytes");
    }
    const std::optional<WallTime> until = instant_of(lines[6]);
    if (!until) {
        return no_delegation("no time");
    }
    out.not_after = *until;
    return out;
}

}  // namespace

std::string delegation_text(const Delegation& delegation) {
    std::string text(delegation_line);
    text += "\n" + delegation.key.name + "\n" + format_vkey(delegation.key) + "\n";
    text += std::to_string(delegation.from_size) + "\n" + std::to_string(delegation.to_size) + "\n";
    append_base64(text, delegation.from_root.view());
    text += "\n";
    append_rfc3339(text, delegation.not_after);
    return text + "\n";
}

std::string delegation_note(const Delegation& delegation,
                            const NoteKey& root,
                            const Ed25519Signature& signature) {
    return delegation_text(delegation) + "\n" +
           signature_line({root.name, key_id_of(root), std::string(signature.view())});
}

Result<Delegation> open_delegation(std::string_view note, const NoteKey& root) {
    std::vector<std::string_view> lines;
    for (std::string_view rest = note; !rest.empty();) {
        const std::size_t end = rest.find('\n');
        if (end == std::string_view::npos || note.size() > delegation_bytes_max) {
            return no_delegation("too long, or its last line has no end");
        }
        lines.push_back(rest.substr(0, end));
        rest.remove_prefix(end + 1);
    }
    NoteSignature line;
    if (lines.size() != delegation_lines + 2 || !lines[delegation_lines].empty() ||
        !read_signature_line(lines.back(), line)) {
        return no_delegation("expected seven lines, an empty one and a signature");
    }
    ATTACCA_TRY(Delegation delegation, read_lines(lines));
    const std::optional<Ed25519Signature> signature = ed25519_of(line);
    const std::string_view text =
        note.substr(0, note.size() - lines.back().size() - 2);  // the empty line, and its newline
    if (delegation.key.name != root.name || line.name != root.name ||
        line.key_id != key_id_of(root) || !signature ||
        !ed25519_verify(root.key, text, *signature)) {
        return fail(Problem::invalid_value, "the root did not sign the delegation");
    }
    return delegation;
}

std::string rotation_text(std::string_view origin, const KeyRotated& rotated) {
    std::string text(rotation_line);
    text += "\n" + std::string(origin) + "\n";
    append_base64(text, rotated.old_key.view());
    text += "\n";
    append_base64(text, rotated.key.view());
    text += "\n" + hex(rotated.next.view()) + "\n";
    return text + hex(sha256(rotated.delegation).view()) + "\n";
}

void Delegations::add(const Delegation& delegation) {
    keys_.emplace(key_id_of(delegation.key), delegation);
}

void Delegations::close(const Ed25519PublicKey& key, std::uint64_t to_size) {
    for (auto& [id, delegation] : keys_) {
        if (delegation.key.key == key) {
            delegation.to_size = std::min(delegation.to_size, to_size);
        }
    }
}

std::vector<Delegation> Delegations::signers_of(const CheckpointNote& note) const {
    std::vector<Delegation> found;
    for (const NoteSignature& line : note.signatures) {
        const auto [begin, end] = keys_.equal_range(line.key_id);
        for (auto it = begin; it != end; ++it) {
            if (line.name == it->second.key.name) {
                found.push_back(it->second);
            }
        }
    }
    return found;
}

NoteTrust Delegations::check(const CheckpointNote& note, bool is_form_only) const {
    NoteTrust best = NoteTrust::unsigned_by_key;
    for (const Delegation& delegation : signers_of(note)) {
        const NoteTrust trust = is_form_only ? check_note_form(note, delegation.key)
                                             : check_note(note, delegation.key);
        if (trust != NoteTrust::good) {
            return trust;
        }
        const std::uint64_t size = note.checkpoint.size;
        if (size <= delegation.from_size || size > delegation.to_size) {
            return NoteTrust::outside_window;
        }
        best = trust;
    }
    return best;
}

NoteTrust Delegations::check(const CheckpointNote& note,
                             const NoteKey& root,
                             bool is_form_only) const {
    const NoteTrust own = is_form_only ? check_note_form(note, root) : check_note(note, root);
    if (keys_.empty() || own == NoteTrust::other_origin || own == NoteTrust::bad) {
        return own;
    }
    const NoteTrust delegated = check(note, is_form_only);
    return delegated == NoteTrust::unsigned_by_key ? own : delegated;
}

const KeyRotated* KeyChain::newest(std::string_view origin) const {
    return newest_ && windows_.back().key.name == origin ? &*newest_ : nullptr;
}

std::optional<KeyChain::Refusal> KeyChain::add(const KeyRotated& rotated,
                                               std::string_view origin,
                                               std::uint64_t first_gseq) {
    const Result<Delegation> delegation =
        open_delegation(rotated.delegation, {std::string(origin), root_.key});
    if (!delegation) {
        return Refusal{false, delegation.error().detail};
    }
    const std::string text = rotation_text(origin, rotated);
    const KeyRotated* const before = newest(origin);
    const bool is_of_old = rotated.old_key == (before != nullptr ? before->key : root_.key);
    if (delegation->key.key != rotated.key || delegation->from_size > first_gseq || !is_of_old ||
        !ed25519_verify(rotated.key, text, rotated.signature) ||
        !ed25519_verify(rotated.old_key, text, rotated.old_signature)) {
        return Refusal{false, "the key before it and the key after it did not both sign"};
    }
    if (before != nullptr && sha256(rotated.key.view()) != before->next) {
        return Refusal{true, "the new key is not the one that the hand-over before it named"};
    }
    if (before != nullptr) {
        delegations_.close(before->key, first_gseq);
        windows_.back().to_size = std::min(windows_.back().to_size, first_gseq);
    }
    delegations_.add(*delegation);
    windows_.push_back(*delegation);
    notes_.push_back(rotated.delegation);
    newest_ = rotated;
    return std::nullopt;
}

}  // namespace attacca::core
