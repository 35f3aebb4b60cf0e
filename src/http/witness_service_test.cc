// SPDX-License-Identifier: Apache-2.0
#include "http/witness_service.h"

#include <gtest/gtest.h>

#include "core/ledger/proof_text.h"
#include "engine/witness_for_test.h"
#include "http/raw_client_for_test.h"

namespace attacca::http {
namespace {

class WitnessServiceTest : public testing::Test {
  protected:
    void SetUp() override {
        Ed25519Seed seed;
        seed.bytes.fill(5);
        signer_ = std::make_unique<Ed25519Signer>(seed);
        witness_ = std::make_unique<engine::WitnessForTest>(
            1, std::vector<core::NoteKey>{{"log.example", signer_->public_key()}});
        Limits limits = witness_limits();
        limits.tick = milliseconds(5);
        limits.linger = milliseconds(50);
        auto started = WitnessService::start(*witness_->book, "127.0.0.1:0", limits, {});
        ASSERT_TRUE(started) << started.error().text();
        service_ = std::move(*started);
    }

    RawAnswer ask(const std::string& line, const std::string& body = "") {
        RawClient client(service_->port());
        const std::string length =
            body.empty() ? "" : "Content-Length: " + std::to_string(body.size()) + "\r\n";
        client.send(line + " HTTP/1.1\r\nHost: w\r\n" + length + "\r\n" + body);
        return client.read();
    }

    std::unique_ptr<Ed25519Signer> signer_;
    std::unique_ptr<engine::WitnessForTest> witness_;
    std::unique_ptr<WitnessService> service_;
};

TEST_F(WitnessServiceTest, AnswersAsTheBookDoes) {
    const std::string note = core::sign_checkpoint(*signer_, "log.example", 4, sha256("root"));
    const RawAnswer first = ask("POST /add-checkpoint", core::format_extension({0, {}, note}));
    EXPECT_EQ(first.status, 200);
    EXPECT_TRUE(first.body.starts_with("\xE2\x80\x94 w1.example ")) << first.body;
    const std::string hash = hex(sha256("log.example"));
    EXPECT_EQ(ask("GET /" + hash + "/checkpoint").body, note + first.body);
    const RawAnswer stale = ask("POST /add-checkpoint", core::format_extension({2, {}, note}));
    EXPECT_EQ(stale.status, 409);
    EXPECT_EQ(stale.body, "4\n");
    EXPECT_EQ(stale.field("Content-Type"), "text/x.tlog.size");
    EXPECT_EQ(ask("POST /add-checkpoint", "nonsense").status, 400);
    EXPECT_EQ(ask("GET /vkey").body, core::format_witness_vkey(witness_->book->key()) + "\n");
    EXPECT_EQ(ask("GET /livez").status, 200);
}

TEST_F(WitnessServiceTest, HasNothingElse) {
    EXPECT_EQ(ask("GET /").status, 404);
    EXPECT_EQ(ask("GET /../witness.key").status, 404);
    EXPECT_EQ(ask("GET /" + std::string(64, 'a') + "/checkpoint").status, 404);
    EXPECT_EQ(ask("GET /" + std::string(63, 'a') + "/checkpoint").status, 404);
    const RawAnswer wrong = ask("GET /add-checkpoint");
    EXPECT_EQ(wrong.status, 405);
    EXPECT_EQ(wrong.field("Allow"), "POST");
    EXPECT_EQ(ask("DELETE /vkey").status, 405);
}

TEST_F(WitnessServiceTest, ReadsNoLargeBody) {
    const std::string huge(witness_limits().body_bytes_max + 1, 'x');
    EXPECT_EQ(ask("POST /add-checkpoint", huge).status, 413);
}

}  // namespace
}  // namespace attacca::http
