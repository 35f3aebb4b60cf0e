// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/bytes.h"
#include "base/result.h"
#include "base/time.h"

// AER/1, the restricted profile of RFC 8785 JSON that every record obeys, read strictly and without
// knowing any record type. Verification stands on this reader alone.
//
// The profile: an object without white space; keys `[@a-z0-9_]{1,32}`, ascending, each once; values
// are objects, arrays, strings, booleans and integers of at most 2^53 - 1; no null, no fraction, no
// exponent; strings are UTF-8 with the escapes of RFC 8785 and no other; 16 levels; 65,535 bytes.
//
// Pure; allocates nothing unless it refuses. Views point into the bytes that were read.

namespace attacca::core {

inline constexpr std::size_t record_bytes_max = 65'535;
inline constexpr std::size_t record_depth_max = 16;
inline constexpr std::uint64_t record_integer_max = (std::uint64_t{1} << 53U) - 1;

// The members of a record that stand on its first level, in their order.
enum class Member : std::uint8_t {
    at,  // `@`
    act,
    art,
    ent,
    eseq,
    gseq,
    n,
    org,
    p,
    prev,
    res,
    ret,
    src,
    t,
    ten,
    tgt,
    typ,
    x,
};
inline constexpr std::size_t member_count = 18;

// The raw JSON text of each first-level member; empty where there is none.
struct RawRecord {
    std::array<std::string_view, member_count> members;
    bool has_unknown_member = false;
    bool is_final = false;  // `p` has the member `fin` with the value true
    std::uint32_t escaped = 0;  // bit n: member n is a text with an escape

    [[nodiscard]] std::string_view operator[](Member member) const {
        return members[static_cast<std::size_t>(member)];
    }
};

// Checks the whole profile, and nothing else. Errors: corrupt, with the place.
[[nodiscard]] Result<void> check_profile(std::string_view bytes);
[[nodiscard]] Result<RawRecord> read_raw_record(std::string_view bytes);
// The same into one that is used again and again; after an error it holds nothing of use.
[[nodiscard]] Result<void> read_raw_record(std::string_view bytes, RawRecord& out);

// What every record says about itself, whatever its type.
struct RecordHeader {
    std::uint64_t gseq = 0;
    std::uint64_t eseq = 0;
    std::string_view entity;
    std::string_view tenant;
    std::string_view origin;
    std::string_view type;
    WallTime at;
    Sha256 prev;
    std::array<std::uint8_t, 16> nonce{};
    bool is_final = false;
    std::string_view payload;    // the JSON text of `p`
    std::string_view artifacts;  // the JSON text of `art`, or empty
};

// Checks the profile and that the members every record has are there in their form. `ent`, `org`,
// `ten` and `typ` need no escape, so they hold no control character. Errors: corrupt.
[[nodiscard]] Result<RecordHeader> read_header(std::string_view bytes);
// The same from members that were read before.
[[nodiscard]] Result<RecordHeader> header_of(const RawRecord& raw);
// The same into one that is used again and again; after an error it holds nothing of use.
[[nodiscard]] Result<void> header_of(const RawRecord& raw, RecordHeader& out);

}  // namespace attacca::core
