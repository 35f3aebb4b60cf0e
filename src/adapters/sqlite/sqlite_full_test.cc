// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>
#include <sched.h>
#include <sys/mount.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <fstream>

#include "adapters/sqlite/sqlite_store.h"
#include "adapters/sqlite/test_directory.h"
#include "base/digest.h"

// A disk that is really full: a small tmpfs, mounted in a namespace of a child process.

namespace attacca::sqlite {
namespace {

using ports::CommitOutcome;

constexpr int exit_passed = 0;
constexpr int exit_skipped = 3;
constexpr std::size_t disk_bytes = 6U << 20U;
constexpr std::size_t ballast_bytes = 2U << 20U;

void expect(bool is_true, const char* what) {
    if (!is_true) {
        std::fprintf(stderr, "failed: %s\n", what);
        std::_Exit(1);
    }
}

// False where this process may not have a mount namespace of its own: only a person or a container
// without CAP_SYS_ADMIN, and without user namespaces, is told so. There the test has no subject: no
// file system of a fixed size can be had. Any other failure is one of the test.
bool mount_small_disk(const std::string& path) {
    if (unshare(CLONE_NEWNS) != 0 && unshare(CLONE_NEWUSER | CLONE_NEWNS) != 0) {
        const bool is_forbidden = errno == EPERM || errno == ENOSPC || errno == EINVAL;
        expect(is_forbidden, "a mount namespace is made, or forbidden");
        return false;
    }
    const std::string options = "size=" + std::to_string(disk_bytes);
    expect(mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0, "mounts are private");
    expect(mount("none", path.c_str(), "tmpfs", 0, options.c_str()) == 0, "a tmpfs is mounted");
    return true;
}

// A record with a body of 64 KiB that does not compress.
ports::StoreBatch next_batch(std::uint64_t gseq) {
    ports::StoreBatch batch;
    batch.ledger.first_gseq = gseq;
    batch.ledger.count = 1;
    batch.ledger.records = "record";
    batch.ledger.previous = {ports::no_gseq};
    std::string bytes;
    Sha256 block = sha256(std::to_string(gseq));
    while (bytes.size() < 65536) {
        bytes += block.view();
        block = sha256(block.view());
    }
    batch.bodies.push_back({sha256(bytes), bytes});
    return batch;
}

std::uint64_t fill(SqliteStore& store) {
    for (std::uint64_t gseq = 0; gseq < 1000; ++gseq) {
        const ports::CommitResult result = store.commit(next_batch(gseq));
        if (result.outcome != CommitOutcome::committed) {
            expect(result.outcome == CommitOutcome::full, result.detail.c_str());
            return gseq;
        }
        store.maintain({});
    }
    expect(false, "the disk fills up");
    return 0;
}

void expect_whole(SqliteStore& store, std::uint64_t size) {
    expect(store.reader().tail().value().size == size, "the size is that of what was committed");
    for (std::uint64_t gseq = 0; gseq < size; ++gseq) {
        const ports::StoredBody body = next_batch(gseq).bodies[0];
        expect(store.reader().body(body.digest).value() == body.bytes, "each body is whole");
    }
}

[[noreturn]] void run_on_a_full_disk(const std::string& directory) {
    if (!mount_small_disk(directory)) {
        std::_Exit(exit_skipped);
    }
    const std::string ballast = directory + "/ballast";
    std::ofstream(ballast) << std::string(ballast_bytes, 'b') << std::flush;
    auto store = std::move(*SqliteStore::open(directory, {.checkpoint_frames = 100}));
    const std::uint64_t size = fill(*store);
    expect(size > 5, "some batches fit");
    for (int i = 0; i < 5; ++i) {
        store->maintain({});  // the checkpoint has no space either
        const CommitOutcome outcome = store->commit(next_batch(size)).outcome;
        expect(outcome != CommitOutcome::unknown, "a full disk is no unknown outcome");
        if (outcome == CommitOutcome::committed) {
            break;  // the WAL began anew and gave its space
        }
    }
    const std::uint64_t held = store->reader().tail().value().size;
    expect_whole(*store, held);
    std::filesystem::remove(ballast);
    store->maintain({});
    expect(store->commit(next_batch(held)).outcome == CommitOutcome::committed,
           "with space again, the next batch is stored");
    expect_whole(*store, held + 1);
    store.reset();
    expect_whole(**SqliteStore::open(directory), held + 1);
    std::_Exit(exit_passed);
}

using SqliteFullDeathTest = ::testing::Test;

TEST_F(SqliteFullDeathTest, ARealFullDiskLosesNothingAndPasses) {
    GTEST_FLAG_SET(death_test_style, "threadsafe");
    const TestDirectory directory;
    int status = -1;
    EXPECT_EXIT(run_on_a_full_disk(directory.path()),
                [&status](int ended) {
                    status = WIFEXITED(ended) ? WEXITSTATUS(ended) : -1;
                    return status == exit_passed || status == exit_skipped;
                },
                "");
    if (status == exit_skipped) {
        // What is left then: `full` by a limit of pages (tests/contract/store_fault_test.cc). The
        // table of scripts/test counts what was skipped.
        GTEST_SKIP() << "no mount namespace may be made here: needs root or user namespaces";
    }
}

}  // namespace
}  // namespace attacca::sqlite
