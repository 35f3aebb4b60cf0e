// SPDX-License-Identifier: Apache-2.0
#include "cli/table.h"

// Commands about jobs of a server.

namespace attacca::cli {
namespace {

constexpr std::string_view jobs_group = "Jobs of a server";

CommandSpec change_spec(std::string_view name, std::string_view summary, std::string_view details,
                        std::string_view example) {
    return {
        .name = name,
        .group = jobs_group,
        .summary = summary,
        .details = details,
        .arguments = {{"JOB", "Ids of jobs", true, true}},
        .flags = {},
        .examples = {{example, "One job."}},
        .exits = {{65, "the job's state does not allow this"}, {66, "there is no such job"}},
    };
}

CommandSpec list_spec() {
    return {
        .name = "jobs list",
        .group = jobs_group,
        .summary = "list jobs, newest first",
        .details = "",
        .arguments = {},
        .flags = {{.name = "status", .value = "STATE",
                   .choices = "queued|scheduled|running|paused|completed|failed|cancelled",
                   .help = "Only jobs of this state; may be given again", .is_repeated = true},
                  {.name = "type", .value = "KIND",
                   .choices = "run|http|scan|test|task|job|wait|approve|notify|group|noop",
                   .help = "Only jobs with a node of this kind"},
                  {.name = "waiting-for", .value = "WHAT", .choices = "approval",
                   .help = "Only jobs in which a node waits for a person"},
                  {.name = "tag", .value = "TAG", .help = "Only jobs with this tag"},
                  {.name = "text", .value = "TEXT", .help = "Only jobs with this in their name"},
                  {.name = "since", .value = "DURATION", .help = "Created within this time"},
                  {.name = "limit", .value = "N", .fallback = "50", .help = "At most so many"},
                  {.name = "cursor", .value = "CURSOR", .help = "Go on where a page ended"}},
        .examples = {{"attacca jobs list --status failed --since 24h", "What failed today."},
                     {"attacca jobs list --waiting-for approval", "What waits for a person."},
                     {"attacca jobs list -o jsonl", "One object per line."}},
        .exits = {},
    };
}

CommandSpec pause_spec() {
    CommandSpec spec = change_spec("jobs pause", "start nothing new in jobs",
                                   "What runs goes on to its end; deadlines go on as well.",
                                   "attacca jobs pause 0192…");
    spec.flags.push_back(
        {.name = "now", .help = "Stop what runs too; it begins again after the resume"});
    return spec;
}

CommandSpec rerun_spec() {
    return {
        .name = "jobs rerun",
        .group = jobs_group,
        .summary = "run nodes of ended jobs again and keep the rest",
        .details = "Makes a new job that takes the ends and outputs of the other nodes from the "
                   "old one, and prints its id. Without --node it runs what did not succeed and "
                   "what depends on it. The finally nodes run in any case.",
        .arguments = {{"JOB", "Ids of jobs", true, true}},
        .flags = {{.name = "node", .value = "NODE",
                   .help = "Run this node and what depends on it; may be given again",
                   .is_repeated = true},
                  {.name = "only", .help = "Run the named nodes alone"}},
        .examples = {{"attacca jobs rerun 0192…", "What failed."},
                     {"attacca jobs rerun 0192… --node report --only", "One node alone."}},
        .exits = {{65, "the job has not ended, or there is nothing to run"},
                  {66, "there is no such job"}},
    };
}

CommandSpec verdict_spec(std::string_view name, std::string_view summary,
                         std::string_view details, std::string_view example) {
    return {
        .name = name,
        .group = jobs_group,
        .summary = summary,
        .details = details,
        .arguments = {{"JOB", "Id of the job"}, {"NODE", "Node; of a map item: checks[3]"}},
        .flags = {{.name = "comment", .value = "TEXT", .help = "Why; recorded with the decision"}},
        .examples = {{example, "One node."}},
        .exits = {{65, "the node waits for nobody"}, {66, "there is no such job or node"}},
    };
}

CommandSpec logs_spec() {
    return {
        .name = "jobs logs",
        .group = jobs_group,
        .summary = "print the output of a job's nodes",
        .details = "Without --node the output of every node, each line with its node's name. With "
                   "--node the bytes are those of the node. With -o jsonl each line is an object: "
                   "node, item and key of a map's item, stream, line; with -o json they are the "
                   "items of one.",
        .arguments = {{"JOB", "Id of the job"}},
        .flags = {{.name = "node", .value = "NODE",
                   .help = "One node; of a map item: checks[10.0.0.7] or checks[3]"},
                  {.name = "stream", .value = "NAME", .choices = "stdout|stderr",
                   .help = "One stream; default is both"},
                  {.name = "attempt", .value = "N", .help = "Which attempt; default is the last"},
                  {.name = "follow", .letter = 'f', .help = "Go on until the attempt ends"},
                  {.name = "tail", .value = "LINES", .help = "Only the last lines"}},
        .examples = {{"attacca jobs logs 0192…  --node report", "One node's output."},
                     {"attacca jobs logs 0192… --node build -f", "As it is written."},
                     {"attacca jobs logs 0192… -o jsonl", "One object per line."}},
        .exits = {{66, "there is no such job or node"}},
    };
}

std::vector<FlagSpec> artifact_flags() {
    return {{.name = "node", .value = "NODE", .help = "Only of this node"},
            {.name = "item", .value = "N", .help = "Only of this item of a map"},
            {.name = "attempt", .value = "N", .help = "Only of this attempt"}};
}

CommandSpec artifacts_spec() {
    return {
        .name = "jobs artifacts",
        .group = jobs_group,
        .summary = "list the files that a job left",
        .details = "Artifacts and captured output, each with its SHA-256.",
        .arguments = {{"JOB", "Id of the job"}},
        .flags = artifact_flags(),
        .examples = {{"attacca jobs artifacts 0192…", "Every file."}},
        .exits = {{66, "there is no such job"}},
    };
}

CommandSpec artifact_spec() {
    CommandSpec spec{
        .name = "jobs artifact",
        .group = jobs_group,
        .summary = "fetch a file that a job left",
        .details = "By its name, of the newest attempt that left one, or by its SHA-256. What "
                   "arrives is hashed, and kept only when it is what the record names.",
        .arguments = {{"JOB", "Id of the job"}, {"NAME", "Name or SHA-256 of the file"}},
        .flags = artifact_flags(),
        .examples = {{"attacca jobs artifact 0192… report.txt --out report.txt", "One file."}},
        .exits = {{66, "there is no such job or file"}, {73, "the file is there already"}},
    };
    spec.flags.push_back(
        {.name = "out", .value = "FILE", .help = "Where to write it; - is standard output"});
    spec.flags.push_back({.name = "force", .help = "Replace the file if it is there"});
    return spec;
}

CommandSpec tests_spec() {
    return {
        .name = "tests list",
        .group = jobs_group,
        .summary = "show the test cases of a job",
        .details = "What the reports of its test nodes hold, as their last attempts left them.",
        .arguments = {{"JOB", "Id of the job"}},
        .flags = {{.name = "node", .value = "NODE", .help = "Only of this node"},
                  {.name = "status", .value = "STATUS",
                   .choices = "passed|failed|error|skipped",
                   .help = "Only these; may be given again", .is_repeated = true},
                  {.name = "limit", .value = "N", .fallback = "100",
                   .help = "At most so many"}},
        .examples = {{"attacca tests list 0192… --status failed", "What failed, and why."}},
        .exits = {{66, "there is no such job or node"}},
    };
}

}  // namespace

std::vector<CommandSpec> job_command_specs() {
    return {
        list_spec(),
        {
            .name = "jobs get",
            .group = jobs_group,
            .summary = "show a job and its nodes",
            .details = "",
            .arguments = {{"JOB", "Id of the job"}},
            .flags = {{.name = "events", .help = "Show what is recorded about it instead"}},
            .examples = {{"attacca jobs get 0192… -o json", "Everything about a job."}},
            .exits = {{66, "there is no such job"}},
        },
        {
            .name = "jobs why",
            .group = jobs_group,
            .summary = "say what a job waits for",
            .details = "For each node that waits: the cause, since when, and what would release "
                       "it.",
            .arguments = {{"JOB", "Id of the job"}},
            .flags = {},
            .examples = {{"attacca jobs why 0192…", "Why it does not go on."}},
            .exits = {{66, "there is no such job"}},
        },
        {
            .name = "jobs watch",
            .group = jobs_group,
            .summary = "follow a job until it ends",
            .details = "Ctrl-C stops watching; the job goes on.",
            .arguments = {{"JOB", "Id of the job"}},
            .flags = {{.name = "wait", .value = "DURATION",
                       .help = "Stop watching after this time (exit 124)"},
                      {.name = "no-wait-approval",
                       .help = "Stop watching when it waits for a person (exit 4)"}},
            .examples = {{"attacca jobs watch 0192…", "Follow it."}},
            .exits = {{0, "the job completed"},
                      {1, "the job failed"},
                      {2, "the job was cancelled"},
                      {4, "it waits for a person, and --no-wait-approval was given"},
                      {5, "the job ran into its time-out"},
                      {124, "--wait elapsed"},
                      {141, "nobody reads what it writes any more"}},
        },
        logs_spec(),
        artifacts_spec(),
        artifact_spec(),
        change_spec("jobs cancel", "cancel jobs",
                    "Running nodes are stopped, then the finally nodes run. Cancelling again "
                    "stops those too.",
                    "attacca jobs cancel 0192…"),
        pause_spec(),
        change_spec("jobs resume", "let paused jobs go on", "", "attacca jobs resume 0192…"),
        verdict_spec("jobs approve", "let a node go on that waits for a person",
                     "An approve node succeeds. A node that failed with on_failure: "
                     "escalate_manual counts as skipped, and the job goes on.",
                     "attacca jobs approve 0192… deploy --comment 'seen the report'"),
        verdict_spec("jobs reject", "fail a node that waits for a person", "",
                     "attacca jobs reject 0192… deploy --comment 'not on a Friday'"),
        change_spec("jobs retry", "run ended jobs again",
                    "Makes a new job of the same definition and parameters, and prints its id.",
                    "attacca jobs retry 0192…"),
        rerun_spec(),
        tests_spec(),
    };
}

}  // namespace attacca::cli
