// SPDX-License-Identifier: Apache-2.0
#include <utility>

#include "server.h"

// What the server does by itself about records whose retention has passed: it looks now and then,
// and asks for what it found a while later, when a hold may have come in between. A crash, a full
// disk or a stop meets it at any step; the next process looks anew.

namespace attacca::sim {

void Server::prune_again() {
    pruning_.reset();
    if (context_.knobs.prune_every_us != 0) {
        context_.after(context_.about(context_.knobs.prune_every_us), EventKind::prune, process_,
                       0);
    }
}

void Server::on_prune(std::uint32_t process, std::uint64_t step) {
    if (process != process_ || !is_up()) {
        return;
    }
    if (step == 0) {
        pruning_ = backend_.look_for_prunable(context_.clock.now().wall);
        if (pruning_) {
            context_.after(context_.about(2000), EventKind::prune, process_, 1);
        } else {
            prune_again();
        }
        return;
    }
    const std::uint64_t end = pruning_->range.first + pruning_->range.count;
    deliver(*std::exchange(pruning_, std::nullopt),
            [this, end](const core::Answer& given) { take_pruned(end, given); });
}

void Server::take_pruned(std::uint64_t end, const core::Answer& given) {
    const std::vector<core::EntriesPruned>& durable = context_.durable.prunings().prunings();
    const bool is_durable =
        !durable.empty() && durable.back().first + durable.back().count == end;
    if (given && !is_durable) {
        context_.violations.report("I01", "a pruning was answered before it was durable");
    }
    if (!given && given.error().problem == Problem::under_hold) {
        context_.marks.hit(Mark::pruning_came_under_hold);
    } else if (!given && given.error().problem == Problem::storage_full) {
        context_.marks.hit(Mark::pruning_on_full_disk);
    }
    prune_again();
}

}  // namespace attacca::sim
