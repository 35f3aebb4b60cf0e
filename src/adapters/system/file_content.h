// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <bitset>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

#include "adapters/system/files.h"
#include "base/result.h"
#include "ports/content.h"

// Content as files `<root>/sha256/ab/cd/<hex>`. A file is written under a temporary name, synced,
// renamed without replacing, and its directory synced: a name that exists holds the whole content,
// after any crash. Nothing is ever overwritten; equal content is one file.
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

    std::string root_;
    std::string files_;
    std::string incoming_;
    std::atomic<std::uint64_t> counter_{0};
    std::mutex mutex_;
    // Which of the 256 directories, and of the 256 · 256 below, this process knows to be synced.
    std::bitset<256> first_synced_;
    std::bitset<65536> synced_;
};

}  // namespace attacca::system
