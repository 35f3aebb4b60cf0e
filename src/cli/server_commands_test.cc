// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "cli/fake_environment.h"
#include "cli/golden.h"

namespace attacca::cli {
namespace {

TEST(Serve, PassesOnWhatIsSet) {
    FakeEnvironment env;
    env.variables["ATTACCA_LOG_LEVEL"] = "debug";
    EXPECT_EQ(env.run({"serve", "--data", "/d", "--listen", "127.0.0.1:1", "--slots", "4",
                       "--check"}),
              0);
    ASSERT_TRUE(env.served);
    EXPECT_EQ(env.served->data, "/d");
    EXPECT_EQ(env.served->listen, "127.0.0.1:1");
    EXPECT_EQ(env.served->log_level, "DEBUG");
    EXPECT_EQ(env.served->slots, 4U);
    EXPECT_EQ(env.served->error_threshold, 5U);
    EXPECT_EQ(env.served->error_window, seconds(60));
    EXPECT_TRUE(env.served->is_check);
}

TEST(Serve, WhatACheckHasFoundHasEachForm) {
    FakeEnvironment env;
    EXPECT_EQ(env.run({"serve", "--data", "/d", "--check"}), 0);
    EXPECT_EQ(env.out,
              "data directory  /d, lock taken\n"
              "ledger          12 records, the last batch agrees with its root\n"
              "signing key     fits the ledger's name\n"
              "jobs            3 live, all recovered\n"
              "spawner         runs\n"
              "storage         takes submissions\n");
    EXPECT_EQ(env.run({"serve", "--data", "/d", "--check", "-o", "jsonl"}), 0);
    EXPECT_EQ(env.out,
              "{\"data\":\"/d\",\"records\":12,\"live_jobs\":3,\"takes_submissions\":true}\n");
}

TEST(Serve, SlotsAreAtLeastOne) {
    FakeEnvironment env;
    EXPECT_EQ(env.run({"serve", "--slots", "0"}), 64);
    EXPECT_EQ(env.run({"serve", "--error-threshold", "0"}), 64);
    EXPECT_EQ(env.run({"serve", "--slots", "many"}), 64);
    EXPECT_FALSE(env.served);
}

TEST(Doctor, SaysOkWarnOrSkippedAndWhatToDo) {
    FakeEnvironment env;
    env.facts = {{DoctorFact::Level::ok, "sqlite", "3.40.1", ""},
                 {DoctorFact::Level::warn, "fdatasync", "90 per second", "a slow disk"},
                 {DoctorFact::Level::skipped, "nmap", "not found", "apt-get install nmap"}};
    EXPECT_EQ(env.run({"doctor"}), 0);
    expect_golden("doctor.txt", env.out);
    EXPECT_EQ(env.run({"doctor", "-o", "json"}), 0);
    const Result<Json> answer = parse_json(env.out);
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->find("warnings")->as_integer(), 1) << "told, but no failure";
    EXPECT_EQ(answer->find("ok"), nullptr);
    EXPECT_EQ(answer->find("facts")->as_array().size(), 3U);
}

TEST(Config, ShowsEveryValueWithItsOrigin) {
    FakeEnvironment env;
    env.variables["ATTACCA_SLOTS"] = "3";
    env.files["attacca.yaml"] = R"({"listen":"127.0.0.1:9"})";
    EXPECT_EQ(env.run({"config", "show", "--color", "never"}), 0);
    expect_golden("config_show.txt", env.out);
}

TEST(Config, CheckNamesTheFile) {
    FakeEnvironment env;
    EXPECT_EQ(env.run({"config", "check"}), 0);
    EXPECT_EQ(env.out, "there is no configuration file; defaults are used\n");
    env.files["good.yaml"] = R"({"slots":2})";
    EXPECT_EQ(env.run({"config", "check", "good.yaml"}), 0);
    EXPECT_EQ(env.out, "✓ good.yaml\n");
    env.files["bad.yaml"] = R"({"slot":2})";
    EXPECT_EQ(env.run({"config", "check", "bad.yaml"}), 78);
    EXPECT_NE(env.err.find("did you mean `slots`?"), std::string::npos);
}

TEST(Config, CheckFindsTheMistakeInTheFileThatTheFlagNames) {
    FakeEnvironment env;
    env.files["bad.yaml"] = R"({"slot":2})";
    EXPECT_EQ(env.run({"config", "check", "--config", "bad.yaml"}), 78);
    EXPECT_NE(env.err.find("did you mean `slots`?"), std::string::npos) << env.err;
    EXPECT_EQ(env.run({"config", "check", "--config", "gone.yaml"}), 78);
    EXPECT_EQ(env.err,
              "error[E_BAD_CONFIGURATION] there is no file gone.yaml\n"
              "  fix: attacca config show names each value's origin\n");
}

TEST(Bench, PrintsItsFigures) {
    FakeEnvironment env;
    EXPECT_EQ(env.run({"bench", "dag", "--jobs", "500", "--data", "/b", "-o", "json"}), 0);
    ASSERT_TRUE(env.benched);
    EXPECT_EQ(env.benched->workload, "dag");
    EXPECT_EQ(env.benched->jobs, 500U);
    EXPECT_EQ(env.benched->data, "/b");
    EXPECT_EQ(parse_json(env.out)->find("jobs_per_s")->as_integer(), 60'000);
    EXPECT_FALSE(env.benched->has_limits);
    EXPECT_EQ(env.run({"bench", "lifecycle", "--limits"}), 0);
    EXPECT_TRUE(env.benched->has_limits);
    EXPECT_EQ(env.run({"bench", "dag", "--limits"}), 64);
    EXPECT_EQ(env.run({"bench", "dag"}), 0);
    EXPECT_EQ(env.out, "jobs_per_s     60000\ncommit_p50_ms  0.4\n");
}

}  // namespace
}  // namespace attacca::cli
