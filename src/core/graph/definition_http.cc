// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <utility>

#include "core/graph/definition_parts.h"
#include "core/graph/node_extras.h"

namespace attacca::core {
namespace {

constexpr std::string_view methods[] = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"};

bool is_header_name(std::string_view text) {
    return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               c == '-' || c == '_';
    });
}

// A scheme that is an expression is judged when it has a value.
bool read_url(const Input& object, Sight sight, Template& out, Reading& reading) {
    const auto url = object.member("url");
    if (!url) {
        return reading.faults.add(object, Problem::missing_field, "`url` is missing");
    }
    std::string text;
    if (!read_text(*url, text, reading.faults) || !read_template(*url, sight, out, reading)) {
        return false;
    }
    return text.starts_with("http://") || text.starts_with("https://") ||
           text.starts_with("${{") ||
           reading.faults.add(*url, Problem::invalid_value,
                              "a request goes to an address of http or https");
}

bool read_headers(const Input& object, Sight sight, HttpDef& out, Reading& reading) {
    constexpr std::size_t headers_max = 100;
    if (!check_object(object, reading.faults)) {
        return false;
    }
    if (object.json().as_object().size() > headers_max) {
        return reading.faults.add(object, Problem::out_of_range, "there are more than 100 headers");
    }
    bool is_read = true;
    for (const Json::Member& member : object.json().as_object()) {
        const Input value(object, member.key, member.value);
        Template text;
        is_read = (is_header_name(member.key) ||
                   reading.faults.add(value, Problem::invalid_value,
                                      "`" + quoted(member.key) + "` cannot name a header")) &&
                  read_template(value, sight, text, reading) && is_read;
        out.headers.emplace_back(member.key, std::move(text));
    }
    std::sort(out.headers.begin(), out.headers.end(),
              [](const auto& a, const auto& b) { return a.first < b.first; });
    return is_read;
}

bool read_expect(const Input& object, HttpDef& out, Faults& faults) {
    constexpr std::string_view expect_keys[] = {"status"};
    constexpr Range status_range{100, 599};
    if (!check_keys(object, {expect_keys}, faults)) {
        return false;
    }
    const auto status = object.member("status");
    if (!status) {
        return true;
    }
    const bool is_list = status->json().is_array();
    const std::size_t count = is_list ? status->json().as_array().size() : 1;
    for (std::size_t i = 0; i < count; ++i) {
        std::int64_t value = 0;
        const bool is_read =
            is_list ? read_integer(Input(*status, i, status->json().as_array()[i]), status_range,
                                   value, faults)
                    : read_integer(*status, status_range, value, faults);
        if (!is_read) {
            return false;
        }
        out.statuses.push_back(value);
    }
    std::sort(out.statuses.begin(), out.statuses.end());
    return true;
}

}  // namespace

bool read_http(const Input& node, Sight sight, HttpDef& out, Reading& reading) {
    constexpr std::string_view http_keys[] = {"method", "url", "headers", "body", "expect"};
    const auto object = node.member("http");
    if (!object) {
        return reading.faults.add(node, Problem::missing_field, "a node of type http needs `http`");
    }
    const bool has_keys = check_keys(*object, {http_keys}, reading.faults);
    const auto method = object->member("method");
    const auto headers = object->member("headers");
    const auto body = object->member("body");
    const auto expect = object->member("expect");
    std::size_t choice = 0;
    if (!all_read({has_keys, !method || read_choice(*method, methods, choice, reading.faults),
                   read_url(*object, sight, out.url, reading),
                   !headers || read_headers(*headers, sight, out, reading),
                   !body || check_templates(*body, sight, reading),
                   !expect || read_expect(*expect, out, reading.faults)})) {
        return false;
    }
    out.method = methods[choice];
    if (body) {
        out.body = body->json();
    }
    return true;
}

bool read_notify(const Input& node, Sight sight, NotifyDef& out, Reading& reading) {
    constexpr std::string_view notify_keys[] = {"channel", "url", "text"};
    constexpr std::string_view channels[] = {"webhook", "slack"};
    Faults& faults = reading.faults;
    const auto object = node.member("notify");
    if (!object) {
        return faults.add(node, Problem::missing_field, "a node of type notify needs `notify`");
    }
    const bool has_keys = check_keys(*object, {notify_keys}, faults);
    const auto channel = object->member("channel");
    const auto text = object->member("text");
    std::size_t choice = 0;
    const bool is_read =
        all_read({has_keys, !channel || read_choice(*channel, channels, choice, faults),
                  read_url(*object, sight, out.url, reading),
                  text ? read_template(*text, sight, out.text, reading)
                       : faults.add(*object, Problem::missing_field, "`text` is missing")});
    out.channel = static_cast<NotifyChannel>(choice);
    return is_read;
}

}  // namespace attacca::core
