// SPDX-License-Identifier: Apache-2.0
#include "cli/table.h"

// Commands about what has a name on a server: workflows and schedules.

namespace attacca::cli {
namespace {

constexpr std::string_view workflows = "Workflows of a server";
constexpr std::string_view schedules = "Schedules of a server";

CommandSpec named(std::string_view name, std::string_view group, std::string_view summary,
                  std::string_view details, std::string_view example) {
    return {
        .name = name,
        .group = group,
        .summary = summary,
        .details = details,
        .arguments = {{"NAME", "Its name"}},
        .flags = {},
        .examples = {{example, "By its name."}},
        .exits = {{66, "there is nothing of this name"}},
    };
}

std::vector<FlagSpec> page_flags() {
    return {{.name = "limit", .value = "N", .fallback = "50", .help = "At most so many"},
            {.name = "after", .value = "NAME", .help = "Go on after this name"}};
}

CommandSpec set_spec() {
    CommandSpec spec = named("schedules set", schedules, "make or change a schedule",
                             "Give exactly one of --cron, --every and --at. What is not given has "
                             "its default, also when the schedule was there before.",
                             "attacca schedules set nightly --cron '0 2 * * *' --workflow scan");
    spec.flags = {{.name = "cron", .value = "EXPRESSION", .help = "Five fields, or @daily etc."},
                  {.name = "timezone", .value = "ZONE", .fallback = "UTC",
                   .help = "Of the expression: an IANA name"},
                  {.name = "every", .value = "DURATION", .help = "At an interval"},
                  {.name = "at", .value = "INSTANT", .help = "Once, at 2026-03-01T12:00:00Z"},
                  {.name = "workflow", .value = "NAME", .help = "What it starts"},
                  {.name = "param", .letter = 'p', .value = "NAME=VALUE",
                   .help = "A parameter of the workflow", .is_repeated = true},
                  {.name = "overlap", .value = "RULE",
                   .choices = "skip|queue|cancel_running|allow", .fallback = "skip",
                   .help = "When the job before is not done"},
                  {.name = "catch-up", .value = "POLICY", .choices = "skip|once|all",
                   .fallback = "skip", .help = "For what the server missed"},
                  {.name = "window", .value = "DURATION",
                   .help = "How far --catch-up looks back"}};
    spec.exits = {{65, "the schedule is not valid"}};
    return spec;
}

CommandSpec backfill_spec() {
    CommandSpec spec = named("schedules backfill", schedules,
                             "start jobs for times that passed without one",
                             "Each occurrence gets one job, ever: those that had one are left out.",
                             "attacca schedules backfill nightly --from … --to … --dry-run");
    spec.flags = {{.name = "from", .value = "INSTANT", .help = "The first instant, included"},
                  {.name = "to", .value = "INSTANT", .help = "The end, not included"},
                  {.name = "dry-run", .help = "Only say what would start"}};
    spec.exits.push_back({73, "the schedule decided something meanwhile; try again"});
    return spec;
}

CommandSpec diff_spec() {
    CommandSpec spec = named("workflows diff", workflows, "show what differs between versions",
                             "Without versions: the newest and the one before it.",
                             "attacca workflows diff scan --from 1 --to 3");
    spec.flags = {{.name = "from", .value = "VERSION", .help = "The older one"},
                  {.name = "to", .value = "VERSION", .help = "The newer one"}};
    return spec;
}

CommandSpec start_spec() {
    CommandSpec spec = named("workflows start", workflows, "start a job of a workflow",
                             "Prints the job's id. The job keeps the version that it started with.",
                             "attacca workflows start scan -p targets=192.0.2.7");
    spec.flags = {{.name = "param", .letter = 'p', .value = "NAME=VALUE",
                   .help = "A parameter; may be given again", .is_repeated = true},
                  {.name = "version", .value = "VERSION", .help = "Default is the newest"},
                  {.name = "idempotency-key", .value = "KEY",
                   .help = "The same key makes no second job"}};
    spec.exits.push_back({73, "the workflow is disabled"});
    return spec;
}

}  // namespace

std::vector<CommandSpec> named_command_specs() {
    CommandSpec get = named("workflows get", workflows, "show a workflow", "",
                            "attacca workflows get scan -o json");
    get.flags = {{.name = "version", .value = "VERSION", .help = "Default is the newest"}};
    CommandSpec next = named("schedules next", schedules, "show when a schedule fires next",
                             "In UTC and in the schedule's own time zone.",
                             "attacca schedules next nightly --count 30");
    next.flags = {{.name = "count", .value = "N", .fallback = "10", .help = "How many"}};
    return {
        {.name = "workflows list", .group = workflows, .summary = "list workflows",
         .details = "", .arguments = {}, .flags = page_flags(),
         .examples = {{"attacca workflows list", "Names and versions."}}, .exits = {}},
        get,
        {.name = "workflows apply", .group = workflows,
         .summary = "make a pipeline file a workflow, or its next version",
         .details = "A file that equals the newest version changes nothing. Its triggers become "
                    "schedules of the same name.",
         .arguments = {{"FILE", "Pipeline files; - is standard input", true, true}}, .flags = {},
         .examples = {{"attacca workflows apply scan.yaml", "One file."}},
         .exits = {{65, "the file is not valid"}}},
        diff_spec(),
        named("workflows versions", workflows, "list the versions of a workflow", "",
              "attacca workflows versions scan"),
        start_spec(),
        named("workflows disable", workflows, "let nobody start a workflow",
              "Jobs that run go on; its schedules skip until it is enabled again.",
              "attacca workflows disable scan"),
        named("workflows enable", workflows, "let a disabled workflow start again", "",
              "attacca workflows enable scan"),
        {.name = "schedules list", .group = schedules, .summary = "list schedules",
         .details = "", .arguments = {}, .flags = page_flags(),
         .examples = {{"attacca schedules list", "Names and next times."}}, .exits = {}},
        named("schedules get", schedules, "show a schedule", "",
              "attacca schedules get nightly -o json"),
        set_spec(),
        next,
        named("schedules pause", schedules, "let a schedule fire no more",
              "What passes until it is resumed is not caught up.",
              "attacca schedules pause nightly"),
        named("schedules resume", schedules, "let a paused schedule fire again", "",
              "attacca schedules resume nightly"),
        named("schedules trigger", schedules, "start a schedule's job now", "",
              "attacca schedules trigger nightly"),
        backfill_spec(),
        named("schedules delete", schedules, "delete a schedule",
              "Its jobs stay. What it decided stays known, should it be made again.",
              "attacca schedules delete nightly"),
    };
}

}  // namespace attacca::cli
