// SPDX-License-Identifier: Apache-2.0
#include "cli/table.h"

namespace attacca::cli {
namespace {

constexpr std::string_view expressions_text =
    "Expressions\n"
    "\n"
    "In a pipeline file, ${{ expression }} stands for a value. One alone keeps its\n"
    "type; between other text it becomes text. An `if` may leave the marks out.\n"
    "\n"
    "Paths:\n"
    "  params.NAME                    a parameter\n"
    "  env.NAME                       an environment entry of the file\n"
    "  job.id  job.name  job.status   this job\n"
    "  nodes.ID.status                succeeded, failed, skipped, …\n"
    "  nodes.ID.outputs.NAME          an output; .NAME[0] an element\n"
    "  nodes.ID.counts.failed         of a map: total, succeeded, failed, …\n"
    "  nodes.ID.results_file          of a map: a file with one JSON line per item\n"
    "  nodes['a-b'].status            an id that holds a dash\n"
    "  item  or the map's `as` name   the item of this instance\n"
    "\n"
    "Literals:   12  -3  'text'  \"text\"  true  false  null  [1, 2]\n"
    "Operators:  == != < <= > >= && || !      numbers are whole; no arithmetic\n"
    "\n"
    "Functions:\n"
    "  length(x)  contains(x, y)  starts_with(x, y)  matches(x, pattern)\n"
    "  default(x, y)  to_json(x)  from_json(x)  join(list, separator)\n"
    "  succeeded()  failed()  always()      over the needs of the node\n"
    "\n"
    "An expression always ends: no loops, no input or output, at most 10,000 steps.\n"
    "\n"
    "Values never become part of a shell text. Inside `run: |` use the environment:\n"
    "\n"
    "  env: {HOST: \"${{ params.host }}\"}\n"
    "  run: echo \"$HOST\"\n"
    "\n"
    "or pass them as elements of a list: run: [echo, \"${{ params.host }}\"]\n";

constexpr std::string_view formatting_text =
    "Formatting\n"
    "\n"
    "Answers go to standard output; progress, hints and errors to standard error.\n"
    "\n"
    "  -o human    tables and sentences, within the width of the terminal\n"
    "  -o json     one JSON document, indented\n"
    "  -o jsonl    one compact JSON object per line: each entry of a list, or the\n"
    "              answer as a whole\n"
    "\n"
    "ATTACCA_OUTPUT sets the form for good. attacca graph has forms of its own.\n"
    "\n"
    "With json and jsonl an error is one line on standard error, in the form of the\n"
    "API's errors: type, title, detail, code, and exit_status; of a file that is not\n"
    "valid also errors, each with its code, pointer, line and column.\n"
    "\n"
    "For scripts that read tables: --no-headers leaves out the first line, -q leaves\n"
    "out hints and progress.\n"
    "\n"
    "Progress:   --progress tty redraws a block, plain prints a line per change,\n"
    "            jsonl one CloudEvent per line, none nothing. auto takes tty on a\n"
    "            terminal, and plain elsewhere and where CI is set.\n"
    "Colours:    --color auto|always|never; NO_COLOR and FORCE_COLOR are obeyed.\n"
    "Width:      the terminal's, or COLUMNS; 80 where there is neither.\n"
    "Times:      in JSON RFC 3339, UTC, with milliseconds; for people relative.\n"
    "Durations:  250ms, 30s, 1m30s, 2d; in JSON whole milliseconds, as *_ms.\n";

}  // namespace

const std::vector<Topic>& topics() {
    static const std::vector<Topic> all = {
        {"exit-codes", "what an exit status means", ""},
        {"environment", "which environment variables are read", ""},
        {"expressions", "what may stand in ${{ … }}", expressions_text},
        {"formatting", "the forms of answers, errors and progress", formatting_text},
    };
    return all;
}

}  // namespace attacca::cli
