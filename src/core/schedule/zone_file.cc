// SPDX-License-Identifier: Apache-2.0
#include "core/schedule/zone_file.h"

#include <algorithm>
#include <utility>

#include "base/bytes.h"

namespace attacca::core {
namespace {

constexpr std::size_t header_bytes = 44;
constexpr std::size_t type_bytes = 6;

struct Header {
    char version = 0;
    std::size_t utc_flags = 0;
    std::size_t standard_flags = 0;
    std::size_t leaps = 0;
    std::size_t times = 0;
    std::size_t types = 0;
    std::size_t name_bytes = 0;

    [[nodiscard]] std::size_t block_bytes(std::size_t time_bytes) const {
        return times * time_bytes + times + types * type_bytes + name_bytes +
               leaps * (time_bytes + 4) + standard_flags + utc_flags;
    }
};

Error broken(const std::string& name, std::string_view why) {
    return fail(Problem::corrupt, "the zone file of " + name + " " + std::string(why));
}

bool read_header(std::string_view bytes, std::size_t at, Header& out) {
    if (bytes.size() < at + header_bytes || bytes.substr(at, 4) != "TZif") {
        return false;
    }
    out.version = bytes[at + 4];
    out.utc_flags = read_u32(bytes, at + 20);
    out.standard_flags = read_u32(bytes, at + 24);
    out.leaps = read_u32(bytes, at + 28);
    out.times = read_u32(bytes, at + 32);
    out.types = read_u32(bytes, at + 36);
    out.name_bytes = read_u32(bytes, at + 40);
    // No count can exceed the file's size, so that their products cannot overflow.
    return std::max({out.utc_flags, out.standard_flags, out.leaps, out.times, out.types,
                     out.name_bytes}) <= zone_file_bytes_max;
}

Result<std::int32_t> offset_of_type(const Zone& zone,
                                    std::string_view types,
                                    std::size_t index) {
    if (index * type_bytes >= types.size()) {
        return broken(zone.name, "names a type that it does not have");
    }
    const auto offset = static_cast<std::int32_t>(read_u32(types, index * type_bytes));
    if (offset < -93600 || offset > 93600) {
        return broken(zone.name, "has an offset of more than 26 hours");
    }
    return offset;
}

Result<void> read_changes(Zone& zone, const Header& header, std::string_view block) {
    const std::string_view indexes = block.substr(header.times * 8, header.times);
    const std::string_view types =
        block.substr(header.times * 9, header.types * type_bytes);
    ATTACCA_TRY(zone.first_offset_s, offset_of_type(zone, types, 0));
    std::int32_t offset = zone.first_offset_s;
    std::int64_t before = time_begin_s;
    for (std::size_t i = 0; i < header.times; ++i) {
        const auto at = static_cast<std::int64_t>(read_u64(block, i * 8));
        const auto type = static_cast<std::uint8_t>(indexes[i]);
        ATTACCA_TRY(const std::int32_t next, offset_of_type(zone, types, type));
        // Some writers put a first change at the beginning of time: it says no more than that.
        if (at <= time_begin_s) {
            zone.first_offset_s = next;
            offset = next;
            continue;
        }
        if (at <= before || at >= time_end_s) {
            return broken(zone.name, "has changes out of order");
        }
        before = at;
        // Also where the offset stays: the last change is where the last line begins to hold.
        zone.changes.push_back({at, next});
        offset = next;
    }
    zone.after.standard_s = offset;
    return {};
}

}  // namespace

bool is_zone_name(std::string_view name) {
    const auto is_letter = [](char c) {
        return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
    };
    if (name.empty() || name.size() > 64) {
        return false;
    }
    bool is_at_start = true;
    for (const char c : name) {
        const bool is_other = (c >= '0' && c <= '9') || c == '_' || c == '-' || c == '+';
        if (c == '/' ? is_at_start : !is_letter(c) && (is_at_start || !is_other)) {
            return false;
        }
        is_at_start = c == '/';
    }
    // `posix/…`, `right/…`, `localtime` and the tables beside the zones begin with a small letter.
    return !is_at_start && name.front() <= 'Z';
}

Result<Zone> decode_zone_file(std::string name, std::string_view bytes) {
    Zone zone;
    zone.name = std::move(name);
    Header first;
    if (bytes.size() > zone_file_bytes_max || !read_header(bytes, 0, first)) {
        return broken(zone.name, "is no zone file");
    }
    if (first.version < '2') {
        return broken(zone.name, "is of version 1, which ends in 2038");
    }
    Header header;
    const std::size_t second_at = header_bytes + first.block_bytes(4);
    if (!read_header(bytes, second_at, header)) {
        return broken(zone.name, "ends too early");
    }
    if (header.leaps != 0) {
        return broken(zone.name, "counts leap seconds");
    }
    const std::size_t block_at = second_at + header_bytes;
    const std::size_t block_bytes = header.block_bytes(8);
    if (bytes.size() < block_at + block_bytes) {
        return broken(zone.name, "ends too early");
    }
    const Result<void> read =
        read_changes(zone, header, bytes.substr(block_at, block_bytes));
    if (!read) {
        return read.error();
    }
    const std::string_view footer = bytes.substr(block_at + block_bytes);
    const bool is_framed = footer.size() >= 2 && footer.front() == '\n' && footer.back() == '\n';
    if (!is_framed) {
        return broken(zone.name, "has no last line");
    }
    if (footer.size() > 2) {
        const auto after = parse_yearly_offsets(std::string(footer.substr(1, footer.size() - 2)));
        if (!after) {
            return broken(zone.name, "has a last line that cannot be read");
        }
        zone.after = *after;
    }
    return zone;
}

}  // namespace attacca::core
