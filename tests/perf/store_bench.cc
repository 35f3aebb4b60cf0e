// SPDX-License-Identifier: Apache-2.0
#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <deque>
#include <filesystem>
#include <random>
#include <string>
#include <vector>

#include "adapters/sqlite/sqlite_store.h"
#include "base/check.h"
#include "core/job/image.h"

// The store's share of a job's life: see README.md.

namespace attacca {
namespace {

struct Arguments {
    std::uint64_t jobs = 200000;
    std::uint64_t batch = 500;
    std::uint64_t lag = 1;
    std::string directory = "store_bench.dir";
};

struct Seconds {
    double wall = 0;
    double cpu = 0;
};

Seconds now() {
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    const auto of = [](const timeval& time) {
        return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
    };
    const std::chrono::duration<double> wall = std::chrono::steady_clock::now().time_since_epoch();
    return {wall.count(), of(usage.ru_utime) + of(usage.ru_stime)};
}

// Batches as the committer makes them, with hashes and nonces drawn at random.
class Batches {
  public:
    explicit Batches(const Arguments& arguments) : arguments_(arguments) {}

    ports::StoreBatch next() {
        ports::StoreBatch batch;
        batch.ledger.first_gseq = size_;
        for (std::uint64_t i = 0; i < arguments_.batch && begun_ < arguments_.jobs; ++i) {
            begin_job(batch);
        }
        ++batches_;
        while (!running_.empty() && running_.front().batch + arguments_.lag < batches_) {
            end_job(batch);
        }
        batch.ledger.count = static_cast<std::uint32_t>(size_ - batch.ledger.first_gseq);
        batch.ledger.root = digest();
        batch.ledger.last_at = time();
        if (!running_.empty()) {
            batch.ledger.oldest_live = running_.front().row.id;
        }
        while ((tiles_ + 1) * 256 <= size_) {
            batch.tiles.push_back({0, tiles_++, bytes(8192)});
        }
        batch.previous_checkpoint = ports::SignedCheckpoint{size_, base64(bytes(150))};
        return batch;
    }
    [[nodiscard]] bool is_over() const { return begun_ == arguments_.jobs && running_.empty(); }

  private:
    struct Running {
        ports::JobRow row;
        std::uint64_t batch = 0;
    };

    std::string bytes(std::size_t count) {
        std::string out;
        while (out.size() < count) {
            append_u64(out, random_());
        }
        out.resize(count);
        return out;
    }
    Sha256 digest() {
        Sha256 out;
        const std::string drawn = bytes(32);
        std::copy(drawn.begin(), drawn.end(), out.bytes.begin());
        return out;
    }
    [[nodiscard]] WallTime time() const {
        return {1'772'000'000'000'000 + static_cast<std::int64_t>(size_) * 3};
    }

    void add_record(ports::LedgerBatch& ledger, ports::JobRow& row, const std::string& payload,
                    const char* type) {
        const std::string ent = "job/" + row.id.text();
        const std::string record =
            R"({"@":"attacca-evidence/1","act":"svc:engine","ent":")" + ent + R"(","eseq":)" +
            std::to_string(row.eseq) + R"(,"gseq":)" + std::to_string(size_) + R"(,"n":")" +
            base64(bytes(16)) + R"(","org":"attacca.local/0198c0de-0000-7000-8000-00000000cafe",)"
            R"("p":)" + payload + R"(,"prev":")" + base64(row.last_link.view()) +
            R"(","res":"ok","src":"node-1","t":")" + rfc3339(time()) +
            R"(","ten":"default","tgt":")" + ent + R"(","typ":")" + type + "\"}";
        append_u16(ledger.records, static_cast<std::uint16_t>(record.size()));
        ledger.records += record;
        ledger.previous.push_back(row.eseq == 0 ? ports::no_gseq : row.last_gseq);
        row.last_gseq = size_++;
        row.last_link = digest();
        ++row.eseq;
    }

