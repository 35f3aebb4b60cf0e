// SPDX-License-Identifier: Apache-2.0
#include "cli/context.h"

#include <gtest/gtest.h>

#include "cli/fake_environment.h"

namespace attacca::cli {
namespace {

bool is_coloured(FakeEnvironment& env, const std::vector<std::string>& words) {
    const Result<Invocation> in = parse_words(words);
    auto settings = resolve_settings(*in, env);
    return Context(env, *in, std::get<Settings>(std::move(settings))).err_style().has_colour();
}

TEST(Context, ColoursNeedATerminalOrForce) {
    FakeEnvironment env;
    EXPECT_FALSE(is_coloured(env, {"doctor"}));
    env.variables["FORCE_COLOR"] = "0";
    EXPECT_FALSE(is_coloured(env, {"doctor"}));
    env.variables["FORCE_COLOR"] = "1";
    EXPECT_TRUE(is_coloured(env, {"doctor"}));
    env.variables["NO_COLOR"] = "1";
    EXPECT_FALSE(is_coloured(env, {"doctor"}));
    EXPECT_TRUE(is_coloured(env, {"doctor", "--color", "always"}));
    env.variables.erase("NO_COLOR");
    EXPECT_FALSE(is_coloured(env, {"doctor", "--color", "never"}));
}

TEST(Context, ADumbTerminalHasNoColours) {
    FakeEnvironment env;
    env.terminal_facts.is_err_tty = true;
    EXPECT_TRUE(is_coloured(env, {"doctor"}));
    env.variables["TERM"] = "dumb";
    EXPECT_FALSE(is_coloured(env, {"doctor"}));
}

TEST(Context, ARefusalGoesToStandardErrorWithItsExitStatus) {
    FakeEnvironment env;
    const Result<Invocation> in = parse_words(std::vector<std::string>{"doctor"});
    const Context context(env, *in, std::get<Settings>(resolve_settings(*in, env)));
    EXPECT_EQ(context.refuse(fail(Problem::storage_full, "no room")), 75);
    EXPECT_TRUE(env.err.starts_with("error[E_STORAGE_FULL] no room\n"));
    EXPECT_TRUE(env.out.empty());
}

TEST(Context, ExitStatusesAreThoseOfTheTable) {
    EXPECT_EQ(exit_status_of(fail(Problem::usage)), 64);
    EXPECT_EQ(exit_status_of(fail(Problem::unknown_field)), 65);
    EXPECT_EQ(exit_status_of(fail(Problem::not_found)), 66);
    EXPECT_EQ(exit_status_of(fail(Problem::unreachable)), 69);
    EXPECT_EQ(exit_status_of(fail(Problem::internal)), 70);
    EXPECT_EQ(exit_status_of(fail(Problem::locked)), 73);
    EXPECT_EQ(exit_status_of(fail(Problem::rate_limited)), 75);
    EXPECT_EQ(exit_status_of(fail(Problem::unauthenticated)), 77);
    EXPECT_EQ(exit_status_of(fail(Problem::bad_configuration)), 78);
}

}  // namespace
}  // namespace attacca::cli
