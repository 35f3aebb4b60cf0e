// SPDX-License-Identifier: Apache-2.0
#include "core/bundle/check_timestamps.h"

#include <array>
#include <set>

#include "base/timestamp.h"
#include "core/bundle/layout.h"

namespace attacca::core {
namespace {

constexpr std::array<std::string_view, 3> stamp_suffixes = {".text", ".tsq", ".tsr"};

// What a checkpoint of this size in the bundle states, or nothing when it has none.
std::optional<std::string> text_of_size(const BundleParts& parts, std::uint64_t size) {
    if (parts.checkpoint.checkpoint.size == size) {
        return parts.checkpoint.text;
    }
    const auto found = parts.files.find(old_checkpoint_name(size));
    if (found == parts.files.end()) {
        return std::nullopt;
    }
    const Result<CheckpointNote> note = parse_checkpoint(found->second.bytes);
    return note ? std::optional(note->text) : std::nullopt;
}

// Whether all three files are there.
bool is_whole(const BundleParts& parts, std::uint64_t size) {
    bool is_there = true;
    for (const std::string_view suffix : stamp_suffixes) {
        const std::string name = timestamp_name(size, suffix);
        if (parts.files.find(name) == parts.files.end()) {
            parts.failures.add(Fault::missing, std::nullopt, name + " is missing");
            is_there = false;
        }
    }
    return is_there;
}

}  // namespace

Result<StampSummary> check_timestamps(const BundleParts& parts,
                                      const std::optional<std::string>& trusted) {
    std::set<std::uint64_t> sizes;
    for (const auto& [name, file] : parts.files) {
        for (const std::string_view suffix : stamp_suffixes) {
            if (const auto size = number_in(name, timestamps_folder, suffix)) {
                sizes.insert(*size);
            }
        }
    }
    StampSummary summary;
    for (const std::uint64_t size : sizes) {
        if (!is_whole(parts, size)) {
            continue;
        }
        const std::string& text = parts.files.at(timestamp_name(size, ".text")).bytes;
        const std::string& query = parts.files.at(timestamp_name(size, ".tsq")).bytes;
        const std::string& reply = parts.files.at(timestamp_name(size, ".tsr")).bytes;
        const std::string which = "the time stamp of size " + std::to_string(size) + ": ";
        const std::optional<std::string> stated = text_of_size(parts, size);
        if (!stated || *stated != text) {
            parts.failures.add(Fault::tsa, std::nullopt,
                               which + "it is of no checkpoint that is here");
            continue;
        }
        const Result<Timestamp> stamp = trusted ? verify_timestamp(text, query, reply, *trusted)
                                                : read_timestamp(text, query, reply);
        if (!stamp && stamp.error().problem == Problem::invalid_value) {
            return stamp.error();
        }
        if (!stamp) {
            parts.failures.add(Fault::tsa, std::nullopt, which + stamp.error().detail);
            continue;
        }
        summary = {size, stamp->at, trusted.has_value()};
    }
    return summary;
}

}  // namespace attacca::core
