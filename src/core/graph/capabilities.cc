// SPDX-License-Identifier: Apache-2.0
#include "core/graph/capabilities.h"

#include <algorithm>
#include <utility>

#include "core/graph/definition.h"

namespace attacca::core {

bool read_capabilities(const Input& object, std::size_t most, std::vector<std::string>& out,
                       Faults& faults) {
    const auto value = object.member("capabilities");
    if (!value) {
        return true;
    }
    if (!check_array(*value, faults)) {
        return false;
    }
    const Json::Array& elements = value->json().as_array();
    if (elements.size() > most) {
        return faults.add(*value, Problem::out_of_range,
                          "at most " + std::to_string(most) + " capabilities");
    }
    bool is_read = true;
    for (std::size_t i = 0; i < elements.size() && !faults.is_full(); ++i) {
        const Input element(*value, i, elements[i]);
        std::string name;
        is_read = read_text(element, name, faults) &&
                  (is_lane_name(name) ||
                   faults.add(element, Problem::invalid_value,
                              "`" + quoted(name) + "` is no capability: a letter or digit, then at "
                                                   "most 62 letters, digits, `.`, `_` and `-`")) &&
                  is_read;
        out.push_back(std::move(name));
    }
    std::sort(out.begin(), out.end());
    out.erase(std::unique(out.begin(), out.end()), out.end());
    return is_read;
}

}  // namespace attacca::core
