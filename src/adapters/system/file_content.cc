// SPDX-License-Identifier: Apache-2.0
#include "adapters/system/file_content.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <system_error>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/digest.h"

namespace attacca::system {
namespace {

constexpr std::size_t block_bytes = 65536;

Result<Sha256> digest_of_file(int fd, const std::string& path) {
    Sha256Stream stream;
    std::string block(block_bytes, '\0');
    while (true) {
        const ssize_t count = ::read(fd, block.data(), block.size());
        if (count < 0 && errno == EINTR) {
            continue;
        }
        if (count < 0) {
            return error_of(errno, "read", path);
        }
        if (count == 0) {
            return stream.finish();
        }
        stream.update({block.data(), static_cast<std::size_t>(count)});
    }
}

}  // namespace

FileContent::FileContent(const std::string& root)
    : root_(root), files_(root + "/sha256"), incoming_(root + "/incoming") {}

Result<std::unique_ptr<FileContent>> FileContent::open(const std::string& root) {
    std::unique_ptr<FileContent> content(new FileContent(root));
    std::error_code ignored;
    // What stands there has no name in any record; a failure to remove it costs only space.
    std::filesystem::remove_all(content->incoming_, ignored);
    for (const std::string& path : {content->files_, content->incoming_}) {
        if (Result<void> made = make_directory(path); !made) {
            return made.error();
        }
    }
    return content;
}

std::unique_ptr<FileContent> FileContent::at(const std::string& root) {
    return std::unique_ptr<FileContent>(new FileContent(root));
}

std::string content_path(const std::string& root, const Sha256& digest) {
    const std::string name = hex(digest);
    return root + "/sha256/" + name.substr(0, 2) + "/" + name.substr(2, 2) + "/" + name;
}

std::string FileContent::path_of(const Sha256& digest) const {
    return content_path(root_, digest);
}

Result<void> FileContent::make_synced(const std::string& parent, const std::string& path) {
    if (::mkdir(path.c_str(), 0700) != 0 && errno != EEXIST) {
        return error_of(errno, "make the directory", path);
    }
    return sync_directory(parent);
}

Result<std::string> FileContent::directory_of(const Sha256& digest) {
    const std::size_t first = digest.bytes[0];
    const std::size_t second = first * 256 + digest.bytes[1];
    const std::string path = path_of(digest);
    std::string directory = path.substr(0, path.find_last_of('/'));
    const std::string parent = directory.substr(0, directory.find_last_of('/'));
    bool has_first = false;
    {
        const std::scoped_lock lock(mutex_);
        if (synced_.test(second)) {
            return directory;
        }
        has_first = first_synced_.test(first);
    }
    // A directory that exists may be one whose maker has not synced it yet, in this process or in
    // one that crashed: so each level is synced here before its bit is set.
    Result<void> made;
    if (!has_first) {
        made = make_synced(files_, parent);
    }
    if (made) {
        made = make_synced(parent, directory);
    }
    if (!made) {
        return made.error();
    }
    const std::scoped_lock lock(mutex_);
    first_synced_.set(first);
    synced_.set(second);
    return directory;
}

Result<void> FileContent::place(const std::string& path, const Sha256& digest) {
    Result<std::string> directory = directory_of(digest);
    if (!directory) {
        return directory.error();
    }
    const std::string target = path_of(digest);
    if (::renameat2(AT_FDCWD, path.c_str(), AT_FDCWD, target.c_str(), RENAME_NOREPLACE) != 0) {
        if (errno != EEXIST) {
            return error_of(errno, "rename", path);
        }
        ::unlink(path.c_str());
    }
    return sync_directory(*directory);
}

Result<Sha256> FileContent::put(std::string_view bytes) {
    const Sha256 digest = sha256(bytes);
    pin(digest);
    const std::string path = incoming_ + "/" + std::to_string(counter_.fetch_add(1));
    const Fd fd(::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600));
    if (!fd.is_open()) {
        const Error error = error_of(errno, "create", path);
        unpin(digest);
        return error;
    }
    Result<void> done = write_all(fd.get(), bytes, path);
    if (done && ::fsync(fd.get()) != 0) {
        done = error_of(errno, "sync", path);
    }
    if (done) {
        done = place(path, digest);
    }
    if (!done) {
        ::unlink(path.c_str());
        unpin(digest);
        return done.error();
    }
    return digest;
}

Result<Sha256> FileContent::adopt(const std::string& path) {
    const Fd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
    if (!fd.is_open()) {
        return error_of(errno, "open", path);
    }
    Result<Sha256> digest = digest_of_file(fd.get(), path);
    if (!digest) {
        return digest;
    }
    if (::fsync(fd.get()) != 0) {
        return error_of(errno, "sync", path);
    }
    pin(*digest);
    if (Result<void> placed = place(path, *digest); !placed) {
        unpin(*digest);
        return placed.error();
    }
    return digest;
}

Result<Fd> FileContent::open_existing(const Sha256& digest) const {
    const std::string path = path_of(digest);
    Fd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
    if (!fd.is_open()) {
        if (errno == ENOENT) {
            return fail(Problem::not_found, "there is no content " + hex(digest));
        }
        return error_of(errno, "open", path);
    }
    return fd;
}

Result<std::uint64_t> FileContent::size(const Sha256& digest) const {
    ATTACCA_TRY(const Fd fd, open_existing(digest));
    struct stat found {};
    if (::fstat(fd.get(), &found) != 0) {
        return error_of(errno, "examine", path_of(digest));
    }
    return static_cast<std::uint64_t>(found.st_size);
}

Result<std::string> FileContent::read(const Sha256& digest,
                                      std::uint64_t offset,
                                      std::uint64_t length) const {
    ATTACCA_TRY(const Fd fd, open_existing(digest));
    struct stat found {};
    if (::fstat(fd.get(), &found) != 0) {
        return error_of(errno, "examine", path_of(digest));
    }
    const auto size = static_cast<std::uint64_t>(found.st_size);
    const std::uint64_t start = std::min(offset, size);
    std::string bytes(std::min(length, size - start), '\0');
    std::size_t done = 0;
    while (done < bytes.size()) {
        const ssize_t count = ::pread(fd.get(), bytes.data() + done, bytes.size() - done,
                                      static_cast<off_t>(start + done));
        if (count < 0 && errno == EINTR) {
            continue;
        }
        if (count <= 0) {
            return error_of(count < 0 ? errno : EIO, "read", path_of(digest));
        }
        done += static_cast<std::size_t>(count);
    }
    return bytes;
}

}  // namespace attacca::system
