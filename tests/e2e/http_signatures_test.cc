// SPDX-License-Identifier: Apache-2.0
#include <string>

#include <gtest/gtest.h>

#include "core/ledger/hash.h"
#include "core/ledger/link_signature.h"
#include "e2e/http_harness.h"

namespace attacca::e2e {
namespace {

const std::string records_path = "/api/v1/evidence/records";

std::uint64_t place_in_ledger(const Json& record) {
    return static_cast<std::uint64_t>(record.find("gseq")->as_integer());
}

TEST(HttpSignatures, WhatIsRareHasASignatureOfItsOwn) {
    HttpHarness harness;
    ApiClient client(harness);
    const std::string id = client.create(one_noop);
    client.wait_for(id, "completed");
    const Json page = body_of(client.get(records_path + "?entity=job/" + id));
    const Json& ended = page.find("items")->as_array().back();
    ASSERT_EQ(ended.find("type")->as_string(), "job_ended");
    const std::uint64_t gseq = place_in_ledger(ended);
    const std::string path = records_path + "/" + std::to_string(gseq);
    const std::string record = client.get(path).body;
    const RawAnswer answer = client.get(path + "/signature");
    ASSERT_EQ(answer.status, 200) << answer.body;
    EXPECT_EQ(answer.body,
              core::sign_link(*key_for_test().signer, key_for_test().name.origin,
                              {key_for_test().name.origin, gseq, core::leaf_hash(record)}));
    const std::uint64_t first = place_in_ledger(page.find("items")->as_array().front());
    EXPECT_EQ(client.get(records_path + "/" + std::to_string(first) + "/signature").status,
              404);
    EXPECT_EQ(client.get(records_path + "/99999/signature").status, 404);
    ASSERT_EQ(client.put("/api/v1/tenants/blue", "{}").status, 201);
    EXPECT_EQ(client.get(path + "/signature", "X-Tenant-Id: blue\r\n").status, 404);
    EXPECT_EQ(client.get(path + "/signature?x=1").status, 422);
}

}  // namespace
}  // namespace attacca::e2e
