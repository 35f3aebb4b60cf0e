// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "cli/fake_environment.h"
#include "cli/golden.h"

namespace attacca::cli {
namespace {

VerifyReport good() {
    VerifyReport report;
    report.records = 12;
    report.size = 12;
    report.root = "uU0nuZNNPgilLlLX2n2r+sSE7+N6U4DukIj3rOLvzek=";
    report.origin = "attacca.local/x";
    report.assurance = "signed by the key of this directory";
    report.notes = {"no anchor was given"};
    return report;
}

TEST(Verify, ASoundLedgerEndsWithZero) {
    FakeEnvironment env;
    env.report = good();
    EXPECT_EQ(env.run({"verify", "/d", "--replay", "--strict"}), 0);
    expect_golden("verify_ok.txt", env.out);
    EXPECT_EQ(env.verified_data, "/d");
    EXPECT_TRUE(env.verified.is_replay);
    EXPECT_TRUE(env.verified.is_strict);
}

TEST(Verify, SaysThatTheReplayWasDone) {
    FakeEnvironment env;
    env.report = good();
    EXPECT_EQ(env.run({"verify"}), 0);
    EXPECT_EQ(env.out.find("replay"), std::string::npos) << env.out;
    env.report->is_replayed = true;
    EXPECT_EQ(env.run({"verify", "--replay"}), 0);
    EXPECT_NE(env.out.find("  replay     the state was computed again from the records, and is "
                           "the same\n"),
              std::string::npos)
        << env.out;
    EXPECT_EQ(env.run({"verify", "--replay", "-o", "json"}), 0);
    EXPECT_TRUE(parse_json(env.out)->find("replayed")->as_bool());
}

TEST(Verify, EachVerdictHasItsStatusAndWord) {
    FakeEnvironment env;
    const std::vector<std::string> words = {"ok", "tampered", "incomplete", "untrusted",
                                            "rollback"};
    for (std::size_t i = 0; i < words.size(); ++i) {
        VerifyReport report = good();
        report.exit_status = static_cast<int>(i);
        env.report = report;
        EXPECT_EQ(env.run({"verify", "-o", "json"}), static_cast<int>(i));
        const Result<Json> answer = parse_json(env.out);
        ASSERT_TRUE(answer);
        EXPECT_EQ(answer->find("verdict")->as_string(), words[i]);
    }
}

TEST(Verify, FailuresAreListedWithTheirRecord) {
    FakeEnvironment env;
    VerifyReport report = good();
    report.exit_status = 1;
    report.failures = {{"E_HASH", 7, "the record's bytes changed"},
                       {"E_SIG", std::nullopt, "no signature"}};
    env.report = report;
    EXPECT_EQ(env.run({"verify"}), 1);
    expect_golden("verify_tampered.txt", env.out);
    EXPECT_EQ(env.run({"verify", "-o", "jsonl"}), 1);
    EXPECT_NE(env.out.find(R"("failures":[{"code":"E_HASH","gseq":7,"detail":)"),
              std::string::npos);
}

TEST(Verify, AForkIsWrittenDown) {
    FakeEnvironment env;
    VerifyReport report = good();
    report.exit_status = 4;
    report.fork_proof = {{"a.checkpoint", "one\n"}, {"b.checkpoint", "other\n"}};
    env.report = report;
    EXPECT_EQ(env.run({"verify"}), 4);
    EXPECT_EQ(env.files["fork-proof/a.checkpoint"], "one\n");
    EXPECT_EQ(env.files["fork-proof/b.checkpoint"], "other\n");
    EXPECT_NE(env.out.find("fork-proof/"), std::string::npos) << env.out;
}

TEST(Verify, WhatCannotBeAskedHasItsOwnStatus) {
    FakeEnvironment env;
    EXPECT_EQ(env.run({"verify", "/nowhere"}), 66);
    EXPECT_EQ(env.run({"verify", "--anchor", "gone"}), 66);
    EXPECT_EQ(env.run({"verify", "a", "b"}), 64);
}

TEST(Verify, AnAnchorIsReadFromItsFile) {
    FakeEnvironment env;
    env.report = good();
    env.files["note"] = "signed";
    EXPECT_EQ(env.run({"verify", "--anchor", "note"}), 0);
    EXPECT_EQ(env.verified.anchors, std::vector<std::string>{"signed"});
    EXPECT_EQ(env.verified_data, "/home/ada/.local/state/attacca");
}

}  // namespace
}  // namespace attacca::cli
