// SPDX-License-Identifier: Apache-2.0
#include "engine/unsealing.h"

#include <utility>

#include "base/digest.h"

namespace attacca::engine {

Result<std::string> opened(std::string bytes, ports::SealKeys* keys) {
    const std::optional<Uuid> sealed = sealed_by(bytes);
    if (!sealed) {
        return bytes;
    }
    const core::JobId job{*sealed};
    if (keys == nullptr) {
        return fail(Problem::erased, "the key of job " + job.text() + " is not here");
    }
    ATTACCA_TRY(const core::SealKey key, keys->load(job));
    return unseal(key.secret, bytes);
}

Result<std::string> opened_file(const ports::Content& content, ports::SealKeys* keys,
                                const Sha256& digest, std::uint64_t bytes) {
    ATTACCA_TRY(std::string read, content.read(digest, 0, bytes));
    if (read.size() != bytes || sha256(read) != digest) {
        return fail(Problem::corrupt, "the file " + hex(digest) + " was changed");
    }
    return opened(std::move(read), keys);
}

Result<std::optional<std::string>> UnsealingReader::body(const Sha256& digest) {
    ATTACCA_TRY(std::optional<std::string> stored, reader_.body(digest));
    if (!stored) {
        return std::optional<std::string>();
    }
    ATTACCA_TRY(std::string text, opened(std::move(*stored), keys_));
    return std::optional<std::string>(std::move(text));
}

}  // namespace attacca::engine
