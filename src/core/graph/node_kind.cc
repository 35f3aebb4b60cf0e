// SPDX-License-Identifier: Apache-2.0
#include "core/graph/node_kind.h"

#include <algorithm>
#include <cstddef>

#include "base/check.h"

namespace attacca::core {
namespace {

constexpr bool is_in_order() {
    for (std::size_t i = 0; i < node_kind_names.size(); ++i) {
        if (static_cast<std::size_t>(node_kind_names[i].kind) != i) {
            return false;
        }
    }
    return true;
}
static_assert(is_in_order(), "row n is that of kind n");

}  // namespace

bool is_served(NodeKind kind) {
    switch (kind) {
        case NodeKind::noop:
        case NodeKind::run:
        case NodeKind::wait:
        case NodeKind::scan:
        case NodeKind::task:
        case NodeKind::approve:
        case NodeKind::test:
        case NodeKind::group:
        case NodeKind::condition:
        case NodeKind::checkpoint:
        case NodeKind::job:
        case NodeKind::http:
        case NodeKind::notify: return true;
    }
    return false;
}

std::string_view name_of(NodeKind kind) {
    const auto row = static_cast<std::size_t>(kind);
    ATTACCA_CHECK(row < node_kind_names.size());
    return node_kind_names[row].name;
}

std::optional<NodeKind> node_kind_of(std::string_view name) {
    for (const NodeKindName& row : node_kind_names) {
        if (row.name == name) {
            return row.kind;
        }
    }
    return std::nullopt;
}

std::optional<NodeKind> kind_of_type(std::string_view name) {
    if (const std::optional<NodeKind> kind = node_kind_of(name)) {
        return kind;
    }
    const auto row = std::find_if(other_type_names.begin(), other_type_names.end(),
                                  [&](const NodeKindName& known) { return known.name == name; });
    return row == other_type_names.end() ? std::nullopt : std::optional(row->kind);
}

}  // namespace attacca::core
