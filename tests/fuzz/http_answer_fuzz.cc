// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <string>

#include "base/json.h"
#include "fuzz.h"
#include "http/problem.h"
#include "http/wire.h"

// What a client sent comes back in answers: in a header, in a problem document, in a chunk. It adds
// no line to the header and no member to the document.

namespace attacca::http {
namespace {

std::size_t lines_in(std::string_view text) {
    return static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
}

void check_head(std::string_view input) {
    const auto head_with = [](std::string_view value) {
        Response response;
        response.headers = {{"Location", std::string(value)}};
        std::string out;
        append_response_head(out, response, {}, {"Sat, 21 Nov 2026 03:22:12 GMT", true});
        return out;
    };
    const std::size_t lines = lines_in(head_with("x"));
    const std::string head = head_with(input);
    ATTACCA_CHECK(lines_in(head) == lines || lines_in(head) + 1 == lines);
    ATTACCA_CHECK(head.find("\r\n\r\n") == head.size() - 4);
    ATTACCA_CHECK(static_cast<std::size_t>(std::count(head.begin(), head.end(), '\r')) ==
                  lines_in(head));
}

void check_problem(std::string_view input) {
    Request request;
    request.headers = {{"x-correlation-id", std::string(input)}};
    const RequestIds ids = RequestIds::of(request);
    ATTACCA_CHECK(ids.correlation == input || ids.correlation == ids.request);
    Error error = fail(Problem::invalid_value, std::string(input));
    error.fields.push_back({std::string(input), "code", std::string(input)});
    const Response response = problem_response(error, ids);
    const auto body = parse_json(response.body);
    ATTACCA_CHECK(body.has_value() && body->is_object());
    const Json* fields = body->find("errors");
    ATTACCA_CHECK(fields != nullptr && fields->is_array() && fields->as_array().size() == 1);
    ATTACCA_CHECK(fields->as_array()[0].as_object().size() == 3);
    ATTACCA_CHECK(response.body.find('\n') == std::string::npos);
}

void check_chunk(std::string_view input) {
    std::string out;
    append_chunk(out, input);
    const std::size_t end = out.find("\r\n");
    ATTACCA_CHECK(std::stoull("0" + out.substr(0, end), nullptr, 16) == input.size());
    ATTACCA_CHECK(out.substr(end + 2) == std::string(input) + "\r\n");
}

}  // namespace
}  // namespace attacca::http

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view input = attacca::fuzz::text_of(data, size);
    attacca::http::check_head(input);
    attacca::http::check_problem(input);
    if (!input.empty()) {
        attacca::http::check_chunk(input);
    }
    return 0;
}
