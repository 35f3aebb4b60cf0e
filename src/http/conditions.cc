// SPDX-License-Identifier: Apache-2.0
#include "http/conditions.h"

#include <algorithm>
#include <utility>

#include "base/bytes.h"
#include "base/digest.h"

namespace attacca::http {
namespace {

std::string_view trimmed(std::string_view text) {
    const std::size_t from = std::min(text.find_first_not_of(" \t"), text.size());
    text.remove_prefix(from);
    return text.substr(0, text.find_last_not_of(" \t") + 1);
}

std::string_view without_weakness(std::string_view tag) {
    return tag.starts_with("W/") ? tag.substr(2) : tag;
}

// `"v17-…"` of this server's.
std::optional<std::uint64_t> version_in(std::string_view tag) {
    constexpr std::string_view begin = "\"v";
    const std::size_t end = tag.find('-');
    if (!tag.starts_with(begin) || !tag.ends_with('"') || end == std::string_view::npos) {
        return std::nullopt;
    }
    return parse_u64(tag.substr(begin.size(), end - begin.size()));
}

// What a URI may hold as it is; the rest is escaped, so that nothing can end the link early.
bool may_stand(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view("-._~%!$&'()*+,;=:@/?").find(c) != std::string_view::npos;
}

void append_uri(std::string& out, std::string_view text) {
    static constexpr std::string_view digits = "0123456789ABCDEF";
    for (const char c : text) {
        if (may_stand(c)) {
            out += c;
        } else {
            const auto byte = static_cast<unsigned char>(c);
            out += {'%', digits[byte / 16], digits[byte % 16]};
        }
    }
}

}  // namespace

std::optional<std::string> list_field(const Request& request, std::string_view name) {
    std::optional<std::string> list;
    for (const Header& field : request.headers) {
        if (field.name == name) {
            list = list ? *list + "," + field.value : field.value;
        }
    }
    return list;
}

std::string version_of_tag(std::uint64_t eseq) {
    return "v" + std::to_string(eseq);
}

std::string tag_of(const Response& response) {
    constexpr std::size_t hash_digits = 32;
    std::string tag = "\"" + response.version + (response.version.empty() ? "" : "-");
    tag += hex(sha256(response.body)).substr(0, hash_digits);
    return tag + "\"";
}

std::optional<engine::Condition> condition_of(const Request& request) {
    engine::Condition condition;
    std::optional<std::string> list = list_field(request, "if-match");
    if (!list) {
        list = list_field(request, "if-none-match");
        condition.wants_match = false;
    }
    if (!list) {
        return std::nullopt;
    }
    std::string_view rest = *list;
    while (!rest.empty()) {
        const std::size_t end = std::min(rest.find(','), rest.size());
        const std::string_view one = trimmed(rest.substr(0, end));
        condition.is_any = condition.is_any || one == "*";
        // That something is not so may be asked weakly, that it is so may not.
        const auto version = version_in(condition.wants_match ? one : without_weakness(one));
        if (version) {
            condition.versions.push_back(*version);
        }
        rest.remove_prefix(std::min(end + 1, rest.size()));
    }
    return condition;
}

std::optional<engine::Condition> condition_on(const Request& request, std::string entity) {
    std::optional<engine::Condition> condition = condition_of(request);
    if (condition) {
        condition->entity = std::move(entity);
    }
    return condition;
}

bool names_tag(std::string_view if_none_match, std::string_view tag) {
    while (!if_none_match.empty()) {
        const std::size_t end = std::min(if_none_match.find(','), if_none_match.size());
        const std::string_view one = trimmed(if_none_match.substr(0, end));
        if (one == "*" || (!one.empty() && without_weakness(one) == without_weakness(tag))) {
            return true;
        }
        if_none_match.remove_prefix(std::min(end + 1, if_none_match.size()));
    }
    return false;
}

std::string next_link(const Request& request,
                      std::string_view parameter,
                      std::string_view value) {
    std::string out = "<";
    append_uri(out, request.path);
    char separator = '?';
    std::string_view rest = request.query;
    while (!rest.empty()) {
        const std::string_view pair = rest.substr(0, rest.find('&'));
        rest.remove_prefix(std::min(rest.size(), pair.size() + 1));
        const std::string_view name = pair.substr(0, pair.find('='));
        if (!pair.empty() && name != "cursor" && name != "offset" && name != parameter) {
            out += separator;
            append_uri(out, pair);
            separator = '&';
        }
    }
    out += separator;
    append_uri(out, parameter);
    out += '=';
    append_uri(out, value);
    return out + ">; rel=\"next\"";
}

}  // namespace attacca::http
