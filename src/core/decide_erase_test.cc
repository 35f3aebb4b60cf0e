// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <string>

#include "core/decide.h"
#include "core/definition_for_test.h"
#include "core/retention/erasure.h"

namespace attacca::core {
namespace {

JobId erased_job() { return {uuid_v7({1'000}, 1, 1)}; }
JobId child_job() { return {uuid_v7({1'000}, 2, 1)}; }

class EraseTest : public testing::Test {
  protected:
    Answer erase(const std::string& reason = "asked for") {
        return bench.run(
            EraseJob{"default", "u", erased_job(), {erased_job(), child_job()}, "dpo", reason});
    }
    const Erasure* erasure() { return bench.state.registry.erasure(erased_job()); }

    BenchForTest bench;
};

TEST_F(EraseTest, IsRecordedOnce) {
    EXPECT_EQ(erasure(), nullptr);
    EXPECT_TRUE(erase().has_value());
    EXPECT_TRUE(erase("again").has_value());
    ASSERT_EQ(bench.all<Erased>().size(), 1U);
    EXPECT_EQ(bench.all<Erased>().front(), (Erased{erased_job(), "dpo", "asked for"}));
    ASSERT_NE(erasure(), nullptr);
    EXPECT_EQ(erasure()->erased_at, bench.now.wall);
    EXPECT_EQ(erasure()->by, "dpo");
}

TEST_F(EraseTest, UnderHoldIsRefusedAndTheRefusalIsRecorded) {
    for (const std::optional<JobId>& scope :
         {std::optional<JobId>(), std::optional(erased_job()), std::optional(child_job())}) {
        const std::size_t before = bench.all<EraseRefused>().size();
        ASSERT_TRUE(bench.run(PlaceHold{"default", "u", scope, "M", "c"}).has_value());
        const Answer answer = erase();
        ASSERT_FALSE(answer.has_value());
        EXPECT_EQ(answer.error().problem, Problem::under_hold);
        ASSERT_EQ(bench.all<EraseRefused>().size(), before + 1);
        EXPECT_EQ(bench.all<EraseRefused>().back(),
                  (EraseRefused{erased_job(), "dpo", "M", "asked for"}));
        EXPECT_FALSE(erasure()->erased_at);
        ASSERT_TRUE(bench.run(ReleaseHold{"default", "u", scope, "M", "c"}).has_value());
    }
    EXPECT_EQ(erasure()->refused, 3U);
    EXPECT_TRUE(erase().has_value());
    EXPECT_TRUE(erasure()->erased_at);
}

TEST_F(EraseTest, AHoldOfAnotherTenantDoesNotMatter) {
    ASSERT_TRUE(bench.run(SetTenant{"other", "u", {}}).has_value());
    ASSERT_TRUE(bench.run(PlaceHold{"other", "u", std::nullopt, "M", "c"}).has_value());
    EXPECT_TRUE(erase().has_value());
}

TEST_F(EraseTest, OfAJobThatLivesIsRefusedWithoutARecord) {
    const JobId live = bench.submit(R"({"nodes":[{"id":"a","run":["x"]}]})");
    const Answer answer =
        bench.run(EraseJob{"default", "u", erased_job(), {erased_job(), live}, "dpo", "r"});
    ASSERT_FALSE(answer.has_value());
    EXPECT_EQ(answer.error().problem, Problem::state_conflict);
    EXPECT_EQ(erasure(), nullptr);
}

TEST_F(EraseTest, NeedsTextsThatAreText) {
    const Answer answer = erase("\xff");
    ASSERT_FALSE(answer.has_value());
    EXPECT_EQ(answer.error().problem, Problem::invalid_value);
    EXPECT_TRUE(bench.all<Erased>().empty());
}

TEST_F(EraseTest, ComesBackFromItsImage) {
    ASSERT_TRUE(bench.run(PlaceHold{"default", "u", std::nullopt, "M", "c"}).has_value());
    EXPECT_FALSE(erase().has_value());
    const std::string entity = erasure_entity(erased_job());
    const std::string refused = bench.state.registry.image_of(entity);
    EXPECT_EQ(image_of(*load_erasure(refused)), refused);
    ASSERT_TRUE(bench.run(ReleaseHold{"default", "u", std::nullopt, "M", "c"}).has_value());
    ASSERT_TRUE(erase().has_value());
    const std::string image = bench.state.registry.image_of(entity);
    EXPECT_NE(image, refused);
    Registry registry;
    ASSERT_TRUE(registry.load(entity, image, bench));
    EXPECT_EQ(*registry.erasure(erased_job()), *erasure());
    for (const char* wrong : {"", "{}", R"({"erased_at":1,"refused":0})"}) {
        EXPECT_FALSE(load_erasure(wrong)) << wrong;
    }
}

TEST(SealedJob, NeedsItsKey) {
    BenchForTest bench;
    SubmitJobs command{"default", "usr:test", {}, {}};
    NewJob job;
    job.id = bench.next_id();
    job.definition = definition_for_test(R"({"seal":true,"nodes":[{"id":"a","type":"noop"}]})");
    EXPECT_TRUE(job.definition->is_sealed);
    bench.know(job.definition);
    command.jobs.push_back(job);
    const Answer answer = bench.run(command);
    ASSERT_FALSE(answer.has_value());
    EXPECT_EQ(answer.error().problem, Problem::not_supported);
}

class SealingBench : public BenchForTest {
  public:
    Result<SealKey> seal_key(const JobId& job) override {
        return SealKey{job, secret};
    }
    Result<std::string> text(const Sha256& digest) override {
        ATTACCA_TRY(std::string bytes, BenchForTest::text(digest));
        return sealed_by(bytes) ? unseal(secret, bytes) : Result<std::string>(std::move(bytes));
    }

    const SealSecret secret{std::string(SealSecret::size, 'k')};
};

TEST(SealedJob, HasNoTextInItsRecords) {
    SealingBench bench;
    SubmitJobs command{"default", "usr:test", {}, {}};
    NewJob job;
    job.id = bench.next_id();
    job.definition = definition_for_test(
        R"({"seal":true,"nodes":[{"id":"a","run":["x"]},{"id":"b","run":["x"]}],)"
        R"("outputs":{"o":"${{ nodes.a.outputs.s }}"}})");
    job.name = "n";
    job.details = R"({"params":{"who":"plaintext"},"tags":["plaintext"]})";
    job.seal = *bench.seal_key(job.id);
    bench.know(job.definition);
    command.jobs.push_back(job);
    ASSERT_TRUE(bench.run(command).has_value());
    EXPECT_EQ(bench.state.find(job.id)->details_json(), job.details);
    EXPECT_FALSE(bench.state.find(job.id)->tags);
    bench.end("a", Outcome::succeeded, R"({"s":"plaintext"})");
    bench.end("b", Outcome::failed, R"({"s":"plaintext"})");
    ASSERT_EQ(bench.all<JobCreated>().size(), 1U);
    EXPECT_EQ(bench.all<JobCreated>().front().seal, job.id);
    EXPECT_TRUE(bench.all<JobCreated>().front().details.body);
    for (const AttemptEnded& ended : bench.all<AttemptEnded>()) {
        EXPECT_TRUE(ended.output.text.empty());
        EXPECT_TRUE(ended.output.body);
    }
    ASSERT_EQ(bench.all<AttemptEnded>().size(), 2U);
    // Equal outputs of two nodes cannot be told to be equal.
    EXPECT_NE(bench.all<AttemptEnded>().front().output.body,
              bench.all<AttemptEnded>().back().output.body);
}

}  // namespace
}  // namespace attacca::core
