// SPDX-License-Identifier: Apache-2.0
#include <string>

#include <gtest/gtest.h>

#include "e2e/http_harness.h"

namespace attacca::e2e {
namespace {

const std::string two_nodes = R"({"nodes":[{"id":"a","type":"noop"},)"
                              R"({"id":"b","type":"run","run":["/bin/sh","-c","echo hi"]}],)"
                              R"("edges":[{"from":"a","to":"b"}]})";

std::string job_of(const std::string& dag) {
    return R"({"name":"x","dag_definition":)" + dag + "}";
}

TEST(HttpJobs, ASubmittedJobRunsAndCanBeRead) {
    HttpHarness harness;
    ApiClient client(harness);
    const RawAnswer created = client.post(
        api + "/job",
        R"({"name":"x","description":"d","labels":{"k":"v"},"tags":["t"],"priority":"high",)"
        R"("metadata":{"m":1},"dag_definition":)" +
            two_nodes + "}");
    ASSERT_EQ(created.status, 202) << created.body;
    const Json job = *parse_json(created.body);
    const std::string id = text(job, "id");
    EXPECT_EQ(created.field("Location"), api + "/job/" + id);
    EXPECT_EQ(text(job, "status"), "queued");
    EXPECT_EQ(job.find("progress")->as_integer(), 0);
    EXPECT_EQ(text(job, "priority"), "high");
    EXPECT_EQ(job.find("labels")->find("k")->as_string(), "v");
    EXPECT_EQ(job.find("nodes")->as_array().size(), 2U);

    const core::AttemptSpec spec = harness.runner->held.wait_for_start(1);
    const Json running = client.wait_for(id, "running");
    EXPECT_EQ(running.find("progress")->as_integer(), 50);
    EXPECT_EQ(running.find("counts")->find("running")->as_integer(), 1);
    harness.end(spec);
    const Json done = client.wait_for(id, "completed");
    EXPECT_EQ(done.find("progress")->as_integer(), 100);
    EXPECT_EQ(text(done.find("nodes")->as_array()[1], "status"), "succeeded");
    EXPECT_EQ(text(done, "description"), "d");
    EXPECT_FALSE(text(done, "ended_at").empty());
    EXPECT_EQ(client.get(api + "/jobs/" + id).body, client.get(api + "/job/" + id).body);
}

TEST(HttpJobs, ABatchIsAllOrNothing) {
    HttpHarness harness;
    ApiClient client(harness);
    const std::string good = job_of(one_noop);
    const RawAnswer refused = client.post(api + "/jobs:batch", "[" + good + R"(,{"name":"y"}])");
    EXPECT_EQ(refused.status, 422);
    EXPECT_NE(refused.body.find(R"("pointer":"/1")"), std::string::npos) << refused.body;
    EXPECT_EQ(parse_json(client.get(api + "/jobs").body)->find("total")->as_integer(), 0);
    const RawAnswer created = client.post(api + "/jobs:batch", "[" + good + "," + good + "]");
    ASSERT_EQ(created.status, 202) << created.body;
    const Json ids = *parse_json(created.body)->find("ids");
    ASSERT_EQ(ids.as_array().size(), 2U);
    client.wait_for(ids.as_array()[0].as_string(), "completed");
    client.wait_for(ids.as_array()[1].as_string(), "completed");
}

TEST(HttpJobs, CancelIsIdempotentAndFinalStatesRefuse) {
    HttpHarness harness;
    ApiClient client(harness);
    const std::string id = client.create(one_run);
    const core::AttemptSpec spec = harness.runner->held.wait_for_start(1);
    const RawAnswer first = client.remove(api + "/job/" + id);
    EXPECT_EQ(first.status, 200) << first.body;
    EXPECT_TRUE(parse_json(first.body)->find("cancelling")->as_bool());
    harness.runner->held.wait_for_stop();
    harness.end(spec, core::Outcome::cancelled);
    const Json ended = client.wait_for(id, "cancelled");
    EXPECT_EQ(text(ended, "reason"), "user");
    EXPECT_FALSE(ended.find("cancelling")->as_bool());
    EXPECT_EQ(client.remove(api + "/job/" + id).status, 200);
    EXPECT_EQ(client.post(api + "/jobs/" + id + "/cancel", "").status, 200);

    const std::string done = client.create(one_noop);
    client.wait_for(done, "completed");
    const RawAnswer refused = client.remove(api + "/job/" + done);
    EXPECT_EQ(refused.status, 422);
    EXPECT_EQ(text(*parse_json(refused.body), "code"), "state-conflict");
    EXPECT_EQ(client.remove(api + "/job/01890000-0000-7000-8000-000000000000").status, 404);
    EXPECT_EQ(client.remove(api + "/job/none").status, 404);
}

TEST(HttpJobs, AKnownVersionIsNotSentAgain) {
    HttpHarness harness;
    ApiClient client(harness);
    const std::string id = client.create(one_run);
    const core::AttemptSpec spec = harness.runner->held.wait_for_start(1);
    client.wait_for(id, "running");
    const std::string path = api + "/job/" + id;
    const RawAnswer first = client.get(path);
    const std::string tag = first.field("ETag");
    EXPECT_TRUE(tag.starts_with("\"v")) << tag;
    const RawAnswer same = client.get(path, "If-None-Match: " + tag + "\r\n");
    EXPECT_EQ(same.status, 304);
    EXPECT_EQ(same.body, "");
    EXPECT_EQ(same.field("ETag"), tag);
    harness.end(spec);
    client.wait_for(id, "completed");
    const RawAnswer changed = client.get(path, "If-None-Match: " + tag + "\r\n");
    EXPECT_EQ(changed.status, 200);
    EXPECT_NE(changed.field("ETag"), tag);
    EXPECT_EQ(client.get(api + "/job/none", "If-None-Match: *\r\n").status, 404);
}

TEST(HttpJobs, AllPagesAreReachedByTheirLinks) {
    HttpHarness harness;
    ApiClient client(harness);
    for (int i = 0; i < 5; ++i) {
        client.wait_for(client.create(one_noop), "completed");
    }
    const std::string newest =
        text(parse_json(client.get(api + "/jobs").body)->find("items")->as_array()[0], "id");
    const auto count_pages = [&](std::string path) {
        int pages = 0;
        std::size_t items = 0;
        while (!path.empty() && pages < 10) {
            const RawAnswer page = client.get(path);
            EXPECT_EQ(page.status, 200) << path;
            items += parse_json(page.body)->find("items")->as_array().size();
            ++pages;
            const std::string link = page.field("Link");
            EXPECT_TRUE(link.empty() || link.ends_with(">; rel=\"next\"")) << link;
            path = link.empty() ? "" : link.substr(1, link.find('>') - 1);
        }
        return std::pair{pages, items};
    };
    EXPECT_EQ(count_pages(api + "/jobs?limit=2&status=completed"), (std::pair{3, 5UL}));
    EXPECT_EQ(count_pages(api + "/jobs?limit=2&status=failed"), (std::pair{1, 0UL}));
    const std::string id =
        client.create(R"({"nodes":[{"id":"a","type":"noop"},{"id":"b","type":"noop"}]})");
    client.wait_for(id, "completed");
    EXPECT_EQ(count_pages(api + "/jobs/" + id + "/nodes?limit=1"), (std::pair{2, 2UL}));
    EXPECT_EQ(count_pages(api + "/jobs/" + newest + "/events?limit=3"), (std::pair{2, 4UL}));
}

TEST(HttpJobs, PauseAndResume) {
    HttpHarness harness;
    ApiClient client(harness);
    const std::string id = client.create(one_run);
    const core::AttemptSpec spec = harness.runner->held.wait_for_start(1);
    EXPECT_EQ(text(*parse_json(client.post(api + "/jobs/" + id + "/pause", "").body), "status"),
              "paused");
    EXPECT_EQ(client.post(api + "/jobs/" + id + "/pause", "").status, 200) << "it is paused";
    EXPECT_EQ(text(*parse_json(client.post(api + "/jobs/" + id + "/resume", "{}").body), "status"),
              "running");
    harness.end(spec);
    client.wait_for(id, "completed");
    EXPECT_EQ(client.post(api + "/jobs/" + id + "/pause", "").status, 422);
}

TEST(HttpJobs, RetryMakesANewJobOfAnEndedOne) {
    HttpHarness harness;
    ApiClient client(harness);
    const std::string id = client.create(one_run, R"(,"labels":{"a":"b"})");
    const core::AttemptSpec spec = harness.runner->held.wait_for_start(1);
    EXPECT_EQ(client.post(api + "/jobs/" + id + "/retry", "").status, 422) << "it still runs";
    harness.end(spec, core::Outcome::failed);
    EXPECT_EQ(text(client.wait_for(id, "failed"), "reason"), "node_failed");
    const RawAnswer again = client.post(api + "/jobs/" + id + "/retry", "");
    ASSERT_EQ(again.status, 202) << again.body;
    const Json job = *parse_json(again.body);
    EXPECT_EQ(text(job, "retry_of"), id);
    EXPECT_NE(text(job, "id"), id);
    EXPECT_EQ(job.find("labels")->find("a")->as_string(), "b");
    harness.end(harness.runner->held.wait_for_start(2));
    client.wait_for(text(job, "id"), "completed");
}

constexpr std::string_view good_then_bad = R"({"nodes":[
    {"id":"good","run":["x"],"outputs":{"said":{"from":"stdout"}}},
    {"id":"bad","run":["x","${{ nodes.good.outputs.said }}"],"needs":["good"]}]})";

