// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <vector>

#include <fcntl.h>
#include <linux/magic.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <unistd.h>

#include "adapters/sqlite/sqlite_reader.h"
#include "adapters/system/data_dir.h"
#include "adapters/system/files.h"
#include "adapters/system/system_clock.h"
#include "app/doctor_parts.h"

namespace attacca::app {
namespace {

using Level = cli::DoctorFact::Level;

constexpr std::uint64_t little_space = std::uint64_t{1} << 30U;
constexpr int syncs_max = 100;
constexpr Duration sync_time = milliseconds(300);

std::string tenths(std::int64_t value, std::int64_t unit) {
    return std::to_string(value / unit) + "." + std::to_string(value % unit * 10 / unit);
}

// The directory itself, or the nearest one above it that is there: it will get it.
std::string existing_part_of(const std::string& path) {
    std::filesystem::path part = std::filesystem::path(path).lexically_normal();
    std::error_code error;
    while (!part.empty() && !std::filesystem::exists(part, error) && part.has_relative_path()) {
        part = part.parent_path();
    }
    return part.empty() ? "." : part.string();
}

void add_directory(Facts& facts, const std::string& data, const std::string& place) {
    struct stat found {};
    if (::stat(data.c_str(), &found) != 0) {
        const bool may_make = errno == ENOENT && ::access(place.c_str(), W_OK | X_OK) == 0;
        facts.push_back({may_make ? Level::skipped : Level::warn, "data directory",
                         quoted(data) + " is not there",
                         may_make ? "`attacca serve` and `attacca run` make it"
                                  : "choose another one with --data, or make it"});
        return;
    }
    if (!S_ISDIR(found.st_mode) || ::access(data.c_str(), R_OK | W_OK | X_OK) != 0) {
        facts.push_back({Level::warn, "data directory", quoted(data) + " is not writable",
                         "run as its owner, or choose another one with --data"});
    } else if ((found.st_mode & (S_IRWXG | S_IRWXO)) != 0) {
        facts.push_back({Level::warn, "data directory", quoted(data) + " can be used by others",
                         "chmod 700 it: outputs of jobs are in it"});
    } else {
        facts.push_back({Level::ok, "data directory", quoted(data), ""});
    }
}

void add_disk(Facts& facts, const std::string& place) {
    struct statfs disk {};
    if (::statfs(place.c_str(), &disk) != 0) {
        return;
    }
    const std::uint64_t free_bytes =
        std::uint64_t{disk.f_bavail} * static_cast<std::uint64_t>(disk.f_bsize);
    const bool is_low = free_bytes < little_space;
    facts.push_back({is_low ? Level::warn : Level::ok, "free space",
                     tenths(static_cast<std::int64_t>(free_bytes >> 20U), 1024) + " GiB",
                     is_low ? "make room: a full disk refuses submissions" : ""});
    if (disk.f_type == NFS_SUPER_MAGIC || disk.f_type == SMB_SUPER_MAGIC ||
        disk.f_type == CIFS_SUPER_MAGIC) {
        facts.push_back({Level::warn, "file system", "a network file system",
                         "use a local disk: locks and syncs must be those of this machine"});
    } else if (disk.f_type == TMPFS_MAGIC) {
        facts.push_back({Level::warn, "file system", "memory",
                         "use a disk: everything here is gone after a restart of the machine"});
    }
}

// As the committer does it: 4 KiB appended and synced, again and again, in a file without a name.
void add_sync_speed(Facts& facts, const std::string& place) {
    const system::Fd fd(::open(place.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600));
    if (!fd.is_open()) {
        facts.push_back({Level::skipped, "fdatasync", "not measured in " + quoted(place), ""});
        return;
    }
    const system::SystemClock clock;
    const std::string part(4096, 'a');
    std::vector<std::int64_t> times;
    const MonoTime begin = clock.now().mono;
    MonoTime last = begin;
    while (static_cast<int>(times.size()) < syncs_max && last - begin < sync_time) {
        if (!system::write_all(fd.get(), part, place) || ::fdatasync(fd.get()) != 0) {
            facts.push_back({Level::warn, "fdatasync", "fails in " + quoted(place),
                             "look at the disk: nothing can be stored there"});
            return;
        }
        const MonoTime now = clock.now().mono;
        times.push_back(std::max<std::int64_t>((now - last).us, 1));
        last = now;
    }
    std::sort(times.begin(), times.end());
    const std::int64_t median = times[times.size() / 2];
    const bool is_slow = median > 20'000;
    facts.push_back({is_slow ? Level::warn : Level::ok, "fdatasync",
                     tenths(median, 1000) + " ms, " + std::to_string(1'000'000 / median) +
                         " a second",
                     is_slow ? "every answer waits for one: a faster disk answers faster" : ""});
}

void add_secret(Facts& facts, const std::string& name, const std::string& path) {
    struct stat found {};
    if (::stat(path.c_str(), &found) != 0) {
        facts.push_back({Level::skipped, name, "none yet", ""});
    } else if ((found.st_mode & (S_IRWXG | S_IRWXO)) != 0) {
        facts.push_back({Level::warn, name, quoted(path) + " can be used by others",
                         "chmod 600 it; a server refuses to start with it as it is"});
    } else {
        facts.push_back({Level::ok, name, quoted(path) + ", for its owner only", ""});
    }
}

// Whoever holds the lock exclusively is a server; asking for a shared one tells, and harms nobody.
void add_lock(Facts& facts, const std::string& path) {
    const system::Fd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
    if (!fd.is_open()) {
        facts.push_back({Level::skipped, "lock", errno == ENOENT ? "none yet" : "cannot be read",
                         ""});
    } else if (::flock(fd.get(), LOCK_SH | LOCK_NB) == 0) {
        facts.push_back({Level::ok, "lock", "free: no server runs here", ""});
    } else {
        facts.push_back({Level::ok, "lock", "held: a server runs here", ""});
    }
}

void add_ledger(Facts& facts, const std::string& data, WallTime now) {
    const auto store = sqlite::open_read_only(data);
    const auto tail = store ? (*store)->tail() : Result<ports::LedgerTail>(store.error());
    if (!tail) {
        const bool is_new = tail.error().problem == Problem::not_found;
        facts.push_back({is_new ? Level::skipped : Level::warn, "ledger",
                         is_new ? "none yet" : tail.error().detail,
                         is_new ? "" : "`attacca verify` says more"});
        return;
    }
    const std::string records = std::to_string(tail->size) + " records";
    if (tail->checkpoint && tail->checkpoint->size > tail->size) {
        facts.push_back({Level::warn, "ledger",
                         records + ", and its newest checkpoint is of " +
                             std::to_string(tail->checkpoint->size) + ": some are missing",
                         "`attacca verify` says more; bring back a whole copy"});
    } else {
        facts.push_back({Level::ok, "ledger", records, ""});
    }
    if (tail->last_at > now + seconds(5)) {
        facts.push_back({Level::warn, "ledger time",
                         "the last record is of " + rfc3339_ms(tail->last_at) +
                             ", which has not come yet",
                         "set the clock: until then every record gets the time of that one"});
    }
}

}  // namespace

void add_data_directory(Facts& facts, const std::string& data, WallTime now) {
    const system::DataDir directory = system::DataDir::at(data);
    const std::string place = existing_part_of(directory.root());
    add_directory(facts, directory.root(), place);
    add_disk(facts, place);
    add_sync_speed(facts, place);
    add_secret(facts, "ledger key", directory.ledger_key_file());
    add_secret(facts, "admin token", directory.token_file());
    add_lock(facts, directory.lock_file());
    add_ledger(facts, directory.root(), now);
}

}  // namespace attacca::app
