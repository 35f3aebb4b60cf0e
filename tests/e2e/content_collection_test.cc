// SPDX-License-Identifier: Apache-2.0
#include "engine/content_collection.h"

#include <gtest/gtest.h>

#include "app/verify/verify_directory.h"
#include "base/digest.h"
#include "e2e/tampered_ledger.h"
#include "engine/pruner.h"
#include "ports/sealing_content.h"

// Files and bodies of a real engine: they go when no record that is kept names them, and not
// before.

namespace attacca::e2e {
namespace {

// Ends every attempt at once, with a file of its own and an output too large for a record.
class FileRunner final : public ports::Runner {
  public:
    explicit FileRunner(ports::Content& content) : content_(content) {}

    void start(core::AttemptSpec spec) override {
        core::AttemptReport report;
        report.job = spec.job;
        report.instance = spec.instance;
        report.fence = spec.fence;
        const std::string text = "file of attempt " + std::to_string(spec.fence.value);
        report.artifacts.push_back(
            {"stdout", content_.put(text).value(), text.size(), "text/plain", false});
        report.output = R"({"text":")" + std::string(2000, 'x') + text + R"("})";
        const std::lock_guard lock(mutex_);
        files_.push_back(report.artifacts.front().digest);
        bodies_.push_back(sha256(report.output));
        reports_[spec.fence] = report;
        host->report(std::move(report));
    }
    void stop(core::FenceToken) override {}
    void acknowledge(core::FenceToken fence) override {
        const std::lock_guard lock(mutex_);
        if (const auto node = reports_.extract(fence)) {
            ports::release_files(content_, node.mapped());
        }
    }
    std::vector<core::FenceToken> report_again() override { return {}; }

    std::vector<Sha256> files() {
        const std::lock_guard lock(mutex_);
        return files_;
    }
    std::vector<Sha256> bodies() {
        const std::lock_guard lock(mutex_);
        return bodies_;
    }

    engine::Host* host = nullptr;

  private:
    ports::Content& content_;
    std::mutex mutex_;
    std::map<core::FenceToken, core::AttemptReport> reports_;
    std::vector<Sha256> files_;
    std::vector<Sha256> bodies_;
};

class ContentCollectionTest : public ::testing::Test {
  protected:
    ContentCollectionTest() {
        const core::NoteKey key{key_for_test().name.origin, key_for_test().signer->public_key()};
        ATTACCA_CHECK(system::write_file(directory_.keys() + "/ledger.vkey",
                                         core::format_vkey(key) + "\n").has_value());
        runner_.host = harness_.host.get();
        ATTACCA_CHECK(harness_.started.has_value());
    }

    core::JobId run(const std::string& node) {
        core::JobId id;
        EXPECT_TRUE(harness_.submit(R"({"nodes":[{"id":")" + node + R"(","run":["x"]}]})", &id));
        (void)harness_.wait_for(id, core::JobState::completed);
        return id;
    }
    void run_jobs(int count, const std::string& node = "same") {
        for (int i = 0; i < count; ++i) {
            run(node);
        }
    }
    core::ContentCollected collect() {
        const Result<core::ContentCollected> gone = pruner_.collect();
        EXPECT_TRUE(gone) << gone.error().text();
        return gone ? *gone : core::ContentCollected{};
    }
    void prune() {
        const Result<std::uint64_t> pruned = pruner_.look();
        ASSERT_TRUE(pruned) << pruned.error().text();
        ASSERT_GT(*pruned, 0U);
    }
    std::size_t files_there() {
        std::size_t count = 0;
        for (const Sha256& digest : runner_.files()) {
            count += content_->size(digest) ? 1U : 0U;
        }
        return count;
    }
    std::size_t bodies_there() {
        std::size_t count = 0;
        for (const Sha256& digest : runner_.bodies()) {
            count += *harness_.host->reader().body(digest) ? 1U : 0U;
        }
        return count;
    }
    bool has_definition(const core::JobId& id) {
        const auto row = *harness_.host->reader().job(id);
        return harness_.host->reader().body(row->definition)->has_value();
    }
    // What another process finds in the store and among the files as they are now.
    Result<core::ContentCollected> look_of_the_next_process() {
        FileRunner runner(*content_);
        HostHarness next(*store_, &runner, 64, nullptr, {}, content_.get());
        runner.host = next.host.get();
        EXPECT_TRUE(next.started);
        return engine::ContentCollection(*next.host, [] { return true; }).look();
    }
    void expect_whole() {
        const auto report = verify::verify_directory(directory_.root(), {});
        ASSERT_TRUE(report) << report.error().text();
        for (const cli::VerifyFailure& failure : report->failures) {
            ADD_FAILURE() << failure.code << " " << failure.detail;
        }
    }

