// SPDX-License-Identifier: Apache-2.0
#include "app/verify/trust_check.h"

#include <algorithm>

#include "base/check.h"
#include "core/bundle/policy.h"
#include "core/ledger/origin.h"

namespace attacca::verify {
namespace {

constexpr std::size_t notes_at_once = 256;

// Size of the newest checkpoint with a quorum, 0 when none has it. Witnesses sign about one a
// second, so it may stand some way before the end.
Result<std::uint64_t> witnessed_size(const core::TrustPolicy& policy, ports::StoreReader& reader) {
    std::uint64_t newest = 0;
    for (std::uint64_t after = 0;;) {
        ATTACCA_TRY(const std::vector<ports::SignedCheckpoint> page,
                    reader.checkpoints(after, notes_at_once));
        for (const ports::SignedCheckpoint& stored : page) {
            const Result<core::CheckpointNote> note = core::parse_checkpoint(stored.note);
            // One line is the log's own.
            if (note && note->signatures.size() > 1 && core::has_quorum(*note, policy) &&
                core::check_log(*note, policy) == core::NoteTrust::good) {
                newest = note->checkpoint.size;
            }
            after = stored.size;
        }
        if (page.size() < notes_at_once) {
            return newest;
        }
    }
}

}  // namespace

Result<void> open_anchor(const std::string& text,
                         core::NoteKey key,
                         const core::Delegations& delegations,
                         Anchors& anchors) {
    const Result<core::CheckpointNote> note = core::parse_checkpoint(text);
    if (!note) {
        return fail(Problem::invalid_value, "the anchor is not usable: " + note.error().detail);
    }
    if (core::is_former_origin(note->checkpoint.origin, key.name)) {
        key.name = note->checkpoint.origin;
    }
    switch (delegations.check(*note, key)) {
        case core::NoteTrust::good: anchors.opened.push_back(note->checkpoint); return {};
        case core::NoteTrust::other_origin:
            anchors.refusals.push_back({core::Fault::origin, std::nullopt,
                                        "the anchor is of another ledger, " +
                                            quoted(note->checkpoint.origin)});
            return {};
        case core::NoteTrust::outside_window:
        case core::NoteTrust::unsigned_by_key:
        case core::NoteTrust::bad:
            anchors.refusals.push_back({core::Fault::untrusted, std::nullopt,
                                        "the ledger's key did not sign the anchor"});
            return {};
    }
    ATTACCA_CHECK(false);
}

Result<std::uint64_t> judge_by_policy(const std::string& text,
                                      const core::NoteKey& key,
                                      ports::StoreReader& reader,
                                      std::vector<core::Failure>& refusals) {
    ATTACCA_TRY(const core::TrustPolicy policy, core::parse_policy(text));
    if (std::find(policy.logs.begin(), policy.logs.end(), key) == policy.logs.end()) {
        refusals.push_back({core::Fault::untrusted, std::nullopt,
                            "the policy does not know the ledger's key " + core::format_vkey(key)});
    }
    if (policy.quorum == "none") {
        return std::uint64_t{0};
    }
    ATTACCA_TRY(const std::uint64_t witnessed, witnessed_size(policy, reader));
    if (witnessed == 0) {
        refusals.push_back({core::Fault::quorum, std::nullopt,
                            "no checkpoint has the cosignatures that the policy asks for"});
    }
    return witnessed;
}

}  // namespace attacca::verify