TEST(HttpJobs, RerunRunsWhatDidNotSucceedWithTheOutputsOfTheRest) {
    HttpHarness harness;
    ApiClient client(harness);
    const std::string id = client.create(std::string(good_then_bad));
    harness.end(harness.runner->held.wait_for_start(1), core::Outcome::succeeded,
                R"({"said":"hi"})");
    const core::AttemptSpec bad = harness.runner->held.wait_for_start(2);
    EXPECT_EQ(client.post(api + "/jobs/" + id + "/rerun", "").status, 422) << "it still runs";
    harness.end(bad, core::Outcome::failed);
    client.wait_for(id, "failed");

    const RawAnswer again = client.post(api + "/jobs/" + id + "/rerun", "");
    ASSERT_EQ(again.status, 202) << again.body;
    const std::string second = text(*parse_json(again.body), "id");
    const core::AttemptSpec spec = harness.runner->held.wait_for_start(3);
    EXPECT_EQ(spec.node, "bad");
    EXPECT_EQ(spec.argv.back(), "hi");
    harness.end(spec);
    const Json done = client.wait_for(second, "completed");
    EXPECT_EQ(text(done, "retry_of"), id);
    const std::string nodes = client.get(api + "/jobs/" + second + "/nodes").body;
    EXPECT_NE(nodes.find(R"("attempts":[],"kept":true,"outputs":{"said":"hi"})"),
              std::string::npos)
        << nodes;
    EXPECT_EQ(client.post(api + "/jobs/" + second + "/rerun", "").status, 422)
        << "everything succeeded";
    EXPECT_EQ(client.post(api + "/jobs/" + second + "/rerun",
                          R"({"nodes":["good"],"only":true})").status, 202);
}

