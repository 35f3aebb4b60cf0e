// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "core/ledger/checkpoint.h"
#include "core/ledger/cosignature.h"
#include "core/ledger/keys.h"

// Whose signatures count: a C2SP tlog-policy file.
//
//   log <vkey> [<url>]
//   witness <name> <vkey> [<url>]
//   group <name> all|any|<k> <name>…
//   quorum <name>|none
//
// Keys are Ed25519: of logs with the type 0x01, of witnesses with 0x04 (cosignature/v1).
// Pure.

namespace attacca::core {

struct TrustPolicy {
    struct Witness {
        WitnessKey key;
        std::string url;  // where it takes checkpoints; empty when the file names none
    };
    struct Group {
        std::size_t least = 0;
        std::vector<std::string> members;
    };
    std::vector<NoteKey> logs;
    Delegations delegations = {};  // by keys of `logs`; of no policy's text, they come with a note
    std::map<std::string, Witness, std::less<>> witnesses;
    std::map<std::string, Group, std::less<>> groups;
    std::string quorum;  // the name of a witness or group; `none`
};

// Errors: invalid_value, with the line.
[[nodiscard]] Result<TrustPolicy> parse_policy(std::string_view text);
// The policy that trusts one log and asks for no witness.
[[nodiscard]] std::string format_policy(const NoteKey& log);

// The best that a key of the policy says about the note: `good` when one of them signed it.
// `other_origin` when the policy knows no log of that name.
[[nodiscard]] NoteTrust check_log(const CheckpointNote& note, const TrustPolicy& policy);
// Whether enough witnesses have signed the note. A line in a witness's name that is not his
// signature counts for nothing.
[[nodiscard]] bool has_quorum(const CheckpointNote& note, const TrustPolicy& policy);
// The same for a set of witnesses, by the names that the policy gives them.
[[nodiscard]] bool is_quorum(const std::set<std::string, std::less<>>& witnesses,
                             const TrustPolicy& policy);

}  // namespace attacca::core
