// SPDX-License-Identifier: Apache-2.0
#include "engine/witness_rounds.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "base/bytes.h"
#include "base/check.h"
#include "engine/evidence.h"

namespace attacca::engine {
namespace {

constexpr std::chrono::seconds round_interval{1};
constexpr std::uint32_t backoff_doublings_max = 6;
constexpr Duration backoff_max = seconds(60);
// A witness may stand elsewhere than we think once: after a start, or when it serves two of us.
constexpr int tries_max = 2;

Duration backoff(std::uint32_t failures) {
    const std::uint32_t doublings = std::min(failures, backoff_doublings_max);
    return std::min(seconds(std::int64_t{1} << doublings), backoff_max);
}

std::optional<std::uint64_t> size_in(std::string_view body) {
    return body.ends_with('\n') ? parse_u64(body.substr(0, body.size() - 1)) : std::nullopt;
}

}  // namespace

WitnessRounds::WitnessRounds(Host& host,
                             std::vector<WitnessPeer> peers,
                             std::optional<core::TrustPolicy> policy,
                             AnchorLog log)
    : host_(host), peers_(std::move(peers)), policy_(std::move(policy)), log_(std::move(log)) {}

WitnessRounds::~WitnessRounds() {
    finish();
}

void WitnessRounds::start() {
    host_.update_anchors([this](AnchorStatus& status) { status.witnesses = peers_.size(); });
    thread_ = std::thread([this] { loop(); });
}

void WitnessRounds::finish() {
    if (!thread_.joinable()) {
        return;
    }
    {
        const std::lock_guard lock(mutex_);
        is_ending_ = true;
    }
    changed_.notify_all();
    thread_.join();
    round();
}

void WitnessRounds::loop() {
    std::unique_lock lock(mutex_);
    while (!is_ending_) {
        lock.unlock();
        round();
        lock.lock();
        changed_.wait_for(lock, round_interval, [this] { return is_ending_; });
    }
}

std::string WitnessRounds::failed(WitnessPeer& peer, const std::string& why) {
    if (peer.failures++ == 0) {
        log_("warning", "the witness " + peer.name + " does not cosign: " + why);
    }
    peer.not_before = host_.clock().now().mono + backoff(peer.failures - 1);
    return {};
}

// The witness may be wrong, so nothing stops; but somebody has to look.
std::string WitnessRounds::contradicted(WitnessPeer& peer, const std::string& why) {
    host_.update_anchors([](AnchorStatus& status) { status.is_contradicted = true; });
    return failed(peer, why + ": another history was signed with this ledger's key, or the "
                              "witness is of another one; attacca verify --anchor tells");
}

std::string WitnessRounds::ask(WitnessPeer& peer,
                               const std::shared_ptr<const SignedTree>& signed_tree) {
    const std::uint64_t size = signed_tree->tree.size();
    for (int i = 0; i < tries_max; ++i) {
        if (peer.held > size) {
            return contradicted(peer, "it holds a checkpoint of " + std::to_string(peer.held) +
                                          " records, and there are " + std::to_string(size));
        }
        Evidence evidence(host_.reader(), signed_tree);
        const Result<std::string> request = evidence.extension(peer.held);
        if (!request) {
            return failed(peer, request.error().text());
        }
        const Result<ports::Witness::Answer> answer = peer.link->add_checkpoint(*request);
        if (!answer) {
            return failed(peer, answer.error().text());
        }
        if (answer->status == 200) {
            peer.held = size;
            return answer->body;
        }
        const std::optional<std::uint64_t> held =
            answer->status == 409 ? size_in(answer->body) : std::nullopt;
        if (answer->status == 422 || (held && *held == peer.held)) {
            return contradicted(peer, "the ledger does not go on from what it holds");
        }
        if (!held) {
            return failed(peer, "it answers " + std::to_string(answer->status));
        }
        peer.held = *held;
    }
    return failed(peer, "what it holds changes from one answer to the next");
}

bool WitnessRounds::is_enough(const std::string& text) const {
    const Result<core::CheckpointNote> note = core::parse_checkpoint(text);
    ATTACCA_CHECK(note.has_value());
    if (policy_ && policy_->quorum != "none") {
        return core::has_quorum(*note, *policy_);
    }
    return std::all_of(peers_.begin(), peers_.end(), [&](const WitnessPeer& peer) {
        return core::is_cosigned(*note, peer.key);
    });
}

// The host adopts what a round kept only some time later, so a note may still lack the lines of
// peers that signed it in an earlier round.
std::string WitnessRounds::with_cosignatures(std::string note, std::uint64_t size) {
    for (WitnessPeer& peer : peers_) {
        if (peer.lines.empty() || peer.answered != size) {
            continue;
        }
        const std::optional<std::string> added =
            core::add_cosignature(note, peer.lines, peer.key);
        if (added) {
            note = *added;
            peer.cosigned = size;
            peer.failures = 0;
        } else {
            peer.lines.clear();
            (void)failed(peer, "what it signed is not under the key that it should have");
        }
    }
    return note;
}

void WitnessRounds::round() {
    const std::shared_ptr<const SignedTree> newest = host_.signed_tree();
    const MonoTime now = host_.clock().now().mono;
    if (newest == nullptr) {
        return;
    }
    const std::uint64_t size = newest->tree.size();
    std::vector<std::size_t> asked;
    for (std::size_t i = 0; i < peers_.size(); ++i) {
        if (peers_[i].cosigned != size && peers_[i].not_before <= now) {
            asked.push_back(i);
        }
    }
    if (asked.empty()) {
        return;
    }
    std::vector<std::string> lines(peers_.size());
    std::vector<std::thread> threads;
    for (std::size_t n = 1; n < asked.size(); ++n) {
        threads.emplace_back(
            [this, &lines, &newest, i = asked[n]] { lines[i] = ask(peers_[i], newest); });
    }
    lines[asked[0]] = ask(peers_[asked[0]], newest);
    for (std::thread& thread : threads) {
        thread.join();
    }
    for (const std::size_t i : asked) {
        peers_[i].lines = std::move(lines[i]);
        peers_[i].answered = size;
    }
    const std::string note = with_cosignatures(newest->note, size);
    const bool is_witnessed = is_enough(note);
    if (note != newest->note) {
        host_.keep_cosigned({size, note}, is_witnessed);
    }
    host_.update_anchors([&](AnchorStatus& status) {
        if (is_witnessed) {
            status.witnessed_size = size;
            status.witnessed_at = now;
        }
    });
}

}  // namespace attacca::engine