TEST(HttpJobs, ARerunOfWhatIsNotThereChangesNothing) {
    HttpHarness harness;
    ApiClient client(harness);
    const std::string id = client.create(std::string(one_noop));
    client.wait_for(id, "completed");
    for (const auto& [body, slug] : std::vector<std::pair<std::string, std::string>>{
             {R"({"nodes":["zz"]})", "invalid-value"},
             {R"({"nodes":[]})", "invalid-value"},
             {R"({"nodes":"a"})", "wrong-type"},
             {R"({"only":true})", "invalid-value"},
             {R"({"node":["a"]})", "unknown-field"},
             {R"([])", "wrong-type"},
             {R"({)", "json-syntax"}}) {
        const RawAnswer refused = client.post(api + "/jobs/" + id + "/rerun", body);
        EXPECT_NE(refused.body.find(slug), std::string::npos) << body << ": " << refused.body;
        EXPECT_GE(refused.status, 400);
    }
    EXPECT_EQ(parse_json(client.get(api + "/jobs").body)->find("total")->as_integer(), 1);
}

TEST(HttpJobs, TheListIsFilteredAndPaged) {
    HttpHarness harness;
    ApiClient client(harness);
    for (int i = 0; i < 5; ++i) {
        const RawAnswer answer = client.post(
            api + "/job", R"({"name":"job )" + std::to_string(i) + R"(","tags":["t)" +
                              std::to_string(i % 2) + R"("],"dag_definition":)" + one_noop + "}");
        client.wait_for(text(*parse_json(answer.body), "id"), "completed");
    }
    const auto list = [&](const std::string& query) {
        const RawAnswer answer = client.get(api + "/jobs?" + query);
        EXPECT_EQ(answer.status, 200) << answer.body;
        return *parse_json(answer.body);
    };
    const Json all = list("");
    EXPECT_EQ(all.find("total")->as_integer(), 5);
    EXPECT_EQ(text(all.find("items")->as_array()[0], "name"), "job 4") << "newest first";
    EXPECT_FALSE(text(all.find("items")->as_array()[0], "nodes_url").empty());
    EXPECT_EQ(list("tag=t1").find("total")->as_integer(), 2);
    EXPECT_EQ(list("text=JOB%203").find("total")->as_integer(), 1);
    EXPECT_EQ(list("status=failed,cancelled").find("total")->as_integer(), 0);
    EXPECT_EQ(list("status=completed&type=noop").find("total")->as_integer(), 5);
    EXPECT_EQ(list("type=run").find("total")->as_integer(), 0);
    EXPECT_EQ(list("created_before=2020-01-01T00:00:00Z").find("total")->as_integer(), 0);

    const Json first = list("limit=2");
    EXPECT_EQ(first.find("total")->as_integer(), 5);
    const std::string cursor = text(first, "next_cursor");
    const Json second = list("limit=2&cursor=" + cursor);
    EXPECT_EQ(text(second.find("items")->as_array()[0], "name"), "job 2");
    EXPECT_EQ(text(list("limit=2&offset=4").find("items")->as_array()[0], "name"), "job 0");
    EXPECT_EQ(client.get(api + "/jobs?limit=2&tag=t1&cursor=" + cursor).status, 400)
        << "a cursor of another filter";
}

