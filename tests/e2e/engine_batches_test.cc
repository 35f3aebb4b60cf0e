// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "adapters/memory/memory_store.h"
#include "e2e/engine_harness.h"
#include "engine/engine.h"

namespace attacca::e2e {
namespace {

std::shared_ptr<const core::Definition> definition_of(const std::string& dag) {
    const Result<Json> json = parse_json(dag);
    ATTACCA_CHECK(json.has_value());
    Result<core::Definition> definition = core::parse_definition(*json, "");
    ATTACCA_CHECK(definition.has_value());
    return std::make_shared<const core::Definition>(std::move(*definition));
}

// Cuts the open batch as if it were committed at once; how many records it held.
std::size_t commit(engine::Engine& engine) {
    const std::optional<engine::Batch> batch = engine.cut();
    if (!batch) {
        return 0;
    }
    engine::BatchResult result;
    result.number = batch->number;
    engine.committed(result);
    return batch->records.size();
}

TEST(Batches, StayWithinTheirLimitWhenManyTimersAreDueAtOnce) {
    memory::MemoryStore store;
    HeldRunner runner;
    system::SystemEntropy entropy;
    engine::EngineOptions options;
    options.batch_records_max = 10;
    engine::Engine engine(options, store.reader(), runner, entropy);
    Now now{WallTime{1'700'000'000'000'000}, MonoTime{1'000'000}};
    engine.load({}, now);
    core::SubmitJobs command{"default", "usr:test", {}, {}};
    for (std::uint64_t i = 0; i < 100; ++i) {
        core::NewJob job;
        job.id = core::JobId{uuid_v7(now.wall, 1, i << 8U)};
        job.definition = definition_of(R"({"nodes":[{"id":"w","wait":{"for":"10s"}}]})");
        command.jobs.push_back(job);
    }
    engine.handle(command, {}, now);
    EXPECT_EQ(commit(engine), 100U);
    do {
        engine.run_due(now);
    } while (commit(engine) > 0);
    now.mono.us += seconds(11).us;
    std::size_t records = 0;
    for (std::size_t batch = 1; batch > 0; records += batch) {
        engine.run_due(now);
        batch = commit(engine);
        EXPECT_LE(batch, 11U);
    }
    EXPECT_EQ(records, 200U);
    EXPECT_TRUE(engine.state().slot_of.empty());
}

TEST(Definitions, ThatNoJobUsesAreForgotten) {
    memory::MemoryStore store;
    engine::Definitions definitions(store.reader());
    for (int i = 0; i < 10000; ++i) {
        core::SubmitJobs submit{"default", "usr:test", {core::NewJob{}}, {}};
        submit.jobs[0].definition = definition_of(
            R"({"nodes":[{"id":"n)" + std::to_string(i) + R"(","noop":true}]})");
        core::Command command = std::move(submit);
        definitions.know_command(command);
    }
    EXPECT_LE(definitions.size(), 4097U);
}

}  // namespace
}  // namespace attacca::e2e
