// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/schedule/fair/fair_queue.h"

// Who knows what will happen to the queue soon, such as a decision whose record is applied after
// it, says so: what the event will look at is brought into the cache meanwhile. Nothing changes.

namespace attacca::core::fair {

// An entry will enter the flow.
inline void expect_entry(const FairQueue& queue, FlowIndex flow) {
    __builtin_prefetch(&queue.flow(flow).lists);
}

// An entry that runs will end, and was expected itself (FairQueue::expect) a while ago.
inline void expect_end(const FairQueue& queue, EntryIndex index) {
    const Entry& entry = queue.entry(index);
    if (entry.place() != Entry::Place::running) {
        return;
    }
    const Flow& flow = queue.flow(entry.flow);
    __builtin_prefetch(&flow);
    __builtin_prefetch(&flow.lists);
    __builtin_prefetch(&queue.tenant(entry.next));
}

}  // namespace attacca::core::fair
