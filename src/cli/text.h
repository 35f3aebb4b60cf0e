// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"

// Text for a terminal: width, alignment, colour, tables. Pure.
//
// Widths count UTF-8 code points: our own glyphs are one column wide, and names of nodes and jobs
// are mostly ASCII. Text from outside passes `printable` first, so that no escape sequence of a
// scanner or a user reaches a terminal.

namespace attacca::cli {

[[nodiscard]] std::size_t width_of(std::string_view text);
// Filled with spaces to `width`; never cut.
[[nodiscard]] std::string padded(std::string_view text, std::size_t width);
// At most `width` columns; the last one is `…` when something was left out.
[[nodiscard]] std::string cut(std::string_view text, std::size_t width);
// Lines of at most `width` columns, broken at spaces; a longer word stays whole.
[[nodiscard]] std::vector<std::string> wrapped(std::string_view text, std::size_t width);
// Control characters and invalid UTF-8 become `�`; a tab becomes a space; line ends go.
[[nodiscard]] std::string printable(std::string_view text);
[[nodiscard]] std::vector<std::string_view> lines_of(std::string_view text);
// The last lines, at most `count`.
[[nodiscard]] std::vector<std::string_view> last_lines(std::string_view text, std::size_t count);

// The candidate nearest to the word, if it is near enough to be a slip of the fingers.
[[nodiscard]] std::optional<std::string> nearest(std::string_view word,
                                                 std::span<const std::string> candidates);

enum class Colour { none, red, green, yellow, blue, dim, bold };

// Wraps text in SGR sequences, or leaves it alone.
class Style {
  public:
    explicit Style(bool has_colour) : has_colour_(has_colour) {}
    [[nodiscard]] std::string operator()(Colour colour, std::string_view text) const;
    [[nodiscard]] bool has_colour() const { return has_colour_; }

  private:
    bool has_colour_;
};

// A table for people: columns as wide as their widest cell, two spaces between them.
class TextTable {
  public:
    explicit TextTable(std::vector<std::string> header) : header_(std::move(header)) {}
    // Precondition: as many cells as the header has.
    void add(std::vector<std::string> cells);
    [[nodiscard]] std::string text(bool has_header) const;
    [[nodiscard]] bool is_empty() const { return rows_.empty(); }

  private:
    std::vector<std::string> header_;
    std::vector<std::vector<std::string>> rows_;
};

// `2m 14s`, `1.4s`, `340ms`, `1d 3h`: the two largest units, for people.
[[nodiscard]] std::string human_duration(Duration duration);
// `12s ago`, `in 5m`; `now` within a second.
[[nodiscard]] std::string human_age(WallTime at, WallTime now);
// `1 node`, `2 nodes`.
[[nodiscard]] std::string counted(std::size_t count, std::string_view word);
// `0.250000` as `25 %`; what is no decimal number stays as it is.
[[nodiscard]] std::string percent_text(std::string_view ratio);
// A decimal number with two digits behind the point, which are enough for an eye.
[[nodiscard]] std::string rounded_text(std::string_view number);
// `4.0 KiB`, `12.3 MiB`.
[[nodiscard]] std::string human_bytes(std::uint64_t bytes);

}  // namespace attacca::cli
