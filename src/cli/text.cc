// SPDX-License-Identifier: Apache-2.0
#include "cli/text.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/bytes.h"
#include "base/check.h"

namespace attacca::cli {
namespace {

bool is_continuation(char byte) {
    return (static_cast<unsigned char>(byte) & 0xC0U) == 0x80U;
}

bool is_control(std::string_view character) {
    const auto lead = static_cast<unsigned char>(character[0]);
    if (character.size() == 1) {
        return lead < 0x20U || lead == 0x7FU;
    }
    return character.size() == 2 && lead == 0xC2U &&
           static_cast<unsigned char>(character[1]) < 0xA0U;
}

std::size_t character_size(std::string_view text, std::size_t at) {
    std::size_t size = 1;
    while (at + size < text.size() && is_continuation(text[at + size])) {
        ++size;
    }
    return size;
}

// Insertions, deletions, replacements and swaps of neighbours.
std::size_t edit_distance(std::string_view a, std::string_view b) {
    std::vector<std::size_t> before(b.size() + 1);
    std::vector<std::size_t> last(b.size() + 1);
    std::vector<std::size_t> row(b.size() + 1);
    for (std::size_t j = 0; j < row.size(); ++j) {
        row[j] = j;
    }
    for (std::size_t i = 1; i <= a.size(); ++i) {
        before.swap(last);
        last = row;
        row[0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const std::size_t replaced = last[j - 1] + (a[i - 1] == b[j - 1] ? 0U : 1U);
            row[j] = std::min({replaced, row[j - 1] + 1, last[j] + 1});
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
                row[j] = std::min(row[j], before[j - 2] + 1);
            }
        }
    }
    return row[b.size()];
}

std::string two_units(std::int64_t large, const char* large_unit, std::int64_t small,
                      const char* small_unit) {
    std::string out = std::to_string(large) + large_unit;
    if (small != 0) {
        out += " " + std::to_string(small) + small_unit;
    }
    return out;
}

}  // namespace

std::size_t width_of(std::string_view text) {
    return static_cast<std::size_t>(
        std::count_if(text.begin(), text.end(), [](char byte) { return !is_continuation(byte); }));
}

std::string padded(std::string_view text, std::size_t width) {
    std::string out{text};
    const std::size_t used = width_of(text);
    if (used < width) {
        out.append(width - used, ' ');
    }
    return out;
}

std::string cut(std::string_view text, std::size_t width) {
    if (width_of(text) <= width) {
        return std::string{text};
    }
    if (width == 0) {
        return {};
    }
    std::string out;
    std::size_t at = 0;
    for (std::size_t used = 0; used + 1 < width; ++used) {
        const std::size_t size = character_size(text, at);
        out += text.substr(at, size);
        at += size;
    }
    return out + "…";
}

std::vector<std::string> wrapped(std::string_view text, std::size_t width) {
    std::vector<std::string> lines;
    std::string line;
    std::size_t at = 0;
    while (at < text.size()) {
        const std::size_t end = std::min(text.find(' ', at), text.size());
        const std::string_view word = text.substr(at, end - at);
        at = end + 1;
        if (word.empty()) {
            continue;
        }
        if (!line.empty() && width_of(line) + 1 + width_of(word) > width) {
            lines.push_back(std::exchange(line, {}));
        }
        if (!line.empty()) {
            line += ' ';
        }
        line += word;
    }
    if (!line.empty()) {
        lines.push_back(std::move(line));
    }
    return lines;
}

std::string printable(std::string_view text) {
    constexpr std::size_t longest_character = 4;
    std::string out;
    out.reserve(text.size());
    for (std::size_t at = 0; at < text.size();) {
        std::size_t size = 0;
        for (std::size_t n = 1; n <= std::min(longest_character, text.size() - at); ++n) {
            if (is_utf8(text.substr(at, n))) {
                size = n;
                break;
            }
        }
        const std::string_view character = text.substr(at, std::max<std::size_t>(size, 1));
        at += character.size();
        if (character == "\n" || character == "\r") {
            continue;
        }
        if (character == "\t") {
            out += ' ';
        } else if (size == 0 || is_control(character)) {
            out += "\uFFFD";
        } else {
            out += character;
        }
    }
    return out;
}

std::vector<std::string_view> lines_of(std::string_view text) {
    std::vector<std::string_view> lines;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find('\n'), text.size());
        std::string_view line = text.substr(0, end);
        if (line.ends_with('\r')) {
            line.remove_suffix(1);
        }
        lines.push_back(line);
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return lines;
}

std::vector<std::string_view> last_lines(std::string_view text, std::size_t count) {
    std::vector<std::string_view> lines = lines_of(text);
    if (lines.size() > count) {
        lines.erase(lines.begin(), lines.end() - static_cast<std::ptrdiff_t>(count));
    }
    return lines;
}

