// SPDX-License-Identifier: Apache-2.0
#include "contract/store_harness.h"

#include "adapters/memory/memory_store.h"

namespace attacca::contract {

namespace {

class MemoryHarness final : public StoreHarness {
  public:
    ports::Store& store() override { return store_; }
    void reopen() override { store_.recover(); }
    void poison_job(const core::JobId& id) override { store_.poison_job(id); }
    void take_space() override { store_.fail_next_commit(ports::CommitOutcome::full); }
    void free_space() override {}

  private:
    memory::MemoryStore store_;
};

}  // namespace

const std::vector<StoreKind>& store_kinds() {
    static const std::vector<StoreKind> kinds = {
        {"memory", [] { return std::make_unique<MemoryHarness>(); }},
    };
    return kinds;
}

}  // namespace attacca::contract
