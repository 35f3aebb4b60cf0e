// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

// What verification can find, by the codes of the ledger's specification (4.3).

namespace attacca::core {

enum class Fault : std::uint8_t {
    leaf,       // a record is not the one whose hash is stored or signed
    root,       // the records' tree is not the stored one
    sig,        // a signature is wrong, or it covers something else
    seq,        // a record says that it stands elsewhere
    dup,        // two records of one place
    chain,      // an entity's records do not follow each other
    tenant,     // an entity's records are of several tenants
    origin,     // of another ledger
    format,     // not in the one form that the formats have
    final,      // a record after an entity's end
    gap,        // a batch is missing
    missing,    // something that must be stored is not
    time,       // time runs backwards
    rollback,   // the ledger is shorter than a checkpoint says
    fork,       // the ledger is another one than a checkpoint says
    state,      // the stored state is not what the records tell
    artifact,   // content is not what a record names
    untrusted,  // a checkpoint that the trusted key did not sign
    proof,      // a proof that does not lead to the signed root
    quorum,     // too few of the witnesses that the policy asks for
    tsa,        // a time stamp that is of something else, or of nobody who is trusted
    manifest,   // a file of a bundle that its list does not name so
    key_window,  // a delegated key signed a size outside of its window
    hold,       // something was erased that a legal hold protected
};

enum class Verdict : std::uint8_t { good, tampered, incomplete, untrusted, rolled_back };

// `E_LEAF`, `E_ROOT`, …
[[nodiscard]] std::string_view code_of(Fault fault);
[[nodiscard]] Verdict verdict_of(Fault fault, bool is_strict);
// The worse of two: a contradiction outweighs a rollback, that a key that is not trusted, that what
// is missing.
[[nodiscard]] Verdict worse_of(Verdict a, Verdict b);
// `ok`, `tampered`, `incomplete`, `untrusted`, `rollback`
[[nodiscard]] std::string_view name_of(Verdict verdict);
// 0 good, 1 tampered, 2 incomplete, 3 untrusted, 4 rolled back or forked.
[[nodiscard]] int exit_status_of(Verdict verdict);

struct Failure {
    Fault fault = Fault::format;
    std::optional<std::uint64_t> gseq;
    std::string detail;
};

}  // namespace attacca::core
