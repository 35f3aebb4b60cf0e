// SPDX-License-Identifier: Apache-2.0
#include "cli/table.h"

// Commands about the server, its data and this program.

namespace attacca::cli {
namespace {

constexpr std::string_view server_group = "Server";
constexpr std::string_view tool_group = "This program";

CommandSpec serve_spec() {
    return {
        .name = "serve",
        .group = server_group,
        .summary = "run the server",
        .details = "Recovers what the data directory holds, then listens. TERM or Ctrl-C stops "
                   "it in good order. The token for every route but health is in "
                   "DIR/admin.token.",
        .arguments = {},
        .flags = {{.name = "listen", .value = "ADDRESS:PORT", .fallback = "127.0.0.1:7480",
                   .variable = "ATTACCA_LISTEN", .help = "Where to listen"},
                  {.name = "slots", .value = "N", .fallback = "16", .variable = "ATTACCA_SLOTS",
                   .help = "Attempts that may run at the same time"},
                  {.name = "error-threshold", .value = "N", .fallback = "5",
                   .variable = "ERROR_THRESHOLD",
                   .help = "Errors within the window that open a circuit breaker"},
                  {.name = "error-window", .value = "SECONDS", .fallback = "60",
                   .variable = "ERROR_WINDOW", .help = "How long an error counts"},
                  {.name = "breaker-delay", .value = "SECONDS", .fallback = "30",
                   .variable = "ATTACCA_BREAKER_DELAY",
                   .help = "From opening to the first probe; doubled up to 300 s"},
                  {.name = "lane-quiet", .value = "SECONDS", .fallback = "300",
                   .variable = "ATTACCA_LANE_QUIET",
                   .help = "How long a lane is kept (`stay`) when nothing of its owner follows"},
                  {.name = "retention", .value = "DURATION", .fallback = "7y",
                   .variable = "ATTACCA_RETENTION",
                   .help = "How long records are kept after the end of their job: 400d, 7y or "
                           "forever. Then their words go, and the files and texts that only "
                           "they named; their hashes stay"},
                  {.name = "retention-least", .value = "DURATION",
                   .variable = "ATTACCA_RETENTION_LEAST",
                   .help = "What a job may ask for at least (`retention` of a pipeline); "
                           "default: the same as --retention"},
                  {.name = "allow-private-http", .value = "yes|no", .choices = "yes|no",
                   .fallback = "no", .variable = "ATTACCA_ALLOW_PRIVATE_HTTP",
                   .help = "Whether http and notify nodes may reach addresses that are not public"},
                  {.name = "log-level", .value = "LEVEL",
                   .choices = "debug|info|warning|error|critical",
                   .fallback = "info", .variable = "ATTACCA_LOG_LEVEL",
                   .help = "What is written to standard error"},
                  {.name = "anchor-file", .value = "FILE", .variable = "ATTACCA_ANCHOR_FILE",
                   .help = "Keep the newest checkpoint there, outside of the data directory, and "
                           "refuse to start when it knows more than the data directory"},
                  {.name = "witness", .value = "URL#VKEY",
                   .help = "A witness that is to cosign checkpoints, and its key; URL alone for "
                           "one that the file of --policy names",
                   .is_repeated = true},
                  {.name = "policy", .value = "FILE",
                   .help = "Which witnesses count, and how many are enough: a C2SP tlog-policy "
                           "file"},
                  {.name = "check", .help = "Recover and check everything, then leave"}},
        .examples = {{"attacca serve", "Serve on 127.0.0.1:7480."},
                     {"attacca serve --anchor-file /mnt/elsewhere/attacca.checkpoint",
                      "Notice an older copy of the data directory."},
                     {"attacca serve --data /var/lib/attacca --listen 127.0.0.1:8080",
                      "Choose where."}},
        .exits = {{4, "signed records are missing here, or an anchor or a witness knows more"},
                  {73, "another process holds the data directory"},
                  {75, "fewer witnesses answer than the policy asks for"},
                  {78, "the key of a ledger that is not empty is missing"}},
    };
}

CommandSpec witness_spec() {
    return {
        .name = "witness",
        .group = server_group,
        .summary = "cosign the checkpoints of ledgers",
        .details = "A small server that speaks C2SP tlog-witness. It remembers the newest "
                   "checkpoint of each ledger that it follows and cosigns only what goes on from "
                   "there, so that nobody can show two histories. Run it on another machine. "
                   "--data is a directory of its own; its key is made there at the first start and "
                   "shown.",
        .arguments = {},
        .flags = {{.name = "listen", .value = "ADDRESS:PORT", .fallback = "127.0.0.1:7480",
                   .variable = "ATTACCA_LISTEN", .help = "Where to listen"},
                  {.name = "log", .value = "VKEY",
                   .help = "Verifier key of a ledger to follow: DIR/keys/ledger.vkey of its server",
                   .is_repeated = true},
                  {.name = "name", .value = "NAME",
                   .help = "Name of its key, an address without https://; asked for at the first "
                           "start only"}},
        .examples = {{"attacca witness --data ./w --listen 192.0.2.7:7490 --log \"$(cat vkey)\"",
                      "Follow one ledger."}},
        .exits = {{73, "another process holds the directory"},
                  {78, "its key is missing beside what it signed"}},
    };
}

CommandSpec verify_spec() {
    return {
        .name = "verify",
        .group = server_group,
        .summary = "prove that a ledger or a bundle is whole and unchanged",
        .details = "Reads the ledger of a data directory without its lock, so a server may go on "
                   "meanwhile, and checks every record, chain, tree and signature. A bundle of "
                   "`attacca evidence export` is checked alike, packed or unpacked. The answer "
                   "says what it rests on and what could not be checked.",
        .arguments = {{"FILE", "Data directory or bundle; default is that of --data", false}},
        .flags = {{.name = "replay", .help = "Fold all records and compare with the stored state"},
                  {.name = "strict", .help = "An unsigned last batch is incomplete (exit 2)"},
                  {.name = "anchor", .value = "FILE",
                   .help = "A signed checkpoint kept elsewhere, which the ledger must extend",
                   .is_repeated = true},
                  {.name = "policy", .value = "FILE",
                   .help = "Whose signatures count: a C2SP tlog-policy file"},
                  {.name = "tsa-ca", .value = "FILE",
                   .help = "Certificates (PEM) of authorities whose time stamps count"}},
        .examples = {{"attacca verify", "Check the default data directory."},
                     {"attacca verify evidence.tar --policy ours.txt --anchor kept.txt",
                      "Check a bundle from elsewhere."},
                     {"attacca verify /var/lib/attacca --replay -o json",
                      "Check the state as well; answer for a program."}},
        .exits = {{0, "all checks passed"},
                  {1, "tampered: contradictory content"},
                  {2, "incomplete: something is missing"},
                  {3, "untrusted: the key is not acceptable"},
                  {4, "rollback or fork: contradicts the anchor"}},
    };
}

CommandSpec config_show_spec() {
    return {
        .name = "config show",
        .group = server_group,
        .summary = "show every setting and where its value comes from",
        .details = "A flag wins over an environment variable, that over the file, that over "
                   "the default.",
        .arguments = {},
        .flags = {},
        .examples = {{"attacca config show", "Values and origins."}},
        .exits = {},
    };
}

CommandSpec config_check_spec() {
    return {
        .name = "config check",
        .group = server_group,
        .summary = "check the configuration file",
        .details = "",
        .arguments = {{"FILE", "Default is that of --config", false}},
        .flags = {},
        .examples = {{"attacca config check attacca.yaml", "Check one file."}},
        .exits = {{78, "the file is not valid"}},
    };
}

CommandSpec bench_spec() {
    return {
        .name = "bench",
        .group = tool_group,
        .summary = "measure this machine with the real engine",
        .details = "Same engine, store, fsync and ledger as serve. lifecycle: whole jobs of one "
                   "no-op node; dag: nodes of larger graphs; enqueue: submissions only; dispatch: "
                   "from accepted to started. The result also holds fdatasync_per_s of the same "
                   "disk, to compare machines. schedule: the fair queue alone, in memory; "
                   "*_accesses are its times in random accesses to as much memory.",
        .arguments = {{"WORKLOAD", "What to measure", true, false,
                       "lifecycle|dag|enqueue|dispatch|schedule"}},
        .flags = {{.name = "jobs", .value = "N", .fallback = "100000",
                   .help = "How many jobs (nodes, for dag)"},
                  {.name = "window", .value = "N", .fallback = "12000",
                   .help = "How many of them wait or run at once; few make small batches"},
                  {.name = "limits",
                   .help = "lifecycle: with every limit on, and none met: what limits cost"}},
        .examples = {{"attacca bench lifecycle --jobs 200000 --data /tmp/bench -o json",
                      "Jobs per second, as an object."}},
        .exits = {},
    };
}

}  // namespace

std::vector<CommandSpec> server_command_specs() {
    return {
        serve_spec(),
        witness_spec(),
        verify_spec(),
        {
            .name = "doctor",
            .group = server_group,
            .summary = "check this machine and say what is missing",
            .details = "Versions, disk, scanners and what the sandbox can do here. Each line says "
                       "ok, warn or SKIPPED, and what to do about it.",
            .arguments = {},
            .flags = {},
            .examples = {{"attacca doctor", "Look at everything."},
                         {"attacca doctor -o json", "Answer for a program."}},
            .exits = {},
        },
        config_show_spec(),
        config_check_spec(),
        bench_spec(),
        {
            .name = "completion",
            .group = tool_group,
            .summary = "print a completion script for a shell",
            .details = "",
            .arguments = {{"SHELL", "Which shell", true, false, "bash|zsh|fish"}},
            .flags = {},
            .examples = {{"source <(attacca completion bash)", "In ~/.bashrc."},
                         {"attacca completion fish | source", "In config.fish."}},
            .exits = {},
        },
        {
            .name = "version",
            .group = tool_group,
            .summary = "print the version",
            .details = "",
            .arguments = {},
            .flags = {},
            .examples = {{"attacca version -o json", "Answer for a program."}},
            .exits = {},
        },
        {
            .name = "help",
            .group = tool_group,
            .summary = "explain a command, a topic or an error code",
            .details = "",
            .arguments = {{"SUBJECT", "A command, a topic or an E_ code", false, true}},
            .flags = {},
            .examples = {{"attacca help jobs list", "A command."},
                         {"attacca help exit-codes", "A topic."},
                         {"attacca help E_DAG_CYCLE", "An error."}},
            .exits = {},
        },
    };
}

}  // namespace attacca::cli
