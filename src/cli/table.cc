// SPDX-License-Identifier: Apache-2.0
#include "cli/table.h"

#include <algorithm>
#include <iterator>

namespace attacca::cli {

const std::vector<CommandSpec>& commands() {
    static const std::vector<CommandSpec> all = [] {
        std::vector<CommandSpec> list = pipeline_command_specs();
        for (auto* part : {&job_command_specs, &named_command_specs, &worker_command_specs,
                           &breaker_command_specs, &letter_command_specs,
                           &retention_command_specs, &evidence_command_specs,
                           &tenant_command_specs, &server_command_specs}) {
            std::vector<CommandSpec> more = part();
            std::move(more.begin(), more.end(), std::back_inserter(list));
        }
        return list;
    }();
    return all;
}

const std::vector<FlagSpec>& global_flags() {
    static const std::vector<FlagSpec> all = {
        {.name = "output", .letter = 'o', .value = "FORMAT", .choices = "human|json|jsonl",
         .fallback = "human", .variable = "ATTACCA_OUTPUT", .help = "Form of the answer"},
        {.name = "data", .value = "DIR", .fallback = "~/.local/state/attacca",
         .variable = "ATTACCA_DATA", .help = "Data directory: ledger, keys, artifacts"},
        {.name = "server", .value = "URL", .variable = "ATTACCA_SERVER",
         .help = "Server to ask; default is the one that DIR/server.json names"},
        {.name = "token-file", .value = "FILE", .fallback = "DIR/admin.token",
         .variable = "ATTACCA_TOKEN_FILE", .help = "File that holds the bearer token"},
        {.name = "tenant", .value = "NAME", .fallback = "default", .variable = "ATTACCA_TENANT",
         .help = "Tenant to act for"},
        {.name = "config", .value = "FILE", .fallback = "attacca.yaml",
         .variable = "ATTACCA_CONFIG", .help = "Configuration file"},
        {.name = "progress", .value = "MODE", .choices = "auto|tty|plain|jsonl|none",
         .fallback = "auto", .variable = "ATTACCA_PROGRESS",
         .help = "How a running job is shown, on standard error"},
        {.name = "color", .value = "WHEN", .choices = "auto|always|never", .fallback = "auto",
         .variable = "ATTACCA_COLOR", .help = "Colours; NO_COLOR and FORCE_COLOR are obeyed"},
        {.name = "time", .value = "FORM", .choices = "auto|local|utc|relative|iso",
         .fallback = "auto", .variable = "ATTACCA_TIME",
         .help = "How instants are written for people; auto: as suits the table"},
        {.name = "no-headers", .help = "Leave out the first line of tables"},
        {.name = "quiet", .letter = 'q', .help = "Errors only, no hints and no progress"},
        {.name = "verbose", .letter = 'v', .help = "Say more about what is done"},
        {.name = "help", .letter = 'h', .help = "Show help for a command"},
    };
    return all;
}

const std::vector<ExitRow>& common_exits() {
    static const std::vector<ExitRow> all = {
        {0, "success"},
        {64, "the command line is not valid"},
        {65, "a file or another input is not valid"},
        {66, "there is no such job, file or node"},
        {69, "the server cannot be reached"},
        {70, "internal error"},
        {73, "conflict: the state changed, or another process holds the data"},
        {75, "refused for now, try again: overloaded, storage full, rate limit"},
        {77, "not allowed: no token, a wrong one, or forbidden"},
        {78, "the configuration is not valid"},
        {130, "ended by Ctrl-C"},
        {143, "ended by TERM"},
    };
    return all;
}

const CommandSpec* find_command(std::string_view name) {
    const auto& all = commands();
    const auto found = std::find_if(all.begin(), all.end(),
                                    [&](const CommandSpec& spec) { return spec.name == name; });
    return found == all.end() ? nullptr : &*found;
}

namespace {

template <typename Matches>
const FlagSpec* first_flag(const CommandSpec* command, const Matches& matches) {
    if (command != nullptr) {
        const auto own = std::find_if(command->flags.begin(), command->flags.end(), matches);
        if (own != command->flags.end()) {
            return &*own;
        }
    }
    const auto& all = global_flags();
    const auto found = std::find_if(all.begin(), all.end(), matches);
    return found == all.end() ? nullptr : &*found;
}

}  // namespace

const FlagSpec* find_flag(const CommandSpec* command, std::string_view name) {
    return first_flag(command, [&](const FlagSpec& flag) { return flag.name == name; });
}

const FlagSpec* find_flag(const CommandSpec* command, char letter) {
    return first_flag(command, [&](const FlagSpec& flag) { return flag.letter == letter; });
}

std::vector<std::string> choices_of(std::string_view choices) {
    std::vector<std::string> list;
    while (!choices.empty()) {
        const std::size_t end = std::min(choices.find('|'), choices.size());
        list.emplace_back(choices.substr(0, end));
        choices.remove_prefix(std::min(end + 1, choices.size()));
    }
    return list;
}

}  // namespace attacca::cli
