// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/time.h"

// The members of one JSON object of a record, written and read in ascending order of their keys.
//
// Both sides name the same members in the same order, so the reader needs no tree: each read takes
// the next member if it has that key, and nothing may be left at the end. A key is passed with its
// quotes and colon (`"\"node\":"`), because the writer then copies it in one piece.

namespace attacca::core {

class MemberWriter {
  public:
    // Appends to `out`, which must outlive the writer.
    explicit MemberWriter(std::string& out) : out_(out) { out_ += '{'; }

    // Precondition of each: the key is greater than the one before.
    // Precondition of text: valid UTF-8.
    void text(std::string_view key, std::string_view value);
    void i64(std::string_view key, std::int64_t value);
    void u64(std::string_view key, std::uint64_t value);
    void yes(std::string_view key);
    void digest(std::string_view key, const Sha256& value);  // hexadecimal
    void instant(std::string_view key, WallTime value);
    // A value that the caller appends himself.
    std::string& raw(std::string_view key);
    void end() { out_ += '}'; }

  private:
    void start(std::string_view key) {
        if (has_members_) {
            out_ += ',';
        }
        has_members_ = true;
        out_ += key;
    }

    std::string& out_;
    bool has_members_ = false;
};

// Appends a 64-bit integer: a decimal string where a JSON integer could lose digits.
void append_i64(std::string& out, std::int64_t value);
void append_u64_text(std::string& out, std::uint64_t value);

// Precondition: the text is an object that passed the profile (profile.h).
class MemberReader {
  public:
    explicit MemberReader(std::string_view object);

    // Takes the next member if it has this key: then `raw` is its JSON text.
    [[nodiscard]] bool take(std::string_view key, std::string_view& raw);

    // Each takes a member that must be there in its form; the first one that is not makes this
    // reader bad, and it stays so.
    void text(std::string_view key, std::string& out);
    void i64(std::string_view key, std::int64_t& out);
    void u64(std::string_view key, std::uint64_t& out);
    void u32(std::string_view key, std::uint32_t& out);
    void yes(std::string_view key);
    void digest(std::string_view key, Sha256& out);
    void instant(std::string_view key, WallTime& out);
    // True when the next member has this key.
    [[nodiscard]] bool is_next(std::string_view key) const {
        // Of a literal the size is known where this is called, so that no function is.
        return rest_.size() >= key.size() &&
               std::memcmp(rest_.data(), key.data(), key.size()) == 0;
    }

    // Refuses what was read, because of the member `key`.
    void refuse(std::string_view key);
    // True when every member was read and none was refused.
    [[nodiscard]] bool is_done() const { return bad_key_.empty() && rest_.empty(); }
    // The key that is at fault, when !is_done().
    [[nodiscard]] std::string_view bad_key() const { return bad_key_.empty() ? rest_ : bad_key_; }

  private:
    std::string_view rest_;  // begins with a key; no braces
    std::string_view bad_key_;
};

// The elements of a JSON array that passed the profile, one after another.
class ElementReader {
  public:
    explicit ElementReader(std::string_view array) : rest_(array.substr(1, array.size() - 2)) {}
    // The next element's JSON text; empty at the end.
    [[nodiscard]] std::string_view next();

  private:
    std::string_view rest_;
};

}  // namespace attacca::core
