// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "base/json.h"
#include "cli/environment.h"
#include "cli/parser.h"
#include "cli/settings.h"
#include "cli/text.h"
#include "cli/time_words.h"

// What a command works with: what was typed, what is set, and where answers go. One thread.

namespace attacca::cli {

enum class Output { human, json, jsonl };

class Context {
  public:
    Context(Environment& env, const Invocation& in, Settings settings);

    Environment& env;
    const Invocation& in;
    const Settings settings;

    [[nodiscard]] Output output() const { return output_; }
    [[nodiscard]] bool is_human() const { return output_ == Output::human; }
    [[nodiscard]] bool is_quiet() const { return in.has("quiet"); }
    [[nodiscard]] bool is_verbose() const { return in.has("verbose"); }
    [[nodiscard]] const Style& out_style() const { return out_style_; }
    [[nodiscard]] const Style& err_style() const { return err_style_; }

    // How instants are written for people, from now.
    [[nodiscard]] TimeWords times() const {
        return {settings.value("time"), env.now().wall,
                [this](WallTime at) { return env.local_offset(at); }};
    }

    // Data, to standard output.
    void out(std::string_view text) const { env.write_out(text); }
    // An object in the form that was asked for; precondition: not human.
    void answer(const Json& value) const;
    // To standard error; not when quiet.
    void note(std::string_view text) const;
    // Says what is wrong and returns the exit status that goes with it.
    // For programs that is one line with an object.
    [[nodiscard]] int refuse(const Error& error) const;
    // With another advice than the one that this kind of error has in general.
    [[nodiscard]] int refuse(const Error& error, std::string_view fix) const;

  private:
    Output output_;
    Style out_style_;
    Style err_style_;
};

[[nodiscard]] int exit_status_of(const Error& error);

}  // namespace attacca::cli
