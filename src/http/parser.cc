// SPDX-License-Identifier: Apache-2.0
#include "http/parser.h"

#include <algorithm>
#include <utility>

#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>

#include "base/check.h"

namespace attacca::http {
namespace {

// `0`, an empty line, and another one: what a chunked body ends with at least.
constexpr std::size_t last_chunk_bytes = 5;

namespace beast = boost::beast;
constexpr std::size_t long_body_bytes = std::size_t{1} << 20U;

using BeastParser = beast::http::request_parser<beast::http::string_body>;

Method method_of(beast::http::verb verb) {
    // Beast knows thirty-odd verbs; the others are one to us.
    if (verb == beast::http::verb::get) {
        return Method::get;
    }
    if (verb == beast::http::verb::head) {
        return Method::head;
    }
    if (verb == beast::http::verb::post) {
        return Method::post;
    }
    if (verb == beast::http::verb::put) {
        return Method::put;
    }
    if (verb == beast::http::verb::patch) {
        return Method::patch;
    }
    if (verb == beast::http::verb::delete_) {
        return Method::remove;
    }
    if (verb == beast::http::verb::options) {
        return Method::options;
    }
    if (verb == beast::http::verb::trace) {
        return Method::trace;
    }
    return verb == beast::http::verb::connect ? Method::connect : Method::other;
}

std::string lower_case(std::string_view text) {
    std::string out(text);
    for (char& c : out) {
        if (c >= 'A' && c <= 'Z') {
            c = static_cast<char>(c + ('a' - 'A'));
        }
    }
    return out;
}

std::string_view view_of(beast::string_view text) {
    return {text.data(), text.size()};
}

// Path and query of the target. The absolute form `http://host/path` is allowed by RFC 9112 3.2.2.
void split_target(std::string_view target, Request& request) {
    for (const std::string_view scheme : {"http://", "https://"}) {
        if (target.substr(0, scheme.size()) == scheme) {
            const std::size_t slash = target.find('/', scheme.size());
            target = slash == std::string_view::npos ? "/" : target.substr(slash);
            break;
        }
    }
    const std::size_t mark = target.find('?');
    request.path = std::string(target.substr(0, mark));
    if (mark != std::string_view::npos) {
        request.query = std::string(target.substr(mark + 1));
    }
}

// Beast lets a quoted chunk extension hold line feeds, where another reader sees the line end.
void check_chunk_header(std::uint64_t /*size*/,
                        beast::string_view extensions,
                        beast::error_code& error) {
    const bool is_plain = std::none_of(extensions.begin(), extensions.end(), [](char c) {
        return c != '\t' && (static_cast<unsigned char>(c) < 0x20 || c == '\x7f');
    });
    if (!is_plain) {
        error = beast::http::error::bad_chunk_extension;
    }
}

}  // namespace

struct RequestParser::Beast {
    std::optional<BeastParser> parser;
    decltype(&check_chunk_header) on_chunk = &check_chunk_header;  // the parser refers to it
    bool is_starved = false;  // it took nothing of the chunk header that it saw
};

RequestParser::RequestParser(const Limits& limits)
    : limits_(&limits), beast_(std::make_unique<Beast>()) {}

RequestParser::~RequestParser() = default;

Result<Request> RequestParser::put_head(std::string_view head) {
    BeastParser& parser = beast_->parser.emplace();
    beast_->is_starved = false;
    parser.on_chunk_header(beast_->on_chunk);
    parser.header_limit(static_cast<std::uint32_t>(limits_->head_bytes_max) + 1024);
    // A declared length is judged by the caller, after the question who asks.
    parser.body_limit(boost::none);
    beast::error_code error;
    const std::size_t taken = parser.put(boost::asio::buffer(head.data(), head.size()), error);
    if (error || taken != head.size() || !parser.is_header_done()) {
        return fail(Problem::bad_request_framing, "the header is malformed");
    }
    parser.body_limit(limits_->body_bytes_max);
    parser.eager(true);

    const auto& message = parser.get();
    Request request;
    request.method = method_of(message.method());
    split_target(view_of(message.target()), request);
    request.headers.reserve(16);
    for (const auto& field : message) {
        request.headers.push_back(
            {lower_case(view_of(field.name_string())), std::string(view_of(field.value()))});
    }
    request.has_body = !parser.is_done();
    return request;
}

bool RequestParser::keeps_alive() const {
    return beast_->parser->keep_alive();
}

bool RequestParser::is_version_11() const {
    return beast_->parser->get().version() == 11;
}

std::optional<std::uint64_t> RequestParser::content_length() const {
    const auto length = beast_->parser->content_length();
    return length ? std::optional<std::uint64_t>(*length) : std::nullopt;
}

bool RequestParser::is_done() const {
    return beast_->parser->is_done();
}

Result<std::size_t> RequestParser::put_body(std::string_view bytes) {
    // Beast 1.74 stops the process when it sees the beginning of the last chunk twice and the
    // second time there is still less than the whole. At least that much is to come.
    if (beast_->is_starved && bytes.size() < last_chunk_bytes) {
        return std::size_t{0};
    }
    beast::error_code error;
    const std::size_t taken =
        beast_->parser->put(boost::asio::buffer(bytes.data(), bytes.size()), error);
    beast_->is_starved = taken == 0;
    // A text that grows by doubling is held twice while it moves. A long one gets room for all that
    // it may become: pages that it never touches cost nothing.
    std::string& body = beast_->parser->get().body();
    if (body.size() > long_body_bytes && body.capacity() < limits_->body_bytes_max) {
        body.reserve(limits_->body_bytes_max);
    }
    if (!error || error == beast::http::error::need_more) {
        return taken;
    }
    if (error == beast::http::error::body_limit || error == beast::http::error::buffer_overflow) {
        return fail(Problem::body_too_large,
                    "the body is limited to " + std::to_string(limits_->body_bytes_max) + " bytes");
    }
    return fail(Problem::bad_request_framing, "the chunked body is malformed");
}

std::string RequestParser::take_body() {
    ATTACCA_CHECK(is_done());
    std::string body = std::move(beast_->parser->get().body());
    beast_->parser.reset();
    return body;
}

}  // namespace attacca::http
