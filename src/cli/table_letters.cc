// SPDX-License-Identifier: Apache-2.0
#include "cli/table.h"

// Commands about dead letters.

namespace attacca::cli {
namespace {

constexpr std::string_view letters_group = "Dead letters of a server";

std::vector<FlagSpec> letter_filter_flags(std::vector<FlagSpec> more) {
    std::vector<FlagSpec> flags = {
        {.name = "cause", .value = "CAUSE", .choices = "poison|exhausted",
         .help = "Only those of this cause"},
        {.name = "node", .value = "NODE", .help = "Only those of this node"},
        {.name = "name", .value = "TEXT", .help = "Only jobs whose name holds this text"}};
    flags.insert(flags.end(), more.begin(), more.end());
    return flags;
}

std::vector<FlagSpec> letter_bulk_flags(std::vector<FlagSpec> more) {
    more.insert(more.begin(), {{.name = "all", .help = "Every dead letter of the tenant"},
                               {.name = "dry-run", .help = "Only show which these are"}});
    return letter_filter_flags(std::move(more));
}

CommandSpec letters_list_spec() {
    return {
        .name = "dlq list",
        .group = letters_group,
        .summary = "list jobs that failed although they were worth another try",
        .details = "A node is parked when its attempts took the server or a worker down three "
                   "times (poison), or when its attempts ran out (exhausted). A job that fails "
                   "with a parked node is a dead letter until it is replayed or discarded.",
        .arguments = {},
        .flags = letter_filter_flags(
            {{.name = "limit", .value = "N", .fallback = "50", .help = "At most so many"},
             {.name = "after", .value = "JOB", .help = "Go on after this one"}}),
        .examples = {{"attacca dlq list", "Those of the tenant, oldest first."},
                     {"attacca dlq list --cause poison", "What must not run as it is."}},
        .exits = {},
    };
}

CommandSpec letters_show_spec() {
    return {
        .name = "dlq show",
        .group = letters_group,
        .summary = "show one dead letter, and what became of it",
        .details = "`attacca jobs get JOB` shows the job itself, with each attempt.",
        .arguments = {{"JOB", "Id of the job that failed"}},
        .flags = {},
        .examples = {{"attacca dlq show 0198…", "Cause, node, attempts."}},
        .exits = {{66, "the job has no dead letter"}},
    };
}

CommandSpec letters_replay_spec() {
    return {
        .name = "dlq replay",
        .group = letters_group,
        .summary = "run again what did not succeed",
        .details = "Makes a new job of each dead letter. It keeps the outputs of nodes that "
                   "succeeded and runs the others. A letter is replayed once.",
        .arguments = {{"JOB", "Id of the job that failed; else a filter, or --all", false}},
        .flags = letter_bulk_flags({}),
        .examples = {{"attacca dlq replay 0198…", "One."},
                     {"attacca dlq replay --node scan --dry-run", "What would be replayed."},
                     {"attacca dlq replay --cause exhausted", "All of this cause."}},
        .exits = {{65, "it was replayed or discarded before"},
                  {66, "the job has no dead letter"},
                  {73, "somebody else closed some of them meanwhile"},
                  {75, "the tenant's limits let no more jobs in"}},
    };
}

CommandSpec letters_discard_spec() {
    return {
        .name = "dlq discard",
        .group = letters_group,
        .summary = "say that nothing is to be done about dead letters",
        .details = "The job and its evidence stay. Who discarded it, and why, is recorded.",
        .arguments = {{"JOB", "Id of the job that failed; else a filter, or --all", false}},
        .flags = letter_bulk_flags(
            {{.name = "reason", .value = "TEXT", .help = "Why, for whoever looks"}}),
        .examples = {{"attacca dlq discard 0198… --reason 'host is gone'", "One."},
                     {"attacca dlq discard --name nightly", "All whose name holds this."}},
        .exits = {{65, "it was replayed or discarded before"},
                  {66, "the job has no dead letter"}},
    };
}

}  // namespace

std::vector<CommandSpec> letter_command_specs() {
    return {letters_list_spec(), letters_show_spec(), letters_replay_spec(),
            letters_discard_spec()};
}

}  // namespace attacca::cli
