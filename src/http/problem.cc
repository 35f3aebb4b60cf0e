// SPDX-License-Identifier: Apache-2.0
#include "http/problem.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <random>

#include "base/bytes.h"
#include "base/json.h"
#include "base/time.h"
#include "base/uuid.h"

namespace attacca::http {
namespace {

constexpr std::size_t correlation_bytes_max = 128;
constexpr std::size_t field_errors_max = 100;

std::uint64_t mixed(std::uint64_t value) {
    value += 0x9E3779B97F4A7C15U;
    value = (value ^ (value >> 30U)) * 0xBF58476D1CE4E5B9U;
    value = (value ^ (value >> 27U)) * 0x94D049BB133111EBU;
    return value ^ (value >> 31U);
}

// Ids of requests name lines of a log; nothing depends on their being hard to guess.
std::string fresh_id() {
    static const std::uint64_t seed = [] {
        std::random_device device;
        return (std::uint64_t{device()} << 32U) | device();
    }();
    static std::atomic<std::uint64_t> counter{0};
    const std::uint64_t number = counter.fetch_add(2, std::memory_order_relaxed);
    const auto since_epoch = std::chrono::system_clock::now().time_since_epoch();
    const std::int64_t us =
        std::chrono::duration_cast<std::chrono::microseconds>(since_epoch).count();
    std::string id = "req-";
    uuid_v7(WallTime{us}, mixed(seed + number), mixed(seed ^ (number + 1))).append_text(id);
    return id;
}

bool is_correlation_character(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view("._:/-").find(c) != std::string_view::npos;
}

// Details are valid UTF-8 by contract; a broken one must not break the document.
void append_text(std::string& out, std::string_view text) {
    if (is_utf8(text)) {
        append_json_string(out, text);
    } else {
        append_json_string(out, quoted(text));
    }
}

void append_field_errors(std::string& out, const std::vector<FieldError>& fields) {
    out += ",\"errors\":[";
    for (std::size_t i = 0; i < std::min(fields.size(), field_errors_max); ++i) {
        out += i == 0 ? "{\"pointer\":" : ",{\"pointer\":";
        append_text(out, fields[i].pointer);
        out += ",\"code\":";
        append_text(out, fields[i].code);
        out += ",\"detail\":";
        append_text(out, fields[i].detail);
        out += '}';
    }
    out += ']';
}

void add_headers(Response& response, const Error& error) {
    if (response.status == 401) {
        response.headers.push_back(
            {"WWW-Authenticate", error.problem == Problem::token_invalid
                                     ? "Bearer realm=\"attacca\", error=\"invalid_token\""
                                     : "Bearer realm=\"attacca\""});
    }
    if (response.status == 429 || response.status == 503) {
        // A full disk needs a person; the rest passes by itself.
        response.headers.push_back(
            {"Retry-After", error.problem == Problem::storage_full ? "30" : "1"});
    }
}

// These have the same shape whether or not one place of the body is at fault.
bool is_about_the_request(int status) {
    return status == 400 || status == 409 || status == 413 || status == 415 || status == 422;
}

}  // namespace

RequestIds RequestIds::fresh() {
    RequestIds ids;
    ids.request = fresh_id();
    ids.correlation = ids.request;
    return ids;
}

RequestIds RequestIds::of(const Request& request) {
    RequestIds ids = fresh();
    const std::string* given = request.header("x-correlation-id");
    if (given != nullptr && !given->empty() && given->size() <= correlation_bytes_max &&
        std::all_of(given->begin(), given->end(), is_correlation_character)) {
        ids.correlation = *given;
    }
    return ids;
}

Response problem_response(const Error& error, const RequestIds& ids, std::string_view members) {
    Response response;
    // A fraction where an integer is wanted is good JSON with a wrong meaning: it has a place.
    const bool is_meaning = error.problem == Problem::json_number && !error.fields.empty();
    response.status = is_meaning ? 422 : http_status_of(class_of(error.problem));
    response.content_type = "application/problem+json";
    add_headers(response, error);
    response.headers.push_back({"X-Correlation-Id", ids.correlation});
    std::string& out = response.body;
    out.reserve(384 + error.detail.size());
    out += "{\"type\":\"urn:attacca:problem:";
    out += slug_of(error.problem);
    out += "\",\"title\":";
    append_text(out, title_of(error.problem));
    out += ",\"status\":";
    append_integer(out, response.status);
    if (!error.detail.empty()) {
        out += ",\"detail\":";
        append_text(out, error.detail);
    }
    out += ",\"instance\":\"urn:attacca:request:";
    out += std::string_view(ids.request).substr(4);
    out += "\",\"code\":\"";
    out += slug_of(error.problem);
    out += "\",\"correlation_id\":";
    append_text(out, ids.correlation);
    if (!error.fields.empty()) {
        append_field_errors(out, error.fields);
    } else if (is_about_the_request(response.status)) {
        append_field_errors(out, {{"", std::string(slug_of(error.problem)), error.detail}});
    }
    out += members;
    out += '}';
    return response;
}

}  // namespace attacca::http
