// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <bitset>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/system/files.h"
#include "base/result.h"
#include "ports/content.h"

// Content as files `<root>/sha256/ab/cd/<hex>`. A file is written under a temporary name, synced,
// renamed without replacing, and its directory synced: a name that exists holds the whole content,
// after any crash. Nothing is ever overwritten; equal content is one file.
//
// A pin takes about 100 bytes from the put of a file to its release; during a collection, until
// that has ended. Removing is not synced: a file that a crash brings back is removed again.
//
// Safe from any thread. A put costs two syncs, and one more per directory used for the first time.

namespace attacca::system {

// Where the content of a directory stands, whether it is there or not.
[[nodiscard]] std::string content_path(const std::string& root, const Sha256& digest);

class FileContent final : public ports::Content {
  public:
    // Makes the directories and removes what a crash left half written. Errors: as of files.h.
    [[nodiscard]] static Result<std::unique_ptr<FileContent>> open(const std::string& root);

    // For reading what another process may be writing: nothing is made or removed.
    [[nodiscard]] static std::unique_ptr<FileContent> at(const std::string& root);

    [[nodiscard]] Result<Sha256> put(std::string_view bytes) override;
    [[nodiscard]] Result<Sha256> adopt(const std::string& path) override;
    [[nodiscard]] Result<std::uint64_t> size(const Sha256& digest) const override;
    [[nodiscard]] Result<std::string> read(const Sha256& digest,
                                           std::uint64_t offset,
                                           std::uint64_t length) const override;
    void release(const Sha256& digest) override;
    void begin_collection() override;
    void end_collection() override;
    [[nodiscard]] Result<std::vector<File>> files(unsigned group) const override;
    [[nodiscard]] bool is_pinned(const Sha256& digest) const override;
    [[nodiscard]] Result<bool> remove(const Sha256& digest) override;

    // Where the content stands, for programs that read files themselves.
    [[nodiscard]] std::string path_of(const Sha256& digest) const;

  private:
    explicit FileContent(const std::string& root);
    [[nodiscard]] static Result<void> make_synced(const std::string& parent,
                                                  const std::string& path);
    // The synced directory that holds the digest's file.
    [[nodiscard]] Result<std::string> directory_of(const Sha256& digest);
    // Gives the synced file its final name; the file at `path` is gone afterwards.
    [[nodiscard]] Result<void> place(const std::string& path, const Sha256& digest);
    [[nodiscard]] Result<Fd> open_existing(const Sha256& digest) const;
    void pin(const Sha256& digest);
    // As if it had never been pinned.
    void unpin(const Sha256& digest);
    // Under pins_mutex_.
    [[nodiscard]] bool must_stay(const Sha256& digest) const {
        return pins_.contains(digest) || released_.contains(digest);
    }

    std::string root_;
    std::string files_;
    std::string incoming_;
    std::atomic<std::uint64_t> counter_{0};
    std::mutex mutex_;
    // Which of the 256 directories, and of the 256 · 256 below, this process knows to be synced.
    std::bitset<256> first_synced_;
    std::bitset<65536> synced_;

    // Held while a file is unlinked: whoever wants the same content has either pinned it before, or
    // finds no file afterwards.
    mutable std::mutex pins_mutex_;  // guards everything below
    std::map<Sha256, std::uint32_t> pins_;
    std::set<Sha256> released_;  // since the collection began
    bool is_collecting_ = false;
};

}  // namespace attacca::system
