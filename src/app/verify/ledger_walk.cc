// SPDX-License-Identifier: Apache-2.0
#include "app/verify/ledger_walk.h"

#include <cstddef>
#include <iterator>
#include <utility>
#include <vector>

namespace attacca::verify {
namespace {

constexpr std::size_t batch_bytes_at_once = 128U << 10U;
constexpr std::size_t checkpoints_at_once = 256;

template <typename Item>
void refill(std::deque<Item>& items, std::vector<Item> read) {
    items.assign(std::make_move_iterator(read.begin()), std::make_move_iterator(read.end()));
}

template <typename Item>
Item take_front(std::deque<Item>& items) {
    Item item = std::move(items.front());
    items.pop_front();
    return item;
}

}  // namespace

Result<std::shared_ptr<const ports::LedgerBatch>> LedgerWalk::batch_of(std::uint64_t gseq) {
    if (batches_.empty()) {
        ATTACCA_TRY(auto read, reader_.batches_from(gseq, batch_bytes_at_once));
        refill(batches_, std::move(read));
    }
    if (batches_.empty() || batches_.front()->first_gseq != gseq) {
        return reader_.batch_of(gseq);  // what stands there instead
    }
    return take_front(batches_);
}

Result<std::optional<ports::SignedCheckpoint>> LedgerWalk::next_checkpoint(std::uint64_t size) {
    if (checkpoints_.empty() && has_more_checkpoints_) {
        ATTACCA_TRY(auto read, reader_.checkpoints(last_checkpoint_, checkpoints_at_once));
        has_more_checkpoints_ = read.size() == checkpoints_at_once;
        refill(checkpoints_, std::move(read));
    }
    if (checkpoints_.empty() || checkpoints_.front().size > size) {
        return std::optional<ports::SignedCheckpoint>();
    }
    last_checkpoint_ = checkpoints_.front().size;
    return std::optional(take_front(checkpoints_));
}

}  // namespace attacca::verify
