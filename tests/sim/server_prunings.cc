// SPDX-License-Identifier: Apache-2.0
#include <utility>

#include "server.h"

// What the server does by itself about records whose retention has passed: it looks now and then,
// and asks for what it found a while later, when a hold may have come in between. Then it does the
// same about bodies that no record names any more, and one may be named in between. A crash, a full
// disk or a stop meets it at any step; the next process looks anew.

namespace attacca::sim {

void Server::prune_again() {
    pruning_.reset();
    unnamed_.reset();
    if (context_.knobs.prune_every_us != 0) {
        context_.after(context_.about(context_.knobs.prune_every_us), EventKind::prune, process_,
                       0);
    }
}

void Server::on_prune(std::uint32_t process, std::uint64_t step) {
    if (process != process_ || !is_up()) {
        return;
    }
    const auto go_on = [&](std::uint64_t next) {
        const std::int64_t wait_us = next == 3 && context_.prng.chance(300) ? 300'000 : 2000;
        context_.after(context_.about(wait_us), EventKind::prune, process_, next);
    };
    switch (step) {
        case 0:
            pruning_ = backend_.look_for_prunable(context_.clock.now().wall);
            go_on(pruning_ ? 1 : 2);
            return;
        case 1: {
            const std::uint64_t end = pruning_->range.first + pruning_->range.count;
            deliver(*std::exchange(pruning_, std::nullopt),
                    [this, end](const core::Answer& given) { take_pruned(end, given); });
            return;
        }
        case 2:
            unnamed_ = backend_.look_for_unnamed();
            if (unnamed_) {
                go_on(3);
            } else {
                prune_again();
            }
            return;
        default: {
            const std::uint64_t asked = unnamed_->bodies.size();
            deliver(*std::exchange(unnamed_, std::nullopt),
                    [this, asked, before = context_.durable.prunings().bodies().collected()](
                        const core::Answer& given) {
                        const std::uint64_t now = context_.durable.prunings().bodies().collected();
                        if (given && now - before < asked) {
                            context_.marks.hit(Mark::body_named_meanwhile);
                        }
                        prune_again();
                    });
            return;
        }
    }
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
