// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "base/time.h"

// How instants are written for people: --time. Programs get what the server said.

namespace attacca::cli {

enum class TimeForm { as_it_suits, local, utc, relative, iso };

class TimeWords {
  public:
    // How far the user's clocks on the wall are ahead of UTC at an instant.
    using LocalOffset = std::function<Duration(WallTime)>;

    // `form`: a choice of --time.
    TimeWords(std::string_view form, WallTime now, LocalOffset local_offset);

    [[nodiscard]] WallTime now() const { return now_; }
    // `text` is an instant of an answer (RFC 3339). What is none stands as it is, without control
    // characters; nothing is `-`.
    // Where it matters how long ago it was: relative, unless asked otherwise.
    [[nodiscard]] std::string age(std::string_view text) const;
    // Where it matters when it was: iso, unless asked otherwise.
    [[nodiscard]] std::string instant(std::string_view text) const;
    // Both, unless asked for one.
    [[nodiscard]] std::string age_and_instant(std::string_view text) const;

  private:
    [[nodiscard]] std::string words(std::string_view text, TimeForm otherwise) const;

    TimeForm form_;
    WallTime now_;
    LocalOffset local_offset_;
};

}  // namespace attacca::cli
