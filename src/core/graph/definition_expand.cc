// SPDX-License-Identifier: Apache-2.0
#include "core/graph/definition_expand.h"

#include <algorithm>
#include <utility>

#include "base/bytes.h"
#include "core/graph/definition.h"
#include "core/graph/reading.h"

namespace attacca::core {
namespace {

constexpr std::string_view group_node_keys[] = {"id",         "type", "description", "needs",
                                                "needs_when", "if",   "group"};
constexpr std::string_view group_keys[] = {"mode", "nodes"};
constexpr std::string_view mode_names[] = {"parallel", "sequential"};

// A node of a list that is an array of nodes or an object from id to node.
std::vector<std::pair<std::string, Input>> nodes_in(const Input& list) {
    std::vector<std::pair<std::string, Input>> nodes;
    if (list.json().is_array()) {
        const Json::Array& elements = list.json().as_array();
        for (std::size_t i = 0; i < elements.size(); ++i) {
            const Json* id = elements[i].find("id");
            nodes.emplace_back(id != nullptr && id->is_string() ? id->as_string() : "",
                               Input(list, i, elements[i]));
        }
    } else if (list.json().is_object()) {
        for (const Json::Member& member : list.json().as_object()) {
            nodes.emplace_back(member.key, Input(list, member.key, member.value));
        }
    }
    return nodes;
}

// What a group hands to the nodes inside it.
struct Scope {
    const Scope* outer = nullptr;
    std::string prefix;                 // of the ids inside
    std::vector<std::string> siblings;  // ids as they were written
    Json::Array needs;                  // of the group, whole ids
    const Json* needs_when = nullptr;
    const Json* condition = nullptr;

    [[nodiscard]] bool has(std::string_view id) const {
        return std::find(siblings.begin(), siblings.end(), id) != siblings.end();
    }
};

std::string condition_text(const Json& value) {
    return value.is_string() ? std::string(bare_expression(value.as_string())) : value.text();
}

class Expander {
  public:
    explicit Expander(Faults& faults) : faults_(faults) {}

    bool expand(const Input& list, Json& out, std::vector<std::string>& places) {
        out = Json::array();
        places_ = &places;
        return expand_list(list, nullptr, out);
    }

  private:
    bool expand_list(const Input& list, const Scope* scope, Json& out) {
        bool is_read = true;
        for (const auto& [id, node] : nodes_in(list)) {
            is_read = !faults_.is_full() && expand_node(id, node, scope, out) && is_read;
        }
        return is_read;
    }

    bool expand_node(const std::string& id, const Input& node, const Scope* scope, Json& out) {
        const auto group = node.member("group");
        if (group && group->json().is_object() && group->json().find("nodes") != nullptr) {
            return expand_group(id, node, *group, scope, out);
        }
        Json copy = node.json();
        if (!copy.is_object()) {
            return check_object(node, faults_);
        }
        if (!all_read({set_id(id, node, scope, copy), resolve_needs(node, scope, copy),
                       replace_matrix(node, copy)})) {
            return false;
        }
        inherit(scope, copy);
        return add(node, std::move(copy), out);
    }

    bool add(const Input& node, Json copy, Json& out) {
        if (places_->size() >= nodes_max) {
            return faults_.add(node, Problem::dag_too_large,
                               "with its groups, the graph has more than " +
                                   std::to_string(nodes_max) + " nodes");
        }
        places_->push_back(node.pointer());
        out.push(std::move(copy));
        return true;
    }

    // What is no id is refused later, by whoever reads ids.
    bool set_id(const std::string& id, const Input& node, const Scope* scope, Json& copy) {
        const Json* own = copy.find("id");
        if (own != nullptr && (!own->is_string() || own->as_string() != id)) {
            return faults_.add(*node.member("id"), Problem::invalid_value,
                               "the id is already given by the key `" + quoted(id) + "`");
        }
        if (!id.empty()) {
            copy.set("id", (scope == nullptr ? "" : scope->prefix) + id);
        }
        return true;
    }