std::optional<std::string> nearest(std::string_view word,
                                   std::span<const std::string> candidates) {
    // A third of the word may be wrong, and at most three letters: more is another word.
    constexpr std::size_t slips_max = 3;
    const std::size_t limit = std::min(slips_max, std::max<std::size_t>(1, word.size() / 3));
    std::size_t best = limit + 1;
    const std::string* found = nullptr;
    for (const std::string& candidate : candidates) {
        if (candidate.size() > word.size() + limit || word.size() > candidate.size() + limit) {
            continue;
        }
        const std::size_t distance = edit_distance(word, candidate);
        if (distance < best) {
            best = distance;
            found = &candidate;
        }
    }
    if (found != nullptr) {
        return *found;
    }
    // A word that was not typed to its end.
    constexpr std::size_t prefix_min = 3;
    for (const std::string& candidate : candidates) {
        if (word.size() >= prefix_min && candidate.starts_with(word)) {
            return candidate;
        }
    }
    return std::nullopt;
}

std::string Style::operator()(Colour colour, std::string_view text) const {
    if (!has_colour_ || colour == Colour::none || text.empty()) {
        return std::string{text};
    }
    const char* code = "0";
    switch (colour) {
        case Colour::none: break;
        case Colour::red: code = "31"; break;
        case Colour::green: code = "32"; break;
        case Colour::yellow: code = "33"; break;
        case Colour::blue: code = "34"; break;
        case Colour::dim: code = "2"; break;
        case Colour::bold: code = "1"; break;
    }
    std::string out = "\x1b[";
    out += code;
    out += 'm';
    out += text;
    out += "\x1b[0m";
    return out;
}

void TextTable::add(std::vector<std::string> cells) {
    ATTACCA_CHECK(cells.size() == header_.size());
    rows_.push_back(std::move(cells));
}

std::string TextTable::text(bool has_header) const {
    std::vector<std::size_t> widths(header_.size(), 0);
    const auto measure = [&](const std::vector<std::string>& cells) {
        for (std::size_t i = 0; i < cells.size(); ++i) {
            widths[i] = std::max(widths[i], width_of(cells[i]));
        }
    };
    if (has_header) {
        measure(header_);
    }
    std::for_each(rows_.begin(), rows_.end(), measure);
    std::string out;
    const auto write = [&](const std::vector<std::string>& cells) {
        std::string line;
        for (std::size_t i = 0; i < cells.size(); ++i) {
            line += padded(cells[i], widths[i]);
            line += "  ";
        }
        line.erase(line.find_last_not_of(' ') + 1);
        out += line + "\n";
    };
    if (has_header) {
        write(header_);
    }
    std::for_each(rows_.begin(), rows_.end(), write);
    return out;
}

std::string human_duration(Duration duration) {
    const std::int64_t ms = std::max<std::int64_t>(0, duration.us / 1000);
    if (ms < 1000) {
        return std::to_string(ms) + "ms";
    }
    if (ms < 10'000) {
        return std::to_string(ms / 1000) + "." + std::to_string(ms % 1000 / 100) + "s";
    }
    const std::int64_t total = ms / 1000;
    if (total < 60) {
        return std::to_string(total) + "s";
    }
    if (total < 3600) {
        return two_units(total / 60, "m", total % 60, "s");
    }
    if (total < 86'400) {
        return two_units(total / 3600, "h", total % 3600 / 60, "m");
    }
    return two_units(total / 86'400, "d", total % 86'400 / 3600, "h");
}

std::string human_age(WallTime at, WallTime now) {
    const std::int64_t us = now.us - at.us;
    constexpr std::int64_t second = 1'000'000;
    if (us < second && us > -second) {
        return "now";
    }
    const std::int64_t whole = (us < 0 ? -us : us) / second;
    std::string size;
    if (whole < 60) {
        size = std::to_string(whole) + "s";
    } else if (whole < 3600) {
        size = std::to_string(whole / 60) + "m";
    } else if (whole < 86'400) {
        size = std::to_string(whole / 3600) + "h";
    } else {
        size = std::to_string(whole / 86'400) + "d";
    }
    return us < 0 ? "in " + size : size + " ago";
}

std::string counted(std::size_t count, std::string_view word) {
    return std::to_string(count) + " " + std::string{word} + (count == 1 ? "" : "s");
}

std::string percent_text(std::string_view ratio) {
    const std::size_t point = ratio.find('.');
    if (point == std::string_view::npos || ratio.size() < point + 3) {
        return std::string{ratio};
    }
    const std::string digits =
        std::string{ratio.substr(0, point)} + std::string{ratio.substr(point + 1, 2)};
    const std::size_t first = std::min(digits.find_first_not_of('0'), digits.size() - 1);
    return digits.substr(first) + " %";
}

std::string rounded_text(std::string_view number) {
    const std::size_t point = number.find('.');
    const std::string_view text =
        point == std::string_view::npos ? number : number.substr(0, point + 3);
    return std::string{text == "-0.00" ? text.substr(1) : text};
}

std::string human_bytes(std::uint64_t bytes) {
    constexpr std::array units = {"B", "KiB", "MiB", "GiB", "TiB"};
    std::size_t unit = 0;
    std::uint64_t tenths = bytes * 10;
    while (tenths >= 10'240 && unit + 1 < units.size()) {
        tenths /= 1024;
        ++unit;
    }
    if (unit == 0) {
        return std::to_string(bytes) + " B";
    }
    return std::to_string(tenths / 10) + "." + std::to_string(tenths % 10) + " " + units[unit];
}

}  // namespace attacca::cli
