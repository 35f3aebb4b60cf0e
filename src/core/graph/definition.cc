// SPDX-License-Identifier: Apache-2.0
#include "core/graph/definition.h"

#include <algorithm>
#include <utility>

#include "base/digest.h"
#include "core/graph/artifact_name.h"
#include "core/graph/definition_body.h"
#include "core/graph/definition_expand.h"
#include "core/graph/definition_graph.h"
#include "core/graph/definition_parts.h"
#include "core/graph/definition_read.h"
#include "core/graph/definition_uses.h"
#include "core/graph/params.h"
#include "core/graph/priority.h"
#include "core/graph/task_kinds.h"
#include "core/retention/pruning.h"

namespace attacca::core {
namespace {

constexpr std::string_view request_keys[] = {"nodes",  "edges",    "finally", "outputs",
                                             "limits", "params",   "defaults", "env",
                                             "scope",  "seal",     "retention"};
constexpr std::string_view file_keys[] = {
    "attacca", "name",   "description", "labels",   "nodes", "finally", "outputs",  "limits",
    "params",  "defaults", "env",       "scope",    "seal",  "triggers", "retention"};
constexpr std::string_view request_later_keys[] = {"triggers", "secrets"};
constexpr std::string_view file_later_keys[] = {"secrets"};
constexpr std::string_view limits_keys[] = {"timeout", "parallel", "priority",
                                            "concurrency_key"};
constexpr std::string_view defaults_keys[] = {"timeout", "retry", "env"};
constexpr std::string_view defaults_later_keys[] = {"runner"};
constexpr std::string_view scope_keys[] = {"include", "exclude"};

// What a stored body nests deeper than the request that it came from: nothing, but be generous.
constexpr std::size_t stored_depth_max = json_depth_max + 8;

constexpr std::size_t found_body_bytes_max = std::size_t{32} << 20;

class DefinitionReader {
  public:
    DefinitionReader(const Input& input, DefinitionForm form, const FindWorkflow& find)
        : input_(input), form_(form) {
        reading_.find = &find;
        reading_.is_stored = form == DefinitionForm::stored;
    }

    bool read() {
        const Keys keys = form_ == DefinitionForm::file ? Keys{file_keys, file_later_keys}
                                                        : Keys{request_keys, request_later_keys};
        const bool has_keys = check_keys(input_, keys, faults());
        // A key that is not known may have been meant to be `nodes`.
        if ((!has_keys && !input_.member("nodes")) || !lists_.open(input_, faults())) {
            return false;
        }
        const bool has_head = all_read({has_keys, read_seal(), read_retention(), read_params(),
                                        read_scope(), read_limits(), read_defaults()});
        // Edges are between ids; which node may read which is clear when all else is.
        const bool has_ids = read_ids();
        return all_read({has_head, has_ids, read_nodes() && check_artifact_names(),
                         has_ids && graph_.connect(input_.member("edges")),
                         read_job_outputs()}) &&
               check_uses(definition_, reading_.uses, graph_, faults()) &&
               gather_task_kinds(lists_, form_ != DefinitionForm::stored, definition_, faults()) &&
               write_body();
    }

    Definition take(std::string_view stored_body) {
        if (form_ == DefinitionForm::stored) {
            definition_.body = std::string(stored_body);
        }
        definition_.digest = sha256(definition_.body);
        definition_.is_open = reading_.is_open;
        return std::move(definition_);
    }

    Faults& faults() { return reading_.faults; }

  private:
    bool read_seal() {
        const auto seal = input_.member("seal");
        return !seal || read_bool(*seal, definition_.is_sealed, faults());
    }

    bool read_retention() {
        const auto retention = input_.member("retention");
        if (!retention) {
            return true;
        }
        if (!read_text(*retention, definition_.retention, faults())) {
            return false;
        }
        const auto parsed = parse_retention(definition_.retention);
        return parsed || faults().add(*retention, parsed.error().problem, parsed.error().detail);
    }

    bool read_params() {
        definition_.params = Json::object();
        const auto params = input_.member("params");
        if (form_ == DefinitionForm::file) {
            reading_.params.emplace();
        }
        if (!params) {
            return true;
        }
        reading_.params.emplace();
        if (!check_params(*params, *reading_.params, faults())) {
            reading_.params.reset();
            return false;
        }
        definition_.params = params->json();
        return true;
    }

