// SPDX-License-Identifier: Apache-2.0
#include "http/router.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "base/digest.h"
#include "base/signature.h"
#include "base/uuid.h"
#include "http/conditions.h"

namespace attacca::http {
namespace {

constexpr std::string_view no_endpoint = "none";
// Bodies that take long to parse are not parsed on a connection's thread.
constexpr std::size_t quick_body_bytes = 64 * 1024;

std::vector<std::string_view> split(std::string_view path) {
    std::vector<std::string_view> parts;
    std::size_t at = 1;  // behind the first slash
    while (at <= path.size()) {
        const std::size_t end = std::min(path.find('/', at), path.size());
        parts.push_back(path.substr(at, end - at));
        at = end + 1;
    }
    return parts;
}

// The last part of a pattern: everything that is left of the path.
constexpr std::string_view rest_of_path = "{*}";

bool is_variable(std::string_view part) {
    return part.starts_with('{');
}

// The path's parts in as many pieces as the pattern has, where it takes the rest as one.
std::vector<std::string> fold_rest(const std::vector<std::string>& parts, std::size_t count) {
    std::vector<std::string> folded(parts.begin(),
                                    parts.begin() + static_cast<std::ptrdiff_t>(count));
    for (std::size_t i = count; i < parts.size(); ++i) {
        folded.back() += '/' + parts[i];
    }
    return folded;
}

bool equals_ignoring_case(std::string_view a, std::string_view b) {
    return a.size() == b.size() && std::equal(a.begin(), a.end(), b.begin(), [](char x, char y) {
               const auto lower = [](char c) {
                   return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
               };
               return lower(x) == lower(y);
           });
}

// The parameters of `application/json`: it has none, and a charset that is UTF-8 does no harm.
bool is_utf8_or_nothing(std::string_view parameters) {
    std::string text;
    for (const char c : parameters) {
        text += c == ' ' || c == '\t' || c == '"' ? std::string() : std::string(1, c);
    }
    return text.empty() || text == ";" || equals_ignoring_case(text, ";charset=utf-8") ||
           equals_ignoring_case(text, ";charset=utf8");
}

Method effective(Method method) {
    return method == Method::head ? Method::get : method;
}

// The id in the path of a route about one job; what is no id has no place in a log's field.
std::string job_in(const Route* route, const std::vector<std::string>& values) {
    const bool is_about_job =
        route != nullptr && (route->pattern.find("/job/{id}") != std::string_view::npos ||
                             route->pattern.find("/jobs/{id}") != std::string_view::npos);
    return is_about_job && Uuid::parse(values.front()) ? values.front() : std::string();
}

// What shows figures of the moment has no versions that a change could be made to depend on, and a
// tag would promise them.
bool is_tagged(const Request& request, std::string_view endpoint) {
    constexpr std::string_view untagged[] = {"/api/v1/tenants/{name}",
                                             "/api/v1/breakers/{dependency}"};
    return (request.method == Method::get || request.method == Method::head) &&
           std::find(std::begin(untagged), std::end(untagged), endpoint) == std::end(untagged);
}

Error bad_token() {
    return fail(Problem::token_invalid, "the bearer token is not valid");
}

}  // namespace

Router::Router(std::shared_ptr<Api> api, std::string_view token)
    : api_(std::move(api)), token_digest_(sha256(token)) {
    for (const Route& route : routes()) {
        patterns_.push_back({&route, split(route.pattern)});
    }
}

Router::Match Router::match(const Request& request) const {
    Match match;
    if (!request.path.starts_with('/')) {
        return match;
    }
    std::vector<std::string> all;
    for (const std::string_view part : split(request.path)) {
        std::optional<std::string> decoded = percent_decoded(part, false);
        match.is_malformed = match.is_malformed || !decoded;
        all.push_back(decoded.value_or(std::string()));
    }
    for (const Pattern& pattern : patterns_) {
        const bool takes_rest =
            pattern.parts.back() == rest_of_path && all.size() > pattern.parts.size();
        std::vector<std::string> folded;
        if (takes_rest) {
            folded = fold_rest(all, pattern.parts.size());
        }
        std::vector<std::string>& parts = takes_rest ? folded : all;
        const bool fits =
            !match.is_malformed &&
            std::equal(pattern.parts.begin(), pattern.parts.end(), parts.begin(), parts.end(),
                       [](std::string_view expected, const std::string& part) {
                           return is_variable(expected) ? !part.empty() : expected == part;
                       });
        if (!fits) {
            continue;
        }
        const Method method = pattern.route->method;
        if (method == effective(request.method)) {
            match.route = pattern.route;
            for (std::size_t i = 0; i < parts.size(); ++i) {
                if (is_variable(pattern.parts[i])) {
                    match.values.push_back(std::move(parts[i]));
                }
            }
            return match;
        }
        match.allow += match.allow.empty() ? "" : ", ";
        match.allow += name_of(method);
        match.allow += method == Method::get ? ", HEAD" : "";
    }
    return match;
}

// The path as it was sent, letter by letter: nothing that only means the same is exempt.
bool Router::is_open(const Request& request) const {
    return std::any_of(patterns_.begin(), patterns_.end(), [&](const Pattern& pattern) {
        return pattern.route->permission == Permission::open &&
               pattern.route->pattern == request.path;
    });
}

std::optional<Error> Router::authenticate(const Request& request) const {
    const auto count =
        std::count_if(request.headers.begin(), request.headers.end(),
                      [](const Header& field) { return field.name == "authorization"; });
    if (count == 0) {
        return fail(Problem::unauthenticated, "send `Authorization: Bearer <token>`");
    }
    const std::string& value = *request.header("authorization");
    constexpr std::string_view scheme = "bearer ";
    if (count > 1 || value.size() <= scheme.size() ||
        !equals_ignoring_case(std::string_view(value).substr(0, scheme.size()), scheme)) {
        return bad_token();
    }
    // Digests have one length, so the time tells nothing about the token's.
    const Sha256 given = sha256(std::string_view(value).substr(scheme.size()));
    if (!equal_in_constant_time(given.view(), token_digest_.view())) {
        return bad_token();
    }
    return std::nullopt;
}

std::optional<Error> Router::judge_body(const Request& request, const Route& route) {
    if (!request.has_body) {
        return std::nullopt;
    }
    const std::string* encoding = request.header("content-encoding");
    if (encoding != nullptr && !equals_ignoring_case(*encoding, "identity")) {
        return fail(Problem::unsupported_encoding, "send the body without Content-Encoding");
    }
    const std::string* type = request.header("content-type");
    const std::string_view essence =
        type == nullptr ? std::string_view() : std::string_view(*type).substr(0, type->find(';'));
    const std::size_t last = essence.find_last_not_of(" \t");
    const bool is_json = equals_ignoring_case(essence.substr(0, last + 1), "application/json") &&
                         is_utf8_or_nothing(std::string_view(*type).substr(essence.size()));
    if (!is_json && (route.body == BodyRule::json || type != nullptr)) {
        return fail(Problem::unsupported_media_type, "send the body as application/json");
    }
    return std::nullopt;
}

Response Router::refusal(const Request& request,
                         std::string_view endpoint,
                         const Error& error,
                         std::string_view allow) const {
    const RequestIds ids = RequestIds::of(request);
    Response response = problem_response(error, ids);
    if (!allow.empty()) {
        response.headers.push_back({"Allow", std::string(allow)});
    }
    api_->observer->see({name_of(request.method),
                         endpoint,
                         request.path,
                         response.status,
                         Duration{0},
                         ids.correlation,
                         {},
                         {},
                         {},
                         request.remote});
    return response;
}

std::optional<Response> Router::judge(const Request& request) const {
    if (request.method == Method::trace || request.method == Method::connect) {
        const std::string allow = match(request).allow;
        return refusal(request, no_endpoint,
                       fail(Problem::method_not_allowed, "this method is never served"),
                       allow.empty() ? "GET, HEAD, POST, PUT, DELETE" : allow);
    }
    if (!is_open(request)) {
        if (const std::optional<Error> error = authenticate(request)) {
            return refusal(request, no_endpoint, *error);
        }
    }
    const Match found = match(request);
    if (found.is_malformed) {
        return refusal(request, no_endpoint,
                       fail(Problem::bad_request_framing, "the path holds a malformed escape"));
    }
    if (found.route == nullptr && found.allow.empty()) {
        return refusal(request, no_endpoint, fail(Problem::not_found, "there is no such resource"));
    }
    if (found.route == nullptr) {
        return refusal(request, no_endpoint,
                       fail(Problem::method_not_allowed, "this resource takes " + found.allow),
                       found.allow);
    }
    std::optional<Error> error;
    if (found.route->permission != Permission::open) {
        const Result<std::string> tenant = api_->tenants.tenant_of(request);
        error = tenant ? judge_tenant(*tenant, *found.route) : tenant.error();
    }
    if (!error) {
        error = judge_body(request, *found.route);
    }
    if (error) {
        return refusal(request, found.route->pattern, *error);
    }
    return std::nullopt;
}

// Until there are accounts, whoever acts for the default tenant runs the server.
std::optional<Error> Router::judge_tenant(const std::string& tenant, const Route& route) {
    if (route.permission == Permission::admin && tenant != core::default_tenant) {
        return fail(Problem::forbidden, "only the tenant `default` may make and change tenants");
    }
    return std::nullopt;
}

void Router::handle(Request request, const Responder& responder) const {
    Match found = match(request);
    const std::string_view endpoint = found.route == nullptr ? no_endpoint : found.route->pattern;
    const bool is_known = found.route != nullptr && found.route->permission != Permission::open;
    Reply reply({api_->observer, RequestIds::of(request), request.method, endpoint, request.path,
                 is_known ? api_->options.actor : std::string(), job_in(found.route, found.values),
                 request.remote, is_known && is_tagged(request, endpoint),
                 list_field(request, "if-none-match")},
                responder);
    if (found.route == nullptr) {
        reply.refuse(fail(Problem::not_found, "there is no such resource"));
        return;
    }
    Result<Query> query = Query::parse(request.query);
    Result<std::string> tenant = found.route->permission == Permission::open
                                     ? Result<std::string>(std::string())
                                     : api_->tenants.tenant_of(request);
    if (!query || !tenant) {
        reply.refuse(query ? tenant.error() : query.error());
        return;
    }
    run(*found.route, {std::move(request), std::move(found.values), std::move(*query), reply,
                       std::move(*tenant)});
}

void Router::run(const Route& route, Call call) const {
    if (route.body == BodyRule::none && !call.request.body.empty()) {
        const Result<Json> body = parse_json(call.request.body);
        if (!body || !body->is_object() || !body->as_object().empty()) {
            call.reply.refuse(body ? fail(Problem::unknown_field, "no body is expected here")
                                   : body.error());
            return;
        }
    }
    const bool is_long = route.place == Place::pool || call.request.body.size() > quick_body_bytes;
    if (!is_long) {
        route.handler(*api_, std::move(call));
        return;
    }
    const Reply reply = call.reply;
    auto kept = std::make_shared<Call>(std::move(call));
    if (!api_->pool.run([api = api_.get(), handler = route.handler, kept] {
            handler(*api, std::move(*kept));
        })) {
        reply.refuse(fail(Problem::overloaded, "too many requests wait; try again soon"));
    }
}

}  // namespace attacca::http
