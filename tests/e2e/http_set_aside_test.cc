// SPDX-License-Identifier: Apache-2.0
#include <atomic>
#include <string>

#include <gtest/gtest.h>

#include "e2e/http_harness.h"

// Jobs whose records could not be folded at a start.

namespace attacca::e2e {
namespace {

// A store that has lost its bodies: what a start finds when a file was damaged.
class ForgetfulStore final : public ports::Store {
  public:
    ports::CommitResult commit(const ports::StoreBatch& batch) override {
        return kept.commit(batch);
    }
    ports::CommitResult put_checkpoint(const ports::SignedCheckpoint& checkpoint) override {
        return kept.put_checkpoint(checkpoint);
    }
    void maintain(WallTime now) override { kept.maintain(now); }
    ports::StoreReader& reader() override { return reader_; }

    memory::MemoryStore kept;
    std::atomic<bool> has_lost_bodies{false};

  private:
    class Reader final : public ports::StoreReader {
      public:
        explicit Reader(ForgetfulStore& store) : store_(store) {}
        Result<ports::LedgerTail> tail() override { return inner().tail(); }
        Result<std::shared_ptr<const ports::LedgerBatch>> batch_of(std::uint64_t gseq) override {
            return inner().batch_of(gseq);
        }
        Result<std::optional<ports::Tile>> tile(std::uint32_t level, std::uint64_t at) override {
            return inner().tile(level, at);
        }
        Result<std::vector<ports::SignedCheckpoint>> checkpoints(std::uint64_t after,
                                                                 std::size_t limit) override {
            return inner().checkpoints(after, limit);
        }
        Result<std::optional<ports::JobRow>> job(const core::JobId& id) override {
            return inner().job(id);
        }
        Result<std::vector<ports::NodeChunk>> chunks(const core::JobId& id) override {
            return inner().chunks(id);
        }
        Result<ports::JobPage> jobs(const ports::JobFilter& filter) override {
            return inner().jobs(filter);
        }
        Result<std::vector<ports::JobRow>> live_jobs(
            const core::JobId& from,
            const std::function<void(std::string, std::string)>& undecodable) override {
            return inner().live_jobs(from, undecodable);
        }
        Result<std::optional<std::string>> body(const Sha256& digest) override {
            return store_.has_lost_bodies ? Result<std::optional<std::string>>(std::nullopt)
                                          : inner().body(digest);
        }
        Result<std::vector<ports::EntityHead>> entities() override { return inner().entities(); }
        Result<std::vector<ports::EntityHead>> entities_below(const std::string& prefix,
                                                              const std::string& after,
                                                              std::size_t limit) override {
            return inner().entities_below(prefix, after, limit);
        }
        Result<std::optional<ports::EntityHead>> entity(const std::string& name) override {
            return inner().entity(name);
        }
        Result<std::optional<ports::IdempotencyRow>> key(const Sha256& key_hash) override {
            return inner().key(key_hash);
        }
        Result<std::optional<ports::TenantRow>> tenant(const std::string& name) override {
            return inner().tenant(name);
        }
        Result<std::vector<ports::TenantRow>> tenants() override { return inner().tenants(); }

      private:
        [[nodiscard]] ports::StoreReader& inner() const { return store_.kept.reader(); }
        ForgetfulStore& store_;
    };
    Reader reader_{*this};
};

TEST(HttpSetAside, AJobThatWasSetAsideGetsOneFinalAnswer) {
    ForgetfulStore store;
    std::string id;
    {
        HttpHarness harness({}, &store);
        ApiClient client(harness);
        id = client.create(R"({"nodes":[{"id":"a","run":["/bin/true"]}]})");
        harness.runner->held.wait_for_start(1);
    }
    store.has_lost_bodies = true;
    HttpHarness harness({}, &store);
    store.has_lost_bodies = false;  // a later look finds them again: the job stays set aside
    ApiClient client(harness);
    const std::uint64_t before = harness.host->status().ledger_size;
    for (const char* act : {"/cancel", "/pause", "/resume", "/cancel"}) {
        const RawAnswer answer = client.post(api + "/jobs/" + id + act, "");
        EXPECT_EQ(answer.status, 422) << answer.body;
        EXPECT_EQ(parse_json(answer.body)->find("code")->as_string(), "state-conflict");
        EXPECT_NE(answer.body.find("set the job aside"), std::string::npos) << answer.body;
    }
    EXPECT_EQ(harness.host->status().ledger_size, before);
    const RawAnswer health = client.get("/health");
    EXPECT_EQ(health.status, 200);
    EXPECT_EQ(parse_json(health.body)->find("status")->as_string(), "degraded");
    EXPECT_NE(client.get("/metrics").body.find("\nattacca_quarantined_rows 1\n"),
              std::string::npos);
}

}  // namespace
}  // namespace attacca::e2e
