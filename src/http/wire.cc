// SPDX-License-Identifier: Apache-2.0
#include "http/wire.h"

#include <algorithm>
#include <array>
#include <chrono>

#include "base/json.h"

namespace attacca::http {
namespace {

std::string_view reason_of(int status) {
    switch (status) {
        case 200:
            return "OK";
        case 202:
            return "Accepted";
        case 204:
            return "No Content";
        case 206:
            return "Partial Content";
        case 304:
            return "Not Modified";
        case 400:
            return "Bad Request";
        case 401:
            return "Unauthorized";
        case 403:
            return "Forbidden";
        case 404:
            return "Not Found";
        case 405:
            return "Method Not Allowed";
        case 408:
            return "Request Timeout";
        case 409:
            return "Conflict";
        case 410:
            return "Gone";
        case 413:
            return "Content Too Large";
        case 414:
            return "URI Too Long";
        case 415:
            return "Unsupported Media Type";
        case 416:
            return "Range Not Satisfiable";
        case 422:
            return "Unprocessable Content";
        case 429:
            return "Too Many Requests";
        case 431:
            return "Request Header Fields Too Large";
        case 500:
            return "Internal Server Error";
        case 503:
            return "Service Unavailable";
        default:
            return "Status";
    }
}

void append_field(std::string& out, std::string_view name, std::string_view value) {
    if (value.find_first_of(std::string_view("\r\n\0", 3)) != std::string_view::npos) {
        return;
    }
    out += name;
    out += ": ";
    out += value;
    out += "\r\n";
}

}  // namespace

void append_response_head(std::string& out,
                          const Response& response,
                          const BodyForm& form,
                          const HeadContext& context) {
    out += "HTTP/1.1 ";
    append_integer(out, response.status);
    out += ' ';
    out += reason_of(response.status);
    out += "\r\n";
    append_field(out, "Date", context.date);
    if (!response.content_type.empty()) {
        append_field(out, "Content-Type", response.content_type);
    }
    if (form.is_chunked) {
        out += "Transfer-Encoding: chunked\r\n";
    } else if (!form.is_until_close && response.status != 204 && response.status != 304) {
        out += "Content-Length: ";
        out += std::to_string(form.length);
        out += "\r\n";
    }
    out += "X-Content-Type-Options: nosniff\r\n";
    // What a handler does not call cacheable is not kept anywhere.
    if (std::none_of(response.headers.begin(), response.headers.end(),
                     [](const Header& field) { return field.name == "Cache-Control"; })) {
        out += "Cache-Control: no-store\r\n";
    }
    for (const Header& field : response.headers) {
        append_field(out, field.name, field.value);
    }
    if (!context.keeps_alive) {
        out += "Connection: close\r\n";
    }
    out += "\r\n";
}

void append_chunk(std::string& out, std::string_view bytes) {
    static constexpr std::string_view digits = "0123456789abcdef";
    std::array<char, 16> size{};
    std::size_t at = size.size();
    for (std::size_t rest = bytes.size(); rest > 0; rest /= 16) {
        size[--at] = digits[rest % 16];
    }
    out.append(size.data() + at, size.size() - at);
    out += "\r\n";
    out += bytes;
    out += "\r\n";
}

std::string http_date(std::int64_t unix_seconds) {
    static constexpr std::array<std::string_view, 7> days = {"Sun", "Mon", "Tue", "Wed",
                                                             "Thu", "Fri", "Sat"};
    static constexpr std::array<std::string_view, 12> months = {
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    namespace chrono = std::chrono;
    const chrono::sys_seconds at{chrono::seconds{unix_seconds}};
    const chrono::sys_days day = chrono::floor<chrono::days>(at);
    const chrono::year_month_day date{day};
    const chrono::hh_mm_ss time{at - day};
    const auto two = [](auto number) {
        const auto value = static_cast<unsigned>(number);
        return std::string{static_cast<char>('0' + value / 10 % 10),
                           static_cast<char>('0' + value % 10)};
    };
    std::string out(days[chrono::weekday{day}.c_encoding()]);
    out += ", " + two(static_cast<unsigned>(date.day())) + ' ';
    out += months[static_cast<unsigned>(date.month()) - 1];
    out += ' ' + std::to_string(static_cast<int>(date.year())) + ' ' + two(time.hours().count());
    out += ':' + two(time.minutes().count()) + ':' + two(time.seconds().count()) + " GMT";
    return out;
}

}  // namespace attacca::http
