// SPDX-License-Identifier: Apache-2.0
#include <cerrno>
#include <filesystem>
#include <system_error>

#include <sys/stat.h>
#include <unistd.h>

#include "adapters/system/file_content.h"
#include "base/digest.h"

// The part of the content files that lets them go: pins, and what is not pinned.

namespace attacca::system {
namespace {

namespace paths = std::filesystem;

// Files that bear the name of a digest; whatever else lies there is nobody's.
void add_files(const paths::path& directory, std::vector<ports::Content::File>& out,
               std::error_code& error) {
    for (paths::directory_iterator it(directory, error), end; !error && it != end;
         it.increment(error)) {
        const std::optional<Sha256> digest = sha256_of_hex(it->path().filename().string());
        struct stat found {};
        if (digest && ::lstat(it->path().c_str(), &found) == 0 && S_ISREG(found.st_mode)) {
            out.push_back({*digest, static_cast<std::uint64_t>(found.st_size)});
        }
    }
}

}  // namespace

void FileContent::pin(const Sha256& digest) {
    const std::scoped_lock lock(pins_mutex_);
    ++pins_[digest];
}

void FileContent::unpin(const Sha256& digest) {
    const std::scoped_lock lock(pins_mutex_);
    const auto it = pins_.find(digest);
    if (it != pins_.end() && --it->second == 0) {
        pins_.erase(it);
    }
}

void FileContent::release(const Sha256& digest) {
    const std::scoped_lock lock(pins_mutex_);
    const auto it = pins_.find(digest);
    if (it == pins_.end()) {
        return;
    }
    if (is_collecting_) {
        released_.insert(digest);
    }
    if (--it->second == 0) {
        pins_.erase(it);
    }
}

void FileContent::begin_collection() {
    const std::scoped_lock lock(pins_mutex_);
    is_collecting_ = true;
    released_.clear();
}

void FileContent::end_collection() {
    const std::scoped_lock lock(pins_mutex_);
    is_collecting_ = false;
    released_.clear();
}

Result<std::vector<FileContent::File>> FileContent::files(unsigned group) const {
    constexpr char digits[] = "0123456789abcdef";
    const std::string name{digits[group / 16 % 16], digits[group % 16]};
    const std::string path = files_ + "/" + name;
    std::vector<File> found;
    std::error_code error;
    for (paths::directory_iterator it(path, error), end; !error && it != end;
         it.increment(error)) {
        if (it->is_directory(error)) {
            add_files(it->path(), found, error);
        }
    }
    if (error && error != std::errc::no_such_file_or_directory) {
        return error_of(error.value(), "list", path);
    }
    return found;
}

bool FileContent::is_pinned(const Sha256& digest) const {
    const std::scoped_lock lock(pins_mutex_);
    return must_stay(digest);
}

Result<bool> FileContent::remove(const Sha256& digest) {
    const std::string path = path_of(digest);
    const std::scoped_lock lock(pins_mutex_);
    if (must_stay(digest)) {
        return false;
    }
    if (::unlink(path.c_str()) != 0) {
        return errno == ENOENT ? Result<bool>(false) : error_of(errno, "remove", path);
    }
    return true;
}

}  // namespace attacca::system
