// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "core/job/ids.h"
#include "ports/store.h"

// A store of some kind, with the few things that a test must do behind the port's back.

namespace attacca::contract {

class StoreHarness {
  public:
    virtual ~StoreHarness() = default;
    [[nodiscard]] virtual ports::Store& store() = 0;
    // As if the process had stopped and another one had opened the same store.
    virtual void reopen() = 0;
    // Makes this job's row undecodable.
    virtual void poison_job(const core::JobId& id) = 0;
    // Until free_space(), no batch with `large_bytes` of new bodies fits.
    virtual void take_space() = 0;
    virtual void free_space() = 0;

    static constexpr std::size_t large_bytes = 1U << 20U;
};

struct StoreKind {
    std::string name;
    std::function<std::unique_ptr<StoreHarness>()> make;
};
[[nodiscard]] const std::vector<StoreKind>& store_kinds();

// A test of this class runs once per kind of store.
class EveryStore : public ::testing::TestWithParam<StoreKind> {
  protected:
    EveryStore() : harness_(GetParam().make()) {}
    [[nodiscard]] StoreHarness& harness() { return *harness_; }
    [[nodiscard]] ports::Store& store() { return harness_->store(); }
    [[nodiscard]] ports::StoreReader& reader() { return harness_->store().reader(); }
    void commit(const ports::StoreBatch& batch) {
        const ports::CommitResult result = store().commit(batch);
        ASSERT_EQ(result.outcome, ports::CommitOutcome::committed) << result.detail;
    }

  private:
    std::unique_ptr<StoreHarness> harness_;
};

[[nodiscard]] inline std::string name_of_kind(const ::testing::TestParamInfo<StoreKind>& info) {
    return info.param.name;
}

#define ATTACCA_FOR_EVERY_STORE(suite)                                      \
    INSTANTIATE_TEST_SUITE_P(Kinds, suite,                                  \
                             ::testing::ValuesIn(contract::store_kinds()),  \
                             contract::name_of_kind)

}  // namespace attacca::contract
