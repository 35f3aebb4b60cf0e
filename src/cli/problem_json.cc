// SPDX-License-Identifier: Apache-2.0
#include "cli/problem_json.h"

#include <string>

#include "cli/context.h"
#include "cli/diagnostic.h"

namespace attacca::cli {

std::optional<int> wire_status_of(Problem problem) {
    switch (class_of(problem)) {
        case ErrorClass::usage:
        case ErrorClass::bad_configuration:
        case ErrorClass::rolled_back:
        case ErrorClass::unreachable: return std::nullopt;
        case ErrorClass::bad_request:
        case ErrorClass::unauthenticated:
        case ErrorClass::forbidden:
        case ErrorClass::not_found:
        case ErrorClass::method_not_allowed:
        case ErrorClass::request_timeout:
        case ErrorClass::conflict:
        case ErrorClass::precondition_failed:
        case ErrorClass::gone:
        case ErrorClass::too_large:
        case ErrorClass::uri_too_long:
        case ErrorClass::unsupported_media:
        case ErrorClass::range_not_satisfiable:
        case ErrorClass::unprocessable:
        case ErrorClass::headers_too_large:
        case ErrorClass::rate_limited:
        case ErrorClass::internal:
        case ErrorClass::unavailable: break;
    }
    return attacca::http_status_of(class_of(problem));
}

Json problem_json(const Error& error) {
    Json out = Json::object();
    out.set("type", "urn:attacca:problem:" + std::string{slug_of(error.problem)});
    out.set("title", title_of(error.problem));
    if (const std::optional<int> status = wire_status_of(error.problem)) {
        out.set("status", *status);
    }
    if (!error.detail.empty()) {
        out.set("detail", error.detail);
    }
    out.set("code", error_code_of(error.problem));
    if (!error.fields.empty()) {
        Json fields = Json::array();
        for (const FieldError& field : error.fields) {
            Json entry = Json::object();
            entry.set("code", error_code_of(problem_of_code(field.code).value_or(error.problem)));
            entry.set("pointer", field.pointer);
            entry.set("detail", field.detail);
            fields.push(std::move(entry));
        }
        out.set("errors", std::move(fields));
    }
    out.set("exit_status", exit_status_of(error));
    return out;
}

}  // namespace attacca::cli
