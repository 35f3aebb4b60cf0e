// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>

#include "base/time.h"

// Every bound of the server in one place. The defaults are those of the product; tests use tiny
// ones. Spec: kernel.md 4, reliability.md 3.

namespace attacca::http {

struct Limits {
    std::size_t head_bytes_max = 32 * 1024;
    std::size_t fields_max = 100;
    std::size_t target_bytes_max = 8 * 1024;
    std::uint64_t body_bytes_max = 32 * 1024 * 1024;
    std::uint64_t bodies_bytes_max = 256 * 1024 * 1024;  // of all requests under way
    std::size_t pipeline_max = 64;                       // requests of one connection under way
    std::size_t unsent_bytes_max = 1024 * 1024;          // answers that the peer does not read
    std::size_t connections_max = 10000;

    Duration head_timeout = seconds(10);  // from a request's first byte to the end of its head
    Duration body_timeout = seconds(60);  // from the end of the head to the end of the body
    Duration body_grace = seconds(5);     // after it, the body must have come at this rate:
    std::uint64_t body_rate_min = 1024;   // bytes per second
    Duration idle_timeout = seconds(75);
    Duration write_timeout = seconds(30);  // the peer reads nothing of what waits for it
    Duration linger = seconds(2);          // reads on after the last answer, so that it arrives
    Duration tick = milliseconds(250);     // how often the above are looked at
};

}  // namespace attacca::http
