// SPDX-License-Identifier: Apache-2.0
#include "app/local_engine.h"

#include <cstdlib>
#include <utility>

#include "adapters/system/files.h"
#include "adapters/tools/junit_tool.h"
#include "adapters/tools/nmap_tool.h"
#include "core/ledger/checkpoint.h"
#include "core/ledger/origin.h"
#include "engine/anchor_gate.h"

namespace attacca::app {
namespace {

// After a failed fsync nothing in this process may be believed: recovery decides (kernel.md 3).
[[noreturn]] void fail_stop(const Error& error) {
    std::fprintf(stderr, "attacca: stopped: %s\n", error.text().c_str());
    std::_Exit(70);
}

class ObservedRunner final : public ports::Runner {
  public:
    ObservedRunner(std::unique_ptr<ports::Runner> inner,
                   std::function<void(const core::AttemptSpec&)> on_start)
        : inner_(std::move(inner)), on_start_(std::move(on_start)) {}

    void start(core::AttemptSpec spec) override {
        on_start_(spec);
        inner_->start(std::move(spec));
    }
    void stop(core::FenceToken fence) override { inner_->stop(fence); }
    void acknowledge(core::FenceToken fence) override { inner_->acknowledge(fence); }
    [[nodiscard]] std::vector<core::FenceToken> report_again() override {
        return inner_->report_again();
    }

