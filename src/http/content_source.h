// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "base/bytes.h"
#include "base/result.h"
#include "http/message.h"
#include "http/pump.h"
#include "ports/content.h"
#include "ports/seal_keys.h"

// Log files as streams.

namespace attacca::http {

// A stored file, or a part of it, in pieces as the client takes them.
class ContentSource : public Source {
  public:
    struct Part {
        Sha256 digest;
        std::uint64_t offset = 0;
        std::uint64_t length = 0;
    };
    ContentSource(const ports::Content& content, Part part, std::shared_ptr<Stream> stream)
        : content_(content), part_(part), stream_(std::move(stream)) {}

    bool step() override;

  private:
    const ports::Content& content_;
    Part part_;
    std::shared_ptr<Stream> stream_;
};

// Reads a file that grows. Holds its descriptor, so the name may go.
class GrowingFile {
  public:
    explicit GrowingFile(std::string path) : path_(std::move(path)) {}
    ~GrowingFile();
    GrowingFile(const GrowingFile&) = delete;
    GrowingFile& operator=(const GrowingFile&) = delete;

    // Up to `length` bytes from `offset`; empty at the end, or while there is no file.
    [[nodiscard]] std::string read(std::uint64_t offset, std::size_t length);
    [[nodiscard]] std::uint64_t size();

  private:
    bool open();
    std::string path_;
    int fd_ = -1;
};

// What following a log needs to know of its attempt, asked again at each step.
struct FollowState {
    std::string live_path;  // empty: no attempt has begun
    bool is_over = false;   // nothing more will be written
    // Of an attempt that ended and kept its output.
    bool is_stored = false;
    bool is_sealed = false;
    Sha256 digest;
    std::uint64_t bytes = 0;
};

// A log from its beginning until its attempt has ended and everything was sent.
class FollowSource : public Source {
  public:
    using Ask = std::function<FollowState()>;

    // The first `from` bytes are left out. `keys` of sealed jobs; may be null.
    FollowSource(const ports::Content& content,
                 ports::SealKeys* keys,
                 Ask ask,
                 std::shared_ptr<Stream> stream,
                 std::uint64_t from = 0)
        : Source(true, milliseconds(100)),
          content_(content),
          keys_(keys),
          ask_(std::move(ask)),
          stream_(std::move(stream)),
          sent_(from) {}

    bool step() override;

  private:
    // Sends from the live file what there is room for; true when all of it was sent.
    bool send_live(const std::string& path);
    // Sends the rest from the store; true when all was sent.
    bool send_stored(const FollowState& state);
    bool send_opened(const FollowState& state);

    const ports::Content& content_;
    ports::SealKeys* const keys_;
    std::optional<std::string> opened_;  // what a sealed file holds
    Ask ask_;
    std::shared_ptr<Stream> stream_;
    std::unique_ptr<GrowingFile> file_;
    std::uint64_t sent_;
};

}  // namespace attacca::http
