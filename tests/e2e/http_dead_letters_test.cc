// SPDX-License-Identifier: Apache-2.0
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "e2e/http_harness.h"

// Dead letters through the real server: they arrive, are found, and are dealt with once.

namespace attacca::e2e {
namespace {

const std::string letters = "/api/v1/dead-letters";
const std::string tired_dag = R"({"nodes":[{"id":"ok","type":"noop"},
    {"id":"a","run":["/bin/false"],"needs":["ok"],"retry":{"max_attempts":2,"delay":"1ms"}}]})";

class HttpDeadLetters : public testing::Test {
  protected:
    // A job whose attempts ran out.
    std::string exhausted() {
        const std::string id = client.create(tired_dag);
        for (int i = 0; i < 2; ++i) {
            harness.end(harness.runner->held.wait_for_start(++begun), core::Outcome::failed);
        }
        client.wait_for(id, "failed");
        return id;
    }
    std::vector<std::string> ids_in(const RawAnswer& answer, std::string_view list = "items") {
        std::vector<std::string> ids;
        const Json body = body_of(answer);
        const Json* found = body.find(list);
        ATTACCA_CHECK(found != nullptr);
        for (const Json& item : found->as_array()) {
            ids.push_back(item.is_string() ? item.as_string() : text(item, "id"));
        }
        return ids;
    }

    HttpHarness harness;
    ApiClient client{harness};
    std::size_t begun = 0;  // attempts that the runner was given
};

TEST_F(HttpDeadLetters, OneIsLeftByAJobWhoseAttemptsRanOut) {
    const std::string id = exhausted();
    EXPECT_EQ(ids_in(client.get(letters)), std::vector{id});
    const Json letter = body_of(client.get(letters + "/" + id));
    EXPECT_EQ(text(letter, "state"), "open");
    EXPECT_EQ(text(letter, "cause"), "exhausted");
    EXPECT_EQ(text(letter, "node"), "a");
    EXPECT_EQ(letter.find("attempts")->as_integer(), 2);
    const RawAnswer nodes = client.get(api + "/jobs/" + id + "/nodes");
    EXPECT_NE(nodes.body.find(R"("parked":"exhausted")"), std::string::npos) << nodes.body;
    EXPECT_NE(client.get("/metrics").body.find("attacca_dead_letters_open 1"), std::string::npos);
    EXPECT_NE(client.get("/api/v1/audit?type=dead_lettered").body.find(id), std::string::npos);
}

TEST_F(HttpDeadLetters, AReplayKeepsWhatSucceededAndClosesTheLetter) {
    const std::string id = exhausted();
    const RawAnswer answer = client.post(letters + "/" + id + "/replay", "");
    ASSERT_EQ(answer.status, 202) << answer.body;
    const std::string next = text(body_of(answer), "id");
    EXPECT_EQ(text(body_of(answer), "retry_of"), id);
    harness.end(harness.runner->held.wait_for_start(++begun));
    client.wait_for(next, "completed");
    EXPECT_TRUE(ids_in(client.get(letters)).empty());
    const Json letter = body_of(client.get(letters + "/" + id));
    EXPECT_EQ(text(letter, "state"), "replayed");
    EXPECT_EQ(text(letter, "replayed_as"), next);
    EXPECT_EQ(text(letter, "closed_by"), "usr:admin");
    const RawAnswer again = client.post(letters + "/" + id + "/replay", "");
    EXPECT_EQ(again.status, 422) << again.body;
    EXPECT_EQ(client.post(letters + "/" + id + "/discard", "{}").status, 422);
    const RawAnswer verified = client.get("/api/v1/evidence/dead-letter%2Fdefault%2F" + id +
                                          "/verify");
    EXPECT_EQ(verified.status, 200) << verified.body;
    EXPECT_NE(verified.body.find(R"("final":true)"), std::string::npos) << verified.body;
}

TEST_F(HttpDeadLetters, AReplayUnderAKeyIsMadeOnce) {
    const std::string id = exhausted();
    const std::string path = letters + "/" + id + "/replay";
    const RawAnswer first = client.post(path, "", "Idempotency-Key: k1\r\n");
    const RawAnswer second = client.post(path, "", "Idempotency-Key: k1\r\n");
    EXPECT_EQ(first.status, 202) << first.body;
    EXPECT_EQ(second.status, 202) << second.body;
    EXPECT_EQ(text(body_of(first), "id"), text(body_of(second), "id"));
}

