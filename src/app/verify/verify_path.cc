// SPDX-License-Identifier: Apache-2.0
#include "app/verify/verify_path.h"

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <utility>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "adapters/system/files.h"
#include "app/verify/verify_directory.h"
#include "base/digest.h"
#include "core/bundle/layout.h"
#include "core/bundle/verify_bundle.h"

namespace attacca::verify {
namespace {

constexpr std::size_t piece_bytes = 1024 * 1024;

// Gives the file's bytes to `take` in pieces. Errors: io_error, and those of `take`.
// `flags`: beside those that every file is opened with.
template <typename Take>
Result<void> read_pieces(const std::string& path, int flags, const Take& take) {
    const system::Fd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY | flags));
    if (!fd.is_open()) {
        return system::error_of(errno, "open", path);
    }
    std::string piece(piece_bytes, '\0');
    for (;;) {
        const ssize_t got = ::read(fd.get(), piece.data(), piece.size());
        if (got < 0 && errno != EINTR) {
            return system::error_of(errno, "read", path);
        }
        if (got == 0) {
            return {};
        }
        const auto size = static_cast<std::size_t>(got < 0 ? 0 : got);
        if (Result<void> done = take(std::string_view(piece).substr(0, size)); !done) {
            return done;
        }
    }
}

cli::VerifyReport unreadable(core::Fault fault, const Error& error) {
    cli::VerifyReport report;
    report.exit_status = core::exit_status_of(core::verdict_of(fault, false));
    report.assurance = "nothing was checked";
    report.failures.push_back({std::string(core::code_of(fault)), std::nullopt, error.detail});
    return report;
}

// What cannot be read as an archive is a bundle that somebody changed when it begins like one.
Result<core::BundleFiles> read_archive(const std::string& path, bool& is_cut_off) {
    core::TarReader reader;
    std::string start;
    const Result<void> read = read_pieces(path, 0, [&](std::string_view piece) {
        start += piece.substr(0, core::manifest_name.size() - start.size());
        return reader.add(piece);
    });
    if (!read && read.error().problem != Problem::corrupt) {
        return read.error();
    }
    Result<core::BundleFiles> files = read ? reader.finish() : read.error();
    if (!files && start != core::manifest_name) {
        return fail(Problem::invalid_value, quoted(path) + " is no bundle");
    }
    is_cut_off = read && reader.is_cut_off();
    return files;
}

Result<core::BundleFile> read_bundle_file(const std::string& path, const std::string& name) {
    core::BundleFile file;
    Sha256Stream digest;
    const auto take = [&](std::string_view piece) -> Result<void> {
        file.size += piece.size();
        digest.update(piece);
        if (core::is_kept(name)) {
            file.bytes += piece;
        }
        return file.bytes.size() <= core::kept_bytes_max
                   ? Result<void>()
                   : Result<void>(fail(Problem::corrupt, quoted(name) + " is too large"));
    };
    if (Result<void> read = read_pieces(path, O_NOFOLLOW, take); !read) {
        return read.error();
    }
    file.digest = digest.finish();
    return file;
}

// Links are not followed and are no files of a bundle.
Result<core::BundleFiles> read_unpacked(const std::string& path) {
    namespace fs = std::filesystem;
    core::BundleFiles files;
    std::error_code error;
    for (fs::recursive_directory_iterator it(path, error), end; !error && it != end;
         it.increment(error)) {
        const fs::file_status status = it->symlink_status(error);
        if (error) {
            break;
        }
        if (fs::is_directory(status)) {
            continue;
        }
        const std::string name = it->path().lexically_relative(path).string();
        if (!fs::is_regular_file(status) || !core::is_tar_name(name)) {
            return fail(Problem::corrupt, quoted(name) + " is no file of a bundle");
        }
        ATTACCA_TRY(core::BundleFile file, read_bundle_file(it->path().string(), name));
        files.emplace(name, std::move(file));
    }
    if (error) {
        return fail(Problem::io_error, quoted(path) + ": " + error.message());
    }
    return files;
}

// The first anchor that the bundle contradicts, and the checkpoint of that size that it holds.
void add_fork_proof_of(const core::BundleFiles& files, const cli::VerifyOptions& options,
                       cli::VerifyReport& out) {
    for (const std::string& text : options.anchors) {
        const Result<core::CheckpointNote> anchor = core::parse_checkpoint(text);
        for (const auto& [name, file] : files) {
            const Result<core::CheckpointNote> own = core::parse_checkpoint(file.bytes);
            if (anchor && own && own->checkpoint.origin == anchor->checkpoint.origin &&
                own->checkpoint.size == anchor->checkpoint.size &&
                own->checkpoint.root != anchor->checkpoint.root) {
                out.fork_proof = {{"a.checkpoint", text}, {"b.checkpoint", file.bytes}};
                return;
            }
        }
    }
}

Result<cli::VerifyReport> verify_files(const Result<core::BundleFiles>& files, bool is_cut_off,
                                       const cli::VerifyOptions& options) {
    if (!files && files.error().problem == Problem::corrupt) {
        // What is missing contradicts nothing: a copy that broke off accuses nobody.
        return unreadable(is_cut_off ? core::Fault::missing : core::Fault::format, files.error());
    }
    if (!files) {
        return files.error();
    }
    ATTACCA_TRY(core::BundleReport found,
                core::verify_bundle(*files, {options.policy, options.anchors, options.is_strict,
                                            options.authorities}));
    cli::VerifyReport out;
    out.exit_status = found.exit_status;
    out.records = found.records;
    out.size = found.size;
    out.root = base64(found.root.view());
    out.origin = std::move(found.origin);
    out.entity = found.entity.empty() ? "a bundle" : std::move(found.entity);
    out.assurance = std::move(found.assurance);
    out.erased = found.is_erased ? 1 : 0;
    out.notes = std::move(found.notes);
    if (found.failures_omitted > 0) {
        out.notes.push_back(std::to_string(found.failures_omitted) +
                            " further failures are not listed");
    }
    const bool is_fork = std::any_of(
        found.failures.begin(), found.failures.end(),
        [](const core::Failure& failure) { return failure.fault == core::Fault::fork; });
    if (is_fork) {
        add_fork_proof_of(*files, options, out);
    }
    for (core::Failure& failure : found.failures) {
        out.failures.push_back({std::string(core::code_of(failure.fault)), failure.gseq,
                                std::move(failure.detail)});
    }
    return out;
}

bool is_there(const std::string& path) {
    struct stat found {};
    return ::lstat(path.c_str(), &found) == 0;
}

}  // namespace

Result<cli::VerifyReport> verify_path(const std::string& path, const cli::VerifyOptions& options) {
    struct stat found {};
    if (::stat(path.c_str(), &found) != 0) {
        if (errno != ENOENT && errno != ENOTDIR) {
            return system::error_of(errno, "open", path);
        }
        return fail(Problem::not_found, "there is no file or directory " + quoted(path));
    }
    const bool is_bundle_directory =
        is_there(path + "/" + std::string(core::manifest_name)) ||
        (is_there(path + "/" + std::string(core::checkpoint_name)) &&
         !is_there(path + "/attacca.db"));
    if (!S_ISDIR(found.st_mode) || is_bundle_directory) {
        if (options.is_replay) {
            return fail(Problem::usage, "a bundle has no state to replay");
        }
        bool is_cut_off = false;
        const Result<core::BundleFiles> files =
            S_ISDIR(found.st_mode) ? read_unpacked(path) : read_archive(path, is_cut_off);
        return verify_files(files, is_cut_off, options);
    }
    return verify_directory(path, options);
}

}  // namespace attacca::verify
