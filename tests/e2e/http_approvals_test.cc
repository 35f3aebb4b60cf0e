// SPDX-License-Identifier: Apache-2.0
#include <string>

#include <gtest/gtest.h>

#include "e2e/http_harness.h"

namespace attacca::e2e {
namespace {

const std::string gate = R"({"nodes":[{"id":"ask","approve":{"message":"Deploy?"}},)"
                         R"({"id":"deploy","type":"noop","needs":["ask"]}]})";

std::string code_of(const RawAnswer& answer) {
    const Result<Json> body = parse_json(answer.body);
    const Json* code = body ? body->find("code") : nullptr;
    return code == nullptr ? answer.body : code->as_string();
}

class HttpApprovals : public testing::Test {
  protected:
    // Waits until the job waits for a person: states are read, not slept for.
    void wait_for_question(const std::string& id) {
        while (parse_json(client_.get(api + "/jobs/" + id).body)->find("awaits_approval") ==
               nullptr) {
        }
    }
    std::string node(const std::string& id, const std::string& verb) const {
        return api + "/jobs/" + id + "/nodes/ask/" + verb;
    }
    std::int64_t waiting_jobs() {
        return parse_json(client_.get(api + "/jobs?waiting_for=approval").body)
            ->find("total")
            ->as_integer();
    }

    HttpHarness harness_;
    ApiClient client_{harness_};
};

TEST_F(HttpApprovals, AreAskedListedAndGiven) {
    const std::string id = client_.create(gate);
    wait_for_question(id);
    EXPECT_EQ(waiting_jobs(), 1);
    const Json nodes = *parse_json(client_.get(api + "/jobs/" + id + "/nodes").body);
    const Json& ask = nodes.find("items")->as_array()[0];
    EXPECT_EQ(ask.find("kind")->as_string(), "approve");
    EXPECT_EQ(ask.find("status")->as_string(), "waiting");
    EXPECT_EQ(ask.find("waits_for")->as_string(), "approval");
    EXPECT_EQ(ask.find("message")->as_string(), "Deploy?");
    EXPECT_EQ(client_.post(node(id, "approve"), R"({"comment":"fine"})").status, 200);
    const Json done = client_.wait_for(id, "completed");
    EXPECT_EQ(done.find("awaits_approval"), nullptr);
    EXPECT_EQ(waiting_jobs(), 0);
    const std::string events = client_.get(api + "/jobs/" + id + "/events").body;
    EXPECT_NE(events.find(R"("type":"approval_given")"), std::string::npos);
    EXPECT_NE(events.find(
                  R"({"by":"usr:admin","comment":"fine","decision":"approved","node":"ask"})"),
              std::string::npos)
        << events;
}

TEST_F(HttpApprovals, AreRefusedWithoutABodyToo) {
    const std::string id = client_.create(gate);
    wait_for_question(id);
    EXPECT_EQ(client_.post(node(id, "reject"), "").status, 200);
    client_.wait_for(id, "failed");
    EXPECT_EQ(code_of(client_.post(node(id, "approve"), "")), "state-conflict");
}

TEST_F(HttpApprovals, ThatMakeNoSenseChangeNothing) {
    const std::string id = client_.create(gate);
    wait_for_question(id);
    EXPECT_EQ(code_of(client_.post(node(id, "approve"), R"({"why":"x"})")), "unknown-field");
    EXPECT_EQ(code_of(client_.post(node(id, "approve"), R"({"comment":3})")), "wrong-type");
    EXPECT_EQ(code_of(client_.post(node(id, "approve"),
                                   R"({"comment":")" + std::string(1025, 'x') + "\"}")),
              "out-of-range");
    EXPECT_EQ(code_of(client_.post(node(id, "approve") + "?item=1", "")), "not-found");
    EXPECT_EQ(code_of(client_.post(node(id, "approve") + "?itme=1", "")), "query-invalid");
    EXPECT_EQ(code_of(client_.post(api + "/jobs/" + id + "/nodes/deploy/approve", "")),
              "state-conflict");
    EXPECT_EQ(code_of(client_.post(api + "/jobs/" + id + "/nodes/none/approve", "")),
              "not-found");
    EXPECT_EQ(code_of(client_.post(node("0192d0c8-0000-7000-8000-000000000000", "approve"), "")),
              "not-found");
    EXPECT_EQ(code_of(client_.get(api + "/jobs?waiting_for=luck")), "query-invalid");
    EXPECT_EQ(waiting_jobs(), 1);
}

}  // namespace
}  // namespace attacca::e2e
