// SPDX-License-Identifier: Apache-2.0
#include "cli/pipeline_file.h"

#include <algorithm>

#include "base/bytes.h"
#include "base/check.h"
#include "cli/diagnostic.h"
#include "cli/job_event.h"
#include "cli/problem_json.h"
#include "core/graph/pipeline.h"

namespace attacca::cli {
namespace {

Error wrong_param(const std::string& name, const std::string& text, const std::string& type) {
    return fail(Problem::usage, "-p " + name + " needs " + (type == "integer" ? "an " : "a ") +
                                    type + ", not \"" + quoted(text) + "\"");
}

Result<Json> scalar_param(const std::string& name, const std::string& text,
                          const std::string& type) {
    if (type == "boolean") {
        if (text != "true" && text != "false") {
            return wrong_param(name, text, type);
        }
        return Json{text == "true"};
    }
    if (type == "integer" || type == "number") {
        Result<Json> number = parse_json(text);
        const bool is_ok = number && (number->is_integer() ||
                                      (type == "number" && number->is_decimal()));
        return is_ok ? std::move(number) : Result<Json>{wrong_param(name, text, type)};
    }
    return Json{text};
}

// A list is a JSON array, or its elements with commas between them.
Result<Json> list_param(const std::string& name, const std::string& text,
                        const std::string& item_type) {
    if (text.starts_with('[')) {
        Result<Json> list = parse_json(text);
        return list && list->is_array() ? std::move(list)
                                        : Result<Json>{wrong_param(name, text, "list")};
    }
    Json list = Json::array();
    std::string_view rest = text;
    while (!rest.empty()) {
        const std::size_t end = std::min(rest.find(','), rest.size());
        ATTACCA_TRY(Json item, scalar_param(name, std::string{rest.substr(0, end)}, item_type));
        list.push(std::move(item));
        rest.remove_prefix(std::min(end + 1, rest.size()));
    }
    return list;
}

// Where each mistake stands; of an error without fields, the one place that it has.
std::vector<std::optional<Position>> places_of(const Error& error, const Located& located,
                                               std::string_view text) {
    std::vector<std::optional<Position>> places;
    for (const FieldError& field : error.fields) {
        const Problem own = problem_of_code(field.code).value_or(error.problem);
        places.push_back(spot_of(field, own, located, text).position);
    }
    if (places.empty()) {
        places.push_back(position_of(located.positions, ""));
    }
    return places;
}

PipelineError wrong_file(std::string path, Error error, std::string text) {
    return {std::move(path), std::move(error), std::move(text)};
}

Json listed_node(const Json::Member& member) {
    Json node = Json::object();
    node.set("id", member.key);
    if (member.value.is_object()) {
        for (const Json::Member& field : member.value.as_object()) {
            if (!field.key.starts_with("x-")) {
                node.set(field.key, field.value);
            }
        }
    }
    return node;
}

// `{a: {…}}` as `[{id: a, …}]`.
Json listed_nodes(const Json& nodes) {
    Json list = Json::array();
    if (nodes.is_object()) {
        for (const Json::Member& member : nodes.as_object()) {
            list.push(listed_node(member));
        }
    }
    return list;
}

}  // namespace

const Json& schema_document() {
    static const Json schema = [] {
        Result<Json> read = parse_json(core::pipeline_schema());
        ATTACCA_CHECK(read);
        return std::move(*read);
    }();
    return schema;
}

std::variant<PipelineFile, PipelineError> load_pipeline(const Context& context,
                                                        const std::string& path) {
    Result<std::string> text = context.env.read_file(path);
    if (!text) {
        return wrong_file(path, text.error(), plain_error(text.error(), context.err_style()));
    }
    PipelineFile file;
    file.path = path;
    file.text = std::move(*text);
    Source source{path, file.text, nullptr, nullptr};
    std::variant<Located, LoadError> parsed = context.env.parse_yaml(file.text);
    if (const auto* wrong = std::get_if<LoadError>(&parsed)) {
        PipelineError error = wrong_file(
            path, wrong->error, syntax_error(*wrong, source, context.err_style()));
        error.places.push_back(wrong->position);
        return error;
    }
    file.located = std::get<Located>(std::move(parsed));
    Result<core::Pipeline> pipeline =
        file.located.document.is_null()
            ? Result<core::Pipeline>{fail(Problem::missing_field,
                                          "the file is empty; attacca init writes one to start "
                                          "from")}
            : core::parse_pipeline(file.located.document);
    if (!pipeline) {
        source.located = &file.located;
        source.schema = &schema_document();
        PipelineError error = wrong_file(
            path, pipeline.error(), source_error(pipeline.error(), source, context.err_style()));
        error.places = places_of(pipeline.error(), file.located, file.text);
        return error;
    }
    file.name = pipeline->name;
    file.description = pipeline->description;
    file.labels = pipeline->labels;
    file.priority = pipeline->priority;
    file.definition = std::make_shared<const core::Definition>(std::move(pipeline->definition));
    return file;
}

Json file_errors(const PipelineError& wrong) {
    std::vector<FieldError> fields = wrong.error.fields;
    if (fields.empty()) {
        fields.push_back({"", "", wrong.error.detail});
    }
    Json errors = Json::array();
    for (std::size_t i = 0; i < fields.size(); ++i) {
        const Problem problem = problem_of_code(fields[i].code).value_or(wrong.error.problem);
        Json entry = Json::object();
        entry.set("code", error_code_of(problem));
        entry.set("pointer", fields[i].pointer);
        entry.set("detail", fields[i].detail.empty() ? wrong.error.detail : fields[i].detail);
        if (i < wrong.places.size() && wrong.places[i]) {
            entry.set("line", static_cast<std::int64_t>(wrong.places[i]->line));
            entry.set("column", static_cast<std::int64_t>(wrong.places[i]->column));
        }
        errors.push(std::move(entry));
    }
    return errors;
}

int refuse_file(const Context& context, const PipelineError& wrong) {
    if (context.is_human()) {
        context.env.write_err(wrong.text);
    } else {
        Json problem = problem_json(wrong.error);
        problem.set("file", wrong.path);
        if (!wrong.places.empty()) {
            problem.set("errors", file_errors(wrong));
        }
        context.env.write_err(problem.text() + "\n");
    }
    return exit_status_of(wrong.error);
}

Json submission_of(const PipelineFile& file, const Json& params, std::string_view priority) {
    Json body = Json::object();
    body.set("name", file.name);
    if (!file.description.empty()) {
        body.set("description", file.description);
    }
    if (file.labels.is_object() && !file.labels.as_object().empty()) {
        body.set("labels", file.labels);
    }
    if (!params.as_object().empty()) {
        body.set("params", params);
    }
    if (!priority.empty()) {
        body.set("priority", priority);
    }
    Json dag = Json::object();
    for (const Json::Member& member : file.located.document.as_object()) {
        static constexpr std::string_view kept[] = {"outputs", "limits", "defaults",
                                                    "env",     "scope",  "params",
                                                    "seal",    "retention"};
        if (member.key == "nodes" || member.key == "finally") {
            dag.set(member.key, listed_nodes(member.value));
        } else if (std::find(std::begin(kept), std::end(kept), member.key) != std::end(kept)) {
            dag.set(member.key, member.value);
        }
    }
    body.set("dag_definition", std::move(dag));
    return body;
}

Result<Json> given_params(const Context& context, const Json& declarations) {
    Json given = Json::object();
    if (const auto path = context.in.value("params")) {
        ATTACCA_TRY(const std::string text, context.env.read_file(*path));
        std::variant<Located, LoadError> parsed = context.env.parse_yaml(text);
        if (const auto* wrong = std::get_if<LoadError>(&parsed)) {
            return fail(wrong->error.problem, *path + ": " + wrong->error.detail);
        }
        const Json& document = std::get<Located>(parsed).document;
        if (!document.is_object()) {
            return fail(Problem::wrong_type, *path + ": parameters are written as `name: value`");
        }
        given = document;
    }
    for (const std::string& word : context.in.values("param")) {
        const std::size_t equals = word.find('=');
        if (equals == std::string::npos || equals == 0) {
            return fail(Problem::usage, "-p needs NAME=VALUE, not \"" + quoted(word) + "\"");
        }
        const std::string name = word.substr(0, equals);
        const Json* declared = declarations.find(name);
        const std::string type = declared == nullptr ? "" : text_member(*declared, "type");
        const std::string text = word.substr(equals + 1);
        ATTACCA_TRY(Json value, type == "list"
                                    ? list_param(name, text, text_member(*declared, "items"))
                                    : scalar_param(name, text, type));
        given.set(name, std::move(value));
    }
    return core::bind_params(declarations, given);
}

}  // namespace attacca::cli
