// SPDX-License-Identifier: Apache-2.0
#include "cli/table.h"

// Commands about the evidence of jobs.

namespace attacca::cli {
namespace {

constexpr std::string_view evidence_group = "Evidence";

CommandSpec checkpoint_spec() {
    return {
        .name = "evidence checkpoint",
        .group = evidence_group,
        .summary = "show the newest signed checkpoint",
        .details = "The size and root of the ledger, signed: a C2SP signed note. Keep it "
                   "elsewhere, and give it to --anchor later.",
        .arguments = {},
        .flags = {},
        .examples = {{"attacca evidence checkpoint > kept.txt", "Keep what the ledger says now."}},
        .exits = {},
    };
}

CommandSpec show_spec() {
    return {
        .name = "evidence show",
        .group = evidence_group,
        .summary = "show the records of a job",
        .details = "Each with its place in the ledger and its link hash. With -o json the records "
                   "themselves too.",
        .arguments = {{"JOB", "Id of the job"}},
        .flags = {},
        .examples = {{"attacca evidence show 0198…", "Its records."}},
        .exits = {{66, "there is no such job"}},
    };
}

CommandSpec verify_spec() {
    return {
        .name = "evidence verify",
        .group = evidence_group,
        .summary = "check everything about the evidence of a job",
        .details = "Signature, proofs, chain and files, by the server or from the data directory. "
                   "A stranger exports a bundle and checks that instead.",
        .arguments = {{"JOB", "Id of the job"}},
        .flags = {},
        .examples = {{"attacca evidence verify 0198…", "Each question with its answer."}},
        .exits = {{1, "tampered: contradictory content"},
                  {2, "incomplete: something is missing"},
                  {3, "untrusted: the key is not acceptable"},
                  {66, "there is no such job"}},
    };
}

CommandSpec export_spec() {
    return {
        .name = "evidence export",
        .group = evidence_group,
        .summary = "write the evidence of a job into one file",
        .details = "Records, proofs, signed checkpoint, keys, files, a table of custody, and a "
                   "script that checks all of it with bash, xxd and openssl. Equal evidence gives "
                   "an equal file.",
        .arguments = {{"JOB", "Id of the job"}},
        .flags = {{.name = "out", .value = "FILE", .help = "Where to write it; - is standard "
                                                           "output"},
                  {.name = "anchor", .value = "FILE",
                   .help = "A checkpoint that was handed out earlier: the bundle shows that the "
                           "ledger goes on from it",
                   .is_repeated = true},
                  {.name = "force", .help = "Replace the file if it is there"}},
        .examples = {{"attacca evidence export 0198… --out evidence.tar", "The whole evidence."},
                     {"attacca verify evidence.tar", "Check it."}},
        .exits = {{66, "there is no such job"}, {73, "the file is there already"}},
    };
}

}  // namespace

std::vector<CommandSpec> evidence_command_specs() {
    return {checkpoint_spec(), show_spec(), verify_spec(), export_spec()};
}

}  // namespace attacca::cli
