// SPDX-License-Identifier: Apache-2.0
#include "engine/key_keeper.h"

#include <algorithm>
#include <chrono>
#include <future>
#include <memory>
#include <utility>
#include <vector>

#include "base/digest.h"

namespace attacca::engine {
namespace {

constexpr Duration look_interval = seconds(5);
constexpr Duration look_interval_max = seconds(60);

}  // namespace

KeyKeeper::KeyKeeper(Gateway& gateway,
                     LedgerKey key,
                     ports::Signer& root,
                     KeyPolicy policy,
                     std::function<void(const KeyStatus&)> on_status)
    : gateway_(gateway),
      key_(std::move(key)),
      root_(root),
      policy_(policy),
      on_status_(std::move(on_status)) {}

KeyKeeper::~KeyKeeper() {
    stop();
}

void KeyKeeper::start() {
    thread_ = std::thread([this] {
        Duration wait = Duration{0};
        std::unique_lock lock(mutex_);
        for (;;) {
            changed_.wait_for(lock, std::chrono::microseconds(wait.us),
                              [this] { return is_stopping_ || is_wanted_; });
            if (is_stopping_) {
                return;
            }
            const bool is_wanted = std::exchange(is_wanted_, false);
            lock.unlock();
            const bool is_good = look(is_wanted).has_value();
            // One server asks one root: there is no herd whose steps would need to differ.
            wait = is_good ? look_interval
                           : std::clamp(Duration{wait.us * 2}, look_interval, look_interval_max);
            lock.lock();
        }
    });
}

void KeyKeeper::stop() {
    {
        const std::lock_guard lock(mutex_);
        is_stopping_ = true;
    }
    changed_.notify_all();
    if (thread_.joinable()) {
        thread_.join();
    }
}

void KeyKeeper::want() {
    {
        const std::lock_guard lock(mutex_);
        is_wanted_ = true;
    }
    changed_.notify_all();
}

KeyStatus KeyKeeper::status() const {
    const std::lock_guard lock(mutex_);
    return status_;
}

void KeyKeeper::set_status(const KeyStatus& status) {
    {
        const std::lock_guard lock(mutex_);
        if (status == status_) {
            return;
        }
        status_ = status;
    }
    on_status_(status);
}

// In the second half of its life a key may be handed over, so that a root which is away for a while
// is missed by nobody.
bool KeyKeeper::is_due(const core::KeyChain& chain, Now now) const {
    if (newest(chain) == nullptr) {
        return true;
    }
    const core::Delegation& window = chain.windows().back();
    const std::uint64_t size = gateway_.signed_tree()->tree.size();
    return now.wall + Duration{policy_.life.us / 2} >= window.not_after ||
           size >= window.to_size - (window.to_size - window.from_size) / 2;
}

Result<void> KeyKeeper::look(bool is_wanted) {
    const std::shared_ptr<const SignedTree> tree = gateway_.signed_tree();
    if (tree == nullptr) {
        return {};  // nothing is signed yet
    }
    const Now now = gateway_.clock().now();
    ATTACCA_TRY(core::KeyChain chain, load_key_chain(gateway_.reader(), key_.root()));
    if (!has_tidied_) {
        std::vector<Ed25519PublicKey> kept;
        if (newest(chain) != nullptr) {
            kept.push_back(newest(chain)->key);
            if (const auto named = named_key(chain)) {
                kept.push_back(*named);
            }
        }
        if (Result<void> tidied = key_.batch_keys->erase_all_but(kept); !tidied) {
            return tidied;
        }
        has_tidied_ = true;
    }
    const Result<void> done = is_wanted || is_due(chain, now) ? rotate(chain, *tree, now)
                                                              : Result<void>();
    KeyStatus changed = status();
    // A key that was handed over has its window before it, and one that is not due has as well.
    changed.is_expired = !done && newest(chain) != nullptr &&
                         (now.wall > chain.windows().back().not_after ||
                          tree->tree.size() > chain.windows().back().to_size);
    changed.is_halted = changed.is_expired && policy_.halts;
    set_status(changed);
    return done;
}

Result<Ed25519Signature> KeyKeeper::sign_by_old(const core::KeyChain& chain,
                                                std::string_view text) {
    if (newest(chain) == nullptr) {
        return root_.sign(text);
    }
    ATTACCA_TRY(const auto signer, key_.batch_keys->load(newest(chain)->key));
    return signer->sign(text);
}

// The key that the last hand-over named, when it is still there.
std::optional<Ed25519PublicKey> KeyKeeper::named_key(const core::KeyChain& chain) {
    if (newest(chain) == nullptr) {
        return std::nullopt;
    }
    const auto found = key_.batch_keys->find(newest(chain)->next);
    return found ? *found : std::nullopt;
}

Result<void> KeyKeeper::rotate(const core::KeyChain& chain, const SignedTree& tree, Now now) {
    core::KeyRotated rotated;
    if (const auto named = named_key(chain)) {
        rotated.key = *named;
    } else if (newest(chain) != nullptr) {
        return fail(Problem::bad_configuration,
                    "the key that the last hand-over named is missing: the one in hand goes on");
    } else {
        if (!first_) {
            ATTACCA_TRY(first_, key_.batch_keys->create());
        }
        rotated.key = *first_;
    }
    core::Delegation delegation;
    delegation.key = {key_.name.origin, rotated.key};
    delegation.from_size = tree.tree.size();
    delegation.to_size = delegation.from_size + policy_.records_max;
    delegation.from_root = tree.tree.root();
    delegation.not_after = now.wall + policy_.life;
    const Result<Ed25519Signature> by_root = root_.sign(core::delegation_text(delegation));
    KeyStatus changed = status();
    if (!by_root) {
        if (!std::exchange(changed.is_degraded, true)) {
            (void)note(core::SignerDegraded{by_root.error().detail});
        }
        set_status(changed);
        return by_root.error();
    }
    // Made only now: a root that is away must not fill the disk with keys.
    ATTACCA_TRY(const Ed25519PublicKey after, key_.batch_keys->create());
    const core::NoteKey root = key_.root();
    rotated.delegation = core::delegation_note(delegation, root, *by_root);
    rotated.next = sha256(after.view());
    rotated.old_key = newest(chain) != nullptr ? newest(chain)->key : root.key;
    const std::string text = core::rotation_text(root.name, rotated);
    ATTACCA_TRY(const auto signer, key_.batch_keys->load(rotated.key));
    rotated.signature = signer->sign(text);
    ATTACCA_TRY(rotated.old_signature, sign_by_old(chain, text));
    const Ed25519PublicKey kept[] = {rotated.key, after};
    if (Result<void> noted = note(std::move(rotated)); !noted) {
        return noted;
    }
    // Whatever the old key signed is durable, and so is who signs now.
    if (Result<void> erased = key_.batch_keys->erase_all_but(kept); !erased) {
        return erased;
    }
    if (std::exchange(changed.is_degraded, false)) {
        (void)note(core::SignerRestored{});
    }
    ++changed.rotations;
    set_status(changed);
    return {};
}

// Returns when the record is durable.
Result<void> KeyKeeper::note(core::Payload payload) {
    auto promise = std::make_shared<std::promise<core::Answer>>();
    std::future<core::Answer> answered = promise->get_future();
    gateway_.submit(core::NoteLedger{std::move(payload)},
                    [promise](core::Answer answer) { promise->set_value(std::move(answer)); });
    const core::Answer answer = answered.get();
    return answer ? Result<void>() : Result<void>(answer.error());
}

}  // namespace attacca::engine
