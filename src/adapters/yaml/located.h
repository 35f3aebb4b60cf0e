// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "base/json.h"

// A document and where each part of it stands in its file, so that an error that names a JSON
// pointer can be shown at its line and column.

namespace attacca::yaml {

// Both count from 1; the column counts bytes.
struct Position {
    std::uint32_t line = 1;
    std::uint32_t column = 1;
    friend bool operator==(const Position&, const Position&) = default;
};

// Children stand in the order of the value's members or elements.
struct Place {
    Position key;    // of a member: where its key begins; else as `value`
    Position value;  // where the value begins
    std::vector<Place> children;
};

enum class Part : std::uint8_t { key, value };

struct Located {
    Json json;
    Place place;

    // Where the pointer leads; where it leads nowhere, the nearest part that is there.
    [[nodiscard]] Position find(std::string_view pointer, Part part) const;
};

}  // namespace attacca::yaml
