// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "core/bundle/tar.h"
#include "core/ledger/fault.h"

// Everything that must hold in a bundle: its list of files, the checkpoint's signature, each
// record's proof and place, the job's chain without gaps, what the records name, and how it stands
// to checkpoints that were kept elsewhere.
//
// What it can not tell: that the job went on after the last record, unless that one is final; and,
// without a policy or an anchor from elsewhere, whose ledger this is and that there is no other.
// Spec: ledger.md 3.9, 3.11, 4.3. Pure.

namespace attacca::core {

struct BundleTrust {
    std::optional<std::string> policy;  // text; without one, the bundle's own
    std::vector<std::string> anchors;   // texts of checkpoints that were kept elsewhere
    bool is_strict = false;
    std::optional<std::string> authorities = {};  // certificates (PEM) of who may stamp the time
};

struct BundleReport {
    Verdict verdict = Verdict::good;
    int exit_status = 0;
    std::uint64_t records = 0;
    std::uint64_t size = 0;  // of the ledger that the bundle is of
    Sha256 root;
    std::string origin;
    std::string entity;
    bool is_final = false;
    bool is_erased = false;  // it tells that its job's key was destroyed
    std::uint64_t anchored_size = 0;  // of the largest anchor that agrees
    std::string assurance;
    std::vector<std::string> notes;  // what could not be checked, and what was told only
    std::vector<Failure> failures;
    std::uint64_t failures_omitted = 0;
};

// What is wrong with the bundle is in the report. Errors: invalid_value, when the policy or an
// anchor that was given is none.
[[nodiscard]] Result<BundleReport> verify_bundle(const BundleFiles& files,
                                                 const BundleTrust& trust);

}  // namespace attacca::core
