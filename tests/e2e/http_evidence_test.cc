// SPDX-License-Identifier: Apache-2.0
#include <string>

#include <gtest/gtest.h>

#include "base/digest.h"
#include "core/bundle/verify_bundle.h"
#include "core/ledger/checkpoint.h"
#include "core/ledger/hash.h"
#include "core/ledger/proof.h"
#include "core/ledger/proof_text.h"
#include "e2e/http_harness.h"

namespace attacca::e2e {
namespace {

const std::string evidence = "/api/v1/evidence";

core::NoteKey key_of_ledger() {
    return {key_for_test().name.origin, key_for_test().signer->public_key()};
}

std::uint64_t number(const Json& json, std::string_view key) {
    const Json* value = json.find(key);
    EXPECT_TRUE(value != nullptr && value->is_integer()) << key;
    return value == nullptr ? 0 : static_cast<std::uint64_t>(value->as_integer());
}

// What somebody who trusts only the key checks with a record and its receipt.
::testing::AssertionResult proves(const std::string& record, const std::string& receipt) {
    const Result<core::ReceiptText> read = core::parse_receipt(receipt);
    if (!read) {
        return ::testing::AssertionFailure() << read.error().detail << "\n" << receipt;
    }
    const Result<core::Checkpoint> opened =
        core::open_checkpoint(read->checkpoint, key_of_ledger());
    if (!opened) {
        return ::testing::AssertionFailure() << opened.error().detail;
    }
    const bool is_proven = core::verify_inclusion(
        core::leaf_hash(record), {read->index, opened->size}, read->path, opened->root);
    return is_proven ? ::testing::AssertionSuccess()
                     : ::testing::AssertionFailure() << "the path does not lead to the root";
}

// The path of a tile as tlog-tiles writes it, for indexes below 1000.
std::string tile_path(const std::string& level, std::uint64_t index, std::uint64_t width) {
    const std::string digits = std::to_string(index);
    return evidence + "/tile/" + level + "/" + std::string(3 - digits.size(), '0') + digits +
           (width == 256 ? "" : ".p/" + std::to_string(width));
}

TEST(HttpEvidence, EveryRecordOfAJobHasAReceiptThatProvesItsBytes) {
    HttpHarness harness;
    ApiClient client(harness);
    const std::string id = client.create(one_noop);
    client.wait_for(id, "completed");
    const RawAnswer listed = client.get(evidence + "/records?entity=job/" + id);
    ASSERT_EQ(listed.status, 200) << listed.body;
    const Json page = *parse_json(listed.body);
    ASSERT_EQ(page.find("items")->as_array().size(), 4U) << listed.body;
    for (const Json& item : page.find("items")->as_array()) {
        const std::string path = evidence + "/records/" + std::to_string(number(item, "gseq"));
        const RawAnswer record = client.get(path);
        ASSERT_EQ(record.status, 200);
        EXPECT_EQ(record.field("Content-Type"), "application/json");
        EXPECT_EQ(item.find("link")->as_string(), hex(core::leaf_hash(record.body)));
        EXPECT_EQ(item.find("record")->text(), parse_json(record.body)->text());
        const RawAnswer proof = client.get(path + "/proof");
        ASSERT_EQ(proof.status, 200);
        EXPECT_EQ(proof.field("Content-Type"), "text/plain; charset=utf-8");
        EXPECT_EQ(proof.field("Attacca-Assurance"), "L1 signed");
        EXPECT_TRUE(proves(record.body, proof.body));
        EXPECT_FALSE(proves(record.body + " ", proof.body));
    }
}

TEST(HttpEvidence, TheAnswerToASubmissionLinksItsReceipt) {
    HttpHarness harness;
    ApiClient client(harness);
    const RawAnswer created =
        client.post(api + "/job", R"({"name":"x","dag_definition":)" + one_noop + "}");
    const std::string id = parse_json(created.body)->find("id")->as_string();
    const std::string path = evidence + "/job/" + id + "/receipt";
    EXPECT_EQ(created.field("Link"), "<" + path + ">; rel=\"receipt\"");
    // At once: who was answered finds the receipt.
    const RawAnswer receipt = client.get(path);
    ASSERT_EQ(receipt.status, 200) << receipt.body;
    const std::string proof_url = receipt.field("Content-Location");
    const std::string record = client.get(proof_url.substr(0, proof_url.rfind('/'))).body;
    EXPECT_NE(record.find("\"ent\":\"job/" + id + "\",\"eseq\":0,"), std::string::npos);
    EXPECT_TRUE(proves(record, receipt.body));
    EXPECT_EQ(client.get(path + "?eseq=99").status, 404);
    EXPECT_EQ(client.get(path + "?eseq=x").status, 422);
}

TEST(HttpEvidence, AReceiptComesWithTheAnswerWhereThatIsPreferred) {
    HttpHarness harness;
    ApiClient client(harness);
    const std::string body = R"({"name":"x","dag_definition":)" + one_noop + "}";
    const RawAnswer created = client.post(api + "/job", body, "Prefer: respond-async, receipt\r\n");
    ASSERT_EQ(created.status, 202) << created.body;
    EXPECT_EQ(created.field("Preference-Applied"), "receipt");
    const Json job = *parse_json(created.body);
    const Json& member = *job.find("evidence");
    const std::string record = member.find("record")->as_string();
    EXPECT_TRUE(proves(record, member.find("proof")->as_string()));
    EXPECT_EQ(member.find("link")->as_string(), base64(core::leaf_hash(record).view()));
    EXPECT_NE(record.find(job.find("id")->as_string()), std::string::npos);
    const RawAnswer plain = client.post(api + "/job", body, "Prefer: receipts\r\n");
    EXPECT_EQ(parse_json(plain.body)->find("evidence"), nullptr);
}

TEST(HttpEvidence, AnActOnAJobLinksTheReceiptOfItsNewestRecord) {
    HttpHarness harness;
    ApiClient client(harness);
    const std::string id = client.create(R"({"nodes":[{"id":"a","run":["/bin/true"]}]})");
    (void)harness.runner->held.wait_for_start(1);
    const RawAnswer paused = client.post(api + "/jobs/" + id + "/pause", "");
    EXPECT_EQ(paused.field("Link"),
              "<" + evidence + "/job/" + id + "/receipt?eseq=2>; rel=\"receipt\"");
    const RawAnswer receipt = client.get(evidence + "/job/" + id + "/receipt?eseq=2");
    ASSERT_EQ(receipt.status, 200);
    const std::string proof_url = receipt.field("Content-Location");
    const std::string record = client.get(proof_url.substr(0, proof_url.rfind('/'))).body;
    EXPECT_NE(record.find("\"typ\":\"job_paused\""), std::string::npos) << record;
}

TEST(HttpEvidence, TheKeysAreListedAndAHandOverNeedsWhoDoesIt) {
    HttpHarness harness;
    ApiClient client(harness);
    client.wait_for(client.create(one_noop), "completed");
    const RawAnswer listed = client.get(evidence + "/keys");
    ASSERT_EQ(listed.status, 200) << listed.body;
    const Json keys = *parse_json(listed.body);
    EXPECT_EQ(keys.find("root")->as_string(), core::format_vkey(key_of_ledger()));
    EXPECT_TRUE(keys.find("items")->as_array().empty()) << "the root signs alone";
    EXPECT_EQ(client.post(evidence + "/keys/rotate", "").status, 503);
    int asked = 0;
    harness.host->set_hand_over([&] { ++asked; });
    EXPECT_EQ(client.post(evidence + "/keys/rotate", "").status, 202);
    EXPECT_EQ(asked, 1);
    harness.host->set_hand_over({});
}

TEST(HttpEvidence, TheCheckpointIsASignedNoteOfTheTilesAndEntries) {
    HttpHarness harness;
    ApiClient client(harness);
    for (int i = 0; i < 80; ++i) {  // 320 records: a full tile and a partial one
        client.wait_for(client.create(one_noop), "completed");
    }
    const RawAnswer note = client.get(evidence + "/checkpoint");
    ASSERT_EQ(note.status, 200);
    EXPECT_EQ(note.field("Content-Type"), "text/plain; charset=utf-8");
    const Result<core::Checkpoint> opened = core::open_checkpoint(note.body, key_of_ledger());
    ASSERT_TRUE(opened) << opened.error().detail;
    ASSERT_GT(opened->size, 256U);
    core::Tree tree;
    for (std::uint64_t tile = 0; tile <= opened->size / 256; ++tile) {
        const std::uint64_t width = std::min<std::uint64_t>(256, opened->size - tile * 256);
        const RawAnswer hashes = client.get(tile_path("0", tile, width));
        ASSERT_EQ(hashes.status, 200);
        EXPECT_EQ(hashes.field("Content-Type"), "application/octet-stream");
        EXPECT_NE(hashes.field("Cache-Control").find("immutable"), std::string::npos);
        ASSERT_EQ(hashes.body.size(), width * 32);
        const std::string entries = client.get(tile_path("entries", tile, width)).body;
        std::size_t at = 0;
        for (std::uint64_t i = 0; i < width; ++i) {
            ASSERT_LE(at + 2, entries.size());
            const std::size_t length = read_u16(entries, at);
            const Sha256 leaf = core::leaf_hash(entries.substr(at + 2, length));
            at += 2 + length;
            EXPECT_EQ(hashes.body.substr(i * 32, 32), leaf.view());
            tree.append(leaf);
        }
        EXPECT_EQ(at, entries.size());
    }
    EXPECT_EQ(tree.root(), opened->root);
    EXPECT_EQ(client.get(tile_path("1", 0, 1)).body,
              core::subtree_root(client.get(tile_path("0", 0, 256)).body).view());
    // A client that read an older checkpoint asks for the part that it knows.
    EXPECT_EQ(client.get(tile_path("0", 0, 7)).body,
              client.get(tile_path("0", 0, 256)).body.substr(0, 7 * 32));
}

TEST(HttpEvidence, WhatIsNotThereIsNotFound) {
    HttpHarness harness;
    ApiClient client(harness);
    client.wait_for(client.create(one_noop), "completed");
    for (const char* path :
         {"/records/99999", "/records/x", "/records/-1", "/records/01", "/records/99999/proof",
          "/records/18446744073709551616", "/tile/0/001", "/tile/0/000", "/tile/0/000.p/255",
          "/tile/9/000.p/1", "/tile/63/000.p/1", "/tile/entries/x999/999", "/tile/entries/000",
          "/tile/a/000", "/tile/0", "/tile", "/tile/0/..%2F0", "/job/none/receipt",
          "/records?entity=job/none", "/records?entity=nobody",
          "/records?entity=job/01890000-0000-7000-8000-000000000000"}) {
        EXPECT_EQ(client.get(evidence + path).status, 404) << path;
    }
    EXPECT_EQ(client.get(evidence + "/records").status, 422);
    EXPECT_EQ(client.get(evidence + "/records?entity=ledger&limit=0").status, 422);
    EXPECT_EQ(client.get(evidence + "/checkpoint?x=1").status, 422);
    EXPECT_EQ(client.raw.get(evidence + "/checkpoint", "").status, 401);
}

TEST(HttpEvidence, AJobsEvidenceIsCheckedByTheServerToo) {
    HttpHarness harness;
    ApiClient client(harness);
    const std::string id = client.create(R"({"nodes":[{"id":"a","run":["/bin/true"]}]})");
    const core::AttemptSpec spec = harness.runner->held.wait_for_start(1);
    harness.write_live(spec, "said");
    harness.end(spec);
    client.wait_for(id, "completed");
    const RawAnswer answer = client.get(evidence + "/job/" + id + "/verify");
    ASSERT_EQ(answer.status, 200) << answer.body;
    const Json report = *parse_json(answer.body);
    EXPECT_TRUE(report.find("ok")->as_bool()) << answer.body;
    EXPECT_TRUE(report.find("final")->as_bool());
    EXPECT_EQ(report.find("entity")->as_string(), "job/" + id);
    EXPECT_EQ(number(report, "records"), 4U);
    EXPECT_EQ(number(report, "last_eseq"), 3U);
    EXPECT_EQ(report.find("signatures")->as_array().size(), 1U);
    EXPECT_EQ(report.find("assurance")->as_string(), "L1 signed");
    EXPECT_EQ(report.find("checks")->as_array().size(), 8U);
    EXPECT_EQ(client.get(evidence + "/" + id + "/verify").status, 200);
    EXPECT_EQ(client.get(evidence + "/job%2F" + id + "/verify").status, 200);
    EXPECT_EQ(client.get(evidence + "/ledger/verify").status, 200);
    EXPECT_EQ(client.get(evidence + "/nobody/verify").status, 404);
}

TEST(HttpEvidence, AChangedFileIsFoundByTheServerToo) {
    HttpHarness harness;
    ApiClient client(harness);
    const std::string id = client.create(R"({"nodes":[{"id":"a","run":["/bin/true"]}]})");
    const core::AttemptSpec spec = harness.runner->held.wait_for_start(1);
    harness.write_live(spec, "said");
    harness.end(spec);
    client.wait_for(id, "completed");
    const std::string file = system::content_path(harness.content_directory(), sha256("said"));
    std::filesystem::permissions(file, std::filesystem::perms::owner_all);
    std::ofstream(file, std::ios::binary) << "SAID";
    const std::string path = evidence + "/job/" + id + "/verify";
    EXPECT_NE(client.get(path).body.find(R"("code":"E_ARTIFACT")"), std::string::npos);
    std::filesystem::remove(file);
    const Json report = *parse_json(client.get(path).body);
    EXPECT_FALSE(report.find("ok")->as_bool());
    EXPECT_EQ(report.find("failures")->as_array()[0].find("code")->as_string(), "E_MISSING");
}

TEST(HttpEvidence, ABundleIsTheWholeEvidenceOfAJob) {
    HttpHarness harness;
    ApiClient client(harness);
    client.wait_for(client.create(one_noop), "completed");  // until then nothing may be signed
    const Result<core::Checkpoint> early = core::open_checkpoint(
        client.get(evidence + "/checkpoint").body, key_of_ledger());
    ASSERT_TRUE(early);
    const std::string early_note = client.get(evidence + "/checkpoint").body;
    const std::string id = client.create(R"({"nodes":[{"id":"a","run":["/bin/true"]}]})");
    const core::AttemptSpec spec = harness.runner->held.wait_for_start(1);
    harness.write_live(spec, std::string(300'000, 'x'));
    harness.end(spec);
    client.wait_for(id, "completed");
    const std::string path = evidence + "/job/" + id + "/bundle";
    const RawAnswer answer = client.get(path + "?old=" + std::to_string(early->size));
    ASSERT_EQ(answer.status, 200);
    EXPECT_EQ(answer.field("Content-Type"), "application/x-tar");
    core::TarReader reader;
    ASSERT_TRUE(reader.add(answer.body));
    const Result<core::BundleFiles> files = reader.finish();
    ASSERT_TRUE(files) << files.error().detail;
    const Result<core::BundleReport> report = core::verify_bundle(*files, {{}, {early_note}, true});
    ASSERT_TRUE(report) << report.error().detail;
    EXPECT_EQ(report->exit_status, 0) << report->failures.front().detail;
    EXPECT_EQ(report->entity, "job/" + id);
    EXPECT_EQ(report->anchored_size, early->size);
    EXPECT_TRUE(report->is_final);
    EXPECT_TRUE(files->contains("artifacts/" + hex(sha256(std::string(300'000, 'x')))));
    EXPECT_EQ(client.get(path).body, client.get(path).body) << "equal evidence, equal bytes";
    EXPECT_EQ(client.get(path + "?old=99999").status, 404);
    EXPECT_EQ(client.get(path + "?old=0").status, 404);
    EXPECT_EQ(client.get(path + "?old=x").status, 422);
    EXPECT_EQ(client.get(evidence + "/job/none/bundle").status, 404);
}

TEST(HttpEvidence, PagesOfRecordsGoOnWhereTheyEnded) {
    HttpHarness harness;
    ApiClient client(harness);
    const std::string id = client.create(one_noop);
    client.wait_for(id, "completed");
    const std::string path = evidence + "/records?limit=3&entity=" + id;
    const Json first = *parse_json(client.get(path).body);
    EXPECT_EQ(first.find("items")->as_array().size(), 3U);
    const Json second = *parse_json(
        client.get(path + "&after=" + std::to_string(number(first, "next_after"))).body);
    ASSERT_EQ(second.find("items")->as_array().size(), 1U);
    EXPECT_EQ(number(second.find("items")->as_array()[0], "eseq"), 3U);
    EXPECT_EQ(second.find("next_after"), nullptr);
    const Json own = *parse_json(client.get(evidence + "/records?entity=ledger").body);
    EXPECT_EQ(own.find("items")->as_array()[0].find("type")->as_string(), "ledger_started");
}

// The receipt that an answer links, its record, and that the one proves the other.
std::string record_linked_by(ApiClient& client, const RawAnswer& answer) {
    const std::string link = answer.field("Link");
    EXPECT_TRUE(link.starts_with("<") && link.ends_with(">; rel=\"receipt\"")) << link;
    const RawAnswer receipt = client.get(link.substr(1, link.find('>') - 1));
    EXPECT_EQ(receipt.status, 200) << link << receipt.body;
    const std::string proof_url = receipt.field("Content-Location");
    const std::string record = client.get(proof_url.substr(0, proof_url.rfind('/'))).body;
    EXPECT_TRUE(proves(record, receipt.body)) << link;
    return record;
}

TEST(HttpEvidence, EveryAnswerThatCreatedARecordLinksItsReceipt) {
    HttpHarness harness;
    ApiClient client(harness);
    const auto expect_type = [&](const RawAnswer& answer, const std::string& type) {
        EXPECT_LT(answer.status, 300) << answer.body;
        EXPECT_NE(record_linked_by(client, answer).find("\"typ\":\"" + type + "\""),
                  std::string::npos)
            << type;
    };
    expect_type(client.put("/api/v1/tenants/acme", R"({"weight":5})"), "tenant_set");
    const std::string schedules = "/api/v1/schedules/";
    expect_type(client.put(schedules + "daily",
                           R"({"every":"24h","job":{"name":"x","dag_definition":)" + one_noop +
                               "}}"),
                "schedule_set");
    expect_type(client.post(schedules + "daily/pause", ""), "schedule_paused");
    expect_type(client.post(schedules + "daily/resume", ""), "schedule_resumed");
    expect_type(client.post(schedules + "daily/trigger", ""), "job_created");
    expect_type(client.remove(schedules + "daily"), "schedule_deleted");
    expect_type(client.put("/api/v1/workflows/flow",
                           R"({"attacca":"v1","name":"flow","nodes":{"a":{"noop":true}}})"),
                "workflow_applied");
    expect_type(client.post("/api/v1/workflows/flow/disable", ""), "workflow_disabled");
    expect_type(client.post("/dispatch", R"({"coreId":"lane"})"), "job_created");
    const std::string id = client.create(R"({"nodes":[{"id":"a","approve":{"message":"Go?"}}]})");
    while (parse_json(client.get(api + "/jobs/" + id).body)->find("awaits_approval") == nullptr) {
    }
    const RawAnswer approved = client.post(api + "/jobs/" + id + "/nodes/a/approve", "");
    EXPECT_NE(record_linked_by(client, approved).find("\"ent\":\"job/" + id + "\""),
              std::string::npos);
    EXPECT_EQ(client.get(evidence + "/tenant%2Fnobody/receipt").status, 404);
    EXPECT_EQ(client.get(evidence + "/tenant%2Facme/receipt?eseq=7").status, 404);
    EXPECT_EQ(client.get(evidence + "/schedule%2Fdefault%2Fdaily/receipt",
                         "X-Tenant-Id: acme\r\n")
                  .status,
              404)
        << "another tenant's";
}

TEST(HttpEvidence, ATimeStampThatIsNoneChangesNothing) {
    HttpHarness harness;
    ApiClient client(harness);
    client.wait_for(client.create(one_noop), "completed");
    const std::string path = evidence + "/timestamps";
    for (const char* wrong :
         {"{}", "[]", R"({"size":0,"tsa":"t","query":"aa==","reply":"aa=="})",
          R"({"size":1,"tsa":"t","query":"!","reply":"aa=="})",
          R"({"size":99999,"tsa":"t","query":"YQ==","reply":"YQ=="})",
          R"({"size":1,"tsa":"t","query":"YQ==","reply":"YQ==","more":1})"}) {
        const RawAnswer answer = client.post(path, wrong);
        EXPECT_EQ(answer.status, 422) << wrong << answer.body;
    }
    const std::string note = client.get(evidence + "/checkpoint").body;
    const std::size_t line = note.find('\n') + 1;
    const std::string size = note.substr(line, note.find('\n', line) - line);
    const RawAnswer answer =
        client.post(path, R"({"size":)" + size + R"(,"tsa":"t","query":"YQ==","reply":"YQ=="})");
    EXPECT_EQ(answer.status, 422);
    EXPECT_NE(answer.body.find("no request and response of RFC 3161"), std::string::npos)
        << answer.body;
    EXPECT_EQ(client.get(evidence + "/timestamps/receipt").status, 404) << "there is none";
    EXPECT_EQ(client.post(path, "{}", "X-Tenant-Id: nobody\r\n").status, 403);
}

}  // namespace
}  // namespace attacca::e2e
