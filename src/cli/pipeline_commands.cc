// SPDX-License-Identifier: Apache-2.0
#include "cli/commands.h"
#include "cli/diagnostic.h"
#include "cli/graph_layout.h"
#include "cli/pipeline_file.h"

// init, validate, graph.

namespace attacca::cli {
namespace {

constexpr std::string_view schema_file = "attacca-pipeline.schema.json";

constexpr std::string_view example_text =
    "# yaml-language-server: $schema=./attacca-pipeline.schema.json\n"
    "attacca: v1\n"
    "name: example\n"
    "description: Three nodes and a fan-out, to start from.\n"
    "\n"
    "params:\n"
    "  greeting: {type: string, default: hello}\n"
    "\n"
    "nodes:\n"
    "  names:                            # prints a list, which becomes an output\n"
    "    run: [printf, \"ada\\ngrace\\nbarbara\\n\"]\n"
    "    outputs: {all: {from: stdout, as: lines}}\n"
    "\n"
    "  greet:                            # once for each name, two at a time\n"
    "    needs: [names]\n"
    "    map: {over: \"${{ nodes.names.outputs.all }}\", as: name, key: \"${{ name }}\", "
    "parallel: 2}\n"
    "    run: [echo, \"${{ params.greeting }}\", \"${{ name }}\"]\n"
    "\n"
    "  report:                           # values reach a shell through the environment\n"
    "    needs: [greet]\n"
    "    needs_when: all_done\n"
    "    env: {TOTAL: \"${{ nodes.greet.counts.total }}\"}\n"
    "    run: |\n"
    "      echo \"$TOTAL greeted\" > report.txt\n"
    "      cat report.txt\n"
    "    outputs: {summary: {from: stdout, as: text}}\n"
    "    artifacts: [report.txt]\n"
    "\n"
    "outputs: {summary: \"${{ nodes.report.outputs.summary }}\"}\n";

std::string directory_of(const std::string& path) {
    const std::size_t slash = path.rfind('/');
    return slash == std::string::npos ? "" : path.substr(0, slash + 1);
}

std::size_t edges_of(const core::Definition& definition) {
    std::size_t edges = 0;
    for (const core::NodeDef& node : definition.nodes) {
        edges += node.needs.size();
    }
    return edges;
}

}  // namespace

int init_command(Context& context) {
    const std::string path = context.in.argument(0, "pipeline.yaml");
    if (path == "-") {
        if (!context.is_human()) {
            return context.refuse(fail(Problem::usage, "init - writes YAML: leave -o out"));
        }
        context.out(example_text);
        return 0;
    }
    const bool is_forced = context.in.has("force");
    const std::string schema_path = directory_of(path) + std::string{schema_file};
    const std::string schema = schema_document().pretty_text() + "\n";
    Result<void> written = context.env.write_file(path, example_text, is_forced);
    if (written) {
        written = context.env.write_file(schema_path, schema, is_forced);
        // A schema that is there already may be of another version, but it is somebody's choice.
        if (!written && written.error().problem == Problem::exists) {
            context.note(schema_path + " exists and was kept (--force replaces it)\n");
            written = {};
        }
    }
    if (!written) {
        return context.refuse(written.error());
    }
    if (context.is_human()) {
        context.out(path + "\n");
    } else {
        Json answer = Json::object();
        answer.set("file", path);
        answer.set("schema", schema_path);
        context.answer(answer);
    }
    context.note("run it: attacca run " + path + "\n");
    return 0;
}

int validate_command(Context& context) {
    int status = 0;
    Json files = Json::array();
    for (const std::string& path : context.in.arguments) {
        std::variant<PipelineFile, PipelineError> loaded = load_pipeline(context, path);
        Json entry = Json::object();
        entry.set("file", path);
        if (const auto* wrong = std::get_if<PipelineError>(&loaded)) {
            // A file that cannot be read is no answer about it; whatever is wrong in one is.
            const Problem problem = wrong->error.problem;
            const bool is_unread = problem == Problem::not_found ||
                                   problem == Problem::forbidden ||
                                   problem == Problem::io_error;
            const int own = is_unread ? exit_status_of(wrong->error) : 65;
            status = status == 0 ? own : (status == own ? status : 65);
            entry.set("valid", false);
            entry.set("errors", file_errors(*wrong));
            if (context.is_human()) {
                context.env.write_err(wrong->text);
            }
        } else {
            const PipelineFile& file = std::get<PipelineFile>(loaded);
            entry.set("valid", true);
            entry.set("name", file.name);
            entry.set("nodes", static_cast<std::int64_t>(file.definition->nodes.size()));
            if (context.is_human() && !context.is_quiet()) {
                const std::string shown = path == "-" ? "<stdin>" : printable(path);
                context.out(context.out_style()(Colour::green, "✓") + " " + shown + "  " +
                            printable(file.name) + ", " +
                            counted(file.definition->nodes.size(), "node") + ", " +
                            counted(edges_of(*file.definition), "edge") + "\n");
            }
        }
        if (context.output() == Output::jsonl) {
            context.answer(entry);
        }
        files.push(std::move(entry));
    }
    if (context.output() == Output::json) {
        Json answer = Json::object();
        answer.set("valid", status == 0);
        answer.set("files", std::move(files));
        context.answer(answer);
    }
    return status;
}

int graph_command(Context& context) {
    const Result<std::optional<std::uint64_t>> given = context.in.number("width", 20, 10'000);
    if (!given) {
        return context.refuse(given.error());
    }
    std::variant<PipelineFile, PipelineError> loaded =
        load_pipeline(context, context.in.argument(0));
    if (const auto* wrong = std::get_if<PipelineError>(&loaded)) {
        return refuse_file(context, *wrong);
    }
    const PipelineFile& file = std::get<PipelineFile>(loaded);
    const Graph graph = graph_of(*file.definition, file.name);
    const char* const usual = context.output() == Output::json
                                  ? "json"
                                  : (context.is_human() ? "text" : "jsonl");
    const std::string form = context.in.value("output").value_or(usual);
    if (form == "svg") {
        const Result<std::string> drawing = graph_svg(graph);
        if (!drawing) {
            return context.refuse(drawing.error());
        }
        context.out(*drawing);
    } else if (form == "mermaid") {
        context.out(graph_mermaid(graph));
    } else if (form == "json" || form == "jsonl") {
        context.answer(graph_json(graph));
    } else {
        constexpr std::size_t file_width = 120;  // where nobody looks at a terminal
        const Terminal terminal = context.env.terminal();
        const std::size_t width = terminal.is_out_tty ? terminal.width : file_width;
        context.out(graph_text(graph, given->value_or(width)));
    }
    return 0;
}

}  // namespace attacca::cli