    bool read_scope_list(const Input& scope, std::string_view key, std::vector<std::string>& out) {
        const auto list = scope.member(key);
        if (!list) {
            return true;
        }
        if (!check_array(*list, faults())) {
            return false;
        }
        const Json::Array& elements = list->json().as_array();
        if (elements.size() > scope_entries_max) {
            return faults().add(*list, Problem::out_of_range,
                                "a scope has at most 1000 entries in a list");
        }
        bool is_read = true;
        for (std::size_t i = 0; i < elements.size(); ++i) {
            const Input element(*list, i, elements[i]);
            std::string text;
            if (!read_text(element, text, faults())) {
                is_read = false;
                continue;
            }
            const auto entry = parse_scope_entry(text);
            if (entry) {
                out.push_back(entry->text());
            } else {
                is_read = faults().add(element, entry.error().problem, entry.error().detail);
            }
        }
        std::sort(out.begin(), out.end());
        out.erase(std::unique(out.begin(), out.end()), out.end());
        return is_read;
    }

    bool read_scope() {
        const auto scope = input_.member("scope");
        if (!scope) {
            return true;
        }
        ScopeDef& out = definition_.scope.emplace();
        reading_.is_scope_refused = true;
        if (!all_read({check_keys(*scope, {scope_keys}, faults()),
                       read_scope_list(*scope, "include", out.include),
                       read_scope_list(*scope, "exclude", out.exclude)})) {
            return false;
        }
        auto parsed = Scope::parse(out);
        if (!parsed) {
            return faults().add(*scope, parsed.error().problem, parsed.error().detail);
        }
        reading_.is_scope_refused = false;
        reading_.scope = std::move(*parsed);
        return true;
    }

    // It is known before there is the job, so it sees no more than the parameters.
    bool read_concurrency_key(const std::optional<Input>& key) {
        constexpr Sight sight{.sees_nodes = false, .sees_env = false};
        return !key || read_exclusion(*key, sight, definition_.concurrency_key.emplace(), reading_);
    }

    bool read_limits() {
        constexpr Range parallel_range{1, 100000};
        const auto limits = input_.member("limits");
        if (!limits) {
            return true;
        }
        const auto timeout = limits->member("timeout");
        const auto parallel = limits->member("parallel");
        const auto priority = limits->member("priority");
        std::int64_t count = definition_.parallel;
        const bool is_read =
            all_read({check_keys(*limits, {limits_keys}, faults()),
                      !timeout || read_duration(*timeout, definition_.timeout, faults()),
                      !parallel || read_integer(*parallel, parallel_range, count, faults()),
                      read_concurrency_key(limits->member("concurrency_key")),
                      !priority || read_priority(*priority)});
        definition_.parallel = static_cast<std::uint32_t>(count);
        return is_read;
    }

    bool read_priority(const Input& value) {
        const auto parsed = parse_priority(value.json());
        if (!parsed) {
            return faults().add(value, parsed.error().problem, parsed.error().detail);
        }
        definition_.priority = *parsed;
        return true;
    }

    bool read_env(const std::optional<Input>& env, Environment& out) {
        // Nodes of all places share these values, so they cannot read any of them.
        constexpr Sight sight{.sees_nodes = false, .sees_env = false};
        return !env || read_environment(*env, sight, out, reading_);
    }

    bool read_defaults() {
        Environment job_env;
        Environment inner_env;
        bool is_read = read_env(input_.member("env"), job_env);
        const auto defaults = input_.member("defaults");
        if (defaults) {
            const auto timeout = defaults->member("timeout");
            const auto retry = defaults->member("retry");
            Duration length;
            is_read =
                all_read({is_read,
                          check_keys(*defaults, {defaults_keys, defaults_later_keys}, faults()),
                          !timeout || read_duration(*timeout, length, faults()),
                          !retry || read_retry(*retry, defaults_.retry.emplace(), faults()),
                          read_env(defaults->member("env"), inner_env)});
            defaults_.timeout = timeout ? std::optional(length) : std::nullopt;
        }
        std::set_union(inner_env.begin(), inner_env.end(), job_env.begin(), job_env.end(),
                       std::back_inserter(defaults_.env),
                       [](const auto& a, const auto& b) { return a.first < b.first; });
        return is_read;
    }

    bool read_ids() {
        definition_.main_count = lists_.main_count();
        definition_.nodes.resize(lists_.size());
        bool is_read = true;
        for (NodeIndex i = 0; i < lists_.size() && !faults().is_full(); ++i) {
            definition_.nodes[i].is_finally = i >= definition_.main_count;
            is_read = lists_.read_id(i, definition_.nodes[i].id, faults()) && is_read;
        }
        return is_read && !faults().is_full() && graph_.index_ids();
    }

