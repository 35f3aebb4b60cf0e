// SPDX-License-Identifier: Apache-2.0
#include <chrono>
#include <filesystem>
#include <thread>

#include <gtest/gtest.h>

#include "adapters/memory/memory_store.h"
#include "adapters/sqlite/sqlite_store.h"
#include "adapters/sqlite/test_directory.h"
#include "adapters/system/data_dir.h"
#include "adapters/system/files.h"
#include "adapters/system/key_files.h"
#include "app/verify/verify_directory.h"
#include "base/digest.h"
#include "core/ledger/origin.h"
#include "e2e/engine_harness.h"
#include "engine/history.h"
#include "engine/key_keeper.h"

// Hand-overs of the signing, by the engine as a server runs it.

namespace attacca::e2e {
namespace {

constexpr std::string_view one_node = R"({"nodes":[{"id":"a","noop":true}]})";

// A root that answers as the test says: at once, late, or not at all.
class FarRoot final : public ports::Signer {
  public:
    [[nodiscard]] Ed25519PublicKey public_key() const override {
        return key_for_test().signer->public_key();
    }
    [[nodiscard]] Result<Ed25519Signature> sign(std::string_view bytes) override {
        std::unique_lock lock(mutex_);
        ++asked;
        changed_.notify_all();
        changed_.wait(lock, [this] { return !is_slow_; });
        return is_away ? Result<Ed25519Signature>(fail(Problem::unavailable, "the root is away"))
                       : Result<Ed25519Signature>(key_for_test().signer->sign(bytes));
    }
    void be_slow(bool is_slow) {
        const std::lock_guard lock(mutex_);
        is_slow_ = is_slow;
        changed_.notify_all();
    }
    void wait_until_asked(int times) {
        std::unique_lock lock(mutex_);
        changed_.wait(lock, [&] { return asked >= times; });
    }

    std::atomic<bool> is_away{false};
    int asked = 0;

  private:
    std::mutex mutex_;
    std::condition_variable changed_;
    bool is_slow_ = false;
};

// Forgets nothing when it is told to: as if the process had been killed before.
class KeptKeys final : public ports::BatchKeys {
  public:
    explicit KeptKeys(const std::string& folder) : files_(folder) {}
    Result<Ed25519PublicKey> create() override {
        return can_create ? files_.create() : Result<Ed25519PublicKey>(fail(Problem::io_error));
    }
    Result<std::shared_ptr<const Ed25519Signer>> load(const Ed25519PublicKey& key) override {
        return files_.load(key);
    }
    Result<std::optional<Ed25519PublicKey>> find(const Sha256& hash) override {
        return files_.find(hash);
    }
    Result<void> erase_all_but(std::span<const Ed25519PublicKey> kept) override {
        return can_erase ? files_.erase_all_but(kept) : Result<void>(fail(Problem::io_error));
    }
    bool can_create = true;
    bool can_erase = true;

  private:
    system::KeyFiles files_;
};

class Keys : public ::testing::Test {
  protected:
    void SetUp() override {
        ASSERT_TRUE(system::make_directory(folder()));
        renew();
    }
    [[nodiscard]] std::string folder() const { return root_.path() + "/data/keys"; }
    // The keys as a new process finds them.
    void renew() {
        keys = std::make_shared<KeptKeys>(folder());
        key = key_for_test();
        key.batch_keys = keys;
    }
    [[nodiscard]] std::function<void(engine::HostOptions&)> with_key() const {
        return [this](engine::HostOptions& options) { options.key = key; };
    }
    [[nodiscard]] std::size_t key_files() const {
        std::size_t count = 0;
        for (const auto& entry : std::filesystem::directory_iterator(folder())) {
            count += entry.path().filename().string().starts_with("batch-") ? 1U : 0U;
        }
        return count;
    }
    std::unique_ptr<engine::KeyKeeper> keeper_of(HostHarness& harness,
                                                 engine::KeyPolicy policy = {}) {
        return std::make_unique<engine::KeyKeeper>(
            *harness.host, key, far, policy,
            [&harness](const engine::KeyStatus& status) { harness.host->set_key_status(status); });
    }
    // The types of the records about the ledger and its keys, in their order.
    static std::vector<std::string> notes_of(HostHarness& harness) {
        std::vector<std::string> types;
        for (const char* const entity : {"ledger", core::keys_entity}) {
            const auto head = harness.host->reader().entity(entity);
            if (!head || !*head) {
                continue;
            }
            const auto history =
                engine::entity_history(harness.host->reader(), (*head)->last_gseq);
            for (const core::StoredRecord& stored : *history) {
                types.emplace_back(core::type_name_of(stored.record.payload));
            }
        }
        return types;
    }
    static std::size_t count(const std::vector<std::string>& types, std::string_view type) {
        return static_cast<std::size_t>(std::count(types.begin(), types.end(), type));
    }
    static std::size_t lines(HostHarness& harness) {
        return core::parse_checkpoint(harness.host->signed_tree()->note)->signatures.size();
    }
    core::KeyChain chain(HostHarness& harness) {
        return *engine::load_key_chain(harness.host->reader(), key.root());
    }

