// SPDX-License-Identifier: Apache-2.0
#include "cli/pointer.h"

#include <algorithm>
#include <optional>

#include "base/bytes.h"

namespace attacca::cli {

std::vector<std::string> pointer_parts(std::string_view pointer) {
    std::vector<std::string> parts;
    while (pointer.starts_with('/')) {
        pointer.remove_prefix(1);
        const std::string_view raw = pointer.substr(0, pointer.find('/'));
        pointer.remove_prefix(raw.size());
        std::string part;
        for (std::size_t i = 0; i < raw.size(); ++i) {
            if (raw[i] == '~' && i + 1 < raw.size()) {
                part += raw[++i] == '1' ? '/' : '~';
            } else {
                part += raw[i];
            }
        }
        parts.push_back(std::move(part));
    }
    return parts;
}

std::string pointer_child(std::string_view pointer, std::string_view key) {
    std::string out{pointer};
    out += '/';
    for (const char byte : key) {
        if (byte == '~') {
            out += "~0";
        } else if (byte == '/') {
            out += "~1";
        } else {
            out += byte;
        }
    }
    return out;
}

std::string_view pointer_parent(std::string_view pointer) {
    const std::size_t slash = pointer.rfind('/');
    return slash == std::string_view::npos ? std::string_view{} : pointer.substr(0, slash);
}

const Json* value_at(const Json& document, std::string_view pointer) {
    const Json* here = &document;
    for (const std::string& part : pointer_parts(pointer)) {
        if (here->is_object()) {
            here = here->find(part);
        } else if (here->is_array()) {
            const std::optional<std::uint64_t> index = parse_u64(part);
            const Json::Array& elements = here->as_array();
            here = index && *index < elements.size() ? &elements[*index] : nullptr;
        } else {
            here = nullptr;
        }
        if (here == nullptr) {
            return nullptr;
        }
    }
    return here;
}

}  // namespace attacca::cli
