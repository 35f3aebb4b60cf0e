// SPDX-License-Identifier: Apache-2.0
#include "core/bundle/check_manifest.h"

#include <algorithm>
#include <array>
#include <optional>

#include "core/bundle/layout.h"

namespace attacca::core {
namespace {

constexpr std::size_t digest_digits = 64;
constexpr std::string_view between = "  ";

struct Line {
    std::string_view name;
    Sha256 digest;
};

std::optional<Line> line_of(std::string_view text) {
    Line line;
    const auto digest = sha256_of_hex(text.substr(0, digest_digits));
    if (!digest || !text.substr(digest_digits).starts_with(between)) {
        return std::nullopt;
    }
    line.digest = *digest;
    line.name = text.substr(digest_digits + between.size());
    return is_tar_name(line.name) && line.name != manifest_name ? std::optional(line)
                                                                : std::nullopt;
}

// A listed file that is not there: what is missing decides what it means.
void tell_missing(std::string_view name, BundleFailures& failures) {
    const std::string what = std::string(name) + " is missing";
    if (const auto gseq = number_in(name, records_folder, ".json")) {
        failures.add(Fault::gap, *gseq, what);
    } else {
        failures.add(Fault::missing, std::nullopt, what);
    }
}

void check_lines(std::string_view text, const BundleFiles& files, BundleFailures& failures) {
    std::string_view before;
    while (!text.empty()) {
        const std::size_t end = text.find('\n');
        const std::optional<Line> line =
            end == std::string_view::npos ? std::nullopt : line_of(text.substr(0, end));
        if (!line || line->name <= before) {
            failures.add_last(Fault::manifest,
                              "MANIFEST.txt has a line that is malformed or not in order");
            return;
        }
        before = line->name;
        text.remove_prefix(end + 1);
        const auto found = files.find(line->name);
        if (found == files.end()) {
            tell_missing(line->name, failures);
        } else if (found->second.digest != line->digest) {
            failures.add_last(Fault::manifest, std::string(line->name) + " was changed");
        }
    }
}

bool is_listed(std::string_view manifest, std::string_view name) {
    const std::string end = std::string(between) + std::string(name) + "\n";
    return manifest.find(end) != std::string_view::npos;
}

bool is_of_a_bundle(std::string_view name) {
    constexpr std::array<std::string_view, 7> single = {
        manifest_name, readme_name, checkpoint_name, custody_html_name, custody_json_name,
        policy_name, script_name};
    if (std::find(single.begin(), single.end(), name) != single.end() ||
        number_in(name, records_folder, ".json") || number_in(name, proofs_folder, ".tlog-proof") ||
        number_in(name, erased_folder, ".json") || number_in(name, erased_folder, ".tlog-proof") ||
        number_in(name, consistency_folder, ".checkpoint") ||
        number_in(name, timestamps_folder, ".text") ||
        number_in(name, timestamps_folder, ".tsq") || number_in(name, timestamps_folder, ".tsr")) {
        return true;
    }
    if (name.starts_with(artifacts_folder)) {
        return sha256_of_hex(name.substr(artifacts_folder.size())).has_value();
    }
    if (name.starts_with(consistency_folder)) {
        const std::string_view pair = name.substr(consistency_folder.size());
        const std::size_t dash = std::min(pair.find('-'), pair.size() - 1);
        return parse_u64(pair.substr(0, dash)) && parse_u64(pair.substr(dash + 1));
    }
    return is_delegation_name(name) || (name.starts_with(keys_folder) && name.ends_with(".pem"));
}

}  // namespace

void check_manifest(const BundleFiles& files, BundleFailures& failures) {
    for (const std::string_view name : {manifest_name, readme_name, checkpoint_name,
                                        custody_html_name, custody_json_name, policy_name,
                                        script_name}) {
        if (files.find(name) == files.end()) {
            failures.add(Fault::missing, std::nullopt, std::string(name) + " is missing");
        }
    }
    const auto found = files.find(manifest_name);
    if (found == files.end()) {
        return;
    }
    const std::string_view manifest = found->second.bytes;
    check_lines(manifest, files, failures);
    for (const auto& [name, file] : files) {
        if (name != manifest_name && !is_listed(manifest, name)) {
            failures.add_last(Fault::manifest, "MANIFEST.txt does not name " + name);
        }
        if (!is_of_a_bundle(name)) {
            failures.add_last(Fault::manifest, name + " is no file of a bundle");
        }
    }
}

}  // namespace attacca::core