    sqlite::TestDirectory root_;
    FarRoot far;
    std::shared_ptr<KeptKeys> keys;
    engine::LedgerKey key;
};

TEST_F(Keys, AreHandedOverWhileJobsRunAndTheLedgerVerifies) {
    {
        const auto store = std::move(*sqlite::SqliteStore::open(root_.path() + "/data", {}));
        HostHarness harness(*store, nullptr, 64, nullptr, with_key());
        ASSERT_TRUE(harness.started);
        ASSERT_TRUE(harness.submit(one_node));
        EXPECT_EQ(lines(harness), 1U) << "a directory of before: its key signs alone";
        const auto keeper = keeper_of(harness);
        for (int i = 0; i < 3; ++i) {
            ASSERT_TRUE(keeper->look(true)) << i;
            ASSERT_TRUE(harness.submit(one_node));
            EXPECT_EQ(lines(harness), 2U);
            EXPECT_EQ(key_files(), 2U) << "the key in hand, and the one that is named";
        }
        EXPECT_TRUE(keeper->look()) << "nothing is due";
        EXPECT_EQ(keeper->status().rotations, 3U);
        EXPECT_EQ(chain(harness).windows().size(), 3U);
    }
    const core::NoteKey vkey = key.root();
    ASSERT_TRUE(system::write_file(folder() + "/ledger.vkey", core::format_vkey(vkey) + "\n"));
    cli::VerifyOptions options;
    options.is_strict = true;
    options.is_replay = true;
    const auto report = verify::verify_directory(root_.path() + "/data", options);
    ASSERT_TRUE(report) << report.error().text();
    EXPECT_EQ(report->exit_status, 0)
        << (report->failures.empty() ? "" : report->failures[0].code + report->failures[0].detail);
}

TEST_F(Keys, AStartGoesOnWithTheKeyThatTheRecordsName) {
    memory::MemoryStore store;
    std::string note;
    {
        HostHarness harness(store, nullptr, 64, nullptr, with_key());
        ASSERT_TRUE(harness.submit(one_node));
        ASSERT_TRUE(keeper_of(harness)->look(true));
        note = harness.host->signed_tree()->note;
    }
    renew();
    {
        HostHarness harness(store, nullptr, 64, nullptr, with_key());
        ASSERT_TRUE(harness.started);
        ASSERT_TRUE(harness.submit(one_node));
        EXPECT_EQ(lines(harness), 2U);
        EXPECT_TRUE(keeper_of(harness)->look(true)) << "the named key is there";
    }
    std::filesystem::remove_all(folder());
    ASSERT_TRUE(system::make_directory(folder()));
    renew();
    HostHarness harness(store, nullptr, 64, nullptr, with_key());
    ASSERT_FALSE(harness.started);
    EXPECT_EQ(harness.started.error().problem, Problem::bad_configuration);
}

// Killed before the record: what was made for nothing goes, and the old key signs on.
TEST_F(Keys, AHandOverThatIsCutOffBeforeItsRecordChangesNothing) {
    memory::MemoryStore store;
    {
        HostHarness harness(store, nullptr, 64, nullptr, with_key());
        ASSERT_TRUE(harness.submit(one_node));
        ASSERT_TRUE(keys->create());
        keys->can_create = false;
        EXPECT_FALSE(keeper_of(harness)->look(true));
        EXPECT_EQ(lines(harness), 1U);
    }
    renew();
    HostHarness harness(store, nullptr, 64, nullptr, with_key());
    ASSERT_TRUE(harness.submit(one_node));
    EXPECT_EQ(lines(harness), 1U);
    ASSERT_TRUE(keeper_of(harness)->look(true));
    EXPECT_EQ(key_files(), 2U);
}

// Killed behind the record: the new key signs, and the old one is destroyed by the next process.
TEST_F(Keys, AHandOverThatIsCutOffBehindItsRecordIsOne) {
    memory::MemoryStore store;
    {
        HostHarness harness(store, nullptr, 64, nullptr, with_key());
        ASSERT_TRUE(harness.submit(one_node));
        const auto keeper = keeper_of(harness);
        ASSERT_TRUE(keeper->look(true));
        keys->can_erase = false;
        EXPECT_FALSE(keeper->look(true));
        EXPECT_EQ(key_files(), 3U);
    }
    renew();
    HostHarness harness(store, nullptr, 64, nullptr, with_key());
    ASSERT_TRUE(harness.started);
    ASSERT_TRUE(harness.submit(one_node));
    EXPECT_EQ(chain(harness).windows().size(), 2U);
    EXPECT_TRUE(keeper_of(harness)->look());
    EXPECT_EQ(key_files(), 2U);
}

TEST_F(Keys, ARootThatIsSlowOrAwayIsMissedByNoCommit) {
    memory::MemoryStore store;
    HostHarness harness(store, nullptr, 64, nullptr, with_key());
    ASSERT_TRUE(harness.submit(one_node));
    const auto keeper = keeper_of(harness);
    far.be_slow(true);
    far.is_away = true;
    keeper->start();
    far.wait_until_asked(1);
    for (int i = 0; i < 50; ++i) {
        ASSERT_TRUE(harness.submit(one_node)) << "while the root is asked";
    }
    far.be_slow(false);
    while (!harness.host->status().keys.is_degraded) {
        std::this_thread::yield();
    }
    keeper->stop();
    ASSERT_TRUE(harness.submit(one_node));
    EXPECT_FALSE(keeper->look(true));
    EXPECT_EQ(count(notes_of(harness), "signer_degraded"), 1U) << "told once";
    EXPECT_EQ(key_files(), 1U) << "a root that is away does not fill the disk";
    far.is_away = false;
    EXPECT_TRUE(keeper->look(true));
    EXPECT_FALSE(harness.host->status().keys.is_degraded);
    EXPECT_EQ(count(notes_of(harness), "signer_restored"), 1U);
    EXPECT_EQ(count(notes_of(harness), "key_rotated"), 1U);
}

// A copy of the ledger alone, without the key that its records name.
TEST_F(Keys, ARestoreGoesOnWithTheRootAndHandsOverAnew) {
    memory::MemoryStore store;
    {
        HostHarness harness(store, nullptr, 64, nullptr, with_key());
        ASSERT_TRUE(harness.submit(one_node));
        ASSERT_TRUE(keeper_of(harness)->look(true));
    }
    std::filesystem::remove_all(folder());
    ASSERT_TRUE(system::make_directory(folder()));
    renew();
    const auto tail = store.reader().tail();
    const std::string former = key.name.origin;
    key.name.origin = core::next_origin(former);
    HostHarness harness(store, nullptr, 64, nullptr, [&](engine::HostOptions& options) {
        options.key = key;
        options.restored = core::LedgerRestored{
            "ada", former, tail->size, tail->root, tail->size + 5, sha256("lost"), "a test"};
    });
    ASSERT_TRUE(harness.started) << harness.started.error().text();
    ASSERT_TRUE(harness.submit(one_node));
    EXPECT_EQ(lines(harness), 1U);
    EXPECT_TRUE(keeper_of(harness)->look()) << "due at once";
    ASSERT_TRUE(harness.submit(one_node));
    EXPECT_EQ(lines(harness), 2U);
    EXPECT_EQ(key_files(), 2U);
    ASSERT_EQ(chain(harness).windows().size(), 2U);
    EXPECT_EQ(chain(harness).windows()[1].key.name, key.name.origin);
}

TEST_F(Keys, WhenAWindowHasRunOutThePolicyDecides) {
    for (const bool halts : {false, true}) {
        renew();
        memory::MemoryStore store;
        StandingClock clock;
        far.is_away = false;
        HostHarness harness(store, nullptr, 64, &clock, with_key());
        ASSERT_TRUE(harness.submit(one_node));
        engine::KeyPolicy policy;
        policy.halts = halts;
        const auto keeper = keeper_of(harness, policy);
        ASSERT_TRUE(keeper->look());
        far.is_away = true;
        clock.advance(seconds(13 * 3600));
        EXPECT_FALSE(keeper->look()) << "due, and the root is away";
        EXPECT_FALSE(harness.host->status().keys.is_expired);
        ASSERT_TRUE(harness.submit(one_node));
        clock.advance(seconds(12 * 3600));
        EXPECT_FALSE(keeper->look());
        EXPECT_TRUE(harness.host->status().keys.is_expired);
        EXPECT_EQ(harness.submit(one_node).has_value(), !halts);
        far.is_away = false;
        EXPECT_TRUE(keeper->look());
        EXPECT_TRUE(harness.submit(one_node));
        EXPECT_FALSE(harness.host->status().keys.is_expired);
    }
}

}  // namespace
}  // namespace attacca::e2e
