// SPDX-License-Identifier: Apache-2.0
#include "core/bundle/policy.h"

#include <gtest/gtest.h>

#include "base/digest.h"
#include "core/ledger/golden_key_for_test.h"

namespace attacca::core {
namespace {

const NoteKey log_key{std::string(golden_origin), golden_signer().public_key()};
const std::string log_line = "log " + format_vkey(log_key) + "\n";

Ed25519Signer signer_of(std::uint8_t number) {
    Ed25519Seed seed;
    seed.bytes.fill(number);
    return Ed25519Signer(seed);
}

std::string typed(const Ed25519Signer& signer) {
    return '\x04' + std::string(signer.public_key().view());
}

std::string id_of(const std::string& name, const Ed25519Signer& signer) {
    return std::string(sha256({name, "\n", typed(signer)}).view().substr(0, 4));
}

// `witness NAME VKEY`, where the key's name is NAME.example.
std::string witness_line(const std::string& name, std::uint8_t number) {
    const Ed25519Signer signer = signer_of(number);
    const std::string key_name = name + ".example";
    return "witness " + name + " " + key_name + "+" + hex(id_of(key_name, signer)) + "+" +
           base64(typed(signer)) + "\n";
}

CheckpointNote note_of(const std::vector<std::pair<std::string, std::uint8_t>>& witnesses) {
    std::string note = sign_checkpoint(golden_signer(), golden_origin, 3, sha256("root"));
    const std::string text = parse_checkpoint(note)->text;
    for (const auto& [name, number] : witnesses) {
        const Ed25519Signer signer = signer_of(number);
        std::string time;
        append_u64(time, 1'700'000'000);
        const auto signature = signer.sign("cosignature/v1\ntime 1700000000\n" + text);
        const std::string key_name = name + ".example";
        note += "\xE2\x80\x94 " + key_name + " " +
                base64(id_of(key_name, signer) + time + std::string(signature.view())) + "\n";
    }
    return *parse_checkpoint(note);
}

TEST(TrustPolicy, WhatIsWrittenForALogTrustsIt) {
    const Result<TrustPolicy> policy = parse_policy(format_policy(log_key));
    ASSERT_TRUE(policy) << policy.error().detail;
    EXPECT_EQ(policy->logs, std::vector<NoteKey>{log_key});
    EXPECT_EQ(check_log(note_of({}), *policy), NoteTrust::good);
    EXPECT_TRUE(has_quorum(note_of({}), *policy));
}

TEST(TrustPolicy, AnyLogThatIsListedMaySignAndNoOther) {
    const NoteKey other{std::string(golden_origin), signer_of(9).public_key()};
    const NoteKey elsewhere{"elsewhere.example", golden_signer().public_key()};
    EXPECT_EQ(check_log(note_of({}), *parse_policy("log " + format_vkey(other) + "\n" + log_line +
                                                   "quorum none\n")),
              NoteTrust::good);
    EXPECT_EQ(check_log(note_of({}), *parse_policy(format_policy(other))),
              NoteTrust::unsigned_by_key);
    EXPECT_EQ(check_log(note_of({}), *parse_policy(format_policy(elsewhere))),
              NoteTrust::other_origin);
    EXPECT_EQ(check_log(note_of({}), *parse_policy("quorum none\n")), NoteTrust::other_origin);
}

TEST(TrustPolicy, AQuorumCountsGoodCosignaturesOfItsMembers) {
    const Result<TrustPolicy> policy =
        parse_policy("# two of three, or the auditor\n" + log_line + witness_line("z", 1) +
                     witness_line("y", 2) + witness_line("x", 3) + witness_line("auditor", 4) +
                     "\n group z-group 2  z y\tx\ngroup a-group any auditor z-group\n" +
                     "quorum a-group\n");
    ASSERT_TRUE(policy) << policy.error().detail;
    EXPECT_FALSE(has_quorum(note_of({}), *policy));
    EXPECT_FALSE(has_quorum(note_of({{"z", 1}}), *policy));
    EXPECT_TRUE(has_quorum(note_of({{"z", 1}, {"x", 3}}), *policy));
    EXPECT_TRUE(has_quorum(note_of({{"auditor", 4}}), *policy));
    EXPECT_FALSE(has_quorum(note_of({{"auditor", 5}}), *policy)) << "another key in his name";
    EXPECT_FALSE(has_quorum(note_of({{"z", 1}, {"z", 1}}), *policy)) << "twice is once";
    CheckpointNote copied = note_of({{"z", 1}, {"y", 2}});
    copied.text += "x";
    EXPECT_FALSE(has_quorum(copied, *policy)) << "cosignatures of another checkpoint";
}

TEST(TrustPolicy, OtherFilesAreRefused) {
    const std::string witness = witness_line("w", 1);
    for (const std::string& text :
         {std::string(), log_line, std::string("quorum none"), std::string("quorum w\n"),
          std::string("quorum none\nquorum none\n"), log_line + log_line + "quorum none\n",
          std::string("log x\nquorum none\n"), std::string("log\nquorum none\n"),
          std::string("nothing x\nquorum none\n"), witness + witness + "quorum w\n",
          witness + "group w all w\nquorum w\n", witness + "group g 2 w\nquorum g\n",
          witness + "group g 0 w\nquorum g\n", witness + "group g all v\nquorum g\n",
          witness + "group g all w w\nquorum g\n", witness + "group none all w\nquorum none\n",
          witness + "group g all w\ngroup h all w\nquorum h\n",
          "log " + witness.substr(10) + "quorum none\n", std::string("quorum none\n\x01\n")}) {
        const Result<TrustPolicy> policy = parse_policy(text);
        EXPECT_FALSE(policy) << text;
        EXPECT_TRUE(policy || policy.error().problem == Problem::invalid_value);
    }
}

}  // namespace
}  // namespace attacca::core
