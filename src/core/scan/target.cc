// SPDX-License-Identifier: Apache-2.0
#include "core/scan/target.h"

#include <algorithm>

#include "base/error.h"

namespace attacca::core {
namespace {

constexpr std::size_t name_bytes_max = 253;
constexpr std::size_t label_bytes_max = 63;

bool is_letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

bool is_label(std::string_view label) {
    return !label.empty() && label.size() <= label_bytes_max && label.front() != '-' &&
           label.back() != '-' && std::all_of(label.begin(), label.end(), [](char c) {
               return is_letter(c) || is_digit(c) || c == '-' || c == '_';
           });
}

// Tools read a name that ends so as an address or a range: 127.1, 0x7f000001, 10.0.0.1-20.
bool ends_in_number(std::string_view name) {
    const std::string_view last = name.substr(name.rfind('.') + 1);
    const bool is_hexadecimal = last.starts_with("0x") || last.starts_with("0X");
    return is_hexadecimal || std::none_of(last.begin(), last.end(), is_letter);
}

Error refused(std::string_view text, std::string_view why) {
    return fail(Problem::tool_argument_rejected,
                "`" + quoted(text) + "` is no target: " + std::string(why));
}

}  // namespace

bool is_host_name(std::string_view name) {
    if (name.empty() || name.size() > name_bytes_max || ends_in_number(name)) {
        return false;
    }
    std::size_t at = 0;
    while (at <= name.size()) {
        const std::size_t end = std::min(name.find('.', at), name.size());
        if (!is_label(name.substr(at, end - at))) {
            return false;
        }
        at = end + 1;
    }
    return true;
}

std::string folded_name(std::string_view name) {
    std::string out(name);
    std::transform(out.begin(), out.end(), out.begin(), [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    });
    return out;
}

std::string Target::text() const {
    const auto* name = std::get_if<HostName>(&what);
    return name != nullptr ? name->name : std::get<Network>(what).text();
}

bool Target::is_localhost() const {
    const auto* name = std::get_if<HostName>(&what);
    return name != nullptr && (name->name == "localhost" || name->name.ends_with(".localhost"));
}

Result<Target> parse_target(std::string_view text) {
    if (text.empty()) {
        return refused(text, "it is empty");
    }
    if (const auto address = parse_address(text)) {
        return Target{*address};
    }
    if (const auto network = parse_network(text)) {
        return Target{*network};
    }
    std::string_view name = text;
    if (name.ends_with('.')) {
        name.remove_suffix(1);
    }
    if (is_host_name(name)) {
        return Target{HostName{folded_name(name)}};
    }
    const std::string_view rest = text.substr(0, name_bytes_max + 1);
    const bool looks_numeric = std::all_of(rest.begin(), rest.end(), [](char c) {
        return is_digit(c) || c == '.' || c == '-' || c == 'x' || c == 'X';
    });
    return refused(text, looks_numeric ? "write an address as four decimal numbers, and several "
                                         "addresses as a network such as 192.0.2.0/28"
                                       : "it is neither an address, nor a network such as "
                                         "192.0.2.0/28, nor a host name");
}

}  // namespace attacca::core
