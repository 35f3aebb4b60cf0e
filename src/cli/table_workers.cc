// SPDX-License-Identifier: Apache-2.0
#include "cli/table.h"

// Commands of workers, and of the jobs that are one task for them.

namespace attacca::cli {
namespace {

constexpr std::string_view workers_group = "Workers";

CommandSpec worker_run_spec() {
    return {
        .name = "worker run",
        .group = workers_group,
        .summary = "make any program a worker of a lane",
        .details = "Claims tasks and runs COMMAND once for each: the spec as JSON on standard "
                   "input and in $ATTACCA_SPEC; $ATTACCA_TYPE, _LANE, _JOB, _NODE, _ITEM, _KEY, "
                   "_ATTEMPT and _FENCE beside it. What it prints is the output: a JSON object "
                   "as it is, else as `stdout`. Status 0 completes the task, 75 fails it for "
                   "now, any other as the node's `retry` says.\n"
                   "Heartbeats are sent meanwhile. TERM or Ctrl-C lets what runs end; a second "
                   "one stops it.",
        .arguments = {{"COMMAND", "Program and arguments, behind --", true, true}},
        .flags = {{.name = "lane", .value = "LANE",
                   .help = "Lane to work for; given again, the first that has work is served",
                   .is_repeated = true},
                  {.name = "capability", .value = "NAME",
                   .help = "What tasks may ask for beside the lane, as gpu; may be given again",
                   .is_repeated = true},
                  {.name = "slots", .value = "N", .fallback = "1",
                   .help = "Tasks at the same time"},
                  {.name = "name", .value = "NAME", .fallback = "$HOSTNAME",
                   .help = "What the server calls this worker"},
                  {.name = "ttl", .value = "DURATION", .fallback = "30s",
                   .help = "Silence after which a task is given to somebody else"}},
        .examples = {{"attacca worker run --lane gpu -- ./render.sh", "One task at a time."},
                     {"attacca worker run --lane gpu --lane cpu --slots 4 -- python3 work.py",
                      "Four at a time, of two lanes."},
                     {"attacca worker run --lane ai --capability gpu -- ./train.sh",
                      "Also what only workers with a GPU are given."}},
        .exits = {},
    };
}

CommandSpec workers_list_spec() {
    return {
        .name = "workers list",
        .group = workers_group,
        .summary = "list the workers that hold a task or wait for one",
        .details = "",
        .arguments = {},
        .flags = {},
        .examples = {{"attacca workers list", "Who works on what."}},
        .exits = {},
    };
}

CommandSpec dispatch_spec() {
    return {
        .name = "dispatch",
        .group = workers_group,
        .summary = "give one piece of work to a lane",
        .details = "A job of one task: a worker of the lane claims it and gets the metadata as "
                   "its input.",
        .arguments = {},
        .flags = {{.name = "core", .value = "LANE", .help = "Whose workers do it"},
                  {.name = "stay",
                   .help = "Keep the lane for what follows of the same owner (user_id)"},
                  {.name = "priority", .value = "N", .fallback = "1",
                   .help = "From 1, the highest, to 10"},
                  {.name = "timeout", .value = "DURATION", .fallback = "300s",
                   .help = "How long an attempt may take"},
                  {.name = "metadata", .value = "JSON", .help = "An object for the worker"}},
        .examples = {{"attacca dispatch --core WORK_AI_01 --metadata '{\"source\": \"cli\"}'",
                      "Work for WORK_AI_01."}},
        .exits = {},
    };
}

CommandSpec task_spec(std::string_view name, std::string_view summary, std::string_view line) {
    return {
        .name = name,
        .group = workers_group,
        .summary = summary,
        .details = "",
        .arguments = {{"TASK", "Id, as dispatch gave it"}},
        .flags = {},
        .examples = {{line, "One task."}},
        .exits = {{66, "there is no such task"}},
    };
}

CommandSpec import_spec() {
    return {
        .name = "import orch-next",
        .group = workers_group,
        .summary = "take over unfinished tasks from ORCH-Next",
        .details = "Reads FILE, its data/orch.db of schema version 1 or 2, and dispatches what had "
                   "not ended to the lanes of the same names. Stop its workers before. The "
                   "metadata get a member `orch_next` that says which task it was.\n"
                   "Nothing is taken over when a task cannot be. Within a day the same command "
                   "again takes over nothing twice. What had ended stays where it is.",
        .arguments = {{"FILE", "ORCH-Next's database; only read"}},
        .flags = {{.name = "dry-run", .help = "Say what would be taken over"}},
        .examples = {{"attacca import orch-next data/orch.db --dry-run", "What there is to do."}},
        .exits = {{65, "it is no such file, or a task in it cannot be taken over"}},
    };
}

}  // namespace

std::vector<CommandSpec> worker_command_specs() {
    return {worker_run_spec(), workers_list_spec(), dispatch_spec(),
            task_spec("tasks get", "show what was dispatched", "attacca tasks get task-0190…"),
            task_spec("tasks cancel", "cancel what was dispatched",
                      "attacca tasks cancel task-0190…"),
            import_spec()};
}

}  // namespace attacca::cli
