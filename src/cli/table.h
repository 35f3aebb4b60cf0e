// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

// The one table of commands. Parser, help, completion and the list of environment variables are
// made from it, so they cannot disagree. Immutable; safe from any thread.

namespace attacca::cli {

struct FlagSpec {
    std::string_view name;         // without dashes
    char letter = 0;               // `-o`, or none
    std::string_view value = {};   // name of its value; empty = a switch
    std::string_view choices = {};  // `a|b|c`, or empty
    std::string_view fallback = {};  // the default, in words; empty = none
    std::string_view variable = {};  // environment variable; empty = none
    std::string_view help = {};
    bool is_repeated = false;
};

struct ArgumentSpec {
    std::string_view name;  // FILE, JOB, …
    std::string_view help = {};
    bool is_required = true;
    bool is_repeated = false;      // only the last argument
    std::string_view choices = {};
};

struct Example {
    std::string_view line;
    std::string_view what;
};

struct ExitRow {
    int status = 0;
    std::string_view meaning;
};

struct CommandSpec {
    std::string_view name;  // `run`, `jobs list`
    std::string_view group;
    std::string_view summary;  // one line, lower case, no full stop
    std::string_view details;  // paragraphs, separated by a line end
    std::vector<ArgumentSpec> arguments;
    std::vector<FlagSpec> flags;
    std::vector<Example> examples;
    std::vector<ExitRow> exits;  // beyond those that every command has
};

struct Topic {
    std::string_view name;
    std::string_view summary;
    std::string_view text;  // empty: made from the tables (help.cc)
};

// In the order of the overall help; a group's commands stand together.
[[nodiscard]] const std::vector<CommandSpec>& commands();
[[nodiscard]] const std::vector<FlagSpec>& global_flags();
[[nodiscard]] const std::vector<ExitRow>& common_exits();
[[nodiscard]] const std::vector<Topic>& topics();

// nullptr when there is none.
[[nodiscard]] const CommandSpec* find_command(std::string_view name);
// The command's own flag, else the global one of that name.
[[nodiscard]] const FlagSpec* find_flag(const CommandSpec* command, std::string_view name);
[[nodiscard]] const FlagSpec* find_flag(const CommandSpec* command, char letter);
// `a|b|c` as a list.
[[nodiscard]] std::vector<std::string> choices_of(std::string_view choices);

// Parts of the table, one file each.
[[nodiscard]] std::vector<CommandSpec> pipeline_command_specs();
[[nodiscard]] std::vector<CommandSpec> server_command_specs();
[[nodiscard]] std::vector<CommandSpec> job_command_specs();
[[nodiscard]] std::vector<CommandSpec> tenant_command_specs();
[[nodiscard]] std::vector<CommandSpec> retention_command_specs();
[[nodiscard]] std::vector<CommandSpec> evidence_command_specs();
[[nodiscard]] std::vector<CommandSpec> named_command_specs();
[[nodiscard]] std::vector<CommandSpec> worker_command_specs();
[[nodiscard]] std::vector<CommandSpec> breaker_command_specs();
[[nodiscard]] std::vector<CommandSpec> letter_command_specs();

}  // namespace attacca::cli
