// SPDX-License-Identifier: Apache-2.0
#include "adapters/system/system_entropy.h"

#include <cerrno>
#include <utility>

#include <sys/random.h>

#include "base/check.h"

namespace attacca::system {
namespace {

// Randomness that fails must stop the process: ids and keys made without it would be worthless.
void fill(void* out, std::size_t count) {
    char* next = static_cast<char*>(out);
    while (count > 0) {
        const ssize_t got = ::getrandom(next, count, 0);
        if (got < 0 && errno == EINTR) {
            continue;
        }
        ATTACCA_CHECK(got > 0);
        next += got;
        count -= static_cast<std::size_t>(got);
    }
}

}  // namespace

std::uint64_t SystemEntropy::draw() {
    const std::scoped_lock lock(mutex_);
    if (left_ == 0) {
        fill(block_.data(), sizeof block_);
        left_ = block_.size();
    }
    --left_;
    return std::exchange(block_[left_], 0);
}

std::string random_bytes(std::size_t count) {
    std::string bytes(count, '\0');
    fill(bytes.data(), count);
    return bytes;
}

}  // namespace attacca::system
