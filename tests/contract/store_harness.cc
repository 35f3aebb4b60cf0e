// SPDX-License-Identifier: Apache-2.0
#include "contract/store_harness.h"

#include <signal.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <optional>
#include <string_view>
#include <system_error>
#include <utility>

#include "adapters/memory/memory_store.h"
#include "adapters/sqlite/database.h"
#include "adapters/sqlite/sqlite_store.h"
#include "base/check.h"

namespace attacca::contract {

namespace {

class MemoryHarness final : public StoreHarness {
  public:
    ports::Store& store() override { return store_; }
    void reopen() override { store_.recover(); }
    void poison_job(const core::JobId& id) override { store_.poison_job(id); }
    void take_space() override { store_.fail_next_commit(ports::CommitOutcome::full); }
    void free_space() override {}

  private:
    memory::MemoryStore store_;
};

constexpr std::string_view directory_prefix = "contract_store.";

// The child of a death test cannot clear up behind itself: the next test does.
void remove_leftovers() {
    for (const auto& entry : std::filesystem::directory_iterator(".")) {
        std::string name = entry.path().filename();
        if (!name.starts_with(directory_prefix)) {
            continue;
        }
        name = name.substr(directory_prefix.size(), name.rfind('.') - directory_prefix.size());
        const std::optional<std::uint64_t> owner = parse_u64(name);
        if (owner && kill(static_cast<pid_t>(*owner), 0) != 0 && errno == ESRCH) {
            std::error_code ignored;
            std::filesystem::remove_all(entry.path(), ignored);
        }
    }
}

// In a directory of its own below the working directory, which ctest sets to the build directory:
// tmpfs would hide what a disk does.
class SqliteHarness final : public StoreHarness {
  public:
    SqliteHarness()
        : directory_(std::filesystem::current_path() /
                     (std::string(directory_prefix) + std::to_string(getpid()) + "." +
                      std::to_string(count_++))) {
        remove_leftovers();
        std::filesystem::create_directory(directory_);
        open({});
    }
    ~SqliteHarness() override {
        store_.reset();
        std::filesystem::remove_all(directory_);
    }
    ports::Store& store() override { return *store_; }
    void reopen() override { open({}); }
    void poison_job(const core::JobId& id) override {
        auto other = sqlite::Database::open(file(), sqlite::OpenMode::writer);
        ATTACCA_CHECK(other && other->run("UPDATE jobs SET image = x'00' WHERE id = x'" +
                                          hex(id.uuid.view()) + "'"));
    }
    // The store itself grows no further than a quarter of what does not fit.
    void take_space() override {
        store_.reset();
        sqlite::SqliteOptions options;
        const auto bytes = std::filesystem::file_size(file()) + large_bytes / 4;
        options.pages_max = static_cast<std::int64_t>(bytes / 4096);
        open(options);
    }
    void free_space() override { open({}); }

  private:
    [[nodiscard]] std::string file() const { return directory_.string() + sqlite::database_name; }
    void open(const sqlite::SqliteOptions& options) {
        store_.reset();
        auto opened = sqlite::SqliteStore::open(directory_.string(), options);
        if (!opened) {
            ADD_FAILURE() << opened.error().text();
        }
        store_ = std::move(*opened);
    }

    inline static int count_ = 0;
    const std::filesystem::path directory_;
    std::unique_ptr<sqlite::SqliteStore> store_;
};

}  // namespace

const std::vector<StoreKind>& store_kinds() {
    static const std::vector<StoreKind> kinds = {
        {"memory", [] { return std::make_unique<MemoryHarness>(); }},
        {"sqlite", [] { return std::make_unique<SqliteHarness>(); }},
    };
    return kinds;
}

}  // namespace attacca::contract
