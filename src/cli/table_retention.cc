// SPDX-License-Identifier: Apache-2.0
#include "cli/table.h"

// Commands about what must be kept and what must go.

namespace attacca::cli {
namespace {

constexpr std::string_view retention_group = "Evidence";

std::vector<FlagSpec> hold_flags() {
    return {{.name = "matter", .value = "TEXT", .help = "What asks for it: a case, a request"},
            {.name = "by", .value = "NAME", .help = "Who ordered it"}};
}

CommandSpec hold_spec() {
    return {
        .name = "evidence hold",
        .group = retention_group,
        .summary = "forbid that anything of a job or tenant is deleted",
        .details = "A legal hold: it wins over erasure and over the end of retention, and is "
                   "recorded. Without JOB it is everything of the tenant.",
        .arguments = {{"JOB", "Id of the job", false}},
        .flags = hold_flags(),
        .examples = {{"attacca evidence hold 0198… --matter 'Doe v. Acme'", "One job."},
                     {"attacca evidence hold --tenant acme --matter audit-26", "A tenant."}},
        .exits = {{66, "there is no such job"}},
    };
}

CommandSpec release_spec() {
    return {
        .name = "evidence release",
        .group = retention_group,
        .summary = "take a hold back",
        .details = "Other matters that hold the same go on to hold it.",
        .arguments = {{"JOB", "Id of the job", false}},
        .flags = hold_flags(),
        .examples = {{"attacca evidence release 0198… --matter 'Doe v. Acme'", "One job."}},
        .exits = {{66, "no such hold stands"}},
    };
}

CommandSpec holds_spec() {
    return {
        .name = "evidence holds",
        .group = retention_group,
        .summary = "list what is held",
        .details = "Of the tenant that asks.",
        .arguments = {},
        .flags = {},
        .examples = {{"attacca evidence holds", "Each with its matter."}},
        .exits = {},
    };
}

CommandSpec erase_spec() {
    return {
        .name = "evidence erase",
        .group = retention_group,
        .summary = "make what a sealed job left unreadable, for good",
        .details = "Destroys the key that its parameters, outputs and files were sealed with, and "
                   "records that. The evidence of the job stays whole. A legal hold forbids it, "
                   "which is recorded too. It cannot be undone.",
        .arguments = {{"JOB", "Id of the job; it has ended and its definition says `seal: true`",
                       true}},
        .flags = {{.name = "reason", .value = "TEXT", .help = "Why; the record keeps it"},
                  {.name = "by", .value = "NAME", .help = "Who ordered it"}},
        .examples = {{"attacca evidence erase 0198… --reason 'request of 3 May'", "One job."}},
        .exits = {{66, "there is no such job"}},
    };
}

}  // namespace

std::vector<CommandSpec> retention_command_specs() {
    return {hold_spec(), release_spec(), holds_spec(), erase_spec()};
}

}  // namespace attacca::cli
