// SPDX-License-Identifier: Apache-2.0
#include "core/bundle/policy.h"

#include <algorithm>
#include <optional>
#include <set>
#include <utility>

#include "core/ledger/origin.h"

namespace attacca::core {
namespace {

constexpr std::string_view none = "none";
constexpr std::size_t entries_max = 256;

std::vector<std::string_view> words_of(std::string_view line) {
    std::vector<std::string_view> words;
    while (true) {
        const std::size_t begin = line.find_first_not_of(" \t");
        if (begin == std::string_view::npos) {
            return words;
        }
        line.remove_prefix(begin);
        const std::size_t end = std::min(line.find_first_of(" \t"), line.size());
        words.push_back(line.substr(0, end));
        line.remove_prefix(end);
    }
}

class PolicyReader {
  public:
    Result<TrustPolicy> read(std::string_view text) {
        if (!text.empty() && text.back() != '\n') {
            return refuse("the last line has no end");
        }
        while (!text.empty()) {
            ++line_;
            const std::size_t end = text.find('\n');
            const std::string_view line = text.substr(0, end);
            text.remove_prefix(end + 1);
            if (std::any_of(line.begin(), line.end(), [](char c) {
                    return c == '\x7f' || (c >= 0 && c < ' ' && c != '\t');
                })) {
                return refuse("a control character");
            }
            const std::vector<std::string_view> words = words_of(line);
            if (words.empty() || words.front().starts_with('#')) {
                continue;
            }
            if (const char* why = take(words)) {
                return refuse(why);
            }
        }
        return policy_.quorum.empty() ? Result<TrustPolicy>(refuse("there is no line `quorum`"))
                                      : Result<TrustPolicy>(std::move(policy_));
    }

  private:
    // What is wrong with the line, or nullptr.
    const char* take(const std::vector<std::string_view>& words) {
        const std::string_view kind = words.front();
        if (kind == "log" && (words.size() == 2 || words.size() == 3)) {
            return take_log(words[1]);
        }
        if (kind == "witness" && (words.size() == 3 || words.size() == 4)) {
            return take_witness(words[1], words[2], words.size() == 4 ? words[3] : "");
        }
        if (kind == "group" && words.size() >= 4) {
            return take_group(words);
        }
        if (kind == "quorum" && words.size() == 2) {
            const bool is_known = words[1] == none || is_defined(words[1]);
            if (!policy_.quorum.empty() || !is_known) {
                return "a second quorum, or one that is not defined before";
            }
            policy_.quorum = words[1];
            return nullptr;
        }
        return "expected `log`, `witness`, `group` or `quorum` and their words";
    }
    const char* take_log(std::string_view vkey) {
        Result<NoteKey> key = parse_vkey(vkey);
        if (!key || !add_key(key->key)) {
            return "this is no Ed25519 key of a log, or it is there twice";
        }
        policy_.logs.push_back(std::move(*key));
        return nullptr;
    }
    const char* take_witness(std::string_view name, std::string_view vkey, std::string_view url) {
        const Result<WitnessKey> witness = parse_witness_vkey(vkey);
        if (!witness || !is_free(name) || !add_key(witness->key.key)) {
            return "this is no Ed25519 key of a witness, or it or its name is there twice";
        }
        policy_.witnesses.emplace(name, TrustPolicy::Witness{*witness, std::string(url)});
        return nullptr;
    }
    const char* take_group(const std::vector<std::string_view>& words) {
        TrustPolicy::Group group;
        for (std::size_t i = 3; i < words.size(); ++i) {
            if (!is_defined(words[i]) || !members_.emplace(words[i], true).second) {
                return "a member is not defined before, or is one already";
            }
            group.members.emplace_back(words[i]);
        }
        const std::uint64_t count = group.members.size();
        const std::uint64_t least = words[2] == "all"   ? count
                                    : words[2] == "any" ? 1
                                                        : parse_u64(words[2]).value_or(0);
        if (!is_free(words[1]) || least < 1 || least > count) {
            return "the group's name is taken, or it asks for more members than it has";
        }
        group.least = static_cast<std::size_t>(least);
        policy_.groups.emplace(words[1], std::move(group));
        return nullptr;
    }

    [[nodiscard]] bool is_defined(std::string_view name) const {
        return policy_.witnesses.contains(name) || policy_.groups.contains(name);
    }
    [[nodiscard]] bool is_free(std::string_view name) const {
        return name != none && !is_defined(name);
    }
    bool add_key(const Ed25519PublicKey& key) {
        return keys_.size() < entries_max &&
               keys_.emplace(std::string(key.view()), true).second;
    }
    [[nodiscard]] Error refuse(const char* why) const {
        return fail(Problem::invalid_value,
                    "line " + std::to_string(line_) + " of the policy: " + why);
    }

    TrustPolicy policy_;
    std::size_t line_ = 0;
    std::map<std::string, bool, std::less<>> keys_;
    std::map<std::string, bool, std::less<>> members_;
};

}  // namespace

Result<TrustPolicy> parse_policy(std::string_view text) {
    return PolicyReader().read(text);
}

std::string format_policy(const NoteKey& log) {
    return "log " + format_vkey(log) + "\nquorum none\n";
}

NoteTrust check_log(const CheckpointNote& note, const TrustPolicy& policy) {
    NoteTrust best = NoteTrust::other_origin;
    for (NoteKey key : policy.logs) {
        // Who trusts the key of a restored ledger trusts what it signed before.
        if (is_former_origin(note.checkpoint.origin, key.name)) {
            key.name = note.checkpoint.origin;
        }
        const NoteTrust trust = policy.delegations.check(note, key);
        switch (trust) {
            case NoteTrust::good: return NoteTrust::good;
            case NoteTrust::outside_window:
            case NoteTrust::bad: best = trust; break;
            case NoteTrust::unsigned_by_key:
                best = best == NoteTrust::other_origin ? trust : best;
                break;
            case NoteTrust::other_origin: break;
        }
    }
    return best;
}

bool has_quorum(const CheckpointNote& note, const TrustPolicy& policy) {
    std::set<std::string, std::less<>> cosigners;
    for (const auto& [name, witness] : policy.witnesses) {
        if (is_cosigned(note, witness.key)) {
            cosigners.insert(name);
        }
    }
    return is_quorum(cosigners, policy);
}

bool is_quorum(const std::set<std::string, std::less<>>& witnesses, const TrustPolicy& policy) {
    if (policy.quorum == none) {
        return true;
    }
    // Groups name only what was defined before them, but their order here is that of names: what
    // counts is found by asking again until nothing new is.
    std::set<std::string, std::less<>> has_signed = witnesses;
    for (std::size_t round = 0; round < policy.groups.size(); ++round) {
        for (const auto& [name, group] : policy.groups) {
            const auto count = std::count_if(
                group.members.begin(), group.members.end(),
                [&](const std::string& member) { return has_signed.contains(member); });
            if (static_cast<std::size_t>(count) >= group.least) {
                has_signed.insert(name);
            }
        }
    }
    return has_signed.contains(policy.quorum);
}

}  // namespace attacca::core
