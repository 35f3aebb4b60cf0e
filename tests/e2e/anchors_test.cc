// SPDX-License-Identifier: Apache-2.0
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "adapters/memory/memory_store.h"
#include "base/digest.h"
#include "core/ledger/origin.h"
#include "core/ledger/verify.h"
#include "e2e/engine_harness.h"
#include "engine/anchor_gate.h"
#include "engine/anchor_keeper.h"
#include "engine/history.h"
#include "engine/witness_for_test.h"
#include "engine/witness_rounds.h"

// Checkpoints that leave the server: the anchor file, witnesses, and the gate at the next start.

namespace attacca::e2e {
namespace {

constexpr std::string_view one_noop = R"({"nodes":[{"id":"a","type":"noop"}]})";

core::NoteKey log_of(const engine::LedgerKey& key) {
    return {key.name.origin, key.signer->public_key()};
}
const core::NoteKey test_log = log_of(key_for_test());

// The real clock, set forward.
class ShiftedClock final : public ports::Clock {
  public:
    Now now() const override {
        const Now now = system::SystemClock().now();
        return {now.wall, now.mono + Duration{shift_}};
    }
    void advance(Duration by) { shift_ += by.us; }

  private:
    std::atomic<std::int64_t> shift_{0};
};

void run_job(HostHarness& harness) {
    core::JobId id;
    ASSERT_TRUE(harness.submit(one_noop, &id).has_value());
    harness.wait_for(id, core::JobState::completed);
}

// Until the newest checkpoint covers everything, so that nothing more comes by itself.
std::uint64_t settled_size(HostHarness& harness) {
    for (;;) {
        const auto tree = harness.host->signed_tree();
        if (tree != nullptr && tree->tree.size() == harness.host->status().ledger_size) {
            return tree->tree.size();
        }
        std::this_thread::yield();
    }
}

class MemoryAnchor final : public ports::AnchorFile {
  public:
    Result<std::optional<std::string>> read() override { return kept; }
    Result<void> keep(const std::string& note) override {
        if (is_failing) {
            return fail(Problem::storage_full, "no space");
        }
        kept = note;
        return {};
    }
    std::optional<std::string> kept;
    bool is_failing = false;
};

struct Witnessed {
    engine::WitnessForTest first{1, {test_log}};
    engine::WitnessForTest second{2, {test_log}};
    std::vector<std::string> logged;

