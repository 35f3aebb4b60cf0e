// SPDX-License-Identifier: Apache-2.0
#include <string>

#include <gtest/gtest.h>

#include "e2e/http_harness.h"

namespace attacca::e2e {
namespace {

const std::string claim_path = "/api/v1/lanes/gpu/claim";
const std::string one_task =
    R"({"nodes":[{"id":"a","task":{"lane":"gpu","type":"render",)"
    R"("input":{"n":"${{ job.name }}"}}}]})";

std::string slug_of_answer(const RawAnswer& answer) {
    const Json body = body_of(answer);
    const Json* type = body.find("type");
    const std::string urn = type == nullptr ? "" : type->as_string();
    return urn.substr(urn.rfind(':') + 1);
}

Json claim(ApiClient& client, const std::string& more = {}) {
    const RawAnswer answer = client.post(claim_path, R"({"worker":"w1","max":8)" + more + "}");
    EXPECT_EQ(answer.status, 200) << answer.body;
    const Json body = body_of(answer);
    const Json* leases = body.find("leases");
    return leases == nullptr ? Json::array() : *leases;
}

// The attempt's routes, and its fence as a body.
std::string path_of(const Json& lease, const std::string& act) {
    return "/api/v1/attempts/" + text(lease, "id") + "/" + act;
}
std::string fence_of(const Json& lease, const std::string& more = {}) {
    return R"({"fence":)" + std::to_string(lease.find("fence")->as_integer()) + more + "}";
}

TEST(HttpWorkers, AWorkerIsGivenWhatItHasTheCapabilitiesFor) {
    HttpHarness harness;
    ApiClient client(harness);
    const std::string id = client.create(
        R"({"nodes":[{"id":"a","task":{"lane":"gpu","capabilities":["cuda","big"]}}]})");
    EXPECT_TRUE(claim(client).as_array().empty());
    EXPECT_TRUE(claim(client, R"(,"capabilities":["cuda"])").as_array().empty());
    const Json why = body_of(client.get("/api/v1/orchestration/jobs/" + id + "/why"));
    EXPECT_NE(why.text().find("no worker with big, cuda has claimed it from `gpu`"),
              std::string::npos) << why.text();
    const Json queue = body_of(client.get("/api/v1/queue"));
    EXPECT_NE(queue.text().find(R"("capabilities":["big","cuda"])"), std::string::npos)
        << queue.text();
    const Json leases = claim(client, R"(,"capabilities":["big","cuda","fast"])");
    ASSERT_EQ(leases.as_array().size(), 1U);
    EXPECT_EQ(leases.as_array()[0].find("capabilities")->text(), R"(["big","cuda"])");
}

TEST(HttpWorkers, ClaimRunAndCompleteATask) {
    HttpHarness harness;
    ApiClient client(harness);
    const std::string id = client.create(one_task);
    const Json leases = claim(client);
    ASSERT_EQ(leases.as_array().size(), 1U);
    const Json& lease = leases.as_array()[0];
    EXPECT_EQ(text(lease, "job"), id);
    EXPECT_EQ(text(lease, "node"), "a");
    EXPECT_EQ(text(lease, "id"), id + ".a.1");
    EXPECT_TRUE(lease.find("item")->is_null());
    EXPECT_EQ(lease.find("attempt")->as_integer(), 1);
    EXPECT_EQ(lease.find("ttl_ms")->as_integer(), 30000);
    EXPECT_EQ(lease.find("spec")->text(), R"({"input":{"n":"test"},"type":"render"})");

    const RawAnswer beat = client.post(path_of(lease, "heartbeat"), fence_of(lease));
    EXPECT_EQ(beat.status, 200) << beat.body;
    EXPECT_FALSE(body_of(beat).find("cancel")->as_bool());
    const RawAnswer done =
        client.post(path_of(lease, "complete"), fence_of(lease, R"(,"outputs":{"pages":3})"));
    EXPECT_EQ(done.status, 200) << done.body;
    client.wait_for(id, "completed");

    const Json node =
        body_of(client.get(api + "/jobs/" + id + "/nodes")).find("items")->as_array()[0];
    EXPECT_EQ(text(node, "kind"), "task");
    EXPECT_EQ(node.find("outputs")->text(), R"({"pages":3})");
    EXPECT_EQ(text(node.find("attempts")->as_array()[0], "worker"), "w1");
}

TEST(HttpWorkers, TheSameReportAgainIsAcceptedAlsoAfterTheJobEnded) {
    HttpHarness harness;
    ApiClient client(harness);
    const std::string id = client.create(one_task);
    const Json lease = claim(client).as_array().at(0);
    const RawAnswer first = client.post(path_of(lease, "complete"), fence_of(lease));
    client.wait_for(id, "completed");
    const RawAnswer again = client.post(path_of(lease, "complete"), fence_of(lease));
    EXPECT_EQ(again.status, 200) << again.body;
    EXPECT_EQ(again.body, first.body);
    EXPECT_EQ(slug_of_answer(client.post(path_of(lease, "fail"), fence_of(lease))), "fenced");
    EXPECT_EQ(slug_of_answer(client.post(path_of(lease, "heartbeat"), fence_of(lease))), "fenced");
    EXPECT_EQ(slug_of_answer(client.post(path_of(lease, "complete"), R"({"fence":999})")),
              "fenced");
}

TEST(HttpWorkers, AClaimWaitsUntilATaskIsReady) {
    HttpHarness harness;
    ApiClient waiting(harness);
    ApiClient client(harness);
    waiting.raw.send("POST " + claim_path + " HTTP/1.1\r\nHost: h\r\n" + auth +
                     "Content-Type: application/json\r\nContent-Length: 32\r\n\r\n" +
                     R"({"worker":"w1","wait_ms":120000})");
    const std::string id = client.create(one_task);
    const RawAnswer answer = waiting.raw.read();
    ASSERT_EQ(answer.status, 200) << answer.body;
    EXPECT_EQ(text(body_of(answer).find("leases")->as_array().at(0), "job"), id);
}

TEST(HttpWorkers, AClaimThatWaitsInVainIsAnsweredWithNothing) {
    HttpHarness harness;
    ApiClient client(harness);
    EXPECT_EQ(claim(client, R"(,"wait_ms":20)").as_array().size(), 0U);
    EXPECT_EQ(claim(client).as_array().size(), 0U);
}

TEST(HttpWorkers, AStopAnswersTheClaimsThatWait) {
    HttpHarness harness;
    ApiClient waiting(harness);
    waiting.raw.send("POST " + claim_path + " HTTP/1.1\r\nHost: h\r\n" + auth +
                     "Content-Type: application/json\r\nContent-Length: 32\r\n\r\n" +
                     R"({"worker":"w1","wait_ms":120000})");
    // A request on the same connection is handled after the one before it.
    ApiClient client(harness);
    EXPECT_EQ(client.get("/api/v1/version").status, 200);
    harness.service->stop(seconds(30));
    const RawAnswer answer = waiting.raw.read();
    // Nothing, if the claim had not been read yet when the server stopped.
    EXPECT_TRUE(answer.status == 200 || answer.status == 0) << answer.body;
}

TEST(HttpWorkers, AFailureIsTriedAgainByItsClass) {
    HttpHarness harness;
    ApiClient client(harness);
    const std::string id = client.create(one_task);
    const Json first = claim(client).as_array().at(0);
    EXPECT_EQ(client.post(path_of(first, "fail"),
                          fence_of(first, R"(,"class":"transient","message":"no memory")"))
                  .status,
              200);
    const Json second = claim(client, R"(,"wait_ms":120000)").as_array().at(0);
    EXPECT_EQ(second.find("attempt")->as_integer(), 2);
    EXPECT_GT(second.find("fence")->as_integer(), first.find("fence")->as_integer());
    EXPECT_EQ(slug_of_answer(client.post(path_of(first, "complete"), fence_of(first))), "fenced");
    EXPECT_EQ(client.post(path_of(second, "fail"),
                          fence_of(second, R"(,"class":"permanent","message":"bad input")"))
                  .status,
              200);
    client.wait_for(id, "failed");
}

TEST(HttpWorkers, ACancelledJobIsToldToTheWorker) {
    HttpHarness harness;
    ApiClient client(harness);
    const std::string id = client.create(one_task);
    const Json lease = claim(client).as_array().at(0);
    EXPECT_EQ(client.remove(api + "/job/" + id).status, 200);
    const RawAnswer beat = client.post(path_of(lease, "heartbeat"), fence_of(lease));
    EXPECT_TRUE(body_of(beat).find("cancel")->as_bool()) << beat.body;
    EXPECT_EQ(client.post(path_of(lease, "fail"), fence_of(lease)).status, 200);
    client.wait_for(id, "cancelled");
}

TEST(HttpWorkers, ItemsOfAMapAreLeasedEachByItself) {
    HttpHarness harness;
    ApiClient client(harness);
    const std::string id = client.create(
        R"({"nodes":[{"id":"a","map":{"over":["x","y","z"]},"task":{"lane":"gpu",)"
        R"("input":"${{ item }}"}}]})");
    Json leases = claim(client, R"(,"wait_ms":120000)");
    while (leases.as_array().size() < 3) {
        for (const Json& more : claim(client, R"(,"wait_ms":120000)").as_array()) {
            leases.push(more);
        }
    }
    for (const Json& lease : leases.as_array()) {
        EXPECT_EQ(text(lease, "id"),
                  id + ".a." + std::to_string(lease.find("item")->as_integer()) + ".1");
        EXPECT_EQ(client.post(path_of(lease, "complete"), fence_of(lease)).status, 200);
    }
    client.wait_for(id, "completed");
}

TEST(HttpWorkers, LargeOutputsAreKeptInAFile) {
    HttpHarness harness;
    ApiClient client(harness);
    const std::string id = client.create(one_task);
    const Json lease = claim(client).as_array().at(0);
    const std::string large(100000, 'x');
    EXPECT_EQ(client.post(path_of(lease, "complete"),
                          fence_of(lease, R"(,"outputs":{"text":")" + large + R"("})"))
                  .status,
              200);
    client.wait_for(id, "completed");
}

TEST(HttpWorkers, BadClaimsAreRefused) {
    HttpHarness harness;
    ApiClient client(harness);
    const auto refused = [&](const std::string& path, const std::string& body) {
        const RawAnswer answer = client.post(path, body);
        return std::to_string(answer.status) + " " + slug_of_answer(answer);
    };
    EXPECT_EQ(refused(claim_path, "{}"), "422 missing-field");
    EXPECT_EQ(refused(claim_path, R"({"worker":""})"), "422 invalid-value");
    EXPECT_EQ(refused(claim_path, R"({"worker":"a b"})"), "422 invalid-value");
    EXPECT_EQ(refused(claim_path, R"({"worker":7})"), "422 wrong-type");
    EXPECT_EQ(refused(claim_path, R"({"worker":"w","max":0})"), "422 out-of-range");
    EXPECT_EQ(refused(claim_path, R"({"worker":"w","wait_ms":-1})"), "422 out-of-range");
    EXPECT_EQ(refused(claim_path, R"({"worker":"w","ttl_ms":10})"), "422 out-of-range");
    EXPECT_EQ(refused(claim_path, R"({"worker":"w","slots":1})"), "422 unknown-field");
    EXPECT_EQ(refused(claim_path, R"({"worker":"w","lanes":["a b"]})"), "422 invalid-value");
    EXPECT_EQ(refused(claim_path, R"({"worker":"w","capabilities":[""]})"), "422 invalid-value");
    EXPECT_EQ(refused(claim_path, R"({"worker":"w","capabilities":"x"})"), "422 wrong-type");
    EXPECT_EQ(refused(claim_path, R"({"worker")"), "400 json-syntax");
    EXPECT_EQ(refused("/api/v1/lanes/a%20b/claim", R"({"worker":"w"})"), "422 invalid-value");
    EXPECT_EQ(refused(claim_path + "?wait=1", R"({"worker":"w"})"), "422 query-invalid");
    EXPECT_EQ(client.get(claim_path).status, 405);
}

TEST(HttpWorkers, BadReportsAreRefusedAndChangeNothing) {
    HttpHarness harness;
    ApiClient client(harness);
    const std::string id = client.create(one_task);
    const Json lease = claim(client).as_array().at(0);
    const auto refused = [&](const std::string& path, const std::string& body) {
        const RawAnswer answer = client.post(path, body);
        return std::to_string(answer.status) + " " + slug_of_answer(answer);
    };
    const std::string attempts = "/api/v1/attempts/";
    EXPECT_EQ(refused(path_of(lease, "complete"), "{}"), "422 missing-field");
    EXPECT_EQ(refused(path_of(lease, "complete"), R"({"fence":"1"})"), "422 wrong-type");
    EXPECT_EQ(refused(path_of(lease, "complete"), R"({"fence":0})"), "422 invalid-value");
    EXPECT_EQ(refused(path_of(lease, "complete"), R"({"fence":12345})"), "409 fenced");
    EXPECT_EQ(refused(path_of(lease, "complete"), fence_of(lease, R"(,"outputs":[1])")),
              "422 wrong-type");
    EXPECT_EQ(refused(path_of(lease, "fail"), fence_of(lease, R"(,"class":"bad")")),
              "422 invalid-value");
    EXPECT_EQ(refused(path_of(lease, "fail"), fence_of(lease, R"(,"exit_code":300)")),
              "422 out-of-range");
    EXPECT_EQ(refused(attempts + "x/complete", fence_of(lease)), "404 not-found");
    EXPECT_EQ(refused(attempts + id + ".b.1/complete", fence_of(lease)), "404 not-found");
    EXPECT_EQ(refused(attempts + id + ".a.0.1/complete", fence_of(lease)), "404 not-found");
    EXPECT_EQ(refused(attempts + id + ".a.2/complete", fence_of(lease)), "409 fenced");
    EXPECT_EQ(refused(attempts + "0190c3a1-0000-7000-8000-000000000000.a.1/heartbeat",
                      fence_of(lease)),
              "404 not-found");
    EXPECT_EQ(client.post(path_of(lease, "complete"), fence_of(lease)).status, 200);
    client.wait_for(id, "completed");
}

}  // namespace
}  // namespace attacca::e2e
