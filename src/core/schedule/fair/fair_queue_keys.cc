// SPDX-License-Identifier: Apache-2.0
#include "base/check.h"
#include "core/schedule/fair/fair_queue.h"

// Entries that share a key, of which only so many may run at once.
//
// While a key has room, the first entry of each line stands in its flow's list like any other; once
// it is full, all of them are parked. So what stands at the head of a list may always start, and a
// full key costs other entries of the same tenant nothing. A release offers one entry of each line:
// lines are the lanes and priorities of a tenant, so they are few.

namespace attacca::core::fair {

namespace {

std::uint64_t line_of(const Entry& entry) {
    return std::uint64_t{entry.flow} * 4 + entry.priority();
}

}  // namespace

KeyIndex FairQueue::add_key(std::uint32_t limit) {
    ATTACCA_CHECK(limit >= 1);
    keys_.emplace_back();
    keys_.back().limit = limit;
    return static_cast<KeyIndex>(keys_.size() - 1);
}

void FairQueue::park(Key::Line& line, EntryIndex index, bool is_first) {
    Entry& entry = entries_[index];
    entry.set_place(Entry::Place::parked);
    is_first ? prepend(line.parked, index) : append(line.parked, index);
    ++flows_[entry.flow].parked;
}

void FairQueue::add_keyed(EntryIndex index) {
    const Entry& entry = entries_[index];
    Key& key = keys_[entry.key];
    Key::Line& line = key.lines[line_of(entry)];
    if (line.offered == none && key.running < key.limit) {
        line.offered = index;
        append(flows_[entry.flow].lists[entry.priority()], index);
    } else {
        park(line, index, false);
    }
}

// Takes an entry out of its line; the line goes when nothing is left in it.
void FairQueue::leave_line(EntryIndex index) {
    Entry& entry = entries_[index];
    Key& key = keys_[entry.key];
    const auto found = key.lines.find(line_of(entry));
    ATTACCA_CHECK(found != key.lines.end());
    Key::Line& line = found->second;
    if (entry.place() == Entry::Place::parked) {
        unlink(line.parked, index);
        --flows_[entry.flow].parked;
    } else {
        ATTACCA_CHECK(entry.place() == Entry::Place::queued && line.offered == index);
        line.offered = none;
        unlink(flows_[entry.flow].lists[entry.priority()], index);
    }
    if (line.offered == none && line.parked.head == none) {
        key.lines.erase(found);
    }
}

void FairQueue::cancel_keyed(EntryIndex index, std::int64_t now) {
    const KeyIndex key = entries_[index].key;
    const std::uint64_t line = line_of(entries_[index]);
    leave_line(index);
    offer_next(key, line, now);
}

void FairQueue::start_keyed(EntryIndex index, std::int64_t now) {
    const KeyIndex key = entries_[index].key;
    const std::uint64_t line = line_of(entries_[index]);
    leave_line(index);
    ++keys_[key].running;
    if (keys_[key].running >= keys_[key].limit) {
        withdraw_all(key, entries_[index].flow, now);
    } else {
        offer_next(key, line, now);
    }
}

// The key is full. The flow that filled it is looked at by its start.
void FairQueue::withdraw_all(KeyIndex index, FlowIndex starting, std::int64_t now) {
    for (auto& [number, line] : keys_[index].lines) {
        if (line.offered == none) {
            continue;
        }
        const Entry& entry = entries_[line.offered];
        const FlowIndex flow = entry.flow;
        unlink(flows_[flow].lists[entry.priority()], line.offered);
        park(line, line.offered, true);
        line.offered = none;
        if (flow != starting) {
            note_lists(flow, now);
        }
    }
}

void FairQueue::offer(Key::Line& line, std::int64_t now) {
    const EntryIndex index = line.parked.head;
    if (line.offered != none || index == none) {
        return;
    }
    Entry& entry = entries_[index];
    Flow& flow = flows_[entry.flow];
    unlink(line.parked, index);
    --flow.parked;
    entry.set_place(Entry::Place::queued);
    line.offered = index;
    prepend(flow.lists[entry.priority()], index);
    if ((flow.reasons & because_keys) != 0) {
        note_lists(entry.flow, now);
    }
}

void FairQueue::offer_next(KeyIndex index, std::uint64_t line, std::int64_t now) {
    Key& key = keys_[index];
    const auto found = key.lines.find(line);
    if (found != key.lines.end() && key.running < key.limit) {
        offer(found->second, now);
    }
}

void FairQueue::offer_all(KeyIndex index, std::int64_t now) {
    for (auto& [number, line] : keys_[index].lines) {
        offer(line, now);
    }
}

void FairQueue::release_key(KeyIndex index, std::int64_t now) {
    Key& key = keys_[index];
    ATTACCA_CHECK(key.running > 0);
    --key.running;
    if (key.running + 1 == key.limit) {  // it was just full: before, each line had its offer
        offer_all(index, now);
    }
}

void FairQueue::set_key_limit(KeyIndex index, std::uint32_t limit, std::int64_t now) {
    ATTACCA_CHECK(limit >= 1);
    keys_[index].limit = limit;
    if (keys_[index].running >= limit) {
        withdraw_all(index, none, now);
    } else {
        offer_all(index, now);
    }
}

}  // namespace attacca::core::fair
