// SPDX-License-Identifier: Apache-2.0
#include "core/bundle/verify_bundle.h"

#include <functional>

#include <gtest/gtest.h>

#include "core/bundle/bundle_for_test.h"

namespace attacca::core {
namespace {

using Codes = std::vector<std::string>;
using Verdict2 = std::pair<Codes, int>;

bool has(const Verdict2& verdict, const std::string& code) {
    return std::find(verdict.first.begin(), verdict.first.end(), code) != verdict.first.end();
}

void replace(std::string& text, std::string_view from, std::string_view to) {
    const std::size_t at = text.find(from);
    ATTACCA_CHECK(at != std::string::npos);
    text.replace(at, from.size(), to);
}

// What an attacker who may sign with the live key makes of the ledger.
StoredLedger forged_ledger() {
    LedgerWriter writer;
    writer.add("ledger", "ledger_started");
    writer.add(job_a, "job_created", R"({"name":"forged"})");
    writer.add(job_b, "job_created", R"({"name":"b"})");
    writer.end_batch();
    writer.add(job_a, "job_ended", R"({"fin":true})");
    writer.end_batch();
    return writer.ledger;
}

TEST(BundleVerify, AWholeBundleIsGood) {
    BundleForTest bundle = bundle_of_job_a();
    const Result<BundleReport> report = bundle.report();
    ASSERT_TRUE(report);
    EXPECT_EQ(report->exit_status, 0) << report->failures.front().detail;
    EXPECT_TRUE(report->failures.empty());
    EXPECT_EQ(report->records, 4U);
    EXPECT_EQ(report->size, 13U);
    EXPECT_EQ(report->entity, job_a);
    EXPECT_TRUE(report->is_final);
    EXPECT_EQ(bundle.verdict({{}, {}, true}).second, 0) << "strictly too";
}

TEST(BundleVerify, AnchorsAreHeldAgainstIt) {
    const StoredLedger ledger = small_ledger();
    BundleForTest bundle = bundle_of_job_a();
    for (const std::uint64_t size : {3U, 8U, 13U}) {
        const Result<BundleReport> report = bundle.report({{}, {ledger.notes.at(size)}, false});
        EXPECT_EQ(report->exit_status, 0) << size;
        EXPECT_EQ(report->anchored_size, size);
    }
    BundleForTest plain(small_ledger(), {1, 3, 5, 6});
    EXPECT_EQ(plain.verdict({{}, {ledger.notes.at(3)}, false}), Verdict2({"E_MISSING"}, 2));

    const StoredLedger other = forged_ledger();
    EXPECT_EQ(bundle.verdict({{}, {other.notes.at(3)}, false}), Verdict2({"E_FORK"}, 4));
    EXPECT_EQ(plain.verdict({{}, {other.notes.at(4)}, false}), Verdict2({"E_MISSING"}, 2));
    BundleForTest forged(forged_ledger(), {1, 3});
    EXPECT_EQ(forged.verdict(), Verdict2({}, 0)) << "nothing but an anchor tells";
    EXPECT_EQ(forged.verdict({{}, {ledger.notes.at(13)}, false}), Verdict2({"E_ROLLBACK"}, 4));
    BundleForTest forged_early(forged_ledger(), {1, 3}, {3});
    EXPECT_EQ(forged_early.verdict({{}, {ledger.notes.at(3)}, false}), Verdict2({"E_FORK"}, 4));
    EXPECT_FALSE(bundle.report({{}, {"no checkpoint"}, false}));
}

TEST(BundleVerify, ARecordThatWasDroppedLeavesAGap) {
    for (const std::uint64_t gseq : {1U, 3U, 5U, 6U}) {
        BundleForTest file = bundle_of_job_a();
        file.files.erase(record_name(gseq));
        file.seals = false;
        EXPECT_EQ(file.verdict(), Verdict2({"E_GAP"}, 2)) << gseq;
        file.seals = true;
        EXPECT_EQ(file.verdict(), Verdict2({"E_GAP"}, 2)) << gseq;
        file.files.erase(proof_name(gseq));
        EXPECT_EQ(file.verdict(), Verdict2({"E_GAP"}, 2)) << gseq;
    }
}

TEST(BundleVerify, AnOpenJobIsToldAndStrictlyIncomplete) {
    BundleForTest bundle(small_ledger(), {2, 4, 7, 9, 12});
    EXPECT_EQ(bundle.verdict(), Verdict2({}, 0));
    EXPECT_FALSE(bundle.report()->is_final);
    EXPECT_EQ(bundle.verdict({{}, {}, true}), Verdict2({"E_MISSING"}, 2));
}

struct Tampering {
    const char* what;
    std::function<void(BundleForTest&)> apply;
    const char* code;
    int exit_status;
};

std::vector<Tampering> of_records() {
    const auto record = [](std::uint64_t gseq) { return record_name(gseq); };
    return {
        {"a record's bit", [=](auto& b) { b.files[record(3)][40] ^= 1; }, "E_LEAF", 1},
        {"the last record's bit", [=](auto& b) { b.files[record(6)][300] ^= 1; }, "E_LEAF", 1},
        {"two records of the job exchanged",
         [=](auto& b) { std::swap(b.files[record(3)], b.files[record(5)]); }, "E_SEQ", 1},
        {"a record of another job in its place",
         [=](auto& b) { b.files[record(3)] = small_ledger().record(4); }, "E_SEQ", 1},
        {"another record of the same number",
         [=](auto& b) {
             b.files[record(4)] = b.files[record(3)];
             b.files[proof_name(4)] = b.files[proof_name(3)];
         },
         "E_CHAIN", 1},
        {"a record moved to another tenant",
         [=](auto& b) { replace(b.files[record(3)], "acme", "evil"); }, "E_TENANT", 1},
        {"spaces in a record", [=](auto& b) { replace(b.files[record(3)], ",", ", "); },
         "E_FORMAT", 1},
        {"a node of the tree as a record",
         [=](auto& b) { b.files[record(3)] = std::string(65, '\1'); }, "E_FORMAT", 1},
    };
}

std::vector<Tampering> of_notes_and_proofs() {
    return {
        {"a signature's bit", [](auto& b) { replace(b.files["checkpoint"], "UB6B", "UB6A"); },
         "E_UNTRUSTED", 3},
        {"a signature of other bytes",
         [](auto& b) {
             std::string& note = b.files["checkpoint"];
             const std::string other = small_ledger().notes.at(8);
             note.replace(note.find("\xE2\x80\x94"), std::string::npos,
                          other.substr(other.find("\xE2\x80\x94")));
         },
         "E_SIG", 1},
        {"another size", [](auto& b) { replace(b.files["checkpoint"], "\n13\n", "\n12\n"); },
         "E_SIG", 1},
        {"an extension line",
         [](auto& b) { replace(b.files["checkpoint"], "\n\n", "\nextra\n\n"); }, "E_FORMAT", 1},
        {"a proof with a hash less",
         [](auto& b) {
             ReceiptText receipt = *parse_receipt(b.files[proof_name(3)]);
             receipt.path.pop_back();
             b.files[proof_name(3)] = format_receipt(receipt);
         },
         "E_PROOF", 1},
        {"a proof with its hashes exchanged",
         [](auto& b) {
             ReceiptText receipt = *parse_receipt(b.files[proof_name(3)]);
             std::swap(receipt.path[0], receipt.path[1]);
             b.files[proof_name(3)] = format_receipt(receipt);
         },
         "E_PROOF", 1},
        {"a proof of an index beyond the tree",
         [](auto& b) { replace(b.files[proof_name(3)], "index 3", "index 9223372036854775808"); },
         "E_PROOF", 1},
        {"a proof of a size of 2^63",
         [](auto& b) { replace(b.files[proof_name(3)], "\n13\n", "\n9223372036854775808\n"); },
         "E_SIG", 1},
        {"an earlier checkpoint of other records",
         [](auto& b) { b.files["consistency/3.checkpoint"] = forged_ledger().notes.at(3); },
         "E_PROOF", 1},
        {"an earlier checkpoint without its proof",
         [](auto& b) { b.files.erase("consistency/3-13"); }, "E_MISSING", 2},
        {"a missing proof", [](auto& b) { b.files.erase(proof_name(3)); }, "E_MISSING", 2},
    };
}

std::vector<Tampering> of_other_files() {
    return {
        {"another key",
         [](auto& b) {
             for (auto& [name, bytes] : b.files) {
                 if (name.starts_with("keys/")) {
                     bytes = pem_of(Ed25519Signer(Ed25519Seed{}).public_key());
                 }
             }
         },
         "E_UNTRUSTED", 3},
        {"a policy that is none", [](auto& b) { b.files["policy.txt"] = "x\n"; }, "E_FORMAT", 1},
        {"a table of custody that says something else",
         [](auto& b) { replace(b.files["custody.html"], "job_ended", "job_begun"); }, "E_STATE", 1},
        {"a file that belongs to nothing", [](auto& b) { b.files["extra.txt"] = "x"; },
         "E_MANIFEST", 1},
        {"an artifact that no record names",
         [](auto& b) { b.files[artifact_name(sha256("x"))] = "y"; }, "E_ARTIFACT", 1},
        {"no script", [](auto& b) { b.files.erase("verify.sh"); }, "E_MISSING", 2},
    };
}

TEST(BundleVerify, EveryTamperingIsFoundByItsNameEvenWhenTheListOfFilesIsWrittenAnew) {
    std::vector<Tampering> tamperings = of_records();
    for (auto* more : {&of_notes_and_proofs, &of_other_files}) {
        const std::vector<Tampering> part = more();
        tamperings.insert(tamperings.end(), part.begin(), part.end());
    }
    for (const Tampering& tampering : tamperings) {
        BundleForTest bundle = bundle_of_job_a();
        tampering.apply(bundle);
        const Verdict2 found = bundle.verdict();
        EXPECT_TRUE(has(found, tampering.code))
            << tampering.what << ": " << ::testing::PrintToString(found);
        EXPECT_EQ(found.second, tampering.exit_status) << tampering.what;
        bundle.seals = false;
        EXPECT_NE(bundle.verdict().second, 0) << tampering.what;
    }
}

TEST(BundleVerify, TheListOfFilesMustBeTheirs) {
    for (const auto& spoil : std::vector<std::function<void(std::string&)>>{
             [](std::string& list) { list[3] = list[3] == 'a' ? 'b' : 'a'; },
             [](std::string& list) { list.pop_back(); },
             [](std::string& list) { list += list; },
             [](std::string& list) { list = list.substr(list.find('\n') + 1); },
             [](std::string& list) { replace(list, "  ", " *"); },
             [](std::string& list) { list += std::string(64, '0') + "  ../x\n"; },
             [](std::string& list) { list.clear(); }}) {
        BundleForTest bundle = bundle_of_job_a();
        bundle.seals = false;
        spoil(bundle.files["MANIFEST.txt"]);
        EXPECT_EQ(bundle.verdict(), Verdict2({"E_MANIFEST"}, 1));
    }
}

TEST(BundleVerify, ThePolicyThatIsGivenDecides) {
    BundleForTest bundle = bundle_of_job_a();
    const NoteKey attacker{std::string(golden_origin),
                           Ed25519Signer(Ed25519Seed{}).public_key()};
    const NoteKey elsewhere{"elsewhere.example", golden_signer().public_key()};
    EXPECT_EQ(bundle.verdict({format_policy({std::string(golden_origin),
                                             golden_signer().public_key()}),
                              {}, false})
                  .second,
              0);
    EXPECT_TRUE(has(bundle.verdict({format_policy(attacker), {}, false}), "E_UNTRUSTED"));
    EXPECT_TRUE(has(bundle.verdict({format_policy(elsewhere), {}, false}), "E_ORIGIN"));
    EXPECT_EQ(bundle.verdict({format_policy(elsewhere), {}, false}).second, 3);
    EXPECT_FALSE(bundle.report({"not a policy\n", {}, false}));
}

TEST(BundleVerify, EveryFlippedBitOfEveryFileIsFound) {
    const BundleForTest good(small_ledger(), {2, 4}, {8});
    for (const auto& [name, bytes] : good.files) {
        if (name == readme_name || name == script_name || name == custody_html_name) {
            continue;  // they stand in the list like all others, and are long
        }
        for (std::size_t bit = 0; bit < bytes.size() * 8; ++bit) {
            BundleForTest bundle = good;
            bundle.seals = false;
            char& byte = bundle.files[name][bit / 8];
            byte = static_cast<char>(static_cast<unsigned char>(byte) ^ (1U << (bit % 8)));
            ASSERT_NE(bundle.verdict().second, 0) << name << " " << bit;
        }
    }
}

}  // namespace
}  // namespace attacca::core
