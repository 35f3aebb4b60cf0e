// SPDX-License-Identifier: Apache-2.0
#include "cli/client.h"

#include <algorithm>

#include "base/bytes.h"
#include "cli/job_event.h"
#include "core/tenant/settings.h"

namespace attacca::cli {
namespace {

// What a status means when the answer carries no problem that we know.
Problem problem_of_status(int status) {
    switch (status) {
        case 400: return Problem::bad_request_framing;
        case 401: return Problem::unauthenticated;
        case 403: return Problem::forbidden;
        case 404: return Problem::not_found;
        case 405: return Problem::method_not_allowed;
        case 408: return Problem::request_timeout;
        case 409: return Problem::fenced;
        case 410: return Problem::event_id_expired;
        case 413: return Problem::body_too_large;
        case 415: return Problem::unsupported_media_type;
        case 422: return Problem::invalid_value;
        case 429: return Problem::rate_limited;
        case 503: return Problem::unavailable;
        default: return Problem::internal;
    }
}

std::string trimmed(std::string text) {
    text.erase(text.find_last_not_of(" \t\r\n") + 1);
    text.erase(0, text.find_first_not_of(" \t\r\n"));
    return text;
}

Result<std::string> server_of_data(const Context& context) {
    const std::string& data = context.settings.value("data");
    const Error none = fail(Problem::unreachable,
                            "no server holds " + data + ": attacca serve --data " + data);
    const Result<std::string> text = context.env.read_file(data + "/server.json");
    if (!text) {
        return text.error().problem == Problem::forbidden ? text.error() : none;
    }
    const Result<Json> file = parse_json(*text);
    if (!file) {
        return none;
    }
    std::string url = text_member(*file, "url");
    if (url.empty() && !text_member(*file, "listen").empty()) {
        url = "http://" + text_member(*file, "listen");
    }
    if (url.empty()) {
        return none;
    }
    return url;
}

}  // namespace

bool is_loopback_url(std::string_view url) {
    constexpr std::string_view scheme = "http://";
    if (!url.starts_with(scheme)) {
        return false;
    }
    std::string_view host = url.substr(scheme.size());
    host = host.substr(0, host.find('/'));
    if (host.find('@') != std::string_view::npos) {
        return false;
    }
    if (host.starts_with('[')) {
        return host.substr(0, host.find(']') + 1) == "[::1]";
    }
    host = host.substr(0, host.find(':'));
    if (host == "localhost") {
        return true;
    }
    const bool is_number = std::all_of(host.begin(), host.end(), [](char byte) {
        return (byte >= '0' && byte <= '9') || byte == '.';
    });
    return is_number && host.starts_with("127.");
}

Result<Client> Client::find(const Context& context) {
    std::string server = context.settings.value("server");
    const bool is_named = !server.empty();
    if (!is_named) {
        ATTACCA_TRY(server, server_of_data(context));
    }
    while (server.ends_with('/')) {
        server.pop_back();
    }
    if (!server.starts_with("http://") && !server.starts_with("https://")) {
        return fail(Problem::usage, "a server is written as http://ADDRESS:PORT, not \"" +
                                        quoted(server) + "\"");
    }
    const Setting& file = context.settings.find("token-file");
    std::string token;
    if (file.origin != Origin::fallback || is_loopback_url(server)) {
        const Result<std::string> text = context.env.read_file(file.value);
        if (text) {
            token = trimmed(*text);
        } else if (file.origin != Origin::fallback) {
            return text.error();
        }
    }
    const Setting& tenant = context.settings.find("tenant");
    if (!core::is_tenant_name(tenant.value)) {
        return fail(Problem::usage, "\"" + quoted(tenant.value) + "\" is no name of a tenant");
    }
    // Who names no tenant leaves the choice to the server.
    return Client{context.env, std::move(server), std::move(token),
                  tenant.origin == Origin::fallback ? std::string() : tenant.value};
}

HttpRequest Client::request(std::string method, const std::string& target,
                            const Headers& more) const {
    HttpRequest out;
    out.method = std::move(method);
    out.server = server_;
    out.target = target;
    if (!token_.empty()) {
        out.headers.emplace_back("Authorization", "Bearer " + token_);
    }
    if (!tenant_.empty()) {
        out.headers.emplace_back("X-Tenant-Id", tenant_);
    }
    out.headers.insert(out.headers.end(), more.begin(), more.end());
    return out;
}

Result<Json> Client::send(const std::string& method, const std::string& target,
                          const std::string& body, const Headers& more) const {
    HttpRequest asked = request(method, target, more);
    asked.headers.emplace_back("Accept", "application/json");
    if (!body.empty()) {
        asked.headers.emplace_back("Content-Type", "application/json");
        asked.body = body;
    }
    ATTACCA_TRY(const HttpResponse response, env_->http(asked));
    if (response.status < 200 || response.status >= 300) {
        return error_of_response(response);
    }
    if (response.status == 204) {
        return Json::object();
    }
    Result<Json> answer = parse_json(response.body);
    if (!answer) {
        return fail(Problem::internal, "the server's answer cannot be read: " +
                                           answer.error().detail);
    }
    return answer;
}

Result<Json> Client::get(const std::string& target) const {
    return send("GET", target, "");
}

Result<std::string> Client::get_text(const std::string& target, const Headers& more) const {
    ATTACCA_TRY(HttpResponse response, env_->http(request("GET", target, more)));
    if (response.status == 416) {
        return std::string{};  // nothing is there yet
    }
    if (response.status < 200 || response.status >= 300) {
        return error_of_response(response);
    }
    return std::move(response.body);
}

Result<Json::Array> Client::events(std::string_view job, std::string after) const {
    Json::Array all;
    while (true) {
        const std::string query = after.empty() ? "" : "?after=" + url_part(after);
        ATTACCA_TRY(const Json page, get(job_target(job, "/events" + query)));
        const Json* items = page.find("items");
        if (items == nullptr || !items->is_array()) {
            return fail(Problem::internal, "the server's answer holds no events");
        }
        all.insert(all.end(), items->as_array().begin(), items->as_array().end());
        const Json* next = page.find("next_after");
        if (next == nullptr || items->as_array().empty()) {
            return all;
        }
        after = next->is_string() ? next->as_string() : next->text();
    }
}

Result<void> Client::stream(const std::string& target, const Headers& more,
                            const std::function<bool(std::string_view)>& take) const {
    const Result<HttpResponse> response =
        env_->http_stream(request("GET", target, more), take);
    if (!response) {
        return response.error();
    }
    // 0: it was ended by `take` before the first line came.
    if (response->status != 0 && (response->status < 200 || response->status >= 300)) {
        return error_of_response(*response);
    }
    return {};
}

Error error_of_response(const HttpResponse& response) {
    Error error = fail(problem_of_status(response.status));
    const Result<Json> body = parse_json(response.body);
    if (!body || !body->is_object()) {
        error.detail = "the server answered " + std::to_string(response.status);
        return error;
    }
    constexpr std::string_view urn = "urn:attacca:problem:";
    const std::string type = text_member(*body, "type");
    if (type.starts_with(urn)) {
        const std::string slug = type.substr(urn.size());
        const Problem named = problem_of_slug(slug);
        error.problem = slug_of(named) == slug ? named : error.problem;
    }
    error.detail = text_member(*body, "detail");
    if (error.detail.empty()) {
        error.detail = text_member(*body, "title");
    }
    const Json* fields = body->find("errors");
    if (fields != nullptr && fields->is_array()) {
        for (const Json& field : fields->as_array()) {
            if (text_member(field, "pointer").empty() &&
                text_member(field, "detail") == error.detail) {
                continue;  // says what the problem says
            }
            error.fields.push_back({text_member(field, "pointer"), text_member(field, "code"),
                                    text_member(field, "detail")});
        }
    }
    for (const auto& [name, value] : response.headers) {
        if (name == "retry-after") {
            error.detail += "; try again in " + printable(value) + " s";
        }
    }
    return error;
}

std::string url_part(std::string_view text) {
    std::string out;
    for (const char byte : text) {
        const bool is_plain = (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
                              (byte >= '0' && byte <= '9') ||
                              std::string_view{"-._~"}.find(byte) != std::string_view::npos;
        if (is_plain) {
            out += byte;
        } else {
            out += '%';
            append_hex(out, {&byte, 1});
        }
    }
    return out;
}

std::string job_target(std::string_view job, std::string_view rest) {
    return std::string{api_prefix} + "/jobs/" + url_part(job) + std::string{rest};
}

}  // namespace attacca::cli
