// SPDX-License-Identifier: Apache-2.0
#include "core/bundle/policy.h"
#include "core/bundle/tar.h"
#include "core/ledger/proof_text.h"

#include "fuzz.h"

// What strangers hand over: archives, receipts, extensions, policies. Each has one form, so that
// what was read is written again with the same bytes.

namespace attacca::core {
namespace {

void check_proofs(std::string_view input) {
    const auto receipt = parse_receipt(input);
    if (receipt && input.find("\nextra ") == input.npos) {
        ATTACCA_CHECK(format_receipt(*receipt) == input);
    }
    if (const auto extension = parse_extension(input)) {
        ATTACCA_CHECK(format_extension(*extension) == input);
    }
}

void check_policy(std::string_view input) {
    const auto policy = parse_policy(input);
    if (!policy) {
        ATTACCA_CHECK(policy.error().problem == Problem::invalid_value);
        return;
    }
    ATTACCA_CHECK(policy->quorum == "none" || policy->witnesses.contains(policy->quorum) ||
                  policy->groups.contains(policy->quorum));
}

Result<BundleFiles> read_in_pieces(std::string_view archive, std::size_t piece) {
    TarReader reader;
    for (std::size_t at = 0; at < archive.size(); at += piece) {
        if (Result<void> done = reader.add(archive.substr(at, piece)); !done) {
            return done.error();
        }
    }
    return reader.finish();
}

std::string archive_of(const BundleFiles& files) {
    std::string archive;
    for (const auto& [name, file] : files) {
        archive += tar_header(name, file.size) + file.bytes + tar_padding(file.size);
    }
    return archive + tar_end();
}

// An archive of our own reads back; with one byte changed it reads as other files or not at all.
void check_archive(std::string_view input) {
    if (const auto files = read_in_pieces(input, input.size() + 1)) {
        ATTACCA_CHECK(archive_of(*files) == input);
    }
    fuzz::Draw draw(input);
    BundleFiles files;
    for (std::size_t count = draw.below(4); count > 0; --count) {
        const std::string name = "records/" + std::to_string(draw.below(10)) + ".json";
        const std::string bytes(draw.take(draw.below(256)));
        files[name] = {bytes.size(), sha256(bytes), bytes};
    }
    std::string archive = archive_of(files);
    const auto read = read_in_pieces(archive, 1 + draw.below(256));
    ATTACCA_CHECK(read.has_value() && *read == files);
    const std::size_t at = draw.u64() % archive.size();
    const char before = archive[at];
    archive[at] = static_cast<char>(draw.byte());
    if (archive[at] != before) {
        const auto changed = read_in_pieces(archive, archive.size());
        ATTACCA_CHECK(!changed || *changed != files);
    }
}

}  // namespace
}  // namespace attacca::core

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view input = attacca::fuzz::text_of(data, size);
    attacca::core::check_proofs(input);
    attacca::core::check_policy(input);
    attacca::core::check_archive(input);
    return 0;
}
