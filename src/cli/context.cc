// SPDX-License-Identifier: Apache-2.0
#include "cli/context.h"

#include "cli/diagnostic.h"
#include "cli/problem_json.h"

namespace attacca::cli {
namespace {

// A command's own --output may name forms of its own, and these two as well.
Output output_of(const Invocation& in, const Settings& settings) {
    const std::string name = in.value("output").value_or(settings.value("output"));
    return name == "json" ? Output::json : (name == "jsonl" ? Output::jsonl : Output::human);
}

bool is_set(const Environment& env, const std::string& name) {
    const std::optional<std::string> value = env.variable(name);
    return value && !value->empty();
}

bool has_colour(const Environment& env, const Settings& settings, bool is_tty) {
    const Setting& setting = settings.find("color");
    if (setting.value != "auto") {
        return setting.value == "always";
    }
    if (is_set(env, "NO_COLOR")) {
        return false;
    }
    if (is_set(env, "FORCE_COLOR") && env.variable("FORCE_COLOR") != "0") {
        return true;
    }
    return is_tty && env.variable("TERM") != "dumb";
}

}  // namespace

Context::Context(Environment& environment, const Invocation& invocation, Settings resolved)
    : env(environment),
      in(invocation),
      settings(std::move(resolved)),
      output_(output_of(invocation, settings)),
      out_style_(has_colour(env, settings, env.terminal().is_out_tty)),
      err_style_(has_colour(env, settings, env.terminal().is_err_tty)) {}

void Context::answer(const Json& value) const {
    env.write_out((output_ == Output::jsonl ? value.text() : value.pretty_text()) + "\n");
}

void Context::note(std::string_view text) const {
    if (!is_quiet()) {
        env.write_err(text);
    }
}

int Context::refuse(const Error& error) const {
    return refuse(error, fix_for(error.problem));
}

int Context::refuse(const Error& error, std::string_view fix) const {
    env.write_err(is_human() ? plain_error(error, err_style_, fix)
                             : problem_json(error).text() + "\n");
    return exit_status_of(error);
}

int exit_status_of(const Error& error) {
    return attacca::exit_status_of(class_of(error.problem));
}

}  // namespace attacca::cli
