// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <compare>
#include <map>
#include <set>
#include <string>
#include <tuple>
#include <utility>

#include "base/time.h"
#include "core/job/states.h"
#include "core/schedule/lane_key.h"

// The entries of lanes whose tasks have an owner that a lane may be kept for, by lane and owner: a
// kept lane gives out the first of its owner's, however many others stand before it. Within an
// owner what is more important comes first, then what came first.
//
// Cost: O(log n) a call, and about 200 bytes an entry.

namespace attacca::core {

class OwnedEntries {
  public:
    using Handle = std::uint32_t;

    void add(Handle entry, LaneKey lane, std::string owner, Priority priority, WallTime since) {
        const Place place{priority, since, entry};
        const auto it = lines_.try_emplace({std::move(lane), std::move(owner)}).first;
        it->second.insert(place);
        places_[entry] = {it, place};
    }
    // Nothing happens when it has no owner.
    void remove(Handle entry) {
        const auto found = places_.find(entry);
        if (found == places_.end()) {
            return;
        }
        const auto& [line, place] = found->second;
        line->second.erase(place);
        if (line->second.empty()) {
            lines_.erase(line);
        }
        places_.erase(found);
    }
    struct Place {
        Priority priority = Priority::medium;
        WallTime since;
        Handle entry = 0;
        friend auto operator<=>(const Place&, const Place&) = default;
    };
    // nullptr when the owner has none in this lane.
    [[nodiscard]] const Place* first(const LaneKey& lane, const std::string& owner) const {
        const auto it = lines_.find({lane, owner});
        return it == lines_.end() ? nullptr : &*it->second.begin();
    }
    [[nodiscard]] std::size_t size() const { return places_.size(); }

  private:
    using Line = std::pair<LaneKey, std::string>;
    using Lines = std::map<Line, std::set<Place>>;

    Lines lines_;
    std::map<Handle, std::pair<Lines::iterator, Place>> places_;
};

}  // namespace attacca::core
