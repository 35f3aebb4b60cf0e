// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "base/json.h"
#include "base/result.h"
#include "base/time.h"
#include "cli/anchor_options.h"
#include "cli/bench_options.h"
#include "cli/doctor_fact.h"
#include "cli/serve_options.h"
#include "cli/stored.h"
#include "cli/worker_options.h"
#include "engine/gateway.h"

// Everything that the commands need from outside, so that `cli` opens no store, parses no YAML and
// starts no server itself. `app/` implements it once; tests implement it in memory.
//
// One thread, the main one, calls an Environment; only `interrupts()` is written from elsewhere
// (signal handlers), so it must read an atomic.

namespace attacca::cli {

// A place in a text, both counted from 1; the column counts bytes.
struct Position {
    std::size_t line = 0;
    std::size_t column = 0;
    friend bool operator==(const Position&, const Position&) = default;
};
// JSON pointer → where it stands: a member's key, a list's element, "" for the document.
using Positions = std::map<std::string, Position>;

struct Located {
    Json document;
    Positions positions;
    Positions values = {};  // where the value itself begins, of the same pointers
};
// A syntax error knows its place without a pointer.
struct LoadError {
    Error error;
    std::optional<Position> position;
};

struct Terminal {
    bool is_out_tty = false;
    bool is_err_tty = false;
    std::size_t width = 80;  // columns of standard error's terminal
};

struct HttpRequest {
    std::string method;
    std::string server;  // http://host:port
    std::string target;  // path and query
    std::vector<std::pair<std::string, std::string>> headers;
    std::string body;
};
struct HttpResponse {
    int status = 0;
    std::vector<std::pair<std::string, std::string>> headers;  // names in lower case
    std::string body;                                          // empty after http_stream with 200
};

struct VerifyOptions {
    bool is_replay = false;
    bool is_strict = false;
    std::vector<std::string> anchors;   // texts of signed checkpoints
    std::optional<std::string> policy;  // text; without one, the key that lies beside is taken
    std::optional<std::string> authorities = {};  // certificates (PEM) of who may stamp the time
    // Called now and then with (records checked, records in all); may be empty.
    std::function<void(std::uint64_t, std::uint64_t)> progress;
};
struct VerifyFailure {
    std::string code;  // E_HASH, E_SIG, …
    std::optional<std::uint64_t> gseq;
    std::string detail;
};
struct VerifyReport {
    int exit_status = 0;  // 0 ok, 1 tampered, 2 incomplete, 3 untrusted, 4 rollback (ledger.md 3.9)
    std::uint64_t records = 0;
    std::uint64_t size = 0;
    std::uint64_t erased = 0;  // sealed jobs
    std::uint64_t pruned = 0;  // records of which the hashes are left
    std::string root;       // base64
    std::string origin;
    std::string entity;     // of a bundle
    bool is_replayed = false;  // the state was computed again from all records and compared
    std::string assurance;  // what the result rests on, one sentence
    std::vector<std::string> notes;  // what could not be checked, and what was told only
    std::vector<VerifyFailure> failures;
    // What proves a fork to anybody: file names, and signed notes or proofs.
    std::vector<std::pair<std::string, std::string>> fork_proof;
};

// A running engine inside this process. The destructor stops it in good order.
class Embedded {
  public:
    virtual ~Embedded() = default;
    [[nodiscard]] virtual engine::Gateway& gateway() = 0;
    // False: what runs the commands has ended. Nothing more happens to the jobs, which are kept.
    [[nodiscard]] virtual bool is_healthy() const = 0;
};

// A file that is there whole or not at all: without commit() nothing is left of it.
class OutputFile {
  public:
    virtual ~OutputFile() = default;
    // Errors of both: storage_full, io_error; of commit, locked when there is such a file by now.
    [[nodiscard]] virtual Result<void> write(std::string_view bytes) = 0;
    [[nodiscard]] virtual Result<void> commit() = 0;
};

class Environment {
  public:
    virtual ~Environment() = default;

