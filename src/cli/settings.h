// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "base/result.h"
#include "cli/environment.h"
#include "cli/parser.h"

// Every flag that has an environment variable is a setting: it may also stand in a configuration
// file, under its name with `_` for `-`. A flag wins over the environment, that over the file, that
// over the default.
//
// The file is the one of --config or ATTACCA_CONFIG, else ./attacca.yaml, else
// ${XDG_CONFIG_HOME:-~/.config}/attacca/attacca.yaml; only a file that was named must exist.

namespace attacca::cli {

enum class Origin { fallback, file, environment, flag };

struct Setting {
    std::string name;
    std::string value;  // empty = not set
    Origin origin = Origin::fallback;
    std::string where;  // file:line, or the variable's name

    [[nodiscard]] std::string origin_text() const;
};

class Settings {
  public:
    explicit Settings(std::vector<Setting> all) : all_(std::move(all)) {}
    // Precondition: there is a setting of that name.
    [[nodiscard]] const Setting& find(std::string_view name) const;
    [[nodiscard]] const std::string& value(std::string_view name) const {
        return find(name).value;
    }
    [[nodiscard]] const std::vector<Setting>& all() const { return all_; }

  private:
    std::vector<Setting> all_;
};

// A configuration file, read and checked.
struct ConfigFile {
    std::string path;  // empty: there is none
    std::string text;
    Located located;
};

// What is wrong with it is already worded, with line and caret.
struct ConfigError {
    Error error;
    std::string text;
};

[[nodiscard]] const std::vector<const FlagSpec*>& setting_flags();
[[nodiscard]] Json config_schema();

// `path` must exist when it is not empty.
[[nodiscard]] std::variant<ConfigFile, ConfigError> load_config(Environment& env,
                                                                const std::string& path);
[[nodiscard]] std::variant<Settings, ConfigError> resolve_settings(const Invocation& in,
                                                                   Environment& env);

}  // namespace attacca::cli
