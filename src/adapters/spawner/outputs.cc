// SPDX-License-Identifier: Apache-2.0
#include "adapters/spawner/outputs.h"

#include <algorithm>
#include <utility>

#include "base/bytes.h"

namespace attacca::spawner {
namespace {

// An output stands inside the object of all outputs, and that inside an expression's context.
constexpr std::size_t output_depth_max = json_depth_max - 4;
constexpr std::size_t key_bytes_max = 63;

Error of_output(const std::string& name, Error error) {
    error.detail = "output " + quoted(name) + ": " + error.detail;
    return error;
}

Result<void> check_text(std::string_view bytes) {
    if (!is_utf8(bytes)) {
        return fail(Problem::invalid_value, "the text is not valid UTF-8");
    }
    return {};
}

// Calls `use(line)` until it fails; the newline at the very end begins no line.
template <typename Use>
Result<void> each_line(std::string_view bytes, Use use) {
    while (!bytes.empty()) {
        const std::size_t size = std::min(bytes.find('\n'), bytes.size());
        if (Result<void> used = use(bytes.substr(0, size)); !used) {
            return used;
        }
        bytes.remove_prefix(std::min(bytes.size(), size + 1));
    }
    return {};
}

Result<Json> read_lines(std::string_view bytes) {
    if (Result<void> checked = check_text(bytes); !checked) {
        return checked.error();
    }
    Json lines = Json::array();
    const Result<void> done = each_line(bytes, [&lines](std::string_view line) -> Result<void> {
        lines.push(Json(line));
        return {};
    });
    ATTACCA_CHECK(done.has_value());
    return lines;
}

Result<Json> read_json_lines(std::string_view bytes) {
    Json documents = Json::array();
    const Result<void> done = each_line(bytes, [&](std::string_view line) -> Result<void> {
        if (line.find_first_not_of(" \t\r") == std::string_view::npos) {
            return {};
        }
        Result<Json> document = parse_json(line, output_depth_max);
        if (!document) {
            return document.error();
        }
        documents.push(std::move(*document));
        return {};
    });
    if (!done) {
        return done.error();
    }
    return documents;
}

Result<Json> read_text(std::string_view bytes) {
    if (Result<void> checked = check_text(bytes); !checked) {
        return checked.error();
    }
    if (bytes.ends_with('\n')) {
        bytes.remove_suffix(1);
    }
    return Json(bytes);
}

Result<Json> read_format(core::OutputFormat format, std::string_view bytes) {
    switch (format) {
        case core::OutputFormat::text:
            return read_text(bytes);
        case core::OutputFormat::lines:
            return read_lines(bytes);
        case core::OutputFormat::json:
            return parse_json(bytes, output_depth_max);
        case core::OutputFormat::jsonl:
            return read_json_lines(bytes);
    }
    ATTACCA_CHECK(false);
}

bool is_key(std::string_view key) {
    const auto is_letter = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
    };
    return !key.empty() && key.size() <= key_bytes_max && is_letter(key.front()) &&
           std::all_of(key.begin(), key.end(), [&](char c) {
               return is_letter(c) || (c >= '0' && c <= '9') || c == '-';
           });
}

Result<void> add_object(std::string_view text, Json& outputs) {
    Result<Json> parsed = parse_json(text, output_depth_max);
    if (!parsed) {
        return parsed.error();
    }
    if (!parsed->is_object()) {
        return fail(Problem::invalid_value, "it is not a JSON object");
    }
    for (Json::Member& member : parsed->as_object()) {
        if (!is_key(member.key)) {
            return fail(Problem::invalid_value, quoted(member.key) + " is no name of an output");
        }
        outputs.set(member.key, std::move(member.value));
    }
    return {};
}

Result<void> add_line(std::string_view line, Json& outputs) {
    if (line.ends_with('\r')) {
        line.remove_suffix(1);
    }
    if (line.empty()) {
        return {};
    }
    if (line.front() == '{') {
        return add_object(line, outputs);
    }
    const std::size_t equals = line.find('=');
    const std::string_view key = line.substr(0, equals);
    if (equals == std::string_view::npos || !is_key(key)) {
        return fail(Problem::invalid_value, quoted(line) + " is not key=value");
    }
    const std::string_view value = line.substr(equals + 1);
    if (Result<void> checked = check_text(value); !checked) {
        return checked;
    }
    outputs.set(key, Json(value));
    return {};
}

}  // namespace

Result<Json> read_output(const core::OutputDef& definition, std::string_view bytes) {
    if (definition.max_bytes < 0 ||
        bytes.size() > static_cast<std::size_t>(definition.max_bytes)) {
        return of_output(definition.name,
                         fail(Problem::invalid_value,
                              "it is larger than " + std::to_string(definition.max_bytes) +
                                  " bytes"));
    }
    Result<Json> value = read_format(definition.format, bytes);
    if (!value) {
        return of_output(definition.name, value.error());
    }
    return value;
}

Result<void> read_output_file(std::string_view bytes, Json& outputs) {
    // An object may span lines; if the whole is not one, each line stands for itself.
    if (bytes.starts_with('{') && add_object(bytes, outputs)) {
        return {};
    }
    std::size_t number = 0;
    return each_line(bytes, [&](std::string_view line) -> Result<void> {
        ++number;
        Result<void> added = add_line(line, outputs);
        if (!added) {
            return fail(added.error().problem, "$ATTACCA_OUTPUT, line " + std::to_string(number) +
                                                   ": " + added.error().detail);
        }
        return added;
    });
}

}  // namespace attacca::spawner
