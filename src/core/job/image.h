// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "core/job/states.h"

// Instance states as the store keeps them: two bytes for each instance, the state and the number of
// attempts (255 stands for more). 64 instances make one chunk.

namespace attacca::core {

inline constexpr std::size_t image_bytes = 2;
inline constexpr std::uint32_t chunk_instances = 64;

struct InstanceImage {
    NodeState state = NodeState::pending;
    std::uint8_t attempts = 0;
};

// Precondition: image_bytes at `out`.
inline void write_image(char* out, NodeState state, std::uint32_t attempts) {
    out[0] = static_cast<char>(state);
    out[1] = static_cast<char>(attempts > 255 ? 255 : attempts);
}

inline void append_image(std::string& out, NodeState state, std::uint32_t attempts) {
    char image[image_bytes];
    write_image(image, state, attempts);
    out.append(image, image_bytes);
}

[[nodiscard]] inline std::size_t image_count(std::string_view images) {
    return images.size() / image_bytes;
}

// Precondition: index < image_count(images). An unknown state reads as pending.
[[nodiscard]] inline InstanceImage image_at(std::string_view images, std::size_t index) {
    const auto state = static_cast<std::uint8_t>(images[index * image_bytes]);
    return {state < node_state_count ? static_cast<NodeState>(state) : NodeState::pending,
            static_cast<std::uint8_t>(images[index * image_bytes + 1])};
}

}  // namespace attacca::core
