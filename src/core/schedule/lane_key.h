// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <compare>
#include <string>
#include <vector>

namespace attacca::core {

// A lane of one tenant: workers are given the work of their own tenant only. Work that needs other
// capabilities is another lane of the same name (scheduling.md 3.8).
struct LaneKey {
    std::string tenant;
    std::string lane;
    std::vector<std::string> capabilities = {};  // that its workers must have: ascending, each once
    friend auto operator<=>(const LaneKey&, const LaneKey&) = default;
};
[[nodiscard]] bool is_same_lane(const LaneKey& a, const LaneKey& b);
// `worker` is a lane's name with all that a worker has.
[[nodiscard]] bool may_serve(const LaneKey& worker, const LaneKey& lane);

}  // namespace attacca::core