    bool read_nodes() {
        bool is_read = true;
        for (NodeIndex i = 0; i < lists_.size() && !faults().is_full(); ++i) {
            reading_.user = i;
            is_read =
                read_node(lists_.at(i), defaults_, definition_.nodes[i], reading_) && is_read;
        }
        reading_.user = no_index;
        return is_read && !faults().is_full();
    }

    // Workflows within workflows could grow without end; what was given is limited already.
    bool write_body() {
        if (form_ == DefinitionForm::stored) {
            return true;
        }
        definition_.body = body_of({definition_, defaults_, lists_, input_});
        return !reading_.has_found ||
               (definition_.body.size() <= found_body_bytes_max &&
                parse_json(definition_.body, stored_depth_max).has_value()) ||
               faults().add(input_, Problem::out_of_range,
                            "with the workflows that it names the definition is longer than 32 "
                            "MiB or nested too deeply");
    }

    // What is stored was checked by the rules of its day, and stays readable.
    bool check_artifact_names() {
        bool is_read = true;
        for (NodeIndex i = 0; i < lists_.size() && form_ != DefinitionForm::stored; ++i) {
            const std::vector<std::string>& names = definition_.nodes[i].artifacts;
            for (std::size_t n = 0; n < names.size(); ++n) {
                const Result<void> named = check_artifact_name(names[n]);
                if (!named) {
                    const Input node = lists_.at(i);
                    const Input list = *node.member("artifacts");
                    is_read = faults().add(Input(list, n, list.json().as_array()[n]),
                                           named.error().problem, named.error().detail);
                }
            }
        }
        return is_read;
    }

    bool read_job_outputs() {
        constexpr Sight sight{.sees_env = false};
        const auto outputs = input_.member("outputs");
        if (!outputs) {
            return true;
        }
        if (!check_object(*outputs, faults())) {
            return false;
        }
        bool is_read = true;
        for (const Json::Member& member : outputs->json().as_object()) {
            const Input value(*outputs, member.key, member.value);
            Template text;
            is_read = (is_id(member.key) ||
                       faults().add(value, Problem::invalid_value,
                                    "`" + quoted(member.key) + "` cannot name an output")) &&
                      read_template(value, sight, text, reading_) && is_read;
            definition_.outputs.emplace_back(member.key, std::move(text));
        }
        std::sort(definition_.outputs.begin(), definition_.outputs.end(),
                  [](const auto& a, const auto& b) { return a.first < b.first; });
        return is_read;
    }

    const Input& input_;
    DefinitionForm form_;
    Reading reading_;
    Definition definition_;
    Defaults defaults_;
    NodeLists lists_;
    GraphBuilder graph_{lists_, definition_, reading_.faults};
};

Result<Definition> read(const Input& input, DefinitionForm form, const FindWorkflow& find,
                        std::string_view stored_body = {}) {
    DefinitionReader reader(input, form, find);
    if (!reader.read()) {
        return reader.faults().take();
    }
    return reader.take(stored_body);
}

// What was written in a short way is read as what it means, and faults are told where they stand.
Result<Definition> read_written(const Input& input, DefinitionForm form,
                                const FindWorkflow& find) {
    Faults faults;
    const std::optional<ExpandedDefinition> expanded = expand_definition(input, faults);
    if (faults.has_any()) {
        return faults.take();
    }
    if (!expanded) {
        return read(input, form, find);
    }
    const std::string base = input.pointer();
    Result<Definition> definition = read(Input(expanded->json, base), form, find);
    if (definition) {
        return definition;
    }
    Error error = definition.error();
    for (FieldError& field : error.fields) {
        field.pointer = expanded->written_place(base, field.pointer);
    }
    return error;
}

}  // namespace

Result<Definition> read_definition(const Json& json, std::string_view pointer,
                                   DefinitionForm form, const FindWorkflow& find) {
    return read_written(Input(json, pointer), form, find);
}

Result<Definition> parse_definition(const Json& json, std::string_view pointer,
                                    const FindWorkflow& find) {
    return read_written(Input(json, pointer), DefinitionForm::request, find);
}

Result<Definition> load_definition(std::string_view body) {
    const auto corrupt = [](const Error& error) {
        return fail(Problem::corrupt, "a stored definition cannot be read: " + error.text());
    };
    const auto json = parse_json(body, stored_depth_max);
    if (!json) {
        return corrupt(json.error());
    }
    auto definition = read(Input(*json, ""), DefinitionForm::stored, {}, body);
    if (!definition) {
        return corrupt(definition.error());
    }
    return definition;
}

}  // namespace attacca::core
