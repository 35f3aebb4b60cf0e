// SPDX-License-Identifier: Apache-2.0
#include "app/verify/content_check.h"

#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>

#include "adapters/memory/memory_store.h"
#include "adapters/system/file_content.h"
#include "adapters/system/temporary_directory_for_test.h"
#include "base/digest.h"

namespace attacca::verify {
namespace {

class ContentCheckTest : public ::testing::Test {
  protected:
    ContentCheckTest() : content_(std::move(*system::FileContent::open(dir_.path()))) {}

    void store_body(const Sha256& digest, const std::string& bytes) {
        ports::StoreBatch batch;
        batch.ledger.first_gseq = size_;
        batch.ledger.count = 1;
        batch.ledger.previous = {ports::no_gseq};
        batch.bodies.push_back({digest, bytes});
        ++size_;
        ASSERT_EQ(store_.commit(batch).outcome, ports::CommitOutcome::committed);
    }
    core::Artifact artifact(const std::string& bytes) {
        return {"out", content_->put(bytes).value(), bytes.size(), "text/plain", false};
    }
    // The code of what is wrong with a record of this payload; empty when nothing is.
    std::string code_of(core::Payload payload) {
        std::vector<std::string> codes;
        ContentCheck check(store_.reader(), dir_.path(),
                           [&](std::uint64_t) { return Result<bool>(is_pruned_); },
                           [&](core::Fault fault, std::optional<std::uint64_t> gseq, std::string) {
                               EXPECT_EQ(gseq, 7U);
                               codes.emplace_back(core::code_of(fault));
                           });
        core::StoredRecord stored;
        stored.record.payload = std::move(payload);
        stored.place.gseq = 7;
        EXPECT_TRUE(check.check(stored));
        EXPECT_TRUE(check.check(stored));  // a second time it is known, and not told again
        EXPECT_LE(codes.size(), 1U);
        return codes.empty() ? "" : codes[0];
    }
    static core::AttemptEnded with(core::Artifact artifact) {
        core::AttemptEnded ended;
        ended.artifacts.push_back(std::move(artifact));
        return ended;
    }

    system::TemporaryDirectory dir_;
    std::unique_ptr<system::FileContent> content_;
    memory::MemoryStore store_;
    std::uint64_t size_ = 0;
    bool is_pruned_ = false;
};

TEST_F(ContentCheckTest, ABodyIsThereAndUnchanged) {
    core::MapExpanded expanded;
    expanded.body = sha256("[1]");
    EXPECT_EQ(code_of(expanded), "E_MISSING");
    store_body(expanded.body, "[1]");
    EXPECT_EQ(code_of(expanded), "");
}

TEST_F(ContentCheckTest, WhatARecordNamedThatIsPrunedByNowMayBeGone) {
    core::MapExpanded expanded;
    expanded.body = sha256("[1]");
    const core::Artifact gone{"out", sha256("gone"), 4, "text/plain", false};
    is_pruned_ = true;
    EXPECT_EQ(code_of(expanded), "");
    EXPECT_EQ(code_of(with(gone)), "");
    is_pruned_ = false;
    EXPECT_EQ(code_of(expanded), "E_MISSING");
    EXPECT_EQ(code_of(with(gone)), "E_MISSING");
}

TEST_F(ContentCheckTest, ABodyThatWasChangedIsNotWhatItsNameSays) {
    core::JobCreated created;
    created.definition = sha256("{}");
    store_body(created.definition, "{ }");
    EXPECT_EQ(code_of(created), "E_ARTIFACT");
}

TEST_F(ContentCheckTest, EveryTextThatLiesInABodyIsChecked) {
    core::JobCreated created;
    created.definition = sha256("{}");
    store_body(created.definition, "{}");
    EXPECT_EQ(code_of(created), "");
    created.details.body = sha256("details");
    EXPECT_EQ(code_of(created), "E_MISSING");
    core::AttemptEnded attempt;
    EXPECT_EQ(code_of(attempt), "");
    attempt.output.body = sha256("output");
    EXPECT_EQ(code_of(attempt), "E_MISSING");
    core::JobEnded job;
    EXPECT_EQ(code_of(job), "");
    job.output.body = sha256("output");
    EXPECT_EQ(code_of(job), "E_MISSING");
    store_body(sha256("output"), "output");
    EXPECT_EQ(code_of(job), "");
}

TEST_F(ContentCheckTest, AnArtifactIsThereInItsSizeAndUnchanged) {
    const core::Artifact good = artifact("hello");
    EXPECT_EQ(code_of(with(good)), "");
    core::Artifact larger = good;
    larger.bytes = 6;
    EXPECT_EQ(code_of(with(larger)), "E_ARTIFACT");
    std::ofstream(content_->path_of(good.digest)) << "hellO";
    EXPECT_EQ(code_of(with(good)), "E_ARTIFACT");
    std::filesystem::remove(content_->path_of(good.digest));
    EXPECT_EQ(code_of(with(good)), "E_MISSING");
    std::filesystem::create_directory(content_->path_of(good.digest));
    EXPECT_EQ(code_of(with(good)), "E_MISSING");
}

TEST_F(ContentCheckTest, AnOutputInAFileIsCheckedAsWell) {
    core::AttemptEnded ended;
    ended.output_file = artifact(std::string(100'000, 'x'));
    EXPECT_EQ(code_of(ended), "");
    std::filesystem::remove(content_->path_of(ended.output_file->digest));
    EXPECT_EQ(code_of(ended), "E_MISSING");
}

TEST_F(ContentCheckTest, RecordsThatNameNothingAreWell) {
    EXPECT_EQ(code_of(core::JobPaused{}), "");
    EXPECT_EQ(code_of(core::LedgerStarted{}), "");
}

}  // namespace
}  // namespace attacca::verify
