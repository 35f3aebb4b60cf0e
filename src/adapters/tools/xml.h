// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <memory>
#include <string_view>
#include <type_traits>

#include <expat.h>

// What the readers of XML have in common. Private to this folder.

namespace attacca::tools {

// Expat takes the length as an int.
inline constexpr std::size_t xml_piece_bytes = std::size_t{1} << 20U;

struct FreeParser {
    void operator()(XML_Parser parser) const { XML_ParserFree(parser); }
};
using Parser = std::unique_ptr<std::remove_pointer_t<XML_Parser>, FreeParser>;

// `attributes` is a null-terminated array of names and values in turn. Empty when there is none.
inline std::string_view attribute(const char** attributes, std::string_view name) {
    for (; attributes[0] != nullptr; attributes += 2) {
        if (name == attributes[0]) {
            return attributes[1];
        }
    }
    return {};
}

}  // namespace attacca::tools