    std::unique_ptr<engine::WitnessRounds> rounds(HostHarness& harness,
                                                  std::optional<core::TrustPolicy> policy = {}) {
        std::vector<engine::WitnessPeer> peers(2);
        peers[0].name = "first";
        peers[0].key = first.book->key();
        peers[0].link = std::make_unique<engine::WitnessLinkForTest>(first);
        peers[1].name = "second";
        peers[1].key = second.book->key();
        peers[1].link = std::make_unique<engine::WitnessLinkForTest>(second);
        auto made = std::make_unique<engine::WitnessRounds>(
            *harness.host, std::move(peers), std::move(policy),
            [this](std::string_view, const std::string& message) {
                const std::lock_guard lock(mutex);
                logged.push_back(message);
            });
        harness.host->update_anchors(
            [](engine::AnchorStatus& status) { status.witnesses = 2; });
        return made;
    }
    std::mutex mutex;
};

core::TrustPolicy policy_of(Witnessed& world, const std::string& quorum) {
    return *core::parse_policy(
        "log " + core::format_vkey(test_log) + "\nwitness first " +
        core::format_witness_vkey(world.first.book->key()) + "\nwitness second " +
        core::format_witness_vkey(world.second.book->key()) + "\ngroup " + quorum +
        (quorum == "both" ? " all" : " any") + " first second\nquorum " + quorum + "\n");
}

TEST(Witnesses, CosignTheNewestCheckpointTogether) {
    memory::MemoryStore store;
    Witnessed world;
    std::uint64_t size = 0;
    {
        HostHarness harness(store);
        run_job(harness);
        size = settled_size(harness);
        const auto rounds = world.rounds(harness);
        EXPECT_GT(harness.host->status().anchors.witness_lag.us, 0);
        rounds->round();
        const engine::Status status = harness.host->status();
        EXPECT_EQ(status.anchors.witnessed_size, size);
        EXPECT_EQ(status.anchors.witness_lag.us, 0);
        while (!harness.host->signed_tree()->is_witnessed) {
            std::this_thread::yield();
        }
    }
    // The cosigned note has taken the place of the plain one.
    const auto stored = store.reader().checkpoints(size - 1, 1);
    ASSERT_TRUE(stored && stored->size() == 1);
    const auto note = core::parse_checkpoint(stored->front().note);
    ASSERT_TRUE(note);
    EXPECT_TRUE(core::has_quorum(*note, policy_of(world, "both")));
}

TEST(Witnesses, AreAskedAgainOnlyForMore) {
    memory::MemoryStore store;
    Witnessed world;
    HostHarness harness(store);
    settled_size(harness);
    const auto rounds = world.rounds(harness);
    rounds->round();
    rounds->round();
    EXPECT_EQ(world.first.requests, 1);
    run_job(harness);
    const std::uint64_t size = settled_size(harness);
    rounds->round();
    EXPECT_EQ(world.first.requests, 2);
    EXPECT_EQ(harness.host->status().anchors.witnessed_size, size);
}

TEST(Witnesses, ThatAreAwayHinderNothingAndCatchUpAtOnce) {
    memory::MemoryStore store;
    Witnessed world;
    ShiftedClock clock;
    HostHarness harness(store, nullptr, 64, &clock);
    settled_size(harness);
    const auto rounds = world.rounds(harness, policy_of(world, "both"));
    world.second.is_away = true;
    rounds->round();
    EXPECT_EQ(harness.host->status().anchors.witnessed_size, 0U);
    for (int i = 0; i < 5; ++i) {
        run_job(harness);
        rounds->round();
    }
    const int asked = world.second.requests;
    world.second.is_away = false;
    clock.advance(seconds(120));
    const std::uint64_t size = settled_size(harness);
    rounds->round();
    EXPECT_EQ(world.second.requests, asked + 1);
    EXPECT_EQ(harness.host->status().anchors.witnessed_size, size);
    EXPECT_EQ(world.logged.size(), 1U);
}

TEST(Witnesses, AreEnoughWhenThePolicySaysSo) {
    memory::MemoryStore store;
    Witnessed world;
    HostHarness harness(store);
    const std::uint64_t size = settled_size(harness);
    world.second.is_away = true;
    world.rounds(harness, policy_of(world, "one"))->round();
    EXPECT_EQ(harness.host->status().anchors.witnessed_size, size);
}

TEST(Witnesses, ThatHoldAnotherHistoryAreTold) {
    Witnessed world;
    memory::MemoryStore longer;
    {
        HostHarness harness(longer);
        run_job(harness);
        settled_size(harness);
        world.rounds(harness)->round();
    }
    memory::MemoryStore other;
    HostHarness harness(other);
    settled_size(harness);
    world.rounds(harness)->round();
    const engine::Status status = harness.host->status();
    EXPECT_TRUE(status.anchors.is_contradicted);
    EXPECT_EQ(status.anchors.witnessed_size, 0U);
    run_job(harness);  // and nothing stops
}

TEST(Gate, LetsPassWhatReachesTheAnchorAndNothingElse) {
    memory::MemoryStore store;
    memory::MemoryStore younger;
    std::string older_note;
    std::string newest_note;
    {
        HostHarness harness(store);
        settled_size(harness);
        older_note = harness.host->signed_tree()->note;
        run_job(harness);
        settled_size(harness);
        newest_note = harness.host->signed_tree()->note;
    }
    { HostHarness harness(younger); }
    auto gate = engine::AnchorGate::open(store.reader(), {test_log});
    ASSERT_TRUE(gate);
    EXPECT_TRUE(gate->check(older_note, "it"));
    EXPECT_TRUE(gate->check(newest_note, "it"));
    EXPECT_TRUE(gate->check_size(gate->size(), "it"));
    EXPECT_EQ(gate->check_size(gate->size() + 1, "it").error().problem, Problem::rolled_back);

    auto behind = engine::AnchorGate::open(younger.reader(), {test_log});
    ASSERT_TRUE(behind);
    const Result<void> refused = behind->check(newest_note, "the file");
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().problem, Problem::rolled_back);
    EXPECT_NE(refused.error().detail.find("evidence restore"), std::string::npos);
    // Of the same size and another root.
    EXPECT_EQ(behind->check(older_note, "it").error().problem, Problem::rolled_back);

