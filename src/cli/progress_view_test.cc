// SPDX-License-Identifier: Apache-2.0
#include "cli/progress_view.h"

#include <gtest/gtest.h>

#include "cli/fake_environment.h"
#include "cli/sample_events.h"

namespace attacca::cli {
namespace {

ProgressMode mode(FakeEnvironment& env, const std::vector<std::string>& words) {
    const Result<Invocation> in = parse_words(words);
    const Context context(env, *in, std::get<Settings>(resolve_settings(*in, env)));
    return progress_mode_of(context);
}

TEST(ProgressMode, FollowsTheTerminalUnlessSaidOtherwise) {
    FakeEnvironment env;
    EXPECT_EQ(mode(env, {"run", "f"}), ProgressMode::plain);
    env.terminal_facts.is_err_tty = true;
    EXPECT_EQ(mode(env, {"run", "f"}), ProgressMode::tty);
    EXPECT_EQ(mode(env, {"run", "f", "-q"}), ProgressMode::none);
    EXPECT_EQ(mode(env, {"run", "f", "--progress", "jsonl"}), ProgressMode::jsonl);
    env.variables["CI"] = "true";
    EXPECT_EQ(mode(env, {"run", "f"}), ProgressMode::plain);
    EXPECT_EQ(mode(env, {"run", "f", "--progress", "tty"}), ProgressMode::tty);
}

TEST(ProgressView, DrawsAtMostTenTimesASecond) {
    FakeEnvironment env;
    const Result<Invocation> in =
        parse_words(std::vector<std::string>{"run", "f", "--progress", "tty"});
    const Context context(env, *in, std::get<Settings>(resolve_settings(*in, env)));
    ProgressModel model = sample_model();
    ProgressView view(context, ProgressMode::tty, model);
    const EventScript script = sample_scan();
    view.show(script.events()[0], model.apply(script.events()[0]));
    view.tick(env.now());
    const std::size_t first = env.err.size();
    EXPECT_GT(first, 0U);
    for (int i = 0; i < 9; ++i) {
        env.sleep(milliseconds(10));
        view.show(script.events()[1], model.apply(script.events()[1]));
        view.tick(env.now());
        EXPECT_EQ(env.err.size(), first);
    }
    env.sleep(milliseconds(10));
    view.tick(env.now());
    EXPECT_GT(env.err.size(), first);
}

TEST(ProgressView, NamesTheWholeLogOnlyOfWhatWroteOne) {
    FakeEnvironment env;
    const Result<Invocation> in = parse_words(std::vector<std::string>{"run", "f"});
    const Context context(env, *in, std::get<Settings>(resolve_settings(*in, env)));
    const ProgressModel model = sample_model();
    ProgressView view(context, ProgressMode::plain, model);
    view.show_failure({}, "", "attacca jobs logs ID");
    EXPECT_EQ(env.err, "");
    view.show_failure({}, "refused\n", "attacca jobs logs ID");
    EXPECT_EQ(env.err, "  │ refused\n  all of it: attacca jobs logs ID\n");
}

}  // namespace
}  // namespace attacca::cli
