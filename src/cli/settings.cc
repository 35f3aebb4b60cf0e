// SPDX-License-Identifier: Apache-2.0
#include "cli/settings.h"

#include <algorithm>

#include "base/bytes.h"
#include "base/check.h"
#include "cli/diagnostic.h"
#include "core/retention/pruning.h"

namespace attacca::cli {
namespace {

std::string key_of(std::string_view name) {
    std::string key{name};
    std::replace(key.begin(), key.end(), '-', '_');
    return key;
}

std::string home_path(const Environment& env, const std::string& variable,
                      const std::string& below_home) {
    const std::optional<std::string> base = env.variable(variable);
    if (base && base->starts_with('/')) {
        return *base + "/attacca";
    }
    return env.variable("HOME").value_or("") + below_home + "/attacca";
}

std::string default_of(const FlagSpec& flag, const Environment& env) {
    if (flag.name == "data") {
        return home_path(env, "XDG_STATE_HOME", "/.local/state");
    }
    if (flag.name == "token-file" || flag.name == "config") {
        return {};  // resolved from other settings
    }
    return std::string{flag.fallback};
}

bool is_choice(const FlagSpec& flag, const std::string& value) {
    const std::vector<std::string> choices = choices_of(flag.choices);
    return choices.empty() || std::find(choices.begin(), choices.end(), value) != choices.end();
}

bool is_value_ok(const FlagSpec& flag, const std::string& value) {
    if (flag.name.starts_with("retention")) {
        return core::parse_retention(value).has_value();
    }
    constexpr std::uint64_t number_max = 10'000;
    const bool is_number = flag.name == "slots" || flag.name == "error-threshold" ||
                           flag.name == "error-window" || flag.name == "breaker-delay" ||
                           flag.name == "lane-quiet";
    const std::optional<std::uint64_t> number = parse_u64(value);
    return !is_number || (number && *number >= 1 && *number <= number_max);
}

std::string wrong_value(const FlagSpec& flag, const std::string& value) {
    std::string text = "\"" + quoted(value) + "\" is not allowed";
    if (!flag.choices.empty()) {
        text += ", only " + std::string{flag.choices};
    } else if (flag.name.starts_with("retention")) {
        text += ": 400d, 7y or forever, and at most 100 years";
    } else {
        text += ": a number from 1 to 10000 is needed";
    }
    return text;
}

std::optional<FieldError> check_member(const Json::Member& member) {
    const std::string pointer = "/" + member.key;
    const auto& flags = setting_flags();
    const auto flag = std::find_if(flags.begin(), flags.end(), [&](const FlagSpec* spec) {
        return spec->name != "config" && key_of(spec->name) == member.key;
    });
    if (flag == flags.end()) {
        if (member.key.starts_with("x-")) {
            return std::nullopt;
        }
        return FieldError{pointer, "unknown-field",
                          "\"" + quoted(member.key) + "\" is no setting"};
    }
    if (!member.value.is_string() && !member.value.is_integer()) {
        return FieldError{pointer, "wrong-type", "a text or a number is needed"};
    }
    const std::string value =
        member.value.is_string() ? member.value.as_string() : member.value.text();
    if (!is_choice(**flag, value) || !is_value_ok(**flag, value)) {
        return FieldError{pointer, "invalid-value", wrong_value(**flag, value)};
    }
    return std::nullopt;
}

ConfigError plain_config_error(Problem problem, std::string detail) {
    const Error error = fail(problem, std::move(detail));
    return {error, plain_error(error, Style{false})};
}

// The value of one setting and where it comes from.
Setting setting_of(const FlagSpec& flag, const Invocation& in, const Environment& env,
                   const ConfigFile& file) {
    const std::string name{flag.name};
    const bool is_shadowed = in.command != nullptr && find_flag(in.command, flag.name) != &flag &&
                             find_flag(nullptr, flag.name) == &flag;
    if (!is_shadowed && in.value(name)) {
        return {name, *in.value(name), Origin::flag, "--" + name};
    }
    if (const auto value = env.variable(std::string{flag.variable}); value && !value->empty()) {
        return {name, *value, Origin::environment, std::string{flag.variable}};
    }
    const std::string key = key_of(flag.name);
    const Json* kept = flag.name == "config" ? nullptr : file.located.document.find(key);
    if (kept != nullptr) {
        std::string where = file.path;
        if (const auto position = position_of(file.located.positions, "/" + key)) {
            where += ":" + std::to_string(position->line);
        }
        return {name, kept->is_string() ? kept->as_string() : kept->text(), Origin::file, where};
    }
    return {name, default_of(flag, env), Origin::fallback, ""};
}

}  // namespace

std::string Setting::origin_text() const {
    switch (origin) {
        case Origin::fallback: return "default";
        case Origin::file: return "file " + where;
        case Origin::environment: return "env " + where;
        case Origin::flag: return "flag " + where;
    }
    ATTACCA_CHECK(false);
}

const Setting& Settings::find(std::string_view name) const {
    const auto found = std::find_if(all_.begin(), all_.end(),
                                    [&](const Setting& one) { return one.name == name; });
    ATTACCA_CHECK(found != all_.end());
    return *found;
}

const std::vector<const FlagSpec*>& setting_flags() {
    static const std::vector<const FlagSpec*> all = [] {
        std::vector<const FlagSpec*> list;
        const auto add = [&](const FlagSpec& flag) {
            const bool is_known = std::any_of(list.begin(), list.end(), [&](const FlagSpec* one) {
                return one->name == flag.name;
            });
            if (!flag.variable.empty() && !is_known) {
                list.push_back(&flag);
            }
        };
        std::for_each(global_flags().begin(), global_flags().end(), add);
        for (const CommandSpec& command : commands()) {
            std::for_each(command.flags.begin(), command.flags.end(), add);
        }
        return list;
    }();
    return all;
}

Json config_schema() {
    Json properties = Json::object();
    for (const FlagSpec* flag : setting_flags()) {
        Json entry = Json::object();
        if (!flag->choices.empty()) {
            Json choices = Json::array();
            for (const std::string& choice : choices_of(flag->choices)) {
                choices.push(choice);
            }
            entry.set("enum", std::move(choices));
        }
        properties.set(key_of(flag->name), std::move(entry));
    }
    Json schema = Json::object();
    schema.set("properties", std::move(properties));
    return schema;
}

std::variant<ConfigFile, ConfigError> load_config(Environment& env, const std::string& path) {
    std::vector<std::string> candidates = {path};
    if (path.empty()) {
        candidates = {"attacca.yaml",
                      home_path(env, "XDG_CONFIG_HOME", "/.config") + "/attacca.yaml"};
    }
    ConfigFile file;
    for (const std::string& candidate : candidates) {
        Result<std::string> text = env.read_file(candidate);
        if (text) {
            file.path = candidate;
            file.text = std::move(*text);
            break;
        }
        if (!path.empty() || text.error().problem != Problem::not_found) {
            return plain_config_error(Problem::bad_configuration,
                                      text.error().detail);
        }
    }
    if (file.path.empty()) {
        file.located.document = Json::object();
        return file;
    }
    std::variant<Located, LoadError> parsed = env.parse_yaml(file.text);
    const Json schema = config_schema();
    Source source{file.path, file.text, nullptr, &schema};
    if (const auto* error = std::get_if<LoadError>(&parsed)) {
        return ConfigError{fail(Problem::bad_configuration, error->error.detail),
                           syntax_error(*error, source, Style{false})};
    }
    file.located = std::get<Located>(std::move(parsed));
    source.located = &file.located;
    Error wrong = fail(Problem::bad_configuration);
    if (file.located.document.is_null()) {
        file.located.document = Json::object();  // an empty file
    }
    if (!file.located.document.is_object()) {
        wrong.fields.push_back({"", "wrong-type", "settings are written as `name: value`"});
    } else {
        for (const Json::Member& member : file.located.document.as_object()) {
            if (std::optional<FieldError> field = check_member(member)) {
                wrong.fields.push_back(std::move(*field));
            }
        }
    }
    if (!wrong.fields.empty()) {
        return ConfigError{wrong, source_error(wrong, source, Style{false})};
    }
    return file;
}

std::variant<Settings, ConfigError> resolve_settings(const Invocation& in, Environment& env) {
    const ConfigFile none{{}, {}, {Json::object(), {}}};
    const Setting config = setting_of(*find_flag(nullptr, "config"), in, env, none);
    std::variant<ConfigFile, ConfigError> loaded = load_config(env, config.value);
    if (auto* error = std::get_if<ConfigError>(&loaded)) {
        return std::move(*error);
    }
    const ConfigFile& file = std::get<ConfigFile>(loaded);
    std::vector<Setting> all;
    std::string data;
    for (const FlagSpec* flag : setting_flags()) {
        Setting setting = setting_of(*flag, in, env, file);
        if (!setting.value.empty() && setting.origin != Origin::fallback &&
            (!is_choice(*flag, setting.value) || !is_value_ok(*flag, setting.value))) {
            const bool is_flag = setting.origin == Origin::flag;
            return plain_config_error(is_flag ? Problem::usage : Problem::bad_configuration,
                                      setting.where + ": " + wrong_value(*flag, setting.value));
        }
        data = flag->name == "data" ? setting.value : data;
        if (flag->name == "token-file" && setting.value.empty()) {
            setting.value = data + "/admin.token";
        }
        if (flag->name == "config" && setting.value.empty()) {
            setting.value = file.path;
        }
        all.push_back(std::move(setting));
    }
    return Settings{std::move(all)};
}

}  // namespace attacca::cli
