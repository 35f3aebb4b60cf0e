// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <iterator>
#include <limits>
#include <string>

#include "base/bytes.h"
#include "base/signature.h"
#include "base/time.h"
#include "core/job/ids.h"

// Random values for the tests of core/ledger: full of what JSON has to escape.

namespace attacca::core {

class RandomValues {
  public:
    explicit RandomValues(std::uint64_t seed) : state_(seed) {}

    // SplitMix64: the same numbers on every platform.
    std::uint64_t draw() {
        state_ += 0x9E3779B97F4A7C15U;
        std::uint64_t z = state_;
        z = (z ^ (z >> 30U)) * 0xBF58476D1CE4E5B9U;
        z = (z ^ (z >> 27U)) * 0x94D049BB133111EBU;
        return z ^ (z >> 31U);
    }
    std::uint64_t below(std::uint64_t limit) { return draw() % limit; }
    bool coin() { return below(2) == 0; }

    // Numbers of every size, and the borders of what JSON can hold.
    std::uint64_t number() {
        constexpr std::uint64_t border = std::uint64_t{1} << 53U;
        switch (below(6)) {
            case 0: return below(10);
            case 1: return border - 1;
            case 2: return border;
            case 3: return std::numeric_limits<std::uint64_t>::max();
            default: return draw() >> below(64);
        }
    }
    std::int64_t signed_number() { return static_cast<std::int64_t>(number()); }
    std::uint32_t small_number() { return static_cast<std::uint32_t>(draw() >> (32 + below(32))); }

    std::string text() {
        std::string out;
        const std::uint64_t size = below(24);
        for (std::uint64_t i = 0; i < size; ++i) {
            static const std::string others[] = {"\"", "\\", "/",   "\x7f", "ä",
                                                 "€",  "😀",  "\"}", "\\\""};
            switch (below(4)) {
                case 0:
                    out += static_cast<char>(below(0x20));
                    break;
                case 1:
                    out += others[below(std::size(others))];
                    break;
                default:
                    out += static_cast<char>(0x20 + below(0x5F));
            }
        }
        return out;
    }
    Sha256 digest() {
        Sha256 out;
        for (std::uint8_t& byte : out.bytes) {
            byte = static_cast<std::uint8_t>(draw());
        }
        return out;
    }
    Ed25519PublicKey key() { return {digest().bytes}; }
    Ed25519Signature signature() { return Ed25519Signer({digest().bytes}).sign(text()); }
    // From the year 1653 to 2286.
    WallTime instant() {
        return {static_cast<std::int64_t>(draw() % 20'000'000'000'000'000U) -
                10'000'000'000'000'000};
    }
    JobId job() { return {uuid_v7({static_cast<std::int64_t>(draw() >> 20U)}, draw(), draw())}; }

  private:
    std::uint64_t state_;
};

}  // namespace attacca::core
