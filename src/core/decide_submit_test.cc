// SPDX-License-Identifier: Apache-2.0
#include "core/decide.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/digest.h"
#include "core/definition_for_test.h"

namespace attacca::core {
namespace {

using testing::ElementsAre;

TEST(Idempotency, TheSameKeyReplaysTheFirstAnswer) {
    BenchForTest bench;
    SubmitJobs command{"default", "usr:test", {}, IdempotencyKey{sha256("k"), sha256("r"), 0}};
    NewJob job;
    job.id = bench.next_id();
    job.definition = definition_for_test(R"({"nodes":[{"id":"n","noop":true}]})");
    bench.know(job.definition);
    command.jobs.push_back(job);
    ASSERT_TRUE(bench.run(command).has_value());
    command.jobs[0].id = bench.next_id();
    const Answer again = bench.run(command);
    ASSERT_TRUE(again.has_value());
    const auto& submitted = std::get<Submitted>(*again);
    EXPECT_TRUE(submitted.is_replayed);
    EXPECT_THAT(submitted.ids, ElementsAre(job.id));
    command.key->request_hash = sha256("other");
    const Answer mismatch = bench.run(command);
    ASSERT_FALSE(mismatch.has_value());
    EXPECT_EQ(mismatch.error().problem, Problem::idempotency_mismatch);
}

}  // namespace
}  // namespace attacca::core