    [[nodiscard]] virtual Terminal terminal() const = 0;
    [[nodiscard]] virtual std::optional<std::string> variable(const std::string& name) const = 0;
    [[nodiscard]] virtual Now now() const = 0;
    // How far the user's clocks on the wall are ahead of UTC at that instant.
    [[nodiscard]] virtual Duration local_offset(WallTime at) const = 0;
    virtual void sleep(Duration duration) = 0;  // returns early when a signal arrives
    // How many SIGINTs and SIGTERMs came since the first call, which also begins to catch them.
    [[nodiscard]] virtual int interrupts() = 0;
    [[nodiscard]] virtual bool was_terminated() const = 0;  // one of them was a SIGTERM
    virtual void write_out(std::string_view text) = 0;
    virtual void write_err(std::string_view text) = 0;
    // Nobody reads it any more, such as behind `| head -1`: what only writes there may end.
    [[nodiscard]] virtual bool is_out_closed() const = 0;
    [[nodiscard]] virtual bool is_err_closed() const = 0;

    // "-" is standard input. Errors name the path: not_found, forbidden, io_error, too_large (above
    // 32 MiB).
    [[nodiscard]] virtual Result<std::string> read_file(const std::string& path) = 0;
    // Errors: locked when the file exists and `is_replacing` is false; not_found when its directory
    // does not exist; io_error.
    [[nodiscard]] virtual Result<void> write_file(const std::string& path,
                                                  std::string_view text,
                                                  bool is_replacing) = 0;
    // Makes the directory when it is not there. Errors: io_error.
    [[nodiscard]] virtual Result<void> make_directory(const std::string& path) = 0;
    // Errors: locked when the file exists and `is_replacing` is false; io_error.
    [[nodiscard]] virtual Result<std::unique_ptr<OutputFile>> create_file(
        const std::string& path, bool is_replacing) = 0;
    [[nodiscard]] virtual std::variant<Located, LoadError> parse_yaml(std::string_view text) = 0;

    // One exchange. Errors: unreachable. Any HTTP status is an answer.
    [[nodiscard]] virtual Result<HttpResponse> http(const HttpRequest& request) = 0;
    // As http(), but bytes of a 2xx body go to `take` as they arrive, and an empty text at least
    // four times a second; `take` returns false to end the exchange, and asks for no other one.
    [[nodiscard]] virtual Result<HttpResponse> http_stream(
        const HttpRequest& request, const std::function<bool(std::string_view)>& take) = 0;

    // Runs until a signal; returns the exit status. Errors: locked, bad_configuration, io_error, …
    [[nodiscard]] virtual Result<int> serve(const ServeOptions& options) = 0;
    // Calls `on_wait` once when another process holds the data directory for more than a moment.
    // Errors: locked, when it goes on holding it; and those of serve().
    [[nodiscard]] virtual Result<std::unique_ptr<Embedded>> run_embedded(
        const std::string& data, std::uint32_t slots, const std::function<void()>& on_wait) = 0;
    // Errors: not_found (there is no ledger), io_error, corrupt.
    [[nodiscard]] virtual Result<std::unique_ptr<Stored>> open_stored(const std::string& data) = 0;
    // A data directory, or a bundle: an archive or the directory it was unpacked to.
    // Errors: not_found, io_error, corrupt or invalid_value (neither at all).
    [[nodiscard]] virtual Result<VerifyReport> verify(const std::string& path,
                                                      const VerifyOptions& options) = 0;
    [[nodiscard]] virtual std::vector<DoctorFact> doctor(const std::string& data) = 0;
    // Claims tasks and runs the command for each, until a signal; returns the exit status. Errors:
    // what the server says that asking again would not change.
    [[nodiscard]] virtual Result<int> run_worker(const WorkerOptions& options) = 0;
    // The tasks of another dispatcher's file: adapters/sqlite/orch_next_file.h says what of them.
    [[nodiscard]] virtual Result<Json> read_orch_next(const std::string& path) = 0;
    [[nodiscard]] virtual Result<Json> bench(const BenchOptions& options) = 0;
    // Cosigns checkpoints until a signal; returns the exit status. Errors: those of serve().
    [[nodiscard]] virtual Result<int> witness(const WitnessOptions& options) = 0;
    // Goes on with an older copy of a data directory, and says under which origin and what is lost.
    // Errors: state_conflict, when no anchor knows more; those of serve().
    [[nodiscard]] virtual Result<Json> restore(const RestoreOptions& options) = 0;
};

}  // namespace attacca::cli
