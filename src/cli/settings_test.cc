// SPDX-License-Identifier: Apache-2.0
#include "cli/settings.h"

#include <gtest/gtest.h>

#include "cli/fake_environment.h"
#include "cli/golden.h"

namespace attacca::cli {
namespace {

std::variant<Settings, ConfigError> resolved(FakeEnvironment& env,
                                             const std::vector<std::string>& words) {
    const Result<Invocation> in = parse_words(words);
    return resolve_settings(*in, env);
}

Setting setting(FakeEnvironment& env, const std::vector<std::string>& words,
                std::string_view name) {
    const auto settings = resolved(env, words);
    return std::get<Settings>(settings).find(name);
}

TEST(Settings, AFlagWinsOverTheEnvironmentThatOverTheFileThatOverTheDefault) {
    FakeEnvironment env;
    EXPECT_EQ(setting(env, {"serve"}, "listen").value, "127.0.0.1:7480");
    EXPECT_EQ(setting(env, {"serve"}, "listen").origin_text(), "default");
    env.files["attacca.yaml"] = R"({"listen":"127.0.0.1:1"})";
    EXPECT_EQ(setting(env, {"serve"}, "listen").value, "127.0.0.1:1");
    EXPECT_EQ(setting(env, {"serve"}, "listen").origin_text(), "file attacca.yaml:1");
    env.variables["ATTACCA_LISTEN"] = "127.0.0.1:2";
    EXPECT_EQ(setting(env, {"serve"}, "listen").value, "127.0.0.1:2");
    EXPECT_EQ(setting(env, {"serve"}, "listen").origin_text(), "env ATTACCA_LISTEN");
    const auto last = setting(env, {"serve", "--listen", "127.0.0.1:3"}, "listen");
    EXPECT_EQ(last.value, "127.0.0.1:3");
    EXPECT_EQ(last.origin_text(), "flag --listen");
}

TEST(Settings, TheDataDirectoryFollowsXdgAndHome) {
    FakeEnvironment env;
    EXPECT_EQ(setting(env, {"doctor"}, "data").value, "/home/ada/.local/state/attacca");
    env.variables["XDG_STATE_HOME"] = "relative is ignored";
    EXPECT_EQ(setting(env, {"doctor"}, "data").value, "/home/ada/.local/state/attacca");
    env.variables["XDG_STATE_HOME"] = "/var/state";
    EXPECT_EQ(setting(env, {"doctor"}, "data").value, "/var/state/attacca");
    EXPECT_EQ(setting(env, {"doctor"}, "token-file").value, "/var/state/attacca/admin.token");
    EXPECT_EQ(setting(env, {"doctor", "--data", "/d"}, "token-file").value, "/d/admin.token");
}

TEST(Settings, TheUsersFileIsReadWhenTheFolderHasNone) {
    FakeEnvironment env;
    env.files["/home/ada/.config/attacca/attacca.yaml"] = R"({"slots":3})";
    EXPECT_EQ(setting(env, {"serve"}, "slots").value, "3");
    EXPECT_EQ(setting(env, {"serve"}, "config").value,
              "/home/ada/.config/attacca/attacca.yaml");
    env.files["attacca.yaml"] = R"({"slots":4})";
    EXPECT_EQ(setting(env, {"serve"}, "slots").value, "4");
}

TEST(Settings, AFileThatIsNamedMustExist) {
    FakeEnvironment env;
    const auto result = resolved(env, {"--config", "gone.yaml", "doctor"});
    ASSERT_TRUE(std::holds_alternative<ConfigError>(result));
    EXPECT_EQ(std::get<ConfigError>(result).error.problem, Problem::bad_configuration);
}

TEST(Settings, MistakesInTheFileAreShownWithTheirPlace) {
    FakeEnvironment env;
    env.files["attacca.yaml"] = R"({"lisen":"127.0.0.1:1","color":"alway","slots":0})";
    const auto result = resolved(env, {"doctor"});
    ASSERT_TRUE(std::holds_alternative<ConfigError>(result));
    expect_golden("config_mistakes.txt", std::get<ConfigError>(result).text);
}

TEST(Settings, MistakesInTheEnvironmentAreConfigurationErrors) {
    FakeEnvironment env;
    env.variables["ATTACCA_COLOR"] = "pink";
    const auto result = resolved(env, {"doctor"});
    ASSERT_TRUE(std::holds_alternative<ConfigError>(result));
    EXPECT_EQ(std::get<ConfigError>(result).error.problem, Problem::bad_configuration);
    EXPECT_EQ(env.run({"doctor"}), 78);
}

TEST(Settings, ACommandsOwnFlagOfTheSameNameIsNoSetting) {
    FakeEnvironment env;
    EXPECT_EQ(setting(env, {"graph", "f", "-o", "svg"}, "output").value, "human");
    EXPECT_EQ(setting(env, {"doctor", "-o", "json"}, "output").value, "json");
}

TEST(Settings, KeysThatBeginWithXAreNotes) {
    FakeEnvironment env;
    env.files["attacca.yaml"] = R"({"x-note":{"any":"thing"}})";
    EXPECT_TRUE(std::holds_alternative<Settings>(resolved(env, {"doctor"})));
}

}  // namespace
}  // namespace attacca::cli
