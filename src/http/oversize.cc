// SPDX-License-Identifier: Apache-2.0
#include "http/oversize.h"

namespace attacca::http {
namespace {

// The place behind the string that begins at `at`, its quote included.
std::size_t end_of_string(std::string_view json, std::size_t at) {
    ++at;
    while (at < json.size() && json[at] != '"') {
        at += json[at] == '\\' ? std::size_t{2} : std::size_t{1};
    }
    return at + 1;
}

}  // namespace

bool has_more_nodes(std::string_view json, std::size_t elements_max) {
    constexpr std::size_t none = ~std::size_t{0};
    std::size_t depth = 0;
    std::size_t counted_depth = none;  // inside the array that is counted
    std::size_t commas = 0;
    bool is_nodes_key = false;  // the last string was `nodes`, and only colon and space followed
    for (std::size_t at = 0; at < json.size();) {
        switch (json[at]) {
            case '"': {
                const std::size_t end = end_of_string(json, at);
                is_nodes_key = end - at == 7 && json.substr(at, 7) == "\"nodes\"";
                at = end;
                continue;
            }
            case '[':
            case '{':
                ++depth;
                if (json[at] == '[' && is_nodes_key && counted_depth == none) {
                    counted_depth = depth;
                    commas = 0;
                }
                is_nodes_key = false;
                break;
            case ']':
            case '}':
                if (depth == counted_depth) {
                    counted_depth = none;
                }
                depth -= depth > 0 ? 1 : 0;
                break;
            case ',':
                if (depth == counted_depth && ++commas >= elements_max) {
                    return true;
                }
                is_nodes_key = false;
                break;
            default:
                break;
        }
        ++at;
    }
    return false;
}

}  // namespace attacca::http