    void begin_job(ports::StoreBatch& batch) {
        Running job;
        job.batch = batches_;
        ports::JobRow& row = job.row;
        row.id = core::JobId{uuid_v7(time(), random_(), random_())};
        row.is_new = true;
        row.tenant = "default";
        row.name = "bench";
        row.definition = definition_;
        row.kinds = 1;
        row.created_at = time();
        row.state = core::JobState::running;
        row.started_at = time();
        row.total = 1;
        row.running = 1;
        core::append_image(row.instances, core::NodeState::running, 1);
        const std::string name = R"({"def":")" + hex(definition_) + R"(","name":"bench","sem":1})";
        add_record(batch.ledger, row, name, "job_created");
        add_record(batch.ledger, row,
                   R"({"attempt":1,"fence":")" + std::to_string(begun_) +
                       R"(","node":"a","tr":["queued","scheduled","running"],"ttl_ms":30000})",
                   "attempt_started");
        ++begun_;
        batch.jobs.push_back(row);
        running_.push_back(std::move(job));
    }

    void end_job(ports::StoreBatch& batch) {
        ports::JobRow row = std::move(running_.front().row);
        running_.pop_front();
        row.is_new = false;
        row.state = core::JobState::completed;
        row.ended_at = time();
        row.running = 0;
        row.done = 1;
        row.instances.clear();
        core::append_image(row.instances, core::NodeState::succeeded, 1);
        add_record(batch.ledger, row,
                   R"({"attempt":1,"fence":"7","node":"a","outcome":"succeeded"})",
                   "attempt_ended");
        add_record(batch.ledger, row, R"({"fin":true,"reason":"none","state":"completed"})",
                   "job_ended");
        batch.jobs.push_back(std::move(row));
    }

    const Arguments& arguments_;
    std::mt19937_64 random_{1};
    const Sha256 definition_ = digest();
    std::uint64_t size_ = 0;
    std::uint64_t begun_ = 0;
    std::uint64_t batches_ = 0;
    std::uint64_t tiles_ = 0;
    std::deque<Running> running_;
};

double fdatasyncs_per_second(const std::string& directory) {
    const std::string path = directory + "/fdatasync";
    const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    ATTACCA_CHECK(file >= 0);
    const std::string block(4096, 'b');
    int count = 0;
    const Seconds begin = now();
    while (now().wall - begin.wall < 0.5) {
        ATTACCA_CHECK(::write(file, block.data(), block.size()) == 4096);
        ATTACCA_CHECK(::fdatasync(file) == 0);
        ++count;
    }
    const double took = now().wall - begin.wall;
    ::close(file);
    return count / took;
}

double percentile(std::vector<double> sorted, double part) {
    std::ranges::sort(sorted);
    return sorted[static_cast<std::size_t>(static_cast<double>(sorted.size() - 1) * part)];
}

void run(const Arguments& arguments) {
    std::filesystem::remove_all(arguments.directory);
    std::filesystem::create_directories(arguments.directory);
    const double fdatasyncs = fdatasyncs_per_second(arguments.directory);
    auto store = sqlite::SqliteStore::open(arguments.directory);
    ATTACCA_CHECK(store);
    Batches batches(arguments);
    Seconds total;
    std::vector<double> commits_ms;
    double worst_ms = 0;
    std::uint64_t raw_bytes = 0;
    while (!batches.is_over()) {
        const ports::StoreBatch batch = batches.next();
        raw_bytes += batch.ledger.records.size();
        const Seconds begin = now();
        const ports::CommitResult result = (*store)->commit(batch);
        const double committed = now().wall;
        (*store)->maintain(batch.ledger.last_at);
        const Seconds end = now();
        if (result.outcome != ports::CommitOutcome::committed) {
            std::fprintf(stderr, "a commit ended %s: %s\n",
                         result.outcome == ports::CommitOutcome::full ? "full" : "unknown",
                         result.detail.c_str());
            std::exit(1);
        }
        commits_ms.push_back((committed - begin.wall) * 1e3);
        worst_ms = std::max(worst_ms, (end.wall - begin.wall) * 1e3);
        total.wall += end.wall - begin.wall;
        total.cpu += end.cpu - begin.cpu;
    }
    store->reset();
    const auto jobs = static_cast<double>(arguments.jobs);
    std::printf("jobs/s %.0f  us/job wall %.2f cpu %.2f  commit ms p50 %.2f p99 %.2f  worst with "
                "maintenance %.1f  fdatasync/s %.0f  raw bytes/job %.0f  file bytes/job %.0f\n",
                jobs / total.wall, total.wall / jobs * 1e6, total.cpu / jobs * 1e6,
                percentile(commits_ms, 0.5), percentile(commits_ms, 0.99), worst_ms, fdatasyncs,
                static_cast<double>(raw_bytes) / jobs,
                static_cast<double>(std::filesystem::file_size(arguments.directory +
                                                               sqlite::database_name)) / jobs);
    std::filesystem::remove_all(arguments.directory);
}

}  // namespace
}  // namespace attacca

int main(int argc, char** argv) {
    attacca::Arguments arguments;
    for (int i = 1; i + 1 < argc; i += 2) {
        const std::string name = argv[i];
        if (name == "--jobs") {
            arguments.jobs = std::strtoull(argv[i + 1], nullptr, 10);
        } else if (name == "--batch") {
            arguments.batch = std::strtoull(argv[i + 1], nullptr, 10);
        } else if (name == "--lag") {
            arguments.lag = std::strtoull(argv[i + 1], nullptr, 10);
        } else if (name == "--dir") {
            arguments.directory = argv[i + 1];
        }
    }
    attacca::run(arguments);
    return 0;
}
