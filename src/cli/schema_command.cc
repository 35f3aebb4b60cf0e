// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "cli/commands.h"
#include "cli/diagnostic.h"
#include "cli/pipeline_file.h"
#include "cli/pointer.h"

// schema.

namespace attacca::cli {
namespace {

constexpr std::size_t meaning_width_min = 24;

struct FieldRow {
    std::string field;
    std::string type;
    std::string meaning;
};

std::string type_of(const Json& known) {
    std::string type;
    if (const Json* choices = known.find("enum")) {
        for (const Json& choice : choices->is_array() ? choices->as_array() : Json::Array{}) {
            type += (type.empty() ? "" : " | ") +
                    (choice.is_string() ? choice.as_string() : choice.text());
        }
    } else if (const Json* named = known.find("type")) {
        const bool is_list = named->is_array();
        for (const Json& one : is_list ? named->as_array() : Json::Array{*named}) {
            type += (type.empty() ? "" : " | ") + (one.is_string() ? one.as_string() : one.text());
        }
    } else if (const Json* ways = known.find("anyOf"); ways != nullptr && ways->is_array()) {
        for (const Json& way : ways->as_array()) {
            const std::string one = type_of(way);
            type += (type.empty() || one.empty() ? "" : " | ") + one;
        }
    } else if (known.find("const") != nullptr) {
        type = known.find("const")->text();
    }
    return type;
}

// `own` is what the object says of its field; `known` is what its reference leads to.
FieldRow row_of(const std::string& field, const Json& own, const Json& known) {
    // What stands beside a reference is about this field; what it leads to, about its kind.
    const auto own_or_known = [&](std::string_view key) {
        const Json* found = own.find(key);
        return found == nullptr ? known.find(key) : found;
    };
    std::string meaning;
    if (const Json* described = own_or_known("description")) {
        meaning = described->is_string() ? described->as_string() : "";
    }
    if (const Json* fallback = own_or_known("default")) {
        meaning += (meaning.empty() ? "default " : "; default ") + fallback->text();
    }
    return {field, type_of(known), std::move(meaning)};
}

// Three columns within `width`; where the last would be too narrow, it stands below the others.
std::string rows_text(const std::vector<FieldRow>& rows, std::size_t width, bool has_header) {
    constexpr std::size_t type_width_max = 22;
    std::size_t field_width = 5;
    std::size_t type_width = 4;
    for (const FieldRow& row : rows) {
        field_width = std::max(field_width, width_of(row.field));
        type_width = std::max(type_width, std::min(width_of(row.type), type_width_max));
    }
    const std::size_t left = field_width + 2 + type_width + 2;
    const bool is_narrow = width < left + meaning_width_min;
    const std::size_t indent = is_narrow ? 4 : left;
    const std::size_t room = std::max(width, indent + meaning_width_min) - indent;
    std::string out;
    if (has_header) {
        out = padded("FIELD", field_width) + "  " +
              (is_narrow ? "TYPE" : padded("TYPE", type_width) + "  MEANING") + "\n";
    }
    for (const FieldRow& row : rows) {
        const std::vector<std::string> types = wrapped(row.type, type_width);
        const std::vector<std::string> meanings = wrapped(row.meaning, room);
        const std::size_t beside = is_narrow ? 0 : meanings.size();
        for (std::size_t i = 0; i < std::max<std::size_t>({1, types.size(), beside}); ++i) {
            std::string line = padded(i == 0 ? row.field : "", field_width) + "  " +
                               padded(i < types.size() ? types[i] : "", type_width) + "  " +
                               (i < beside ? meanings[i] : "");
            line.erase(line.find_last_not_of(' ') + 1);
            out += line + "\n";
        }
        for (std::size_t i = beside; i < meanings.size(); ++i) {
            out += std::string(indent, ' ') + meanings[i] + "\n";
        }
    }
    return out;
}

// A part of the schema as people read it: its fields, or itself when it has none.
std::vector<FieldRow> rows_of(const Json& schema, const Json& part, const std::string& pointer) {
    std::vector<FieldRow> rows;
    const Json* properties = part.find("properties");
    if (properties != nullptr && properties->is_object()) {
        for (const Json::Member& member : properties->as_object()) {
            const Json* field = schema_at(schema, pointer_child(pointer, member.key));
            rows.push_back(row_of(member.key, member.value,
                                  field == nullptr ? member.value : *field));
        }
    }
    return rows;
}

// `nodes.retry` as `nodes.x.retry`: a word that is a field of nodes is hardly the name of one.
std::string with_node(const Json& schema, const std::string& path) {
    for (const char* root : {"nodes", "finally"}) {
        const std::string start = std::string{root} + ".";
        if (!path.starts_with(start)) {
            continue;
        }
        const std::string rest = path.substr(start.size());
        const std::string first = rest.substr(0, rest.find('.'));
        const Json* node = schema_at(schema, pointer_child("/" + std::string{root}, "x"));
        const Json* fields = node == nullptr ? nullptr : node->find("properties");
        if (fields != nullptr && fields->find(first) != nullptr) {
            return start + "x." + rest;
        }
    }
    return path;
}

}  // namespace

int schema_command(Context& context) {
    const Json& schema = schema_document();
    const std::string given = context.in.argument(0);
    if (given.empty()) {
        context.out((context.output() == Output::jsonl ? schema.text() : schema.pretty_text()) +
                    "\n");
        return 0;
    }
    const std::string path = with_node(schema, given);
    if (path != given) {
        context.note("read as " + printable(path) + "\n");
    }
    std::string pointer;
    std::string_view rest = path;
    while (!rest.empty()) {
        const std::size_t end = std::min(rest.find('.'), rest.size());
        pointer = pointer_child(pointer, rest.substr(0, end));
        rest.remove_prefix(std::min(end + 1, rest.size()));
    }
    const Json* part = schema_at(schema, pointer);
    if (part == nullptr) {
        return context.refuse(
            fail(Problem::not_found, "the schema has no path \"" + quoted(path) + "\""));
    }
    if (!context.is_human()) {
        context.answer(*part);
        return 0;
    }
    const std::vector<FieldRow> rows = rows_of(schema, *part, pointer);
    context.out(rows.empty() ? part->pretty_text() + "\n"
                             : rows_text(rows, context.env.terminal().width,
                                         !context.in.has("no-headers")));
    return 0;
}

}  // namespace attacca::cli
