// SPDX-License-Identifier: Apache-2.0
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

TEST(Tenant, TheDefaultExistsWithoutARecord) {
    BenchForTest bench;
    const TenantReport report = report_of(bench, "default");
    EXPECT_EQ(report.settings, TenantSettings{});
    EXPECT_EQ(report.created_at.us, 0);
    EXPECT_TRUE(bench.records.empty());
}

TEST(Tenant, IsMadeOnceAndChangedByWhatDiffers) {
    BenchForTest bench;
    TenantSettings settings;
    settings.weight = 7;
    const Answer made = bench.run(SetTenant{"blue", "usr:1", settings});
    ASSERT_TRUE(made);
    EXPECT_TRUE(std::get<TenantReports>(*made).is_created);
    EXPECT_EQ(std::get<TenantReports>(*made).tenants.front().settings, settings);
    const WallTime created = bench.now.wall;
    bench.now.wall = bench.now.wall + seconds(5);
    const Answer again = bench.run(SetTenant{"blue", "usr:1", settings});
    ASSERT_TRUE(again);
    EXPECT_FALSE(std::get<TenantReports>(*again).is_created);
    EXPECT_EQ(bench.records.size(), 1U);
    settings.max_concurrency = 2;
    ASSERT_TRUE(bench.run(SetTenant{"blue", "usr:1", settings}));
    ASSERT_EQ(bench.records.size(), 2U);
    EXPECT_EQ(bench.records.back().entity.text(), "tenant/blue");
    EXPECT_EQ(bench.records.back().tenant, "blue");
    const TenantReport report = report_of(bench, "blue");
    EXPECT_EQ(report.settings, settings);
    EXPECT_EQ(report.created_at, created);
    EXPECT_EQ(report.changed_at, bench.now.wall);
}

TEST(Tenant, ABadNameIsRefused) {
    BenchForTest bench;
    for (const char* name : {"", "system", "a b", "../x"}) {
        const Answer answer = bench.run(SetTenant{name, "usr:1", {}});
        ASSERT_FALSE(answer) << name;
        EXPECT_EQ(answer.error().problem, Problem::invalid_value);
    }
    EXPECT_TRUE(bench.records.empty());
}

TEST(Tenant, NobodySubmitsForAnUnknownOne) {
    BenchForTest bench;
    SubmitJobs command{"nobody", "usr:1", {}, {}};
    NewJob job;
    job.id = bench.next_id();
    job.definition = definition_for_test(two_nodes);
    bench.know(job.definition);
    command.jobs.push_back(job);
    const Answer answer = bench.run(command);
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().problem, Problem::unknown_tenant);
    EXPECT_TRUE(bench.records.empty());
}

TEST(Tenant, ListsAreInOrderOfNamesAndInPages) {
    BenchForTest bench;
    for (const char* name : {"c", "a", "e"}) {
        ASSERT_TRUE(bench.run(SetTenant{name, "usr:1", {}}));
    }
    const Answer first = bench.run(ReadTenants{{}, {}, 2});
    const auto& page = std::get<TenantReports>(*first);
    ASSERT_EQ(page.tenants.size(), 2U);
    EXPECT_EQ(page.tenants[0].name, "a");
    EXPECT_EQ(page.tenants[1].name, "c");
    EXPECT_TRUE(page.has_more);
    const Answer rest = bench.run(ReadTenants{{}, "c", 2});
    const auto& last = std::get<TenantReports>(*rest);
    ASSERT_EQ(last.tenants.size(), 2U);
    EXPECT_EQ(last.tenants[0].name, "default");
    EXPECT_EQ(last.tenants[1].name, "e");
    EXPECT_FALSE(last.has_more);
    EXPECT_EQ(bench.run(ReadTenants{"x", {}, 2}).error().problem, Problem::not_found);
}

}  // namespace
}  // namespace attacca::core
