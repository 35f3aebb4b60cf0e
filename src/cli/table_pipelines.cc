// SPDX-License-Identifier: Apache-2.0
#include "cli/table.h"

// Commands about pipeline files.

namespace attacca::cli {
namespace {

constexpr std::string_view pipelines_group = "Pipelines";

CommandSpec run_spec() {
    return {
        .name = "run",
        .group = pipelines_group,
        .summary = "run a pipeline and watch it",
        .details =
            "Runs the file in this process, with the same engine, store and ledger as a server, "
            "and shows what happens until the job ends. When a server holds the data directory, "
            "or --server is given, the job is submitted there and watched. A name that is no file "
            "is a workflow of that server.\n"
            "The first Ctrl-C cancels a local job and waits for its finally nodes; with a server "
            "it only stops watching. The second one leaves at once.",
        .arguments = {{"FILE", "Pipeline file, or a workflow; - reads standard input"}},
        .flags =
            {
                {.name = "param", .letter = 'p', .value = "NAME=VALUE",
                 .help = "Value of a parameter; may be given again", .is_repeated = true},
                {.name = "params", .value = "FILE", .help = "YAML or JSON file with parameters"},
                {.name = "detach", .help = "Submit to the server, print the id, do not watch"},
                {.name = "wait", .value = "DURATION",
                 .help = "Stop watching after this time (exit 124); a local job is cancelled"},
                {.name = "no-wait-approval",
                 .help = "Leave when the job waits for a person (exit 4)"},
                {.name = "dry-run", .help = "Check the file and the parameters, run nothing"},
                {.name = "priority", .value = "LEVEL", .choices = "high|medium|low",
                 .help = "Priority among the jobs of the server"},
                {.name = "slots", .value = "N", .fallback = "16", .variable = "ATTACCA_SLOTS",
                 .help = "Attempts that may run at the same time, of a local run"},
                {.name = "idempotency-key", .value = "KEY",
                 .help = "Submit to a server at most once under this key"},
            },
        .examples = {{"attacca run hello.yaml", "Run a file here and watch it."},
                     {"attacca run scan.yaml -p top_ports=100 -p severity=high",
                      "Give values to its parameters."},
                     {"attacca run scan.yaml --detach --server http://127.0.0.1:7480",
                      "Hand it to a server and go on."}},
        .exits = {{0, "the job completed"},
                  {1, "the job failed"},
                  {2, "the job was cancelled"},
                  {4, "it waits for a person, and --no-wait-approval was given"},
                  {5, "the job ran into its time-out"},
                  {124, "--wait elapsed"},
                  {141, "nobody reads what it writes any more, and a server has the job"}},
    };
}

CommandSpec graph_spec() {
    return {
        .name = "graph",
        .group = pipelines_group,
        .summary = "draw a pipeline's graph",
        .details = "Nodes stand below what they need. A map is one box, marked with ≡; finally "
                   "nodes stand at the end, marked with ∎. A graph too wide for the terminal is "
                   "written as a list.",
        .arguments = {{"FILE", "Pipeline file; - reads standard input"}},
        .flags = {{.name = "output", .letter = 'o', .value = "FORMAT",
                   .choices = "text|mermaid|svg|json|jsonl", .fallback = "text",
                   .help = "Form of the drawing"},
                  {.name = "width", .value = "COLUMNS", .help = "Room for a drawing as text"}},
        .examples = {{"attacca graph scan.yaml", "Draw it in the terminal."},
                     {"attacca graph scan.yaml -o svg > scan.svg", "Draw it as a picture."}},
        .exits = {},
    };
}

}  // namespace

std::vector<CommandSpec> pipeline_command_specs() {
    return {
        run_spec(),
        {
            .name = "init",
            .group = pipelines_group,
            .summary = "write an example pipeline to start from",
            .details = "Writes the file and, beside it, attacca-pipeline.schema.json, which "
                       "editors use to check and complete what you type.",
            .arguments = {{"FILE", "Where to write; default pipeline.yaml", false}},
            .flags = {{.name = "force", .help = "Replace files that exist"}},
            .examples = {{"attacca init && attacca run pipeline.yaml", "Start and run."}},
            .exits = {{73, "a file exists already; nothing was written"}},
        },
        {
            .name = "validate",
            .group = pipelines_group,
            .summary = "check pipeline files without running them",
            .details = "Reports each mistake with its file, line and column.",
            .arguments = {{"FILE", "Pipeline files; - reads standard input", true, true}},
            .flags = {},
            .examples = {{"attacca validate *.yaml", "Check every file here."},
                         {"attacca validate ci.yaml -o json", "Answer for a program."}},
            .exits = {{65, "at least one file is not valid"}},
        },
        graph_spec(),
        {
            .name = "schema",
            .group = pipelines_group,
            .summary = "show the pipeline file's schema, or a part of it",
            .details = "Without PATH the whole JSON Schema (draft 7). A path names fields with "
                       "dots; a node or a parameter may have any name. Of a field of nodes the "
                       "name may be left out: nodes.retry is nodes.x.retry.",
            .arguments = {{"PATH", "For example nodes.x.retry", false}},
            .flags = {},
            .examples = {{"attacca schema nodes.x.retry", "What a retry may contain."},
                         {"attacca schema > attacca-pipeline.schema.json",
                          "The file for your editor."}},
            .exits = {{66, "the schema has no such path"}},
        },
    };
}

}  // namespace attacca::cli
