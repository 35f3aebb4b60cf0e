// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "base/digest.h"
#include "core/bundle/custody.h"
#include "core/bundle/layout.h"
#include "core/bundle/policy.h"
#include "core/bundle/texts.h"
#include "core/bundle/verify_bundle.h"
#include "core/ledger/ledger_for_test.h"
#include "core/ledger/naive_tree_for_test.h"
#include "core/ledger/proof_text.h"

// The bundle of a job of a small ledger, file by file, to be tampered with.

namespace attacca::core {

struct BundleForTest {
    std::map<std::string, std::string> files;
    bool seals = true;  // whoever tampers writes the list of files anew

    // The records at `positions` of the ledger, proven by the checkpoint of its end; `old_sizes`
    // are those of earlier checkpoints.
    BundleForTest(StoredLedger ledger,
                  const std::vector<std::uint64_t>& positions,
                  const std::vector<std::uint64_t>& old_sizes = {}) {
        std::vector<Sha256> leaves;
        for (std::uint64_t gseq = 0; gseq < ledger.size(); ++gseq) {
            leaves.push_back(leaf_hash(ledger.record(gseq)));
        }
        const std::string note = ledger.notes.at(ledger.size());
        RecordBytes records;
        for (const std::uint64_t gseq : positions) {
            records[gseq] = ledger.record(gseq);
            files[record_name(gseq)] = ledger.record(gseq);
            files[proof_name(gseq)] = format_receipt({gseq, naive_path(gseq, leaves), note});
        }
        for (const std::uint64_t size : old_sizes) {
            files[old_checkpoint_name(size)] = ledger.notes.at(size);
            files[extension_name(size, ledger.size())] =
                format_extension({size, naive_consistency(size, leaves), note});
        }
        files[std::string(checkpoint_name)] = note;
        files[std::string(policy_name)] = format_policy(ledger.key);
        files[key_name(ledger.key)] = pem_of(ledger.key.key);
        files[std::string(custody_json_name)] = custody_json(records);
        files[std::string(custody_html_name)] = custody_html(records);
        files[std::string(script_name)] = verify_script();
        files[std::string(readme_name)] = verify_readme();
        seal();
    }

    void seal() {
        std::string manifest;
        files.erase(std::string(manifest_name));
        for (const auto& [name, bytes] : files) {
            manifest += manifest_line(name, sha256(bytes));
        }
        files[std::string(manifest_name)] = manifest;
    }

    [[nodiscard]] Result<BundleReport> report(const BundleTrust& trust = {}) {
        if (seals) {
            seal();
        }
        BundleFiles read;
        for (const auto& [name, bytes] : files) {
            read[name] = {bytes.size(), sha256(bytes), is_kept(name) ? bytes : std::string()};
        }
        return verify_bundle(read, trust);
    }
    // The codes of what is found, each once, and the exit status.
    [[nodiscard]] std::pair<std::vector<std::string>, int> verdict(const BundleTrust& trust = {}) {
        const Result<BundleReport> found = report(trust);
        std::vector<std::string> codes;
        for (const Failure& failure : found->failures) {
            codes.emplace_back(code_of(failure.fault));
        }
        std::sort(codes.begin(), codes.end());
        codes.erase(std::unique(codes.begin(), codes.end()), codes.end());
        return {codes, found->exit_status};
    }

  private:
    // RFC 9162, 2.1.4.1, from the definition.
    static std::vector<Sha256> naive_consistency(std::uint64_t size, std::span<const Sha256> all,
                                                 bool is_whole = true) {
        if (size == all.size()) {
            return is_whole ? std::vector<Sha256>() : std::vector<Sha256>{naive_root(all)};
        }
        std::size_t cut = 1;
        while (cut * 2 < all.size()) {
            cut *= 2;
        }
        std::vector<Sha256> proof;
        if (size <= cut) {
            proof = naive_consistency(size, all.first(cut), is_whole);
            proof.push_back(naive_root(all.subspan(cut)));
        } else {
            proof = naive_consistency(size - cut, all.subspan(cut), false);
            proof.push_back(naive_root(all.first(cut)));
        }
        return proof;
    }
};

inline BundleForTest bundle_of_job_a() {
    return {small_ledger(), {1, 3, 5, 6}, {3, 8}};
}

}  // namespace attacca::core
