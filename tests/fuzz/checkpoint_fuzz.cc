// SPDX-License-Identifier: Apache-2.0
#include "core/ledger/checkpoint.h"

#include "fuzz.h"

// Signed notes and verification keys. A note opens only when the key signed exactly its text.

namespace attacca::core {
namespace {

constexpr std::string_view name = "ledger.example/1";

const Ed25519Signer& signer() {
    static const Ed25519Signer fixed{Ed25519Seed{{1, 2, 3}}};
    return fixed;
}

void check_notes(std::string_view input) {
    const auto read = parse_checkpoint(input);
    if (read) {
        ATTACCA_CHECK(input.starts_with(checkpoint_text(read->checkpoint) + "\n"));
    } else {
        ATTACCA_CHECK(read.error().problem == Problem::corrupt);
    }
    const NoteKey key{std::string(name), signer().public_key()};
    const auto opened = open_checkpoint(input, key);
    if (opened) {
        ATTACCA_CHECK(read.has_value() && read->checkpoint == *opened);
        // Ed25519 gives one signature for a text, so ours must be among the note's.
        const std::string ours = sign_checkpoint(signer(), name, opened->size, opened->root);
        const std::size_t line = ours.rfind("\n\n") + 2;
        ATTACCA_CHECK(input.find(ours.substr(line)) != input.npos);
    }
    ATTACCA_CHECK(!read || opened.has_value() == (check_note(*read, key) == NoteTrust::good &&
                                                  read->checkpoint.origin == name));
}

void check_vkey(std::string_view input) {
    if (const auto key = parse_vkey(input)) {
        ATTACCA_CHECK(format_vkey(*key) == input);
    }
}

// A note of our own opens; with one byte changed it may open only as the same statement.
void check_signed(std::string_view input) {
    fuzz::Draw draw(input);
    Checkpoint made{std::string(name), draw.u64(), {}};
    for (std::uint8_t& byte : made.root.bytes) {
        byte = draw.byte();
    }
    const NoteKey key{made.origin, signer().public_key()};
    std::string note = sign_checkpoint(signer(), made.origin, made.size, made.root);
    const auto opened = open_checkpoint(note, key);
    ATTACCA_CHECK(opened.has_value() && *opened == made);
    const auto parsed = parse_vkey(format_vkey(key));
    ATTACCA_CHECK(parsed.has_value() && *parsed == key);

    const std::size_t at = draw.below(256) % note.size();
    const char before = note[at];
    note[at] = static_cast<char>(draw.byte());
    ATTACCA_CHECK(note[at] == before || !open_checkpoint(note, key));
}

}  // namespace
}  // namespace attacca::core

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view input = attacca::fuzz::text_of(data, size);
    attacca::core::check_notes(input);
    attacca::core::check_vkey(input);
    attacca::core::check_signed(input);
    return 0;
}
