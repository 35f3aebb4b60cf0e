// SPDX-License-Identifier: Apache-2.0
#include "cli/table.h"

// Commands about the tenants of a server.

namespace attacca::cli {
namespace {

constexpr std::string_view tenants_group = "Tenants of a server";

CommandSpec tenants_set_spec() {
    return {
        .name = "tenants set",
        .group = tenants_group,
        .summary = "make a tenant, or change one",
        .details = "What is not named stays as it is; the word none takes a limit away. A rate is "
                   "written as 10/s or 100/1m.",
        .arguments = {{"NAME", "Name of the tenant"}},
        .flags = {{.name = "weight", .value = "N",
                   .help = "Share of time against the others' weights, 1 to 1000000"},
                  {.name = "max-concurrency", .value = "N",
                   .help = "Attempts that hold a slot at the same time"},
                  {.name = "max-queued", .value = "N", .help = "Jobs that have not started"},
                  {.name = "rate-limit", .value = "RATE",
                   .help = "New jobs; more are refused for a while"},
                  {.name = "start-rate", .value = "RATE",
                   .help = "Starts of attempts; more wait"},
                  {.name = "jobs-per-day", .value = "N", .help = "New jobs in a UTC day"},
                  {.name = "slot-seconds-per-day", .value = "N",
                   .help = "Slot time in a UTC day"}},
        .examples = {{"attacca tenants set blue --weight 7 --max-concurrency 4",
                      "Make or change a tenant."},
                     {"attacca tenants set blue --rate-limit none", "Take a limit away."}},
        .exits = {{65, "a value is not allowed"}},
    };
}

}  // namespace

std::vector<CommandSpec> tenant_command_specs() {
    return {
        {
            .name = "tenants list",
            .group = tenants_group,
            .summary = "list tenants, their weights and what they use",
            .details = "",
            .arguments = {},
            .flags = {},
            .examples = {{"attacca tenants list -o json", "Answer for a program."}},
            .exits = {},
        },
        {
            .name = "tenants get",
            .group = tenants_group,
            .summary = "show a tenant, its limits and what it uses",
            .details = "",
            .arguments = {{"NAME", "Name of the tenant"}},
            .flags = {},
            .examples = {{"attacca tenants get blue", "One tenant."}},
            .exits = {{66, "there is no such tenant"}},
        },
        tenants_set_spec(),
        {
            .name = "top",
            .group = tenants_group,
            .summary = "watch slots, tenants and lanes",
            .details = "On a terminal until Ctrl-C; elsewhere, and with -o json, once. With "
                       "-o jsonl an object at each interval. `fair` compares what tenants with "
                       "work held in the last 15 s with what their weights gave them: 1 is what "
                       "is due.",
            .arguments = {},
            .flags = {{.name = "once", .help = "Show it once"},
                      {.name = "interval", .value = "DURATION", .fallback = "1s",
                       .help = "Time between two looks"}},
            .examples = {{"attacca top", "A live view."},
                         {"attacca top --once -o json", "One look, for a program."}},
            .exits = {},
        },
    };
}

}  // namespace attacca::cli
