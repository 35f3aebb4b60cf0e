// SPDX-License-Identifier: Apache-2.0
#include "core/job/trace.h"

#include <cstdint>

#include "base/check.h"

namespace attacca::core {
namespace {

constexpr std::size_t trace_at = 3;
constexpr std::size_t parent_at = 36;
constexpr std::size_t flags_at = 53;
constexpr std::size_t trace_digits = 32;
constexpr std::size_t parent_digits = 16;
constexpr std::size_t whole = 55;
constexpr std::string_view hex_digits = "0123456789abcdef";

bool is_hex(std::string_view digits) {
    return digits.find_first_not_of(hex_digits) == digits.npos;
}

bool is_id(std::string_view digits) {
    return is_hex(digits) && digits.find_first_not_of('0') != digits.npos;
}

}  // namespace

bool is_trace_parent(std::string_view text) {
    return text.size() == whole && text.starts_with("00-") && text[parent_at - 1] == '-' &&
           text[flags_at - 1] == '-' && is_id(text.substr(trace_at, trace_digits)) &&
           is_id(text.substr(parent_at, parent_digits)) && is_hex(text.substr(flags_at));
}

std::string trace_parent_of(std::string_view of_job, FenceToken attempt) {
    ATTACCA_CHECK(is_trace_parent(of_job) && attempt.value != 0);
    std::string text(of_job);
    for (std::size_t i = 0; i < parent_digits; ++i) {
        text[parent_at + parent_digits - 1 - i] = hex_digits[(attempt.value >> (4 * i)) & 15U];
    }
    return text;
}

}  // namespace attacca::core