    // The nearest group that has the id wins; what no group has is an id of the whole graph.
    static std::string whole_id(const std::string& id, const Scope* scope) {
        for (; scope != nullptr; scope = scope->outer) {
            if (scope->has(id)) {
                return scope->prefix + id;
            }
        }
        return id;
    }

    bool resolve_needs(const Input& node, const Scope* scope, Json& copy) {
        const auto needs = node.member("needs");
        if (!needs || scope == nullptr) {
            return true;
        }
        if (!check_array(*needs, faults_)) {
            return false;
        }
        Json whole = Json::array();
        for (const Json& need : needs->json().as_array()) {
            whole.push(need.is_string() ? Json(whole_id(need.as_string(), scope)) : need);
        }
        copy.set("needs", std::move(whole));
        return true;
    }

    // Nodes that need none of their siblings come first, so the group's needs are theirs. The
    // group's `if` is asked for every node: a skipped one would not hold up those behind it.
    static void inherit(const Scope* scope, Json& copy) {
        if (scope == nullptr) {
            return;
        }
        const Json* own = copy.find("needs");
        Json needs = own == nullptr ? Json::array() : *own;
        const bool has_sibling =
            std::any_of(needs.as_array().begin(), needs.as_array().end(), [&](const Json& need) {
                return need.is_string() && need.as_string().starts_with(scope->prefix) &&
                       scope->has(std::string_view(need.as_string())
                                      .substr(scope->prefix.size()));
            });
        if (!has_sibling && !scope->needs.empty()) {
            for (const Json& need : scope->needs) {
                needs.push(need);
            }
            copy.set("needs", std::move(needs));
            if (scope->needs_when != nullptr && copy.find("needs_when") == nullptr) {
                copy.set("needs_when", *scope->needs_when);
            }
        }
        if (scope->condition != nullptr) {
            const Json* inner = copy.find("if");
            std::string both = condition_text(*scope->condition);
            if (inner != nullptr) {
                both = "(" + both + ") && (" + condition_text(*inner) + ")";
            }
            copy.set("if", std::move(both));
        }
    }

    bool read_mode(const Input& node, const Input& group, bool& is_sequential) {
        const auto mode = group.member("mode");
        const auto type = node.member("type");
        std::size_t choice = 0;
        if (mode && !read_choice(*mode, mode_names, choice, faults_)) {
            return false;
        }
        const bool is_typed = type && type->json() == Json("sequential_group");
        if (mode && is_typed && choice == 0) {
            return faults_.add(*mode, Problem::invalid_value, "the type says `sequential`");
        }
        is_sequential = is_typed || choice == 1;
        return true;
    }

    bool expand_group(const std::string& id, const Input& node, const Input& group,
                      const Scope* outer, Json& out) {
        bool is_sequential = false;
        if (!all_read({check_keys(node, {group_node_keys}, faults_),
                       check_keys(group, {group_keys}, faults_),
                       read_mode(node, group, is_sequential)})) {
            return false;
        }
        const auto list = group.member("nodes");
        if (!list->json().is_array() && !list->json().is_object()) {
            return faults_.add(*list, Problem::wrong_type,
                               "expected an array of nodes, or an object from id to node");
        }
        // The group as if it were a node of its own: what its nodes take over.
        Json whole = node.json();
        if (!set_id(id, node, outer, whole) || !resolve_needs(node, outer, whole)) {
            return false;
        }
        inherit(outer, whole);
        Scope scope;
        scope.outer = outer;
        const Json* whole_id = whole.find("id");
        scope.prefix = (whole_id == nullptr ? id : whole_id->as_string()) + "_";
        const Json* needs = whole.find("needs");
        scope.needs = needs != nullptr && needs->is_array() ? needs->as_array() : Json::Array{};
        scope.needs_when = whole.find("needs_when");
        scope.condition = whole.find("if");
        return expand_inside(node, *list, scope, whole, is_sequential, out);
    }

