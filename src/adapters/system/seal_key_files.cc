// SPDX-License-Identifier: Apache-2.0
#include "adapters/system/seal_key_files.h"

#include <filesystem>

#include "adapters/system/files.h"
#include "adapters/system/system_entropy.h"

namespace attacca::system {
namespace {

constexpr std::string_view seal_suffix = ".seal";

}  // namespace

std::string SealKeyFiles::path_of(const core::JobId& job) const {
    return directory_ + "/" + job.text() + std::string(seal_suffix);
}

Result<core::SealKey> SealKeyFiles::create(const core::JobId& job) {
    if (Result<void> made = make_directory(directory_); !made) {
        return made.error();
    }
    const std::string bytes = random_bytes(SealSecret::size);
    if (Result<void> created = create_file(path_of(job), bytes); !created) {
        return created.error();
    }
    return core::SealKey{job, SealSecret(bytes)};
}

Result<core::SealKey> SealKeyFiles::load(const core::JobId& job) {
    const Result<std::string> bytes = read_file(path_of(job), 4096);
    if (!bytes && bytes.error().problem == Problem::not_found) {
        return fail(Problem::erased, "job " + job.text() + " was erased: its key is gone");
    }
    if (!bytes) {
        return bytes.error();
    }
    if (bytes->size() != SealSecret::size) {
        return fail(Problem::corrupt, "the key of job " + job.text() + " cannot be read");
    }
    return core::SealKey{job, SealSecret(*bytes)};
}

Result<void> SealKeyFiles::destroy(const core::JobId& job) {
    const std::string path = path_of(job);
    return file_exists(path) ? overwrite_and_remove(path, SealSecret::size) : Result<void>();
}

Result<std::vector<core::JobId>> SealKeyFiles::list() {
    std::vector<core::JobId> jobs;
    if (!file_exists(directory_)) {
        return jobs;
    }
    std::error_code error;
    for (const auto& entry : std::filesystem::directory_iterator(directory_, error)) {
        const std::string name = entry.path().filename().string();
        if (!name.ends_with(seal_suffix)) {
            continue;
        }
        if (const auto id = Uuid::parse(name.substr(0, name.size() - seal_suffix.size()))) {
            jobs.push_back(core::JobId{*id});
        }
    }
    return error ? Result<std::vector<core::JobId>>(error_of(error.value(), "read", directory_))
                 : Result<std::vector<core::JobId>>(std::move(jobs));
}

}  // namespace attacca::system
