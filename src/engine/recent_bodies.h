// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <utility>
#include <vector>

#include "core/ledger/named_content.h"
#include "core/retention/collection.h"

// Which bodies the newest records name. Whoever looked for bodies that no record names has looked
// at the records that were durable then; this knows what was decided since. Its memory is bounded:
// of a look that is too old it cannot tell.

namespace attacca::engine {

class RecentBodies {
  public:
    explicit RecentBodies(std::size_t names_max = 16'384) : names_max_(names_max) {}

    // Nothing is known of the records before `size`.
    void reset(std::uint64_t size) {
        names_.clear();
        since_ = size;
    }
    void note(const core::Payload& payload, std::uint64_t gseq) {
        for (const core::NamedContent& named : core::named_content(payload)) {
            if (named.is_body()) {
                note(named.digest, gseq);
            }
        }
    }
    // Takes those out that a record from `marked` on names. False: that is too long ago.
    [[nodiscard]] bool drop_named(std::vector<core::BodySize>& bodies,
                                  std::uint64_t marked) const {
        if (marked < since_) {
            return false;
        }
        std::vector<Sha256> named;
        for (const auto& [gseq, digest] : names_) {
            if (gseq >= marked) {
                named.push_back(digest);
            }
        }
        std::sort(named.begin(), named.end());
        std::erase_if(bodies, [&named](const core::BodySize& body) {
            return std::binary_search(named.begin(), named.end(), body.digest);
        });
        return true;
    }

  private:
    // Most records in a row name the same definition.
    void note(const Sha256& digest, std::uint64_t gseq) {
        if (!names_.empty() && names_.back().second == digest) {
            names_.back().first = gseq;
            return;
        }
        if (names_.size() == names_max_) {
            since_ = names_.front().first + 1;
            names_.pop_front();
        }
        names_.emplace_back(gseq, digest);
    }

    const std::size_t names_max_;
    std::uint64_t since_ = 0;
    std::deque<std::pair<std::uint64_t, Sha256>> names_;  // ascending
};

}  // namespace attacca::engine