TEST(HttpJobs, NodesTellTheirAttempts) {
    HttpHarness harness;
    ApiClient client(harness);
    const std::string id = client.create(two_nodes);
    const core::AttemptSpec spec = harness.runner->held.wait_for_start(1);
    harness.end(spec, core::Outcome::succeeded, R"({"answer":42})");
    client.wait_for(id, "completed");
    const Json nodes = *parse_json(client.get(api + "/jobs/" + id + "/nodes").body);
    EXPECT_EQ(nodes.find("total")->as_integer(), 2);
    const Json& b = nodes.find("items")->as_array()[1];
    EXPECT_EQ(text(b, "id"), "b");
    EXPECT_EQ(text(b, "kind"), "run");
    EXPECT_EQ(b.find("outputs")->find("answer")->as_integer(), 42);
    const Json& attempt = b.find("attempts")->as_array().front();
    EXPECT_EQ(attempt.find("attempt")->as_integer(), 1);
    EXPECT_EQ(text(attempt, "outcome"), "succeeded");
    EXPECT_EQ(attempt.find("exit_code")->as_integer(), 0);
    EXPECT_FALSE(text(attempt, "started_at").empty());
    const Json page = *parse_json(client.get(api + "/jobs/" + id + "/nodes?offset=1&limit=1").body);
    EXPECT_EQ(text(page.find("items")->as_array().front(), "id"), "b");
}

TEST(HttpJobs, MapItemsAreNodesOfTheirOwn) {
    HttpHarness harness;
    ApiClient client(harness);
    const std::string id = client.create(
        R"({"nodes":[{"id":"m","type":"noop","map":{"over":["x","y"],"key":"${{ item }}"}}]})");
    const Json job = client.wait_for(id, "completed");
    EXPECT_EQ(job.find("counts")->find("total")->as_integer(), 3);
    const Json nodes = *parse_json(client.get(api + "/jobs/" + id + "/nodes").body);
    ASSERT_EQ(nodes.find("total")->as_integer(), 3);
    const Json& last = nodes.find("items")->as_array()[2];
    EXPECT_EQ(last.find("item")->as_integer(), 1);
    EXPECT_EQ(text(last, "key"), "y");
    EXPECT_EQ(last.find("attempts")->as_array().size(), 1U);
}

TEST(HttpJobs, ManyNodesHaveAPageOfTheirOwn) {
    HttpHarness harness;
    ApiClient client(harness);
    std::string nodes;
    for (int i = 0; i < 1500; ++i) {
        nodes += (i == 0 ? "" : ",") + (R"({"id":"n)" + std::to_string(i) + R"(","type":"noop"})");
    }
    const std::string id = client.create(R"({"nodes":[)" + nodes + "]}");
    const Json job = client.wait_for(id, "completed");
    EXPECT_EQ(job.find("nodes")->as_array().size(), 1000U);
    EXPECT_EQ(text(job.find("nodes")->as_array().back(), "status"), "succeeded");
    const Json page = *parse_json(client.get(text(job, "nodes_url") + "?offset=1400").body);
    EXPECT_EQ(page.find("total")->as_integer(), 1500);
    EXPECT_EQ(page.find("items")->as_array().size(), 100U);
}

TEST(HttpJobs, TheDefinitionCanBeSubmittedAgain) {
    HttpHarness harness;
    ApiClient client(harness);
    const std::string id = client.create(two_nodes);
    const RawAnswer definition = client.get(api + "/jobs/" + id + "/definition");
    EXPECT_EQ(definition.status, 200);
    const std::string copy = client.create(definition.body);
    EXPECT_EQ(client.get(api + "/jobs/" + copy + "/definition").body, definition.body);
}

TEST(HttpJobs, AFullStoreRefusesSubmissionsAndSaysSo) {
    HttpHarness harness;
    ApiClient client(harness);
    harness.reserve.is_available = false;
    harness.store.fail_next_commit(ports::CommitOutcome::full);
    const RawAnswer refused = client.post(api + "/job", job_of(one_noop));
    EXPECT_EQ(refused.status, 503);
    EXPECT_EQ(text(*parse_json(refused.body), "code"), "storage-full");
    EXPECT_FALSE(refused.field("Retry-After").empty());
    EXPECT_EQ(client.get("/readyz").status, 503);
    EXPECT_EQ(client.get("/livez").status, 200);
    const RawAnswer health = client.get("/health");
    EXPECT_EQ(health.status, 503);
    EXPECT_EQ(text(*parse_json(health.body), "status"), "degraded");
}

}  // namespace
}  // namespace attacca::e2e
