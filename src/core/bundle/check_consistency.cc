// SPDX-License-Identifier: Apache-2.0
#include "core/bundle/check_consistency.h"

#include <algorithm>
#include <optional>
#include <set>

#include "core/bundle/layout.h"
#include "core/ledger/proof.h"
#include "core/ledger/proof_text.h"

namespace attacca::core {
namespace {

// The proof from an earlier size, or nothing when it is missing or not one.
std::optional<std::vector<Sha256>> extension_of(const BundleParts& parts, std::uint64_t old_size) {
    const Checkpoint& checkpoint = parts.checkpoint.checkpoint;
    const std::string name = extension_name(old_size, checkpoint.size);
    const auto found = parts.files.find(name);
    if (found == parts.files.end()) {
        parts.failures.add(Fault::missing, std::nullopt, name + " is missing");
        return std::nullopt;
    }
    Result<ExtensionText> extension = parse_extension(found->second.bytes);
    if (!extension) {
        parts.failures.add(Fault::proof, std::nullopt, name + ": " + extension.error().detail);
        return std::nullopt;
    }
    const Result<CheckpointNote> note = parse_checkpoint(extension->checkpoint);
    if (extension->old_size != old_size || !note || note->checkpoint != checkpoint) {
        parts.failures.add(Fault::proof, std::nullopt, name + " is of another checkpoint");
        return std::nullopt;
    }
    return std::move(extension->path);
}

void check_old(const BundleParts& parts, const std::string& name, std::uint64_t size) {
    const Result<CheckpointNote> old = parse_checkpoint(parts.files.at(name).bytes);
    if (!old) {
        parts.failures.add(Fault::format, std::nullopt, name + ": " + old.error().detail);
        return;
    }
    const Checkpoint& before = old->checkpoint;
    if (!parts.failures.add_trust(check_log(*old, parts.policy), name, before.origin)) {
        return;
    }
    const Checkpoint& after = parts.checkpoint.checkpoint;
    const std::optional<std::vector<Sha256>> path = extension_of(parts, size);
    if (before.size != size) {
        parts.failures.add(Fault::proof, std::nullopt, name + " is of another size");
    } else if (path && !verify_consistency({before.size, before.root}, {after.size, after.root},
                                           *path)) {
        parts.failures.add(Fault::proof, std::nullopt,
                           name + " is not shown to be the beginning of this ledger");
    }
}

// The earlier checkpoint that the bundle has of this size, when a trusted key signed it.
std::optional<Checkpoint> own_checkpoint(const BundleParts& parts, std::uint64_t size) {
    const auto found = parts.files.find(old_checkpoint_name(size));
    if (found == parts.files.end()) {
        return std::nullopt;
    }
    const Result<CheckpointNote> note = parse_checkpoint(found->second.bytes);
    const bool is_good = note && check_log(*note, parts.policy) == NoteTrust::good &&
                         note->checkpoint.size == size;
    return is_good ? std::optional(note->checkpoint) : std::nullopt;
}

}  // namespace

void check_consistency(const BundleParts& parts) {
    std::set<std::uint64_t> proven;
    for (const auto& [name, file] : parts.files) {
        if (const auto size = number_in(name, consistency_folder, ".checkpoint")) {
            proven.insert(*size);
            check_old(parts, name, *size);
        }
    }
    for (const auto& [name, file] : parts.files) {
        const std::string_view view = name;
        const std::size_t dash = view.find('-');
        if (!view.starts_with(consistency_folder) || dash == std::string_view::npos) {
            continue;
        }
        const auto size = parse_u64(
            view.substr(consistency_folder.size(), dash - consistency_folder.size()));
        if (size && !proven.contains(*size)) {
            parts.failures.add(Fault::missing, std::nullopt,
                               old_checkpoint_name(*size) + " is missing");
        }
    }
}

void check_anchor(const BundleParts& parts,
                  const CheckpointNote& anchor,
                  std::uint64_t& anchored_size) {
    const Checkpoint& before = anchor.checkpoint;
    const Checkpoint& after = parts.checkpoint.checkpoint;
    if (!parts.failures.add_trust(check_log(anchor, parts.policy), "the anchor", before.origin)) {
        return;
    }
    const std::string which = "the anchor is of size " + std::to_string(before.size);
    if (before.size > after.size) {
        parts.failures.add(Fault::rollback, std::nullopt,
                           which + ", the bundle of size " + std::to_string(after.size) +
                               ": export it again");
        return;
    }
    const std::optional<Checkpoint> own =
        before.size == after.size ? std::optional(after) : own_checkpoint(parts, before.size);
    if (own && own->root != before.root) {
        parts.failures.add(Fault::fork, std::nullopt,
                           which + ", and the bundle has another root at that size");
        return;
    }
    if (before.size < after.size) {
        const std::optional<std::vector<Sha256>> path = extension_of(parts, before.size);
        if (!path) {
            return;  // told
        }
        if (!verify_consistency({before.size, before.root}, {after.size, after.root}, *path)) {
            parts.failures.add(Fault::proof, std::nullopt,
                               which + ", and the bundle does not show that it goes on from there");
            return;
        }
    }
    anchored_size = std::max(anchored_size, before.size);
}

}  // namespace attacca::core
