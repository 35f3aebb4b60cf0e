// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "core/bundle/custody.h"
#include "engine/evidence.h"
#include "ports/content.h"
#include "ports/store.h"

// The evidence of one job as one archive for a stranger (core/bundle says what is in it). The same
// job, checkpoint and earlier sizes give the same bytes.
//
// Collected first, then read in pieces: all but the artifacts is in memory, up to bytes_max.
// Not for two threads at once. Errors: not_found, corrupt, io_error, out_of_range (too large).

namespace attacca::engine {

class Bundle {
  public:
    static constexpr std::uint64_t bytes_max = 256U << 20U;

    struct Wanted {
        std::string entity;
        std::uint64_t last_gseq = 0;
        // Sizes of checkpoints that were handed out earlier: the bundle shows that it goes on from
        // each of them.
        std::vector<std::uint64_t> old_sizes;
    };
    // The reader and the content outlive the bundle.
    [[nodiscard]] static Result<std::unique_ptr<Bundle>> collect(
        ports::StoreReader& reader,
        const ports::Content& content,
        std::shared_ptr<const SignedTree> signed_tree,
        const Wanted& wanted);

    // Of the whole archive.
    [[nodiscard]] std::uint64_t bytes() const { return bytes_; }
    // The next piece of the archive; empty at its end.
    [[nodiscard]] Result<std::string> next();

  private:
    struct File {
        std::string name;
        std::string bytes;
        Sha256 digest;
        std::uint64_t size = 0;
        bool is_content = false;  // its bytes are in the content store
    };

    Bundle(ports::StoreReader& reader,
           const ports::Content& content,
           std::shared_ptr<const SignedTree> signed_tree);
    [[nodiscard]] Result<void> add_records(const Wanted& wanted);
    [[nodiscard]] Result<void> add_record(std::uint64_t gseq);
    [[nodiscard]] Result<void> add_named(std::string_view record);
    [[nodiscard]] Result<void> add_consistency(std::uint64_t old_size);
    [[nodiscard]] Result<void> add_erasure();
    [[nodiscard]] Result<void> add_timestamp();
    [[nodiscard]] Result<void> add_delegations();
    [[nodiscard]] Result<void> add(std::string name, std::string bytes);
    void finish();

    ports::StoreReader& reader_;
    const ports::Content& content_;
    Evidence evidence_;
    core::RecordBytes records_;
    std::set<Sha256> named_;
    std::vector<File> files_;
    std::uint64_t kept_ = 0;
    std::uint64_t bytes_ = 0;
    // Where next() stands.
    std::size_t file_ = 0;
    std::uint64_t offset_ = 0;
    bool has_header_ = false;
    bool has_ended_ = false;
};

}  // namespace attacca::engine
