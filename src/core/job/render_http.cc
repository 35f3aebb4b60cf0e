// SPDX-License-Identifier: Apache-2.0
#include "core/job/render_http.h"

#include <algorithm>
#include <utility>

#include "core/graph/node_extras.h"

namespace attacca::core {
namespace {

bool has_control(std::string_view text) {
    return std::any_of(text.begin(), text.end(), [](char c) {
        return static_cast<unsigned char>(c) < 0x20U || c == 0x7F;
    });
}

Result<std::string> render_line(const Template& text, const Names& names, std::string_view field) {
    Result<std::string> value = text.render(names);
    if (!value) {
        return fail(value.error().problem, "`" + std::string(field) + "`: " +
                                               value.error().detail);
    }
    if (has_control(*value)) {
        return fail(Problem::invalid_value,
                    "`" + std::string(field) + "` holds a control character");
    }
    return value;
}

Result<std::string> render_url(const Template& url, const Names& names, std::string_view field) {
    ATTACCA_TRY(std::string text, render_line(url, names, field));
    if (!text.starts_with("http://") && !text.starts_with("https://")) {
        return fail(Problem::invalid_value,
                    "`" + std::string(field) + "`: a request goes to an address of http or https");
    }
    return text;
}

// The depth is that of the definition, which was bounded when it was read.
Result<Json> render_deep(const Json& value, const Names& names) {
    if (value.is_string()) {
        ATTACCA_TRY(const Template text, Template::parse(value.as_string()));
        return text.value(names);
    }
    Json out = value;
    if (value.is_array()) {
        for (Json& element : out.as_array()) {
            ATTACCA_TRY(element, render_deep(element, names));
        }
    }
    if (value.is_object()) {
        for (Json::Member& member : out.as_object()) {
            ATTACCA_TRY(member.value, render_deep(member.value, names));
        }
    }
    return out;
}

void add_type(HttpCall& out) {
    const auto is_type = [](const auto& header) {
        constexpr std::string_view name = "content-type";
        return std::equal(header.first.begin(), header.first.end(), name.begin(), name.end(),
                          [](char a, char b) {
                              return (a >= 'A' && a <= 'Z' ? a - 'A' + 'a' : a) == b;
                          });
    };
    if (std::none_of(out.headers.begin(), out.headers.end(), is_type)) {
        out.headers.emplace_back("Content-Type", "application/json");
    }
}

Result<void> render_request(const HttpDef& http, const Names& names, HttpCall& out) {
    out.method = http.method;
    out.statuses = http.statuses;
    ATTACCA_TRY(out.url, render_url(http.url, names, "http.url"));
    for (const auto& [name, value] : http.headers) {
        ATTACCA_TRY(std::string text, render_line(value, names, "http.headers." + name));
        out.headers.emplace_back(name, std::move(text));
    }
    if (!http.body) {
        return {};
    }
    ATTACCA_TRY(const Json body, render_deep(*http.body, names));
    if (http.body->is_string() && body.is_string()) {
        out.body = body.as_string();
    } else {
        out.body = body.text();
        add_type(out);
    }
    return {};
}

}  // namespace

Result<void> render_http(const Job& job, const NodeDef& node, const Names& names, HttpCall& out) {
    if (node.kind == NodeKind::http) {
        return render_request(node.extras->http, names, out);
    }
    const NotifyDef& notify = node.extras->notify;
    out.method = "POST";
    ATTACCA_TRY(out.url, render_url(notify.url, names, "notify.url"));
    Result<std::string> text = notify.text.render(names);
    if (!text) {
        return fail(text.error().problem, "`notify.text`: " + text.error().detail);
    }
    Json body = Json::object();
    body.set("text", is_utf8(*text) ? std::move(*text) : quoted(*text));
    if (notify.channel == NotifyChannel::webhook) {
        body.set("job", job.id.text());
        body.set("job_name", job.name);
        body.set("node", node.id);
    }
    out.body = body.text();
    add_type(out);
    return {};
}

}  // namespace attacca::core
