// SPDX-License-Identifier: Apache-2.0
#include "adapters/system/data_dir.h"

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "adapters/system/system_clock.h"
#include "adapters/system/system_entropy.h"
#include "base/bytes.h"

namespace attacca::system {
namespace {

constexpr std::size_t token_bytes = 32;
constexpr std::size_t secret_file_bytes_max = 4096;
constexpr long lock_poll_ns = 20'000'000;
constexpr Duration lock_moment = milliseconds(500);  // what a process that ends may take

// An attempt may have left directories that not even their owner may write (a module cache, say):
// they must not keep the server from starting. Nothing of an attempt runs any more.
void open_directories(const std::string& top) {
    std::vector<std::filesystem::path> open{top};
    while (!open.empty()) {
        const std::filesystem::path directory = std::move(open.back());
        open.pop_back();
        std::error_code ignored;
        std::filesystem::permissions(directory, std::filesystem::perms::owner_all,
                                     std::filesystem::perm_options::add, ignored);
        std::filesystem::directory_iterator entry(directory, ignored);
        while (!ignored && entry != std::filesystem::directory_iterator()) {
            if (std::filesystem::is_directory(entry->symlink_status(ignored))) {
                open.push_back(entry->path());
            }
            entry.increment(ignored);
        }
    }
}

}  // namespace

Result<std::string> read_secret(const std::string& path) {
    struct stat found {};
    if (::stat(path.c_str(), &found) == 0 && (found.st_mode & (S_IRWXG | S_IRWXO)) != 0) {
        return fail(Problem::bad_configuration,
                    quoted(path) + " can be used by others: its mode must be 0600");
    }
    return read_file(path, secret_file_bytes_max);
}

DataDir DataDir::at(std::string root) {
    // Commands run in directories of their own and are told paths below the root.
    std::error_code error;
    const std::filesystem::path absolute = std::filesystem::absolute(root, error);
    if (!error) {
        root = absolute.lexically_normal().string();
    }
    while (root.size() > 1 && root.back() == '/') {
        root.pop_back();
    }
    return DataDir(std::move(root));
}

Result<DataDir> DataDir::open(const std::string& root) {
    DataDir dir = at(root);
    for (const std::string& path : {dir.root(), dir.keys(), dir.cas(), dir.live(), dir.work()}) {
        if (Result<void> made = make_directory(path); !made) {
            if (made.error().problem == Problem::storage_full) {
                return made.error();
            }
            return fail(Problem::bad_configuration, made.error().detail);
        }
    }
    struct stat found {};
    if (::stat(dir.root().c_str(), &found) != 0 || (found.st_mode & S_IWOTH) != 0) {
        return fail(Problem::bad_configuration,
                    "anyone may write to the data directory " + quoted(dir.root()));
    }
    return dir;
}

Result<Fd> DataDir::lock(Duration wait, const std::function<void()>& on_wait) const {
    Fd fd(::open(lock_file().c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600));
    if (!fd.is_open()) {
        return error_of(errno, "open", lock_file());
    }
    const SystemClock clock;
    const MonoTime start = clock.now().mono;
    bool is_told = !on_wait;
    while (::flock(fd.get(), LOCK_EX | LOCK_NB) != 0) {
        if (errno != EWOULDBLOCK && errno != EINTR) {
            return error_of(errno, "lock", lock_file());
        }
        const Duration waited = clock.now().mono - start;
        if (waited >= wait) {
            return fail(Problem::locked,
                        "the data directory " + quoted(root_) +
                            " is in use by a server or by another `attacca run`");
        }
        if (!is_told && waited >= lock_moment) {
            is_told = true;
            on_wait();
        }
        const timespec pause{0, lock_poll_ns};
        ::nanosleep(&pause, nullptr);
    }
    return fd;
}

Result<void> DataDir::clear_attempts() const {
    for (const std::string& path : {live(), work()}) {
        std::error_code error;
        std::filesystem::remove_all(path, error);
        if (error) {
            open_directories(path);
            std::filesystem::remove_all(path, error);
        }
        if (error) {
            return error_of(error.value(), "remove", path);
        }
        if (Result<void> made = make_directory(path); !made) {
            return made;
        }
    }
    return {};
}

Result<Ed25519Seed> DataDir::create_ledger_key() const {
    const std::string bytes = random_bytes(sizeof(Ed25519Seed::bytes));
    if (Result<void> created = create_file(ledger_key_file(), bytes); !created) {
        return created.error();
    }
    return load_ledger_key();
}

Result<Ed25519Seed> DataDir::load_ledger_key() const {
    Result<std::string> bytes = read_secret(ledger_key_file());
    if (!bytes) {
        return fail(Problem::bad_configuration, "the ledger key: " + bytes.error().detail);
    }
    Ed25519Seed seed;
    if (bytes->size() != seed.bytes.size()) {
        return fail(Problem::bad_configuration,
                    "the ledger key " + quoted(ledger_key_file()) + " is not 32 bytes long");
    }
    std::transform(bytes->begin(), bytes->end(), seed.bytes.begin(),
                   [](char c) { return static_cast<std::uint8_t>(c); });
    return seed;
}

Result<std::string> DataDir::load_or_create_token() const {
    if (!file_exists(token_file())) {
        const std::string token = hex(random_bytes(token_bytes));
        if (Result<void> created = create_file(token_file(), token + "\n");
            !created && created.error().problem != Problem::state_conflict) {
            return created.error();
        }
    }
    return load_token();
}

Result<std::string> DataDir::load_token() const {
    ATTACCA_TRY(std::string token, read_secret(token_file()));
    while (!token.empty() && (token.back() == '\n' || token.back() == '\r')) {
        token.pop_back();
    }
    const bool is_printable = std::all_of(token.begin(), token.end(),
                                          [](char c) { return c > ' ' && c < '\x7f'; });
    if (token.size() < token_bytes || !is_printable) {
        return fail(Problem::bad_configuration,
                    "the token in " + quoted(token_file()) + " is too short or not printable");
    }
    return token;
}

}  // namespace attacca::system
