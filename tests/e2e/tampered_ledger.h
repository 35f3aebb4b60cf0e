// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <future>
#include <memory>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "adapters/sqlite/batch_codec.h"
#include "adapters/sqlite/database.h"
#include "adapters/sqlite/sqlite_store.h"
#include "adapters/system/data_dir.h"
#include "adapters/system/file_content.h"
#include "adapters/system/files.h"
#include "adapters/system/temporary_directory_for_test.h"
#include "core/ledger/checkpoint.h"
#include "e2e/engine_harness.h"

// A data directory that the real engine wrote, and what somebody who may write its files, but lacks
// its key, can do to it.

namespace attacca::e2e {

// Ends every attempt at once; each leaves an artifact, and outputs that name it.
class ArtifactRunner final : public ports::Runner {
  public:
    ArtifactRunner(ports::Content& content, std::function<void(core::AttemptReport)> sink)
        : content_(content), sink_(std::move(sink)) {}

    void start(core::AttemptSpec spec) override {
        core::AttemptReport report;
        report.job = spec.job;
        report.instance = spec.instance;
        report.fence = spec.fence;
        const std::string text = "output of " + spec.node + " of " + spec.job_name + "\n";
        report.artifacts.push_back(
            {"stdout", content_.put(text).value(), text.size(), "text/plain", false});
        report.output = R"({"text":"done"})";
        sink_(std::move(report));
    }
    void stop(core::FenceToken) override {}
    void acknowledge(core::FenceToken) override {}
    std::vector<core::FenceToken> report_again() override { return {}; }

  private:
    ports::Content& content_;
    std::function<void(core::AttemptReport)> sink_;
};

class TamperedLedger {
  public:
    TamperedLedger() : directory_(*system::DataDir::open(root_.path() + "/data")) {
        const core::NoteKey key{key_for_test().name.origin, key_for_test().signer->public_key()};
        ATTACCA_CHECK(system::write_file(vkey_file(), core::format_vkey(key) + "\n").has_value());
        content_ = std::move(*system::FileContent::open(directory_.cas()));
    }

    // A copy that may be changed, of one that no engine has open.
    explicit TamperedLedger(const TamperedLedger& original)
        : directory_(system::DataDir::at(root_.path() + "/data")) {
        std::filesystem::copy(original.path(), path(), std::filesystem::copy_options::recursive);
        content_ = std::move(*system::FileContent::open(directory_.cas()));
    }
    TamperedLedger& operator=(const TamperedLedger&) = delete;

    [[nodiscard]] const std::string& path() const { return directory_.root(); }
    [[nodiscard]] std::string vkey_file() const { return directory_.keys() + "/ledger.vkey"; }
    [[nodiscard]] std::string cas_file(const Sha256& digest) const {
        return content_->path_of(digest);
    }

    // Runs an engine on the directory while `work` uses it.
    void serve(const std::function<void(HostHarness&)>& work) {
        const auto store = std::move(*sqlite::SqliteStore::open(path()));
        // Attempts of a former engine start again before the harness is complete.
        std::promise<engine::Host*> ready;
        ArtifactRunner runner(*content_, [host = ready.get_future().share()](auto report) {
            host.get()->report(std::move(report));
        });
        HostHarness harness(*store, &runner);
        ready.set_value(harness.host.get());
        ATTACCA_CHECK(harness.started.has_value());
        work(harness);
    }

    // Runs SQL text on the closed database.
    void change(const std::string& sql) {
        auto database = std::move(*sqlite::Database::open(database_file(), mode));
        const bool is_done = database.run(sql);
        EXPECT_TRUE(is_done) << sql << "\n" << database.failure().text;
    }
    [[nodiscard]] std::int64_t number(const std::string& sql) {
        auto database = std::move(*sqlite::Database::open(database_file(), mode));
        return database.number(sql);
    }
    [[nodiscard]] std::string text(const std::string& sql) {
        auto database = std::move(*sqlite::Database::open(database_file(), mode));
        return database.text(sql);
    }
    // Unpacks the records of the batch that begins at `first_gseq`, changes them, packs them again.
    void change_records(std::int64_t first_gseq,
                        const std::function<void(std::string&)>& change_bytes) {
        auto database = std::move(*sqlite::Database::open(database_file(), mode));
        std::string records;
        {
            sqlite::Statement read(database,
                                   "SELECT raw_bytes, records FROM batches WHERE first_gseq = ?");
            read.bind(1, first_gseq);
            ATTACCA_CHECK(read.next());
            sqlite::Unpacker unpacker;
            records = *unpacker.unpack(read.bytes(1), static_cast<std::uint64_t>(read.number(0)));
        }
        change_bytes(records);
        sqlite::Packer packer;
        sqlite::Statement write(
            database, "UPDATE batches SET raw_bytes = ?, records = ? WHERE first_gseq = ?");
        write.bind(1, static_cast<std::int64_t>(records.size()));
        write.bind_blob(2, packer.pack(records));
        write.bind(3, first_gseq);
        ATTACCA_CHECK(write.run());
    }

  private:
    static constexpr sqlite::OpenMode mode = sqlite::OpenMode::writer;
    [[nodiscard]] std::string database_file() const { return directory_.database(); }

    system::TemporaryDirectory root_;
    system::DataDir directory_;
    std::unique_ptr<system::FileContent> content_;
};

// The same text with one part replaced, which must be there.
inline void replace_once(std::string& text, std::string_view from, std::string_view to) {
    const std::size_t at = text.find(from);
    ATTACCA_CHECK(at != std::string::npos && from.size() == to.size());
    text.replace(at, from.size(), to);
}

}  // namespace attacca::e2e
