// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>

#include "app/verify/fault_sink.h"
#include "core/ledger/codec.h"
#include "core/retention/hold.h"

// That nothing was erased which a hold protected, and that of every other sealed job the key is
// there: one that is gone without a record hides something.
//
// Memory: the holds, and the sealed jobs that were not erased.

namespace attacca::verify {

class ErasureCheck {
  public:
    // `seals` is the directory of the keys. Where there is none at all, keys are not looked for:
    // a copy of a ledger has none.
    ErasureCheck(std::string seals, FaultSink sink)
        : seals_(std::move(seals)), sink_(std::move(sink)) {}

    void check(const core::StoredRecord& stored);
    // After the last record. `root` is the data directory: a server may have gone on and erased
    // what this pass has seen as sealed, and the store as it is now tells that.
    void finish(const std::string& root);
    [[nodiscard]] std::uint64_t erased() const { return erased_; }

  private:
    [[nodiscard]] bool is_missing(const core::JobId& job) const;

    const std::string seals_;
    FaultSink sink_;
    std::map<std::string, core::Holds> holds_;  // by tenant
    std::map<core::JobId, std::uint64_t> sealed_;
    std::uint64_t erased_ = 0;
};

}  // namespace attacca::verify