    EXPECT_EQ(gate->check("nonsense", "it").error().problem, Problem::bad_configuration);
    Ed25519Seed seed;
    seed.bytes.fill(99);
    const std::string foreign =
        core::sign_checkpoint(Ed25519Signer(seed), test_log.name, 1, sha256("x"));
    EXPECT_EQ(gate->check(foreign, "it").error().problem, Problem::bad_configuration);
}

TEST(AnchorKeeper, KeepsTheNewestAtTheEndAndNeverAShorterOne) {
    memory::MemoryStore store;
    MemoryAnchor file;
    std::uint64_t size = 0;
    {
        HostHarness harness(store);
        engine::AnchorKeeper keeper(*harness.host, file, 0, [](auto, const auto&) {});
        keeper.start();
        run_job(harness);
        harness.host->stop(seconds(5));
        keeper.finish();
        size = harness.host->signed_tree()->tree.size();
        ASSERT_TRUE(file.kept);
        EXPECT_EQ(*file.kept, harness.host->signed_tree()->note);
    }
    const std::string kept = *file.kept;
    HostHarness harness(store);
    engine::AnchorKeeper keeper(*harness.host, file, size + 1000, [](auto, const auto&) {});
    keeper.start();
    harness.host->stop(seconds(5));
    keeper.finish();
    EXPECT_EQ(*file.kept, kept);
}

TEST(AnchorKeeper, SaysOnceThatItCannotKeep) {
    memory::MemoryStore store;
    MemoryAnchor file;
    file.is_failing = true;
    int told = 0;
    HostHarness harness(store);
    settled_size(harness);
    engine::AnchorKeeper keeper(*harness.host, file, 0, [&](auto, const auto&) { ++told; });
    keeper.start();
    harness.host->stop(seconds(5));
    keeper.finish();
    EXPECT_EQ(told, 1);
    EXPECT_TRUE(harness.host->status().anchors.is_file_failing);
}

// All that verification finds in a store.
core::VerifyReport verified(ports::Store& store, const core::NoteKey& key,
                            std::vector<core::Checkpoint> anchors = {}) {
    core::Verifier verifier({key, std::move(anchors), true, {}});
    const auto tail = store.reader().tail();
    std::uint64_t last = 0;
    while (verifier.size() < tail->size && !verifier.is_stopped()) {
        const auto batch = *store.reader().batch_of(verifier.size());
        const std::uint64_t end = batch->first_gseq + batch->count;
        const auto stored = *store.reader().checkpoints(last, 1000);
        for (const ports::SignedCheckpoint& one : stored) {
            if (one.size <= end) {
                verifier.add_checkpoint(one.size, one.note);
                last = one.size;
            }
        }
        verifier.add_batch(batch->first_gseq, *engine::split_records(*batch), batch->root);
    }
    return verifier.finish();
}

TEST(Restore, GoesOnUnderTheNextOriginAndNeverSignsUnderTheFormer) {
    memory::MemoryStore store;
    core::Checkpoint tip;
    {
        HostHarness harness(store);
        run_job(harness);
    }
    const auto tail = store.reader().tail();
    tip = {test_log.name, tail->size + 7, sha256("lost")};
    core::NoteKey next = test_log;
    next.name = core::next_origin(test_log.name);
    {
        HostHarness harness(store, nullptr, 64, nullptr, [&](engine::HostOptions& options) {
            options.key.name.origin = next.name;
            options.restored = core::LedgerRestored{
                "ada", test_log.name, tail->size, tail->root, tip.size, tip.root, "a test"};
        });
        ASSERT_TRUE(harness.started) << harness.started.error().text();
        run_job(harness);
    }
    const core::VerifyReport report = verified(store, next, {tip});
    EXPECT_EQ(report.exit_status, 0) << report.failures.front().detail;
    EXPECT_EQ(report.notes.size(), 2U);
    // Which checkpoints are of which origin.
    const auto stored = *store.reader().checkpoints(0, 1000);
    for (const ports::SignedCheckpoint& one : stored) {
        const auto note = core::parse_checkpoint(one.note);
        EXPECT_EQ(note->checkpoint.origin, one.size <= tail->size ? test_log.name : next.name);
    }
    const auto restores = engine::load_restores(store.reader());
    ASSERT_TRUE(restores);
    ASSERT_EQ(restores->size(), 1U);
    EXPECT_EQ(restores->front().lost_size, tip.size);

    auto gate = engine::AnchorGate::open(store.reader(), {next});
    const std::string lost_note =
        core::sign_checkpoint(*key_for_test().signer, test_log.name, tip.size, tip.root);
    EXPECT_TRUE(gate->check(lost_note, "it"));
    const std::string more =
        core::sign_checkpoint(*key_for_test().signer, test_log.name, tip.size + 1, tip.root);
    EXPECT_EQ(gate->check(more, "it").error().problem, Problem::rolled_back);
}

TEST(Tick, IsRecordedWhereNothingElseIs) {
    memory::MemoryStore store;
    HostHarness harness(store, nullptr, 64, nullptr, [](engine::HostOptions& options) {
        options.tick_period = milliseconds(20);
    });
    const std::uint64_t size = settled_size(harness);
    for (;;) {
        const std::uint64_t now = settled_size(harness);
        if (now >= size + 2) {
            break;
        }
        std::this_thread::yield();
    }
    const auto bytes = engine::record_bytes(store.reader(), size);
    ASSERT_TRUE(bytes);
    EXPECT_NE(bytes->find("\"typ\":\"ledger_tick\""), std::string::npos) << *bytes;
}

}  // namespace
}  // namespace attacca::e2e
