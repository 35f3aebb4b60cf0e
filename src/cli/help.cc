// SPDX-License-Identifier: Apache-2.0
#include "cli/help.h"

#include <algorithm>
#include <map>
#include <vector>

#include "cli/diagnostic.h"
#include "cli/problem_json.h"
#include "cli/text.h"

namespace attacca::cli {
namespace {

constexpr std::size_t page_width = 80;
constexpr std::size_t help_column = 27;
constexpr std::size_t overview_column = 23;
constexpr char no_break = '\x01';  // a space at which no line is broken

// `left` in its column, `right` wrapped beside it; below it when `left` is too long.
std::string two_columns(const std::string& left, std::string_view right,
                        std::size_t column = help_column) {
    std::string out = padded("  " + left, column);
    const std::vector<std::string> lines = wrapped(right, page_width - column);
    if (width_of(left) + 4 > column) {
        out += "\n" + std::string(column, ' ');
    }
    for (std::size_t i = 0; i < lines.size(); ++i) {
        out += (i == 0 ? "" : std::string(column, ' ')) + lines[i] + "\n";
    }
    if (lines.empty()) {
        out.erase(out.find_last_not_of(' ') + 1);
        out += "\n";
    }
    std::replace(out.begin(), out.end(), no_break, ' ');
    return out;
}

std::string paragraphs(std::string_view text, std::size_t indent = 0) {
    std::string out;
    for (const std::string_view paragraph : lines_of(text)) {
        for (const std::string& line : wrapped(paragraph, page_width - indent)) {
            out += std::string(indent, ' ') + line + "\n";
        }
    }
    return out;
}

std::string flag_row(const FlagSpec& flag) {
    std::string left = flag.letter != 0 ? std::string{"-"} + flag.letter + ", " : "    ";
    left += "--" + std::string{flag.name};
    if (!flag.value.empty()) {
        left += " " + std::string{flag.value};
    }
    std::string right{flag.help};
    if (!flag.choices.empty()) {
        std::string choices{flag.choices};
        std::replace(choices.begin(), choices.end(), '|', ' ');
        right += "; one of: " + choices;
    }
    if (!flag.fallback.empty()) {
        right += std::string{" [default:"} + no_break + std::string{flag.fallback} + "]";
    }
    if (!flag.variable.empty()) {
        right += std::string{" [env:"} + no_break + std::string{flag.variable} + "]";
    }
    return two_columns(left, right);
}

std::string usage_line(const CommandSpec& command) {
    std::string line = "attacca " + std::string{command.name};
    for (const ArgumentSpec& argument : command.arguments) {
        std::string name{argument.name};
        if (argument.is_repeated) {
            name += "…";
        }
        line += argument.is_required ? " " + name : " [" + name + "]";
    }
    return line + " [flags]";
}

std::string exit_rows(const CommandSpec& command) {
    std::string out;
    for (const ExitRow& row : command.exits) {
        out += two_columns(std::to_string(row.status), row.meaning, 7);
    }
    return out;
}

std::string exit_codes_topic() {
    std::string out =
        "Exit codes\n\n"
        "1 to 9 mean that the answer is no; from 64 on, that we could not ask.\n\n"
        "Every command:\n";
    for (const ExitRow& row : common_exits()) {
        out += two_columns(std::to_string(row.status), row.meaning, 7);
    }
    for (const CommandSpec& command : commands()) {
        if (!command.exits.empty()) {
            out += "\nattacca " + std::string{command.name} + ":\n" + exit_rows(command);
        }
    }
    return out;
}

std::string environment_topic() {
    std::map<std::string, std::string> variables;
    const auto note = [&](const FlagSpec& flag) {
        if (!flag.variable.empty()) {
            variables[std::string{flag.variable}] =
                "as --" + std::string{flag.name} + ": " + std::string{flag.help};
        }
    };
    std::for_each(global_flags().begin(), global_flags().end(), note);
    for (const CommandSpec& command : commands()) {
        std::for_each(command.flags.begin(), command.flags.end(), note);
    }
    variables["CI"] = "when set, progress is plain";
    variables["FORCE_COLOR"] = "when set and not 0, colours even without a terminal";
    variables["NO_COLOR"] = "when set and not empty, no colours";
    variables["XDG_CONFIG_HOME"] = "where attacca/attacca.yaml is looked for; default ~/.config";
    variables["XDG_STATE_HOME"] = "where the data directory stands; default ~/.local/state";
    std::string out =
        "Environment variables\n\n"
        "A flag wins over a variable, a variable over the file, the file over the\ndefault. See "
        "also: attacca config show.\n\n";
    for (const auto& [name, meaning] : variables) {
        out += two_columns(name, meaning);
    }
    return out;
}

std::string error_topic(Problem problem) {
    std::string out = error_code_of(problem) + "\n\n";
    out += paragraphs(std::string{title_of(problem)} + ".");
    const std::string_view fix = fix_for(problem);
    if (!fix.empty()) {
        out += "\n" + paragraphs("To fix it: " + std::string{fix} + ".");
    }
    const std::string exit_code = std::to_string(exit_status_of(class_of(problem)));
    const std::optional<int> status = wire_status_of(problem);
    return out + (status ? "\nHTTP status " + std::to_string(*status) + ", exit code "
                         : "\nExit code ") +
           exit_code + ".\n";
}

std::vector<std::string> subjects() {
    std::vector<std::string> names;
    for (const CommandSpec& command : commands()) {
        names.emplace_back(command.name);
    }
    for (const Topic& topic : topics()) {
        names.emplace_back(topic.name);
    }
    return names;
}

}  // namespace

std::string overall_help() {
    std::string out = paragraphs(
        "Attacca runs pipelines of commands and scans as jobs that survive a crash, and keeps a "
        "signed ledger of what happened.\n");
    out += "\nUsage: attacca COMMAND [flags]\n";
    std::string_view group;
    for (const CommandSpec& command : commands()) {
        if (command.group != group) {
            group = command.group;
            out += "\n" + std::string{group} + ":\n";
        }
        out += two_columns(std::string{command.name}, command.summary, overview_column);
    }
    out += "\nGlobal flags:\n";
    for (const FlagSpec& flag : global_flags()) {
        out += flag_row(flag);
    }
    out += "\nTopics (attacca help TOPIC):\n";
    for (const Topic& topic : topics()) {
        out += two_columns(std::string{topic.name}, topic.summary, overview_column);
    }
    out +=
        "\nTo begin:\n"
        "  attacca init\n"
        "  attacca run pipeline.yaml\n";
    return out;
}

std::string command_help(const CommandSpec& command) {
    std::string out = "attacca " + std::string{command.name} + ": " +
                      std::string{command.summary} + "\n\nUsage: " + usage_line(command) + "\n";
    if (!command.details.empty()) {
        out += "\n" + paragraphs(command.details);
    }
    if (!command.arguments.empty()) {
        out += "\nArguments:\n";
        for (const ArgumentSpec& argument : command.arguments) {
            std::string help{argument.help};
            if (!argument.choices.empty()) {
                std::string choices{argument.choices};
                std::replace(choices.begin(), choices.end(), '|', ' ');
                help += "; one of: " + choices;
            }
            out += two_columns(std::string{argument.name}, help);
        }
    }
    if (!command.flags.empty()) {
        out += "\nFlags:\n";
        for (const FlagSpec& flag : command.flags) {
            out += flag_row(flag);
        }
    }
    if (!command.examples.empty()) {
        out += "\nExamples:\n";
        for (const Example& example : command.examples) {
            out += "  " + std::string{example.line} + "\n" + paragraphs(example.what, 6);
        }
    }
    if (!command.exits.empty()) {
        out += "\nExit codes (the others: attacca help exit-codes):\n" + exit_rows(command);
    }
    return out + "\nGlobal flags: attacca --help\n";
}

std::string prefix_help(std::string_view prefix) {
    const std::string start = std::string{prefix} + " ";
    std::string out = "Usage: attacca " + start + "COMMAND [flags]\n\nCommands:\n";
    for (const CommandSpec& command : commands()) {
        if (command.name.starts_with(start)) {
            out += two_columns(std::string{command.name}, command.summary, overview_column);
        }
    }
    return out + "\nMore: attacca help " + start + "COMMAND\n";
}

Result<std::string> subject_help(std::string_view subject) {
    if (const CommandSpec* command = find_command(subject)) {
        return command_help(*command);
    }
    const std::string start = std::string{subject} + " ";
    if (std::any_of(commands().begin(), commands().end(), [&](const CommandSpec& command) {
            return command.name.starts_with(start);
        })) {
        return prefix_help(subject);
    }
    if (subject == "exit-codes") {
        return exit_codes_topic();
    }
    if (subject == "environment") {
        return environment_topic();
    }
    for (const Topic& topic : topics()) {
        if (topic.name == subject) {
            return std::string{topic.text};
        }
    }
    if (const std::optional<Problem> problem = problem_of_code(subject)) {
        return error_topic(*problem);
    }
    std::string detail = "there is no help about \"" + quoted(subject) + "\"";
    const std::vector<std::string> candidates = subjects();
    if (const auto found = nearest(subject, candidates)) {
        detail += "; did you mean \"" + *found + "\"?";
    }
    return fail(Problem::not_found, std::move(detail));
}

}  // namespace attacca::cli
