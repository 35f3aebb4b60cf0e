// SPDX-License-Identifier: Apache-2.0
#include "core/tenant/accounts.h"

#include <gtest/gtest.h>

#include "core/definition_for_test.h"

namespace attacca::core {
namespace {

constexpr std::string_view two_nodes =
    R"({"nodes":[{"id":"a","run":["x"]},{"id":"b","run":["x"]},{"id":"w","wait":{"for":"1h"}}]})";

TenantReport report_of(BenchForTest& bench, const std::string& name) {
    const Answer answer = bench.run(ReadTenants{name, {}, 10});
    ATTACCA_CHECK(answer.has_value());
    return std::get<TenantReports>(*answer).tenants.front();
}

TEST(TenantAccounts, UsageIsSlotTimeAndJobsOfTheDay) {
    BenchForTest bench(1);
    bench.submit(two_nodes);
    EXPECT_EQ(report_of(bench, "default").queued, 1U);
    EXPECT_EQ(report_of(bench, "default").running, 1U);
    bench.now.wall = bench.now.wall + seconds(2);
    EXPECT_EQ(report_of(bench, "default").usage.slot_us, 2'000'000U);
    bench.end("a");
    bench.now.wall = bench.now.wall + seconds(3);
    bench.end("b");
    TenantReport report = report_of(bench, "default");
    EXPECT_EQ(report.usage.slot_us, 5'000'000U);
    EXPECT_EQ(report.usage.day_slot_us, 5'000'000U);
    EXPECT_EQ(report.usage.day_jobs, 1U);
    EXPECT_EQ(report.running, 0U);
    EXPECT_EQ(report.live_jobs, 1U);
    bench.now.wall = bench.now.wall + seconds(86400);
    report = report_of(bench, "default");
    EXPECT_EQ(report.usage.slot_us, 5'000'000U);
    EXPECT_EQ(report.usage.day_slot_us, 0U);
    EXPECT_EQ(report.usage.day_jobs, 0U);
    EXPECT_EQ(report.usage.jobs, 1U);
}

// What older versions wrote counts in no usage: then it counted in none either.
TEST(TenantAccounts, AJobOfAnOlderDerivationCountsAsLiveOnly) {
    BenchForTest bench;
    const auto definition = definition_for_test(two_nodes);
    bench.know(definition);
    JobCreated created;
    created.definition = definition->digest;
    created.name = "old";
    const Record record{Entity{bench.next_id(), {}}, "default", "usr:1", bench.now.wall, created};
    ASSERT_TRUE(apply(bench.state, record, bench));
    bench.dispatch_all();
    bench.now.wall = bench.now.wall + seconds(2);
    bench.end("a");
    const TenantReport report = report_of(bench, "default");
    EXPECT_EQ(report.usage.jobs, 0U);
    EXPECT_EQ(bench.state.tenants.find("default")->usage, TenantUsage{});
    EXPECT_EQ(report.live_jobs, 1U);
    EXPECT_EQ(report.running, 1U);
}

TEST(TenantAccounts, CountsOfLiveThingsAreWhatARecountGives) {
    BenchForTest bench(2);
    for (int i = 0; i < 4; ++i) {
        bench.submit(two_nodes);
    }
    bench.end("a");
    const Tenant before = *bench.state.tenants.find("default");
    recount_tenants(bench.state);
    const Tenant& after = *bench.state.tenants.find("default");
    EXPECT_EQ(after.live_jobs, before.live_jobs);
    EXPECT_EQ(after.unstarted_jobs, before.unstarted_jobs);
    EXPECT_EQ(after.running, before.running);
    EXPECT_EQ(after.ready, before.ready);
    EXPECT_EQ(after.begin_us_sum, before.begin_us_sum);
    EXPECT_EQ(after.running, 2U);
}

}  // namespace
}  // namespace attacca::core
