// SPDX-License-Identifier: Apache-2.0
#include <string>
#include <utility>

#include "core/ledger/verify.h"

// What can only be told after the last batch.

namespace attacca::core {

void Verifier::finish_signatures(VerifyReport& report) {
    for (const Expected& expected : expected_) {
        if (!is_stopped_) {
            add_failure(Fault::rollback, std::nullopt,
                        std::string(expected.is_anchor ? "the anchor" : "a checkpoint") +
                            " is of size " + std::to_string(expected.size) +
                            ", the ledger of size " + std::to_string(tree_.size()));
        }
    }
    report.unsigned_records = tree_.size() - signed_size_;
    if (is_root_broken_ || is_stopped_ || unsigned_batches_ == 0) {
        return;
    }
    if (has_foreign_checkpoints_) {
        return;  // signed, but by a key that is not trusted: that has been told
    }
    if (unsigned_batches_ > 1) {
        add_failure(Fault::sig, signed_size_,
                    std::to_string(unsigned_batches_) +
                        " batches at the end are not signed; a crash "
                        "leaves at most one");
    } else if (policy_.is_strict) {
        add_failure(Fault::missing, signed_size_, "the last batch is not signed yet");
    }
}

VerifyReport Verifier::finish() {
    VerifyReport report;
    check_held();
    finish_signatures(report);
    report.checkpoints = checkpoints_;
    report.signatures_skipped = signatures_skipped_;
    if (tree_.size() > 0 && !is_stopped_ && continuity_.origin() != policy_.key.name &&
        !continuity_.origin().empty()) {
        add_failure(Fault::origin, tree_.size() - 1,
                    "the key is of " + quoted(policy_.key.name) + ", and no record began that");
    }
    report.notes = std::move(notes_);
    report.forks = std::move(forks_);
    report.verdict = verdict_;
    report.exit_status = exit_status_of(verdict_);
    report.records = tree_.size();
    report.size = tree_.size();
    report.root = tree_.root();
    report.entities = chains_.entities();
    report.signed_size = signed_size_;
    report.anchored_size = anchored_size_;
    report.assurance = signed_size_ > 0 ? "L1 signed" : "none";
    report.failures = std::move(failures_);
    report.failures_omitted = omitted_;
    return report;
}

}  // namespace attacca::core