    bool expand_inside(const Input& node, const Input& list, Scope& scope, const Json& whole,
                       bool is_sequential, Json& out) {
        const auto nodes = nodes_in(list);
        if (nodes.empty()) {
            return faults_.add(list, Problem::dag_empty, "the group has no nodes");
        }
        Json members = Json::array();
        for (const auto& [id, inside] : nodes) {
            scope.siblings.push_back(id);
            members.push(scope.prefix + id);
        }
        std::string before;
        bool is_read = true;
        for (const auto& [id, inside] : nodes) {
            Json copy = inside.json();
            if (is_sequential && !before.empty() && copy.is_object()) {
                const Json* own = copy.find("needs");
                Json needs = own != nullptr && own->is_array() ? *own : Json::array();
                needs.push(before);
                copy.set("needs", std::move(needs));
            }
            before = id;
            // The copy stands where the node was written.
            const std::string place = inside.pointer();
            is_read = !faults_.is_full() && expand_node(id, Input(copy, place), &scope, out) &&
                      is_read;
        }
        if (!is_read) {
            return false;
        }
        Json join = Json::object();
        join.set("id", *whole.find("id"));
        if (const Json* description = whole.find("description")) {
            join.set("description", *description);
        }
        join.set("group", Json::object());
        join.set("needs", std::move(members));
        return add(node, std::move(join), out);
    }

    bool replace_matrix(const Input& node, Json& copy) {
        const auto matrix = node.member("matrix");
        if (!matrix) {
            return true;
        }
        if (const auto map = node.member("map")) {
            return faults_.add(*map, Problem::invalid_value,
                               "the node has both `matrix` and `map`");
        }
        Json map;
        if (!map_of_matrix(*matrix, map, faults_)) {
            return false;
        }
        std::erase_if(copy.as_object(),
                      [](const Json::Member& member) { return member.key == "matrix"; });
        copy.set("map", std::move(map));
        return true;
    }

    Faults& faults_;
    std::vector<std::string>* places_ = nullptr;
};

bool needs_expansion(const Input& list) {
    for (const auto& [id, node] : nodes_in(list)) {
        const Json* group = node.json().find("group");
        if (node.json().find("matrix") != nullptr ||
            (group != nullptr && group->find("nodes") != nullptr)) {
            return true;
        }
    }
    return false;
}

}  // namespace

std::string ExpandedDefinition::written_place(std::string_view base,
                                              std::string_view pointer) const {
    if (!pointer.starts_with(base)) {
        return std::string(pointer);
    }
    const std::string_view rest = pointer.substr(base.size());
    for (const auto& [list, places] : {std::pair(std::string_view("/nodes/"), &main_places),
                                       std::pair(std::string_view("/finally/"), &finally_places)}) {
        if (!rest.starts_with(list) || places->empty()) {
            continue;
        }
        const std::string_view tail = rest.substr(list.size());
        const std::size_t slash = std::min(tail.find('/'), tail.size());
        const auto index = parse_u64(tail.substr(0, slash));
        if (index && *index < places->size()) {
            return (*places)[*index] + std::string(tail.substr(slash));
        }
    }
    return std::string(pointer);
}

std::optional<ExpandedDefinition> expand_definition(const Input& definition, Faults& faults) {
    const auto nodes = definition.member("nodes");
    const auto finally_nodes = definition.member("finally");
    const bool is_main = nodes && needs_expansion(*nodes);
    const bool is_finally = finally_nodes && needs_expansion(*finally_nodes);
    if (!is_main && !is_finally) {
        return std::nullopt;
    }
    ExpandedDefinition out;
    out.json = definition.json();
    Expander expander(faults);
    Json list;
    bool is_read = true;
    if (is_main) {
        is_read = expander.expand(*nodes, list, out.main_places);
        out.json.set("nodes", std::move(list));
    }
    if (is_finally) {
        is_read = expander.expand(*finally_nodes, list, out.finally_places) && is_read;
        out.json.set("finally", std::move(list));
    }
    return is_read ? std::optional(std::move(out)) : std::nullopt;
}

}  // namespace attacca::core
