// SPDX-License-Identifier: Apache-2.0
#include "app/verify/content_check.h"

#include <array>
#include <cerrno>
#include <limits>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "adapters/system/file_content.h"
#include "base/digest.h"

namespace attacca::verify {
namespace {

constexpr std::size_t remembered_max = 65536;
constexpr std::uint64_t of_a_body = std::numeric_limits<std::uint64_t>::max();

// The digest of what the file holds now, or nothing when it cannot be read.
std::optional<Sha256> digest_of(int fd) {
    Sha256Stream stream;
    std::array<char, 65536> part{};
    for (;;) {
        const ssize_t got = ::read(fd, part.data(), part.size());
        if (got < 0 && errno != EINTR) {
            return std::nullopt;
        }
        if (got == 0) {
            return stream.finish();
        }
        stream.update(std::string_view(part.data(), static_cast<std::size_t>(got < 0 ? 0 : got)));
    }
}

}  // namespace

Result<void> ContentCheck::check(const core::StoredRecord& stored) {
    const std::uint64_t gseq = stored.place.gseq;
    for (const core::NamedContent& named : core::named_content(stored.record.payload)) {
        Result<void> done = named.is_body() ? check_body(named.digest, gseq)
                                            : check_file(named, gseq);
        if (!done) {
            return done;
        }
    }
    return {};
}

bool ContentCheck::is_new(const Sha256& digest, std::uint64_t bytes) {
    if (checked_.contains({digest, bytes})) {
        return false;
    }
    if (checked_.size() >= remembered_max) {
        checked_.clear();
    }
    checked_.emplace(digest, bytes);
    return true;
}

Result<void> ContentCheck::check_body(const Sha256& digest, std::uint64_t gseq) {
    if (!is_new(digest, of_a_body)) {
        return {};
    }
    ATTACCA_TRY(const std::optional<std::string> body, reader_.body(digest));
    if (!body) {
        return tell_missing(digest, of_a_body, gseq, "the body " + hex(digest));
    }
    if (sha256(*body) != digest) {
        sink_(core::Fault::artifact, gseq, "the body " + hex(digest) + " was changed");
    }
    return {};
}

// Another record may name it all the same, so it is looked for there again.
Result<void> ContentCheck::tell_missing(const Sha256& digest, std::uint64_t bytes,
                                        std::uint64_t gseq, const std::string& what) {
    ATTACCA_TRY(const bool is_pruned, is_pruned_(gseq));
    if (is_pruned) {
        checked_.erase({digest, bytes});
    } else {
        sink_(core::Fault::missing, gseq, what + " is missing");
    }
    return {};
}

Result<void> ContentCheck::check_file(const core::NamedContent& artifact, std::uint64_t gseq) {
    if (!is_new(artifact.digest, *artifact.bytes)) {
        return {};
    }
    const std::string name = "the artifact " + hex(artifact.digest) + " (" +
                             quoted(artifact.name) + ")";
    const std::string path = system::content_path(cas_, artifact.digest);
    const system::Fd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
    if (!fd.is_open() && errno == ENOENT) {
        return tell_missing(artifact.digest, *artifact.bytes, gseq, name);
    }
    struct stat found {};
    if (!fd.is_open() || ::fstat(fd.get(), &found) != 0 || !S_ISREG(found.st_mode)) {
        sink_(core::Fault::missing, gseq, name + " cannot be read");
        return {};
    }
    if (static_cast<std::uint64_t>(found.st_size) != *artifact.bytes) {
        sink_(core::Fault::artifact, gseq,
                      name + " has " + std::to_string(found.st_size) + " bytes and not " +
                          std::to_string(*artifact.bytes));
        return {};
    }
    const std::optional<Sha256> digest = digest_of(fd.get());
    if (!digest) {
        sink_(core::Fault::missing, gseq, name + " cannot be read");
    } else if (*digest != artifact.digest) {
        sink_(core::Fault::artifact, gseq, name + " was changed");
    }
    return {};
}

}  // namespace attacca::verify
