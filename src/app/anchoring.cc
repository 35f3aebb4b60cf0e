// SPDX-License-Identifier: Apache-2.0
#include "app/anchoring.h"

#include <algorithm>
#include <set>
#include <utility>

#include "adapters/curl/http_witness.h"
#include "adapters/system/anchor_file.h"
#include "core/ledger/proof_text.h"

namespace attacca::app {
namespace {

constexpr std::size_t witnesses_max = 16;
constexpr int no_such_checkpoint = 404;

bool is_http_url(std::string_view url) {
    return url.starts_with("http://") || url.starts_with("https://");
}

std::string without_slashes(std::string_view url) {
    while (url.ends_with('/')) {
        url.remove_suffix(1);
    }
    return std::string(url);
}

// Whether one of the keys, of this origin and no former one, signed the note.
std::optional<core::Checkpoint> signed_of_origin(const std::string& text,
                                                 const std::vector<core::NoteKey>& keys) {
    const Result<core::CheckpointNote> note = core::parse_checkpoint(text);
    for (const core::NoteKey& key : keys) {
        if (note && core::check_note(*note, key) == core::NoteTrust::good) {
            return note->checkpoint;
        }
    }
    return std::nullopt;
}

}  // namespace

Result<std::unique_ptr<Anchoring>> Anchoring::open(const AnchorOptions& options,
                                                   const system::DataDir& directory,
                                                   engine::AnchorLog log) {
    std::unique_ptr<Anchoring> anchoring(new Anchoring());
    anchoring->log_ = std::move(log);
    if (!options.file.empty()) {
        if (system::is_inside(options.file, directory.root())) {
            return fail(Problem::bad_configuration,
                        "the anchor file " + quoted(options.file) +
                            " lies in the data directory: what is restored with it is no anchor");
        }
        anchoring->file_ = std::make_unique<system::SystemAnchorFile>(options.file);
        anchoring->file_name_ = "the anchor file " + quoted(options.file);
    }
    if (Result<void> added = anchoring->add_peers(options); !added) {
        return added.error();
    }
    return anchoring;
}

Result<void> Anchoring::add_peers(const AnchorOptions& options) {
    if (options.policy) {
        Result<core::TrustPolicy> policy = core::parse_policy(*options.policy);
        if (!policy) {
            return fail(Problem::bad_configuration, policy.error().detail);
        }
        policy_ = std::move(*policy);
        for (const auto& [name, witness] : policy_->witnesses) {
            if (is_http_url(witness.url)) {
                peers_.push_back({name, witness.key, without_slashes(witness.url)});
            }
        }
    }
    for (const std::string& text : options.witnesses) {
        if (Result<void> added = add_peer(text); !added) {
            return added;
        }
    }
    if (peers_.size() > witnesses_max) {
        return fail(Problem::bad_configuration, "there are more than 16 witnesses");
    }
    return {};
}

Result<void> Anchoring::add_peer(const std::string& text) {
    const std::size_t hash = text.find('#');
    const std::string url = without_slashes(text.substr(0, hash));
    if (!is_http_url(url)) {
        return fail(Problem::bad_configuration,
                    "a witness has an address http://… or https://…, not " + quoted(text));
    }
    const auto known = std::find_if(peers_.begin(), peers_.end(),
                                    [&](const Peer& peer) { return peer.url == url; });
    if (hash == std::string::npos) {
        return known != peers_.end()
                   ? Result<void>()
                   : Result<void>(fail(Problem::bad_configuration,
                                       "the key of the witness " + quoted(url) +
                                           " is not known: write --witness URL#VKEY, or name it "
                                           "with this address in the file of --policy"));
    }
    const Result<core::WitnessKey> key = core::parse_witness_vkey(text.substr(hash + 1));
    if (!key) {
        return fail(Problem::bad_configuration, "--witness " + quoted(url) + ": " +
                                                    key.error().detail);
    }
    if (known != peers_.end()) {
        return known->key == *key
                   ? Result<void>()
                   : Result<void>(fail(Problem::bad_configuration,
                                       "the witness " + quoted(url) + " is named with two keys"));
    }
    // The same witness under another address keeps the name that the policy gives it.
    std::string name = url;
    if (policy_) {
        for (const auto& [of_policy, witness] : policy_->witnesses) {
            name = witness.key == *key ? of_policy : name;
        }
    }
    peers_.push_back({std::move(name), *key, url});
    return {};
}

Result<void> Anchoring::check_file(engine::AnchorGate& gate, const std::string& origin) {
    if (file_ == nullptr) {
        return {};
    }
    ATTACCA_TRY(const std::optional<std::string> kept, file_->read());
    if (!kept) {
        if (gate.size() > 0) {
            log_("warning", file_name_ + " is not there yet: nothing can be said about what it "
                                         "should hold; it is begun now");
        }
        return {};
    }
    if (Result<void> checked = gate.check(*kept, file_name_); !checked) {
        return checked;
    }
    const Result<core::CheckpointNote> note = core::parse_checkpoint(*kept);
    kept_size_ = note && note->checkpoint.origin == origin ? note->checkpoint.size : 0;
    return {};
}

// False when the witness does not answer. One that tells no checkpoint is asked to cosign the
// newest signed one again: who stands elsewhere says where.
Result<bool> Anchoring::check_witness(engine::AnchorGate& gate, Peer& peer,
                                      const std::string& origin, const std::string& note) {
    curl::HttpWitness link(peer.url);
    const std::string where = "the witness " + quoted(peer.name);
    Result<ports::Witness::Answer> answer = link.newest(origin);
    if (answer && answer->status == 200) {
        const Result<core::CheckpointNote> held = core::parse_checkpoint(answer->body);
        if (!held || !core::is_cosigned(*held, peer.key)) {
            log_("warning", where + " shows a checkpoint that it did not cosign: passed over");
            return false;
        }
        if (Result<void> checked = gate.check(answer->body, where); !checked) {
            return checked.error();
        }
        peer.held = held->checkpoint.origin == origin ? held->checkpoint.size : 0;
        return true;
    }
    if (answer && answer->status == no_such_checkpoint && !note.empty()) {
        const Result<core::CheckpointNote> own = core::parse_checkpoint(note);
        ATTACCA_CHECK(own.has_value());
        answer = link.add_checkpoint(core::format_extension({own->checkpoint.size, {}, note}));
        const std::string body = answer ? answer->body : "";
        const auto size = parse_u64(std::string_view(body).substr(0, body.find('\n')));
        if (answer && answer->status == 409 && size) {
            if (Result<void> checked = gate.check_size(*size, where); !checked) {
                return checked.error();
            }
            peer.held = *size;
        }
    }
    if (!answer) {
        log_("warning", where + " does not answer: " + answer.error().text());
    }
    return answer.has_value();
}

Result<void> Anchoring::check(ports::StoreReader& reader, const std::vector<core::NoteKey>& keys) {
    ATTACCA_TRY(engine::AnchorGate gate, engine::AnchorGate::open(reader, keys));
    const std::string origin = keys.front().name;
    if (Result<void> checked = check_file(gate, origin); !checked) {
        return checked;
    }
    ATTACCA_TRY(const ports::LedgerTail tail, reader.tail());
    const std::string note =
        tail.checkpoint && signed_of_origin(tail.checkpoint->note, keys) ? tail.checkpoint->note
                                                                         : "";
    std::set<std::string, std::less<>> answering;
    for (Peer& peer : peers_) {
        ATTACCA_TRY(const bool answers, check_witness(gate, peer, origin, note));
        if (answers) {
            answering.insert(peer.name);
        }
    }
    if (answering.size() == peers_.size()) {
        return {};
    }
    const std::string told = std::to_string(peers_.size() - answering.size()) + " of " +
                             std::to_string(peers_.size()) + " witnesses do not answer";
    if (policy_ && !core::is_quorum(answering, *policy_)) {
        return fail(Problem::unavailable,
                    told + ", fewer than the policy asks for: whether this data directory is the "
                           "newest cannot be told; nothing was signed and nothing recorded");
    }
    log_("warning", told + ": THE SERVER STARTS WITHOUT KNOWING WHETHER THEY HAVE SEEN MORE THAN "
                           "THIS DATA DIRECTORY HOLDS, because the policy allows it");
    return {};
}

Result<std::optional<core::Checkpoint>> Anchoring::newest(const std::vector<core::NoteKey>& keys) {
    std::optional<core::Checkpoint> newest;
    const auto take = [&](const std::string& text) {
        const std::optional<core::Checkpoint> found = signed_of_origin(text, keys);
        if (found && (!newest || found->size > newest->size)) {
            newest = found;
        }
    };
    if (file_ != nullptr) {
        ATTACCA_TRY(const std::optional<std::string> kept, file_->read());
        take(kept.value_or(""));
    }
    for (const Peer& peer : peers_) {
        const Result<ports::Witness::Answer> answer =
            curl::HttpWitness(peer.url).newest(keys.front().name);
        take(answer && answer->status == 200 ? answer->body : "");
    }
    return newest;
}

void Anchoring::start(engine::Host& host) {
    if (file_ != nullptr) {
        keeper_ = std::make_unique<engine::AnchorKeeper>(host, *file_, kept_size_, log_);
        keeper_->start();
    }
    if (!peers_.empty()) {
        std::vector<engine::WitnessPeer> peers;
        for (const Peer& peer : peers_) {
            engine::WitnessPeer& added = peers.emplace_back();
            added.name = peer.name;
            added.key = peer.key;
            added.link = std::make_unique<curl::HttpWitness>(peer.url);
            added.held = peer.held;
        }
        rounds_ = std::make_unique<engine::WitnessRounds>(host, std::move(peers), policy_, log_);
        rounds_->start();
    }
}

void Anchoring::finish() {
    if (rounds_ != nullptr) {
        rounds_->finish();
    }
    if (keeper_ != nullptr) {
        keeper_->finish();
    }
}

}  // namespace attacca::app
