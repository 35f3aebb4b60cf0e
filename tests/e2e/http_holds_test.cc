// SPDX-License-Identifier: Apache-2.0
#include <string>

#include <gtest/gtest.h>

#include "e2e/http_harness.h"

namespace attacca::e2e {
namespace {

const std::string holds = "/api/v1/evidence/holds";

class HttpHolds : public testing::Test {
  protected:
    std::size_t count(const std::string& fields = {}) {
        return body_of(client_.get(holds, fields)).find("items")->as_array().size();
    }

    HttpHarness harness_;
    ApiClient client_{harness_};
};

TEST_F(HttpHolds, ArePlacedListedAndReleasedWithTheirRecords) {
    const std::string id = client_.create(one_noop);
    client_.wait_for(id, "completed");
    const std::string body = R"({"job":")" + id + R"(","matter":"A","by":"counsel"})";
    const RawAnswer placed = client_.post(holds, body);
    EXPECT_EQ(placed.status, 200);
    EXPECT_EQ(text(body_of(placed), "scope"), "job/" + id);
    EXPECT_EQ(client_.post(holds, body).status, 200);
    EXPECT_EQ(client_.post(holds, R"({"matter":"B"})").status, 200);
    EXPECT_EQ(count(), 2U);
    const Json first = body_of(client_.get(holds)).find("items")->as_array().front();
    EXPECT_EQ(text(first, "matter"), "A");
    EXPECT_EQ(text(first, "by"), "counsel");
    EXPECT_EQ(client_.post(holds + "/release", body).status, 200);
    EXPECT_EQ(client_.post(holds + "/release", body).status, 404);
    EXPECT_EQ(count(), 1U);
    const Json records = body_of(
        client_.get("/api/v1/evidence/records?entity=hold%2Fdefault"));
    ASSERT_EQ(records.find("items")->as_array().size(), 3U);
    EXPECT_EQ(text(records.find("items")->as_array().front(), "type"), "hold_placed");
    EXPECT_EQ(text(records.find("items")->as_array().back(), "type"), "hold_released");
}

TEST_F(HttpHolds, AreTheTenantsOwn) {
    ASSERT_EQ(client_.put("/api/v1/tenants/blue", "{}").status, 201);
    const std::string blue = "X-Tenant-Id: blue\r\n";
    const std::string id = client_.create(one_noop);
    EXPECT_EQ(client_.post(holds, R"({"matter":"A"})").status, 200);
    EXPECT_EQ(count(blue), 0U);
    EXPECT_EQ(client_.post(holds + "/release", R"({"matter":"A"})", blue).status, 404);
    EXPECT_EQ(client_.post(holds, R"({"matter":"A","job":")" + id + "\"}", blue).status, 404);
    EXPECT_EQ(count(), 1U);
}

TEST_F(HttpHolds, NameTheirMatterAndNothingElse) {
    EXPECT_EQ(client_.post(holds, "{}").status, 422);
    EXPECT_EQ(client_.post(holds, R"({"matter":""})").status, 422);
    EXPECT_EQ(client_.post(holds, R"({"matter":")" + std::string(201, 'a') + "\"}").status, 422);
    EXPECT_EQ(client_.post(holds, R"({"matter":"A","until":"x"})").status, 422);
    EXPECT_EQ(client_.post(holds, R"({"matter":"A","job":"none"})").status, 404);
    EXPECT_EQ(count(), 0U);
}

}  // namespace
}  // namespace attacca::e2e