    system::TemporaryDirectory root_;
    system::DataDir directory_ = *system::DataDir::open(root_.path() + "/data");
    std::unique_ptr<sqlite::SqliteStore> store_ =
        std::move(*sqlite::SqliteStore::open(directory_.root()));
    std::unique_ptr<system::FileContent> content_ =
        std::move(*system::FileContent::open(directory_.cas()));
    FileRunner runner_{*content_};
    HostHarness harness_{*store_, &runner_, 64, nullptr, {}, content_.get()};
    engine::Pruner pruner_{*harness_.host, {Duration{0}, {}}, nullptr};
};

TEST_F(ContentCollectionTest, NothingGoesThatARecordNames) {
    run_jobs(20);
    EXPECT_EQ(collect(), core::ContentCollected{});
    EXPECT_EQ(files_there(), 20U);
    EXPECT_EQ(bodies_there(), 20U);
    expect_whole();
}

TEST_F(ContentCollectionTest, WhatOnlyPrunedRecordsNamedGoes) {
    run_jobs(1);  // what the server itself recorded is kept, with the batch that it stands in
    const core::JobId first = run("of_its_own");
    run_jobs(89);  // of four records each: a full tile, and more
    prune();
    EXPECT_EQ(files_there(), 91U);
    const core::ContentCollected gone = collect();
    EXPECT_GT(gone.files, 50U);
    EXPECT_LT(gone.files, 91U);
    EXPECT_EQ(files_there(), 91U - gone.files);
    EXPECT_EQ(bodies_there(), 91U - gone.files);
    EXPECT_EQ(gone.bodies, gone.files + 1);  // a definition, too
    EXPECT_GT(gone.bytes, gone.bodies * 2000);
    EXPECT_FALSE(has_definition(first));
    EXPECT_EQ(harness_.host->counters().collected_files, gone.files);
    expect_whole();
    EXPECT_EQ(collect(), core::ContentCollected{});
}

TEST_F(ContentCollectionTest, ADefinitionThatWentIsStoredAgainWhenItIsNamedAgain) {
    run_jobs(1);
    const core::JobId first = run("of_its_own");
    run_jobs(90);
    prune();
    (void)collect();
    ASSERT_FALSE(has_definition(first));
    const core::JobId again = run("of_its_own");
    EXPECT_TRUE(has_definition(again));
    expect_whole();
}

TEST_F(ContentCollectionTest, AFileThatAnAttemptHasPutStaysUntilItsRecordIsDurable) {
    const Sha256 early = *content_->put("of an attempt whose report is on its way");
    EXPECT_EQ(collect().files, 0U);
    EXPECT_TRUE(content_->size(early));
    content_->release(early);  // it was refused: no record will name it
    EXPECT_EQ(collect().files, 1U);
    EXPECT_FALSE(content_->size(early));
}

TEST_F(ContentCollectionTest, WhereARecordCannotBeReadNothingGoes) {
    run_jobs(70);  // a start reads the records of the last tile, not the ones before
    const Sha256 unnamed = *content_->put("unnamed");
    content_->release(unnamed);
    harness_.host->stop(Duration{0});
    {
        auto database = std::move(*sqlite::Database::open(directory_.database(),
                                                          sqlite::OpenMode::writer));
        ASSERT_TRUE(database.run("UPDATE batches SET records = x'00' WHERE first_gseq IN "
                                 "(SELECT first_gseq FROM batches LIMIT 1 OFFSET 9)"));
    }
    store_.reset();
    store_ = std::move(*sqlite::SqliteStore::open(directory_.root()));
    const Result<core::ContentCollected> gone = look_of_the_next_process();
    ASSERT_FALSE(gone);
    EXPECT_EQ(gone.error().problem, Problem::corrupt);
    EXPECT_TRUE(content_->size(unnamed));
}

TEST_F(ContentCollectionTest, TheNextProcessCollectsWhatTheOneBeforeLeft) {
    run_jobs(90);
    prune();
    (void)*content_->put("of an attempt that no report came of");
    harness_.host->stop(Duration{0});
    content_ = std::move(*system::FileContent::open(directory_.cas()));
    const Result<core::ContentCollected> gone = look_of_the_next_process();
    ASSERT_TRUE(gone) << gone.error().text();
    EXPECT_GT(gone->files, 50U);
    EXPECT_EQ(gone->bodies, gone->files - 1);
    EXPECT_EQ(files_there(), 91U - gone->files);
    expect_whole();
}

TEST_F(ContentCollectionTest, AServerThatStopsDoesNotGoOnLooking) {
    run_jobs(1);
    engine::ContentCollection collection(*harness_.host, [] { return false; });
    const Result<core::ContentCollected> gone = collection.look();
    ASSERT_FALSE(gone);
    EXPECT_EQ(gone.error().problem, Problem::shutting_down);
}

// Jobs go on with the same texts while others of them are pruned and collected.
TEST_F(ContentCollectionTest, NothingIsLostWhileJobsGoOn) {
    std::atomic<bool> is_over = false;
    std::thread looks([&] {
        while (!is_over) {
            EXPECT_TRUE(pruner_.look());
            EXPECT_TRUE(pruner_.collect());
        }
    });
    for (int i = 0; i < 300; ++i) {
        const core::JobId id = run("node_" + std::to_string(i % 3));
        EXPECT_TRUE(has_definition(id)) << i;
    }
    is_over = true;
    looks.join();
    expect_whole();
    EXPECT_LT(files_there(), 300U);
}

}  // namespace
}  // namespace attacca::e2e
