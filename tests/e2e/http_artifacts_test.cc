// SPDX-License-Identifier: Apache-2.0
#include <filesystem>
#include <fstream>
#include <string>

#include <gtest/gtest.h>

#include "adapters/system/file_content.h"
#include "base/digest.h"
#include "e2e/http_harness.h"

// Files that attempts left, and row 37 of the list of bad inputs.

namespace attacca::e2e {
namespace {

class HttpArtifacts : public testing::Test {
  protected:
    void SetUp() override {
        id_ = client_.create(one_run);
        const core::AttemptSpec spec = harness_.runner->held.wait_for_start(1);
        harness_.write_live(spec, bytes_);
        harness_.end(spec);
        client_.wait_for(id_, "completed");
    }
    std::string path(const std::string& rest = {}) const {
        return api + "/jobs/" + id_ + "/artifacts" + rest;
    }
    std::string stored_path() const {
        return system::content_path(harness_.content_directory(), sha256(bytes_));
    }
    std::string code_of(const RawAnswer& answer) { return text(body_of(answer), "code"); }

    HttpHarness harness_;
    ApiClient client_{harness_};
    std::string id_;
    const std::string bytes_ = "0123456789";
    const std::string digest_ = hex(sha256(bytes_));
};

TEST_F(HttpArtifacts, AreListedWithTheirPlaceAndDigest) {
    const Json page = body_of(client_.get(path()));
    ASSERT_EQ(page.find("items")->as_array().size(), 1U);
    const Json& one = page.find("items")->as_array().front();
    EXPECT_EQ(text(one, "name"), "stdout");
    EXPECT_EQ(text(one, "node"), "a");
    EXPECT_EQ(text(one, "sha256"), digest_);
    EXPECT_EQ(one.find("bytes")->as_integer(), 10);
    EXPECT_EQ(client_.get(text(one, "url")).body, bytes_);
    EXPECT_TRUE(body_of(client_.get(path("?node=b"))).find("items")->as_array().empty());
    EXPECT_EQ(client_.get(path("?colour=1")).status, 422);
}

TEST_F(HttpArtifacts, AreReadByDigestOrNameAndNeverRunInABrowser) {
    for (const std::string& name : {digest_, std::string("stdout")}) {
        const RawAnswer answer = client_.get(path("/" + name));
        EXPECT_EQ(answer.status, 200);
        EXPECT_EQ(answer.body, bytes_);
        EXPECT_EQ(answer.field("ETag"), "\"" + digest_ + "\"");
        EXPECT_EQ(answer.field("Content-Type"), "text/plain; charset=utf-8");
        EXPECT_EQ(answer.field("Content-Disposition"),
                  "attachment; filename=\"stdout\"; filename*=UTF-8''stdout");
        EXPECT_EQ(answer.field("Content-Security-Policy"), "sandbox; default-src 'none'");
        EXPECT_EQ(answer.field("X-Content-Type-Options"), "nosniff");
    }
    EXPECT_EQ(client_.get(path("/stdout?attempt=1&node=a")).status, 200);
    EXPECT_EQ(client_.get(path("/stdout?attempt=2")).status, 404);
    EXPECT_EQ(client_.get(path("/stderr")).status, 404);
}

TEST_F(HttpArtifacts, TakeRangesAndTags) {
    const std::string tag = "\"" + digest_ + "\"";
    const RawAnswer part = client_.get(path("/stdout"), "Range: bytes=2-4\r\n");
    EXPECT_EQ(part.status, 206);
    EXPECT_EQ(part.body, "234");
    EXPECT_EQ(part.field("Content-Range"), "bytes 2-4/10");
    EXPECT_EQ(client_.get(path("/stdout"), "Range: bytes=10-\r\n").status, 416);
    EXPECT_EQ(client_.get(path("/stdout"), "If-None-Match: " + tag + "\r\n").status, 304);
    EXPECT_EQ(client_.get(path("/stdout"), "Range: bytes=2-4\r\nIf-Range: " + tag + "\r\n").body,
              "234");
    EXPECT_EQ(client_.get(path("/stdout"), "Range: bytes=2-4\r\nIf-Range: \"x\"\r\n").body, bytes_);
}

TEST_F(HttpArtifacts, AreHashedAgainWhenTheyAreRead) {
    std::filesystem::permissions(stored_path(), std::filesystem::perms::owner_all);
    std::ofstream(stored_path(), std::ios::binary) << "0123456780";
    const RawAnswer changed = client_.get(path("/stdout"));
    EXPECT_EQ(changed.status, 500);
    EXPECT_EQ(code_of(changed), "corrupt");
    EXPECT_EQ(client_.get(path("/stdout"), "Range: bytes=2-4\r\n").status, 500);
    std::ofstream(stored_path(), std::ios::binary) << "01234";
    EXPECT_EQ(client_.get(path("/stdout")).status, 500);
}

TEST_F(HttpArtifacts, OfAnotherTenantOrJobAreNotFound) {
    ASSERT_EQ(client_.put("/api/v1/tenants/blue", "{}").status, 201);
    const std::string blue = "X-Tenant-Id: blue\r\n";
    EXPECT_EQ(client_.get(path(), blue).status, 404);
    EXPECT_EQ(client_.get(path("/" + digest_), blue).status, 404);
    const std::string other = client_.create(one_noop);
    client_.wait_for(other, "completed");
    // A digest that the job's records do not name is as unknown as any other.
    EXPECT_EQ(client_.get(api + "/jobs/" + other + "/artifacts/" + digest_).status, 404);
    EXPECT_TRUE(body_of(client_.get(api + "/jobs/" + other + "/artifacts"))
                    .find("items")
                    ->as_array()
                    .empty());
}

TEST_F(HttpArtifacts, HaveNamesThatLeadNowhereElse) {
    for (const std::string& name :
         {std::string("..%2fx"), std::string("%2e%2e/x"), std::string("%2fetc%2fpasswd"),
          std::string("a/%2e%2e/%2e%2e/b"), std::string("%252e%252e"), std::string("a%5cb"),
          std::string("a%00b"), std::string(300, 'a')}) {
        const RawAnswer answer = client_.get(path("/" + name));
        EXPECT_EQ(answer.status, 422) << name;
        EXPECT_EQ(code_of(answer), "artifact-name") << name;
        const std::string dag =
            R"({"nodes":[{"id":"a","run":["x"],"artifacts":["a/../../b"]}]})";
        const RawAnswer made = client_.post(
            api + "/job", R"({"name":"x","dag_definition":)" + dag + "}");
        EXPECT_EQ(made.status, 422);
        EXPECT_EQ(code_of(made), "artifact-name");
    }
}

}  // namespace
}  // namespace attacca::e2e
