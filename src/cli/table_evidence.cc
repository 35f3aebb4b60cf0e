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

CommandSpec keys_list_spec() {
    return {
        .name = "keys list",
        .group = evidence_group,
        .summary = "list the keys that sign the ledger",
        .details = "The root is the key that strangers keep. It delegates batch keys, each for a "
                   "window of sizes.",
        .arguments = {},
        .flags = {},
        .examples = {{"attacca keys list", "The keys and their windows."}},
        .exits = {},
    };
}

CommandSpec keys_rotate_spec() {
    return {
        .name = "keys rotate",
        .group = evidence_group,
        .summary = "let another key sign the ledger from now on",
        .details = "A server does it by itself in the second half of each key's life. This asks "
                   "for it now: when a key may have been seen, or before a copy of the machine "
                   "is handed out. Nothing stops meanwhile.",
        .arguments = {},
        .flags = {},
        .examples = {{"attacca keys rotate", "Another key signs soon: keys list tells."}},
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

CommandSpec evidence_verify_spec() {
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

// What both commands about the audit select rows by.
std::vector<FlagSpec> audit_flags(std::vector<FlagSpec> more) {
    std::vector<FlagSpec> flags = {
        {.name = "actor", .value = "NAME", .help = "Of this actor; a final * stands for any end"},
        {.name = "entity", .value = "NAME", .help = "Of this entity, such as job/ID or job/*"},
        {.name = "type", .value = "TYPE", .help = "Of this type of record", .is_repeated = true},
        {.name = "result", .value = "RESULT", .choices = "success|failure",
         .help = "Only with this result"},
        {.name = "from", .value = "TIME", .help = "Not before this instant or day"},
        {.name = "to", .value = "TIME", .help = "Before this instant or day"},
        {.name = "all-tenants", .help = "Of every tenant; for who runs the server"}};
    flags.insert(flags.end(), more.begin(), more.end());
    return flags;
}

CommandSpec audit_list_spec() {
    return {
        .name = "audit list",
        .group = evidence_group,
        .summary = "show who did what",
        .details = "Rows read from the ledger's records, oldest first. A page looks at a bounded "
                   "number of records: it may be empty and yet say where to go on.",
        .arguments = {},
        .flags = audit_flags({{.name = "limit", .value = "N", .fallback = "100",
                               .help = "At most so many rows"},
                              {.name = "after", .value = "GSEQ",
                               .help = "Go on behind this record"}}),
        .examples = {{"attacca audit list --actor 'usr:*' --from 2026-03-01",
                      "What people did since then."}},
        .exits = {},
    };
}

CommandSpec timestamp_spec() {
    return {
        .name = "evidence timestamp",
        .group = evidence_group,
        .summary = "stamp the time on the newest checkpoint",
        .details = "Asks by RFC 3161, and hands the answer to the server, which records it. "
                   "Bundles hold the newest time stamp from then on.",
        .arguments = {},
        .flags = {{.name = "tsa", .value = "URL", .help = "The authority"},
                  {.name = "tsa-ca", .value = "FILE",
                   .help = "Certificates (PEM) to hold the answer against"}},
        .examples = {{"attacca evidence timestamp --tsa https://tsa.example/ --tsa-ca tsa.pem",
                      "What the ledger holds now existed by then."}},
        .exits = {},
    };
}

CommandSpec audit_export_spec() {
    return {
        .name = "audit export",
        .group = evidence_group,
        .summary = "write who did what into a file for an auditor",
        .details = "Views: all fields, those of PCI DSS 10.2.2, or rows under SOC 2 criteria. The "
                   "file says first what it proves and what not, and under which checkpoint it "
                   "was made; each row names its record.",
        .arguments = {},
        .flags = audit_flags({{.name = "view", .value = "VIEW", .choices = "plain|pci-dss|soc2",
                               .fallback = "plain", .help = "Which columns, under which names"},
                              {.name = "format", .value = "FORMAT", .choices = "csv|json|jsonl",
                               .fallback = "csv", .help = "Form of the file"},
                              {.name = "out", .value = "FILE", .fallback = "-",
                               .help = "Where to write it; - is standard output"},
                              {.name = "force", .help = "Replace the file if it is there"}}),
        .examples = {{"attacca audit export --view pci-dss --out march.csv",
                      "For a spreadsheet."}},
        .exits = {{73, "the file is there already"}},
    };
}

CommandSpec restore_spec() {
    return {
        .name = "evidence restore",
        .group = evidence_group,
        .summary = "go on with an older copy of a data directory",
        .details = "For when the newest copy is lost. What was signed beyond this copy stays "
                   "signed, so the ledger goes on under the next origin, ORIGIN/2, and its first "
                   "record says who restored it, why, and which records are lost. At least one "
                   "anchor must know what is lost, and the server must not run.",
        .arguments = {},
        .flags = {{.name = "by", .value = "NAME", .help = "Who restores it"},
                  {.name = "reason", .value = "TEXT", .help = "Why"},
                  {.name = "anchor-file", .value = "FILE", .variable = "ATTACCA_ANCHOR_FILE",
                   .help = "The anchor file that the server was started with"},
                  {.name = "witness", .value = "URL#VKEY",
                   .help = "A witness that cosigned its checkpoints", .is_repeated = true},
                  {.name = "policy", .value = "FILE", .help = "The policy of the server"}},
        .examples = {{"attacca evidence restore --anchor-file kept --by ada --reason 'disk lost'",
                      "After a restore from a backup."}},
        .exits = {{4, "another history was signed: that cannot be restored"},
                  {65, "no anchor knows more than this copy: nothing is lost"},
                  {73, "the server runs"}},
    };
}

}  // namespace

std::vector<CommandSpec> evidence_command_specs() {
    return {checkpoint_spec(), show_spec(),       evidence_verify_spec(),
            export_spec(),     restore_spec(),    audit_list_spec(),
            audit_export_spec(), timestamp_spec(), keys_list_spec(),
            keys_rotate_spec()};
}

}  // namespace attacca::cli