  private:
    std::unique_ptr<ports::Runner> inner_;
    std::function<void(const core::AttemptSpec&)> on_start_;
};

}  // namespace

Result<std::unique_ptr<LocalEngine>> LocalEngine::open(const LocalEngineOptions& options) {
    ATTACCA_TRY(system::DataDir directory, system::DataDir::open(options.data));
    std::unique_ptr<LocalEngine> engine(new LocalEngine(std::move(directory)));
    Result<void> built = engine->build(options);
    if (!built) {
        return built.error();
    }
    return engine;
}

Result<void> LocalEngine::build(const LocalEngineOptions& options) {
    ATTACCA_TRY(lock_, directory_.lock(options.lock_wait, options.on_lock_wait));
    ATTACCA_TRY(spawner_, spawner::launch_spawner(lock_.get(), clock_));
    Result<void> cleared = directory_.clear_attempts();
    if (!cleared) {
        return cleared;
    }
    reserve_ = std::make_unique<system::FileReserve>(directory_.ballast());
    bool has_reserve = reserve_->restore();
    Result<std::unique_ptr<sqlite::SqliteStore>> store =
        sqlite::SqliteStore::open(directory_.root(), {});
    if (!store && store.error().problem == Problem::storage_full) {
        // The reserve is there for this: the server comes up, and takes reports and cancels.
        reserve_->release();
        has_reserve = false;
        store = sqlite::SqliteStore::open(directory_.root(), {});
    }
    if (!store) {
        return store.error();
    }
    store_ = std::move(*store);
    ATTACCA_TRY(content_, system::FileContent::open(directory_.cas()));
    ATTACCA_TRY(const ports::LedgerTail tail, store_->reader().tail());
    ATTACCA_TRY(engine::LedgerKey key, load_key(tail.size == 0));
    if (Result<void> passed = pass_gate(options, key); !passed) {
        return passed;
    }

    engine::HostOptions host;
    host.engine.slots = options.slots;
    host.engine.breakers = options.breakers;
    host.engine.lane_quiet = options.lane_quiet;
    host.engine.zones = &zones_;
    host.engine.fires_schedules = options.fires_schedules;
    host.engine.work_root = directory_.work();
    host.engine.seal_keys = &seal_keys_;
    host.key = key;
    host.live_directory = directory_.live();
    host.on_fatal = fail_stop;
    host.log = options.log;
    host.on_batch = options.on_batch;
    host.is_full = !has_reserve;
    host.restored = restored_;
    host_ = std::make_unique<engine::Host>(std::move(host), *store_, *content_, clock_, entropy_,
                                           *reserve_);
    start_runners(options);
    Result<void> started = host_->start(*runner_);
    if (started) {
        anchoring_->start(*host_);
    }
    if (started && options.keys) {
        start_keeper(options, key);
    }
    if (started) {
        start_pruner(options);
    }
    return started;
}

// Before anything is signed or recorded.
Result<void> LocalEngine::pass_gate(const LocalEngineOptions& options, engine::LedgerKey& key) {
    const auto tell = [log = options.log](std::string_view level, const std::string& message) {
        if (log) {
            log(level, message, "");
        }
    };
    if (Result<void> agrees = engine::check_own_checkpoint(store_->reader(), key.root()); !agrees) {
        return agrees;
    }
    ATTACCA_TRY(anchoring_, Anchoring::open(options.anchors, directory_, tell));
    const std::vector<core::NoteKey> keys = {key.root()};
    Result<void> passed = anchoring_->check(store_->reader(), keys);
    if (!options.restore) {
        return passed;
    }
    if (passed) {
        return fail(Problem::state_conflict,
                    "no anchor that was given knows more than this data directory holds: there is "
                    "nothing to restore, start the server");
    }
    return begin_origin(*options.restore, passed.error(), key);
}

// The ledger is behind: it goes on under the next origin, whose first record says so.
Result<void> LocalEngine::begin_origin(const RestoreOrder& order,
                                       const Error& why,
                                       engine::LedgerKey& key) {
    if (why.problem != Problem::rolled_back) {
        return why;
    }
    const std::vector<core::NoteKey> keys = {key.root()};
    ATTACCA_TRY(const ports::LedgerTail tail, store_->reader().tail());
    ATTACCA_TRY(const std::optional<core::Checkpoint> lost, anchoring_->newest(keys));
    if (!lost || lost->size <= tail.size) {
        return fail(Problem::rolled_back,
                    "another history was signed under the origin " + quoted(key.name.origin) +
                        ": what contradicts itself cannot be restored");
    }
    restored_ = core::LedgerRestored{order.by,   key.name.origin, tail.size,   tail.root,
                                     lost->size, lost->root,      order.reason};
    key.name.origin = core::next_origin(key.name.origin);
    return {};
}

// The records know the origin. Where a crash came between a restore and the name of the key, the
// name follows.
Result<void> LocalEngine::rename_key(const core::NoteKey& vkey) {
    return system::write_file(directory_.keys() + "/ledger.vkey", core::format_vkey(vkey) + "\n");
}

void LocalEngine::start_keeper(const LocalEngineOptions& options, const engine::LedgerKey& key) {
    root_ = std::make_unique<system::FileSigner>(key.signer);
    const auto tell = [this, log = options.log](const engine::KeyStatus& keys) {
        host_->set_key_status(keys);
        if (log && keys.is_degraded) {
            log("warning", "the root key does not answer: commits go on without it", "");
        }
    };
    keeper_ = std::make_unique<engine::KeyKeeper>(*host_, key, *root_, *options.keys, tell);
    host_->set_hand_over([this] { keeper_->want(); });
    keeper_->start();
}

void LocalEngine::start_pruner(const LocalEngineOptions& options) {
    const auto tell = [log = options.log](const std::string& message) {
        if (log) {
            log("info", message, "");
        }
    };
    pruner_ = std::make_unique<engine::Pruner>(*host_, options.retention, tell);
    pruner_->start();
}

// The key's public half stands beside it with the ledger's name, for whoever verifies.
Result<engine::LedgerKey> LocalEngine::load_key(bool is_new_ledger) {
    const bool has_key = system::file_exists(directory_.ledger_key_file());
    Ed25519Seed seed;
    if (is_new_ledger && !has_key) {
        ATTACCA_TRY(seed, directory_.create_ledger_key());
    } else {
        ATTACCA_TRY(seed, directory_.load_ledger_key());
    }
    auto signer = std::make_shared<const Ed25519Signer>(seed);
    const std::string vkey_file = directory_.keys() + "/ledger.vkey";
    if (!system::file_exists(vkey_file)) {
        if (!is_new_ledger) {
            return fail(Problem::bad_configuration,
                        vkey_file + " is missing beside a ledger that has records");
        }
        const Uuid id = uuid_v7(clock_.now().wall, entropy_.draw(), entropy_.draw());
        const core::NoteKey vkey{"attacca.local/" + id.text(), signer->public_key()};
        Result<void> written = system::write_file(vkey_file, core::format_vkey(vkey) + "\n");
        if (!written) {
            return written.error();
        }
    }
    ATTACCA_TRY(std::string text, system::read_file(vkey_file, 4096));
    while (!text.empty() && text.back() == '\n') {
        text.pop_back();
    }
    ATTACCA_TRY(core::NoteKey vkey, core::parse_vkey(text));
    ATTACCA_TRY(const std::vector<core::LedgerRestored> restores,
                engine::load_restores(store_->reader()));
    if (!restores.empty() && vkey.name == restores.back().former) {
        vkey.name = core::next_origin(vkey.name);
        if (Result<void> renamed = rename_key(vkey); !renamed) {
            return renamed.error();
        }
    }
    if (vkey.key != signer->public_key()) {
        return fail(Problem::bad_configuration,
                    vkey_file + " does not belong to the key beside it");
    }
    return engine::LedgerKey{std::move(signer), core::LedgerName{vkey.name, "node-1"},
                             std::make_shared<system::KeyFiles>(directory_.keys())};
}

void LocalEngine::start_runners(const LocalEngineOptions& options) {
    const auto sink = [host = host_.get()](core::AttemptReport report) {
        host->report(std::move(report));
    };
    noop_ = std::make_unique<system::NoopRunner>(sink);
    tools_.push_back(std::make_unique<tools::NmapTool>());
    tools_.push_back(std::make_unique<tools::JunitTool>());
    std::vector<const ports::Tool*> tools;
    for (const auto& tool : tools_) {
        tools.push_back(tool.get());
    }
    spawner::ProcessRunnerOptions process;
    process.roots.work = directory_.work();
    process.roots.live = directory_.live();
    process_ = std::make_unique<spawner::ProcessRunner>(std::move(spawner_), process, clock_,
                                                        *content_, std::move(tools), sink);
    curl::HttpRunnerOptions http;
    http.allows_private = options.allows_private_http;
    http_ = std::make_unique<curl::HttpRunner>(http, *content_, sink);
    runner_ = std::make_unique<SwitchRunner>(*noop_, *process_, *http_);
    if (options.on_attempt_start) {
        runner_ = std::make_unique<ObservedRunner>(std::move(runner_), options.on_attempt_start);
    }
}

void LocalEngine::stop(Duration grace) {
    if (pruner_ != nullptr) {
        pruner_->stop();
    }
    if (keeper_ != nullptr) {
        host_->set_hand_over({});
        keeper_->stop();
    }
    if (host_ != nullptr) {
        host_->stop(grace);
        anchoring_->finish();
        const std::shared_ptr<const engine::SignedTree> newest = host_->signed_tree();
        if (restored_ && newest != nullptr && newest->tree.size() > restored_->kept_size) {
            (void)rename_key(newest->key);  // else the next start does
        }
    }
}

LocalEngine::~LocalEngine() {
    stop(Duration{0});
    // The runner goes before the host that its sink names, and ends the spawner with whatever still
    // runs.
    pruner_.reset();
    keeper_.reset();
    http_.reset();
    process_.reset();
    noop_.reset();
    anchoring_.reset();
    host_.reset();
    store_.reset();
}

}  // namespace attacca::app
