// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "adapters/curl/http_runner.h"
#include "adapters/spawner/process_runner.h"
#include "adapters/spawner/spawner_process.h"
#include "adapters/sqlite/sqlite_store.h"
#include "adapters/system/data_dir.h"
#include "adapters/system/file_content.h"
#include "adapters/system/file_reserve.h"
#include "adapters/system/key_files.h"
#include "adapters/system/noop_runner.h"
#include "adapters/system/seal_key_files.h"
#include "adapters/system/system_clock.h"
#include "adapters/system/system_entropy.h"
#include "adapters/system/zone_files.h"
#include "app/anchoring.h"
#include "app/switch_runner.h"
#include "core/retention/pruning.h"
#include "engine/host.h"
#include "engine/key_keeper.h"
#include "engine/pruner.h"
#include "ports/tool.h"

// An engine on a data directory: lock, spawner, store, key, content, runners, host, wired in the
// order in which they must come. Everything that runs jobs (serve, run, bench) has one.
//
// Create it while the process has one thread: the spawner is forked first.

namespace attacca::app {

// An operator goes on with an older copy of the data directory; see core::LedgerRestored.
struct RestoreOrder {
    std::string by;
    std::string reason;
};

struct LocalEngineOptions {
    std::string data;
    AnchorOptions anchors;
    std::optional<RestoreOrder> restore;
    std::uint32_t slots = 4;
    core::BreakerRules breakers;
    Duration lane_quiet = core::lane_quiet_default;
    bool fires_schedules = false;  // a server does; a single run on its directory does not
    bool allows_private_http = false;  // requests of pipelines to addresses that are not public
    std::optional<engine::KeyPolicy> keys = {};  // hands the signing from key to key; else none
    core::RetentionPolicy retention = {};  // prunes what is older
    Duration lock_wait = system::lock_wait;
    std::function<void()> on_lock_wait = {};  // once, when that takes more than a moment
    std::function<void(std::string_view, const std::string&, std::string_view)> log;  // HostOptions
    // Stands before the runners, for measuring; may be empty.
    std::function<void(const core::AttemptSpec&)> on_attempt_start;
    // The result of every durable batch, on the engine's thread; may be empty.
    std::function<void(const engine::BatchResult&)> on_batch;
};

class LocalEngine {
  public:
    // Errors: locked, bad_configuration, corrupt, io_error, storage_full.
    [[nodiscard]] static Result<std::unique_ptr<LocalEngine>> open(
        const LocalEngineOptions& options);
    // Stops at once: attempts that run are lost and start again with the next engine.
    ~LocalEngine();

    [[nodiscard]] engine::Host& host() { return *host_; }
    // What a restore recorded.
    [[nodiscard]] const std::optional<core::LedgerRestored>& restored() const { return restored_; }
    [[nodiscard]] ports::Zones& zones() { return zones_; }
    [[nodiscard]] const system::DataDir& directory() const { return directory_; }
    // False once the spawner is gone.
    [[nodiscard]] bool is_healthy() const { return process_->is_healthy(); }
    void stop(Duration grace);

  private:
    explicit LocalEngine(system::DataDir directory) : directory_(std::move(directory)) {}
    [[nodiscard]] Result<void> build(const LocalEngineOptions& options);
    [[nodiscard]] Result<engine::LedgerKey> load_key(bool is_new_ledger);
    [[nodiscard]] Result<void> rename_key(const core::NoteKey& vkey);
    [[nodiscard]] Result<void> pass_gate(const LocalEngineOptions& options,
                                         engine::LedgerKey& key);
    [[nodiscard]] Result<void> begin_origin(const RestoreOrder& order, const Error& why,
                                            engine::LedgerKey& key);
    void start_keeper(const LocalEngineOptions& options, const engine::LedgerKey& key);
    void start_pruner(const LocalEngineOptions& options);
    void start_runners(const LocalEngineOptions& options);

    system::DataDir directory_;
    system::SealKeyFiles seal_keys_{directory_.seals()};
    system::ZoneFiles zones_;
    system::Fd lock_;
    system::SystemClock clock_;
    system::SystemEntropy entropy_;
    spawner::SpawnerHandle spawner_;
    std::unique_ptr<sqlite::SqliteStore> store_;
    std::unique_ptr<system::FileContent> content_;
    std::unique_ptr<system::FileReserve> reserve_;
    std::vector<std::unique_ptr<ports::Tool>> tools_;
    std::unique_ptr<engine::Host> host_;
    std::unique_ptr<system::NoopRunner> noop_;
    std::unique_ptr<spawner::ProcessRunner> process_;
    std::unique_ptr<curl::HttpRunner> http_;
    std::unique_ptr<ports::Runner> runner_;
    std::unique_ptr<Anchoring> anchoring_;
    std::optional<core::LedgerRestored> restored_;
    std::unique_ptr<ports::Signer> root_;
    std::unique_ptr<engine::KeyKeeper> keeper_;
    std::unique_ptr<engine::Pruner> pruner_;
};

}  // namespace attacca::app
