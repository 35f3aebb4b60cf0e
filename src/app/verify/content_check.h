// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <set>
#include <string>
#include <utility>

#include "app/verify/fault_sink.h"
#include "core/ledger/codec.h"
#include "core/ledger/named_content.h"
#include "ports/store.h"

// That everything which records name by SHA-256 is there and is what it was: bodies in the store,
// artifacts and large outputs in `cas`. Content that lies there unnamed is no fault: a crash may
// have come before its record. Nor is it one where a server has pruned the record since it was
// read here, and collected what it named.
//
// Memory: the digests that were checked lately; an older one is read again.

namespace attacca::verify {

class ContentCheck {
  public:
    // Whether the words of this record are gone by now, whatever the reader held. Errors: io_error.
    using IsPruned = std::function<Result<bool>(std::uint64_t gseq)>;

    // `cas` is the directory of the content. The reader outlives this.
    ContentCheck(ports::StoreReader& reader, std::string cas, IsPruned is_pruned, FaultSink sink)
        : reader_(reader),
          cas_(std::move(cas)),
          is_pruned_(std::move(is_pruned)),
          sink_(std::move(sink)) {}

    // Errors: io_error, when the store cannot be read.
    [[nodiscard]] Result<void> check(const core::StoredRecord& stored);

  private:
    [[nodiscard]] Result<void> check_body(const Sha256& digest, std::uint64_t gseq);
    [[nodiscard]] Result<void> check_file(const core::NamedContent& artifact, std::uint64_t gseq);
    [[nodiscard]] Result<void> tell_missing(const Sha256& digest, std::uint64_t bytes,
                                            std::uint64_t gseq, const std::string& what);
    // False when it was checked already.
    [[nodiscard]] bool is_new(const Sha256& digest, std::uint64_t bytes);

    ports::StoreReader& reader_;
    const std::string cas_;
    const IsPruned is_pruned_;
    FaultSink sink_;
    std::set<std::pair<Sha256, std::uint64_t>> checked_;
};

}  // namespace attacca::verify