TEST_F(HttpDeadLetters, AFilterChoosesWhatIsReplayedOrDiscarded) {
    const std::string first = exhausted();
    const std::string second = exhausted();
    EXPECT_TRUE(ids_in(client.get(letters + "?cause=poison")).empty());
    EXPECT_TRUE(ids_in(client.get(letters + "?name=other")).empty());
    EXPECT_EQ(ids_in(client.get(letters + "?node=a&limit=1")), std::vector{first});
    EXPECT_EQ(ids_in(client.get(letters + "?after=" + first)), std::vector{second});
    const RawAnswer dry = client.post(letters + "/replay", R"({"node":"a","dry_run":true})");
    EXPECT_EQ(dry.status, 200);
    EXPECT_EQ(ids_in(dry), (std::vector{first, second}));
    EXPECT_TRUE(ids_in(client.post(letters + "/replay", R"({"node":"b"})"), "ids").empty());
    const RawAnswer replayed = client.post(letters + "/replay", R"({"name":"es","limit":1})");
    EXPECT_EQ(replayed.status, 202);
    EXPECT_EQ(ids_in(replayed, "ids").size(), 1U);
    const RawAnswer gone = client.post(letters + "/discard", R"({"node":"a","reason":"old"})");
    EXPECT_EQ(gone.status, 200) << gone.body;
    EXPECT_EQ(ids_in(gone, "ids"), std::vector{second});
    EXPECT_EQ(text(body_of(client.get(letters + "/" + second)), "reason"), "old");
    EXPECT_TRUE(ids_in(client.get(letters)).empty());
}

TEST_F(HttpDeadLetters, BadRequestsAreRefusedAndChangeNothing) {
    const std::string id = exhausted();
    EXPECT_EQ(client.get(letters + "?cause=bad").status, 422);
    EXPECT_EQ(client.get(letters + "?after=x").status, 422);
    EXPECT_EQ(client.get(letters + "?colour=red").status, 422);
    EXPECT_EQ(client.get(letters + "/nothing").status, 404);
    EXPECT_EQ(client.post(letters + "/nothing/replay", "").status, 404);
    EXPECT_EQ(client.post(letters + "/replay", R"({"cause":"bad"})").status, 422);
    EXPECT_EQ(client.post(letters + "/replay", R"({"limit":1001})").status, 422);
    EXPECT_EQ(client.post(letters + "/replay", R"({"reason":"x"})").status, 422);
    EXPECT_EQ(client.post(letters + "/replay", "{").status, 400);
    EXPECT_EQ(client.post(letters + "/" + id + "/discard", R"({"why":"x"})").status, 422);
    const std::string long_reason(501, 'x');
    EXPECT_EQ(client.post(letters + "/" + id + "/discard",
                          R"({"reason":")" + long_reason + R"("})").status,
              422);
    EXPECT_EQ(ids_in(client.get(letters)), std::vector{id});
}

TEST_F(HttpDeadLetters, ATenantSeesAndMovesItsOwnOnly) {
    const std::string id = exhausted();
    ASSERT_EQ(client.put("/api/v1/tenants/blue", "{}").status, 201);
    const std::string blue = "X-Tenant-Id: blue\r\n";
    EXPECT_TRUE(ids_in(client.get(letters, blue)).empty());
    EXPECT_EQ(client.get(letters + "/" + id, blue).status, 404);
    EXPECT_EQ(client.post(letters + "/" + id + "/replay", "", blue).status, 404);
    EXPECT_EQ(client.post(letters + "/" + id + "/discard", "", blue).status, 404);
    EXPECT_TRUE(ids_in(client.post(letters + "/discard", "{}", blue), "ids").empty());
    EXPECT_EQ(ids_in(client.get(letters)), std::vector{id});
}

TEST_F(HttpDeadLetters, AVerdictLeavesNone) {
    const std::string id = client.create(one_run);
    harness.end(harness.runner->held.wait_for_start(++begun), core::Outcome::failed);
    client.wait_for(id, "failed");
    EXPECT_TRUE(ids_in(client.get(letters)).empty());
    EXPECT_EQ(client.get(letters + "/" + id).status, 404);
    EXPECT_EQ(client.post(letters + "/" + id + "/replay", "").status, 404);
}

}  // namespace
}  // namespace attacca::e2e
