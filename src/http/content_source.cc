// SPDX-License-Identifier: Apache-2.0
#include "http/content_source.h"

#include <algorithm>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "engine/unsealing.h"
#include "http/event_source.h"

namespace attacca::http {
namespace {

constexpr std::size_t piece_bytes = 64 * 1024;

bool has_room(const Stream& stream) {
    return stream.is_open() && stream.pending() + piece_bytes <= stream_bytes_max;
}

}  // namespace

bool ContentSource::step() {
    while (part_.length > 0 && has_room(*stream_)) {
        const Result<std::string> piece = content_.read(
            part_.digest, part_.offset, std::min<std::uint64_t>(part_.length, piece_bytes));
        if (!piece || piece->empty()) {
            // The declared length cannot be kept: the client sees a body that is too short.
            stream_->close();
            return false;
        }
        stream_->write(*piece);
        part_.offset += piece->size();
        part_.length -= piece->size();
    }
    if (part_.length == 0) {
        stream_->end();
    }
    return stream_->is_open();
}

GrowingFile::~GrowingFile() {
    if (fd_ >= 0) {
        ::close(fd_);
    }
}

bool GrowingFile::open() {
    if (fd_ < 0) {
        fd_ = ::open(path_.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    }
    return fd_ >= 0;
}

std::string GrowingFile::read(std::uint64_t offset, std::size_t length) {
    std::string bytes;
    if (!open()) {
        return bytes;
    }
    bytes.resize(length);
    const ssize_t count = ::pread(fd_, bytes.data(), bytes.size(), static_cast<::off_t>(offset));
    bytes.resize(count > 0 ? static_cast<std::size_t>(count) : 0);
    return bytes;
}

std::uint64_t GrowingFile::size() {
    struct stat status {};
    if (!open() || ::fstat(fd_, &status) != 0) {
        return 0;
    }
    return static_cast<std::uint64_t>(status.st_size);
}

bool FollowSource::send_live(const std::string& path) {
    if (file_ == nullptr) {
        file_ = std::make_unique<GrowingFile>(path);
    }
    while (has_room(*stream_)) {
        const std::string piece = file_->read(sent_, piece_bytes);
        if (piece.empty()) {
            return true;
        }
        stream_->write(piece);
        sent_ += piece.size();
    }
    return false;
}

bool FollowSource::send_opened(const FollowState& state) {
    if (!opened_) {
        Result<std::string> bytes =
            engine::opened_file(content_, keys_, state.digest, state.bytes);
        if (!bytes) {
            return true;
        }
        opened_ = std::move(*bytes);
    }
    while (sent_ < opened_->size() && has_room(*stream_)) {
        const std::string piece = opened_->substr(sent_, piece_bytes);
        stream_->write(piece);
        sent_ += piece.size();
    }
    return sent_ >= opened_->size();
}

bool FollowSource::send_stored(const FollowState& state) {
    if (state.is_sealed) {
        return send_opened(state);
    }
    while (sent_ < state.bytes && has_room(*stream_)) {
        const Result<std::string> piece = content_.read(
            state.digest, sent_, std::min<std::uint64_t>(state.bytes - sent_, piece_bytes));
        if (!piece || piece->empty()) {
            return true;
        }
        stream_->write(*piece);
        sent_ += piece->size();
    }
    return sent_ >= state.bytes;
}

bool FollowSource::step() {
    // Asked before the file is read: what was written before the end is not missed.
    const FollowState state = ask_();
    bool is_finished = state.is_over;
    if (state.is_stored) {
        is_finished = send_stored(state);
    } else if (!state.live_path.empty()) {
        is_finished = send_live(state.live_path) && state.is_over;
    }
    if (is_finished) {
        stream_->end();
    }
    return stream_->is_open();
}

}  // namespace attacca::http
