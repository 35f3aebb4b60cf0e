// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <random>
#include <string>
#include <vector>

#include "core/job/ids.h"
#include "ports/store.h"

// Rows and batches for the store's tests. Everything is a function of the arguments or of the seed.

namespace attacca::contract {

// Ids grow with the number.
[[nodiscard]] core::JobId job_id(std::uint64_t number);
[[nodiscard]] Sha256 digest_of(std::uint64_t number);
// A new row in which every field has a value that no other field has.
[[nodiscard]] ports::JobRow sample_row(std::uint64_t number);
// The same job later on: every mutable field differs from sample_row's.
[[nodiscard]] ports::JobRow changed_row(std::uint64_t number);
// A batch of `count` records and nothing else.
[[nodiscard]] ports::StoreBatch sample_batch(std::uint64_t first_gseq, std::uint32_t count);
// Bytes that do not compress.
[[nodiscard]] std::string noise(std::size_t size, std::uint64_t seed);

// An endless row of batches that fit one another: new jobs, changes of live ones, and everything
// else a batch may hold.
class RandomBatches {
  public:
    explicit RandomBatches(std::uint64_t seed) : random_(seed) {}
    [[nodiscard]] ports::StoreBatch next();
    // Every job id handed out so far.
    [[nodiscard]] const std::vector<core::JobId>& ids() const { return ids_; }
    [[nodiscard]] std::uint64_t size() const { return size_; }
    // A filter over the values that the rows use.
    [[nodiscard]] ports::JobFilter filter();
    [[nodiscard]] std::uint64_t draw(std::uint64_t below) { return random_() % below; }

  private:
    [[nodiscard]] ports::JobRow new_row();
    void change(ports::JobRow& row);
    void add_rows(ports::StoreBatch& batch);
    void add_others(ports::StoreBatch& batch);
    [[nodiscard]] std::string short_text();

    std::mt19937_64 random_;
    std::vector<Sha256> bodies_;  // that were ever stored
    std::uint64_t size_ = 0;
    std::uint64_t tiles_ = 0;
    std::vector<core::JobId> ids_;
    std::map<core::JobId, ports::JobRow> live_;
};

}  // namespace attacca::contract
