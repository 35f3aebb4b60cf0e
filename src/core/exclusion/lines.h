// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/job/hash_index.h"
#include "core/job/ids.h"

// Lines by number, and their numbers by name. Who has looked a name up keeps the number: names are
// long and alike, and a tree of them is many comparisons deep.

namespace attacca::core {

using LineNumber = std::uint32_t;

// A key or a lock belongs to one tenant; keys and locks are apart from each other.
struct LineName {
    std::uint32_t tenant = 0;  // its number in the state
    std::string_view text;
};

// Finds the numbers. Texts come from outside, so somebody may choose them such that their hashes
// are alike. That makes nothing slow: a search looks at so many places at most, and what finds no
// place there stands in a tree.
class LineIndex {
  public:
    static constexpr std::size_t reach = 64;

    [[nodiscard]] static std::uint32_t hash_of(const LineName& name);

    // The line for which `is_it` holds among those that may have the name; no_index: there is none.
    template <typename IsIt>
    [[nodiscard]] LineNumber find(std::uint32_t hash, const LineName& name, IsIt&& is_it) const {
        const LineNumber found = near_.find(hash, is_it);
        return found != no_index || far_.empty() ? found : find_far(name);
    }
    // Precondition: the name is not there.
    void add(std::uint32_t hash, const LineName& name, LineNumber line);
    // Precondition: it is there, with this line.
    void remove(std::uint32_t hash, const LineName& name, LineNumber line);
    void expect(std::uint32_t hash) const { near_.expect(hash); }
    // How many stand in the tree.
    [[nodiscard]] std::size_t far() const { return far_.size(); }

  private:
    [[nodiscard]] LineNumber find_far(const LineName& name) const;

    HashIndex near_;
    std::map<std::pair<std::uint32_t, std::string>, LineNumber> far_;
};

// A line is in use from take() to drop(). Then its number and its memory wait for the next name.
template <typename Line>
class Lines {
  public:
    [[nodiscard]] Line& operator[](LineNumber number) { return at(number).line; }
    [[nodiscard]] const Line& operator[](LineNumber number) const { return at(number).line; }
    [[nodiscard]] const std::string& text_of(LineNumber number) const { return at(number).text; }
    [[nodiscard]] std::size_t size() const { return made_ - free_.size(); }

    // no_index when there is none.
    [[nodiscard]] LineNumber find(const LineName& name) const {
        return find(LineIndex::hash_of(name), name);
    }
    // The line of this name, a new one when there is none.
    LineNumber take(const LineName& name) {
        const std::uint32_t hash = LineIndex::hash_of(name);
        LineNumber number = find(hash, name);
        if (number != no_index) {
            return number;
        }
        if (free_.empty()) {
            number = made_++;
            if (number % block == 0) {
                blocks_.push_back(std::make_unique<std::array<Named, block>>());
            }
        } else {
            number = free_.back();
            free_.pop_back();
        }
        Named& named = at(number);
        named.text = name.text;
        named.tenant = name.tenant;
        named.hash = hash;
        named.is_used = true;
        index_.add(hash, name, number);
        return number;
    }
    // Precondition: the line is as a new one is.
    void drop(LineNumber number) {
        Named& named = at(number);
        index_.remove(named.hash, {named.tenant, named.text}, number);
        named.is_used = false;
        free_.push_back(number);
    }
    // What a call that follows soon will look at is brought into the cache: by take(); by others;
    // and, where the line itself is there already, by drop(). Without a line nothing happens.
    void expect_take(const LineName& name) const { index_.expect(LineIndex::hash_of(name)); }
    void expect(LineNumber number) const {
        if (number != no_index) {
            __builtin_prefetch(&at(number));
        }
    }
    void expect_drop(LineNumber number) const {
        if (number != no_index) {
            index_.expect(at(number).hash);
        }
    }
    // Those that are in use, in the order of their numbers: for who looks at all of them, because
    // numbers say nothing.
    template <typename Visit>
    void visit(Visit&& visit) const {
        for (LineNumber number = 0; number < made_; ++number) {
            if (at(number).is_used) {
                visit(number);
            }
        }
    }

  private:
    struct alignas(64) Named {
        Line line;
        std::uint32_t tenant = 0;
        std::uint32_t hash = 0;
        bool is_used = false;
        std::string text;
    };

    [[nodiscard]] LineNumber find(std::uint32_t hash, const LineName& name) const {
        return index_.find(hash, name, [&](LineNumber number) {
            return at(number).tenant == name.tenant && at(number).text == name.text;
        });
    }

    [[nodiscard]] Named& at(LineNumber number) const {
        return (*blocks_[number / block])[number % block];
    }

    // In blocks: a line stays where it is while others are added.
    static constexpr LineNumber block = 64;
    std::vector<std::unique_ptr<std::array<Named, block>>> blocks_;
    LineNumber made_ = 0;  // so many lines were made
    std::vector<LineNumber> free_;
    LineIndex index_;
};

}  // namespace attacca::core
