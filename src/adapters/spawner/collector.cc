// SPDX-License-Identifier: Apache-2.0
#include "adapters/spawner/collector.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <string_view>
#include <utility>

#include <sys/stat.h>
#include <unistd.h>

#include "adapters/spawner/outputs.h"
#include "base/bytes.h"

namespace attacca::spawner {
namespace {

constexpr std::size_t detail_bytes_max = 256;
constexpr std::uint64_t output_file_bytes_max = std::uint64_t{1} << 20U;
constexpr std::int64_t signal_exit_base = 128;  // as shells tell a signal

std::string_view media_type_of(std::string_view path) {
    static constexpr std::array<std::pair<std::string_view, std::string_view>, 9> types = {{
        {".txt", "text/plain"},
        {".log", "text/plain"},
        {".md", "text/markdown"},
        {".html", "text/html"},
        {".csv", "text/csv"},
        {".xml", "application/xml"},
        {".json", "application/json"},
        {".jsonl", "application/jsonl"},
        {".sarif", "application/sarif+json"},
    }};
    for (const auto& [suffix, type] : types) {
        if (path.ends_with(suffix)) {
            return type;
        }
    }
    return "application/octet-stream";
}

std::string system_text(std::uint32_t error_number) {
    const char* const text = ::strerrordesc_np(static_cast<int>(error_number));
    return text == nullptr ? "error " + std::to_string(error_number) : text;
}

// Lack of a resource passes; a command that is missing or may not be executed does not.
bool is_transient_error(std::uint32_t error_number) {
    switch (error_number) {
        case EAGAIN:
        case ENOMEM:
        case EMFILE:
        case ENFILE:
        case ENOSPC:
        case EDQUOT:
        case EIO:
        case ETXTBSY:
            return true;
        default:
            return false;
    }
}

std::string stage_text(const FinishedAttempt& attempt, const NotStarted& failure) {
    const core::AttemptSpec& spec = attempt.spec;
    switch (failure.stage) {
        case StartStage::fork:
        case StartStage::prepare:
            return "a process cannot be started";
        case StartStage::directory:
            return "the directory " + quoted(spec.dir) + " cannot be used";
        case StartStage::output:
            return "the files for its output cannot be made";
        case StartStage::execute:
            break;
    }
    if (attempt.tool != nullptr && spec.kind == core::NodeKind::scan) {
        const std::string name(attempt.tool->name());
        return failure.error_number == ENOENT ? name + " is not installed"
                                              : name + " cannot be executed";
    }
    return (spec.is_shell || spec.argv.empty() ? "sh" : quoted(spec.argv.front())) +
           " cannot be executed";
}

struct EndTeller {
    const FinishedAttempt& attempt;
    core::AttemptReport& report;

    void operator()(const Exited& end) const {
        report.exit_code = end.status;
        if (end.status != 0) {
            report.outcome = core::Outcome::failed;
            report.detail = "exit status " + std::to_string(end.status);
        }
    }
    void operator()(const Signalled& end) const {
        report.exit_code = signal_exit_base + end.signal;
        report.outcome = core::Outcome::failed;
        const char* const name = ::sigabbrev_np(static_cast<int>(end.signal));
        report.detail = "killed by signal " + std::to_string(end.signal) +
                        (name == nullptr ? "" : std::string(" (SIG") + name + ")");
    }
    void operator()(const NotStarted& end) const {
        report.outcome = core::Outcome::error;
        report.is_transient = is_transient_error(end.error_number);
        report.detail = stage_text(attempt, end) + ": " + system_text(end.error_number);
    }
};

core::AttemptReport report_for(const core::AttemptSpec& spec) {
    core::AttemptReport report;
    report.job = spec.job;
    report.instance = spec.instance;
    report.fence = spec.fence;
    return report;
}

// Tells the sealed files of a job apart.
std::string place_of(const core::AttemptSpec& spec, std::string_view name) {
    return std::to_string(spec.fence.value) + "/" + std::string(name);
}

void cut_detail(core::AttemptReport& report) {
    if (report.detail.size() > detail_bytes_max) {
        const std::string_view start = std::string_view(report.detail).substr(0, detail_bytes_max);
        report.detail.resize(utf8_prefix(start));
    }
}

}  // namespace

struct Collector::Work {
    const FinishedAttempt& attempt;
    AttemptPaths paths;
    core::AttemptReport report;
    Json outputs = Json::object();
    std::size_t copies = 0;

    [[nodiscard]] bool has_succeeded() const {
        return report.outcome == core::Outcome::succeeded;
    }
    // The first thing that went wrong is the one that is told.
    void turn(core::Outcome outcome, const std::string& detail, bool is_transient = false) {
        if (has_succeeded()) {
            report.outcome = outcome;
            report.detail = detail;
            report.is_transient = is_transient;
        }
    }
    // Content that cannot be stored is our fault, not the command's.
    void turn_for_storage(const Error& error) {
        turn(core::Outcome::error, "its files cannot be kept: " + error.detail, true);
    }
};

Collector::Collector(AttemptRoots roots, std::uint64_t output_bytes_max, ports::Content& content)
    : roots_(std::move(roots)), output_bytes_max_(output_bytes_max), content_(content) {}

core::AttemptReport Collector::collect(const FinishedAttempt& attempt) const {
    Work work{attempt, paths_of(roots_, attempt.spec), report_for(attempt.spec)};
    std::visit(EndTeller{attempt, work.report}, attempt.end);
    const bool has_started = !std::holds_alternative<NotStarted>(attempt.end);
    if (attempt.stop) {
        work.report.outcome = attempt.stop->outcome;
        work.report.detail = attempt.stop->detail;
        work.report.is_transient = attempt.stop->outcome == core::Outcome::timeout;
    }
    if (has_started) {
        keep_streams(work);
        if (attempt.tool != nullptr) {
            judge(work);
        } else if (work.has_succeeded()) {
            read_outputs(work);
        }
        keep_artifacts(work);
        // Outputs of a command that failed are no result; a scan tells what it covered.
        if (work.has_succeeded() || attempt.tool != nullptr) {
            add_output_text(work);
        }
    }
    cut_detail(work.report);
    return std::move(work.report);
}

core::AttemptReport Collector::refuse(const core::AttemptSpec& spec, const Error& error) {
    core::AttemptReport report = report_for(spec);
    report.outcome = core::Outcome::error;
    report.detail = error.detail.empty() ? error.text() : error.detail;
    report.is_transient =
        error.problem == Problem::storage_full || error.problem == Problem::io_error ||
        error.problem == Problem::unavailable;
    cut_detail(report);
    return report;
}

void Collector::keep_streams(Work& work) const {
    const std::array<std::pair<std::string, std::string>, 2> streams = {{
        {"stdout", work.paths.stdout_file()},
        {"stderr", work.paths.stderr_file()},
    }};
    for (const auto& [name, path] : streams) {
        struct stat found {};
        if (::lstat(path.c_str(), &found) != 0 || !S_ISREG(found.st_mode) || found.st_size == 0) {
            continue;
        }
        const bool is_truncated =
            static_cast<std::uint64_t>(found.st_size) >= output_bytes_max_;
        // A second name, so that whoever follows the live file still finds it.
        const std::string kept = path + ".kept";
        if (::link(path.c_str(), kept.c_str()) != 0) {
            work.turn_for_storage(fail(Problem::io_error, "cannot link " + quoted(kept)));
            continue;
        }
        const Result<ports::SealingContent::Kept> file = take_over(work, kept, name);
        if (!file) {
            work.turn_for_storage(file.error());
            continue;
        }
        work.report.artifacts.push_back(
            {name, file->digest, file->bytes, "text/plain", is_truncated});
        if (is_truncated && !work.attempt.stop) {
            work.report.outcome = core::Outcome::failed;
            work.report.detail = "output limit: " + name + " reached " +
                                 std::to_string(output_bytes_max_) + " bytes";
        }
    }
}

// A finished file of ours; its name is gone afterwards.
Result<ports::SealingContent::Kept> Collector::take_over(Work& work, const std::string& path,
                                                         const std::string& name) const {
    ports::SealingContent content(content_, work.attempt.spec.seal);
    const Result<Fd> file = open_plain(path);
    if (!file) {
        return file.error();
    }
    struct stat found {};
    if (::fstat(file->get(), &found) != 0) {
        return fail(Problem::io_error, "cannot examine " + quoted(path));
    }
    if (!content.is_sealing()) {
        ATTACCA_TRY(const Sha256 digest, content_.adopt(path));
        return ports::SealingContent::Kept{digest, static_cast<std::uint64_t>(found.st_size)};
    }
    ATTACCA_TRY(const std::string bytes,
                read_up_to(*file, static_cast<std::uint64_t>(found.st_size)));
    const auto kept = content.put(place_of(work.attempt.spec, name), bytes);
    ::unlink(path.c_str());
    return kept;
}

Result<core::Artifact> Collector::keep(Work& work,
                                       const Fd& file,
                                       const std::string& name) const {
    const std::string copy = work.paths.live + "/copy" + std::to_string(work.copies++);
    const Result<std::uint64_t> copied = copy_to(file, copy, output_bytes_max_);
    if (!copied) {
        return copied.error();
    }
    ATTACCA_TRY(const ports::SealingContent::Kept kept, take_over(work, copy, name));
    return core::Artifact{name, kept.digest, kept.bytes, std::string(media_type_of(name)), false};
}

void Collector::keep_artifacts(Work& work) const {
    for (const std::string& path : work.attempt.spec.artifacts) {
        Result<Fd> file = open_beneath(work.paths.directory, path);
        if (!file) {
            work.turn(core::Outcome::failed,
                      "artifact " + quoted(path) + ": " + file.error().detail);
            continue;
        }
        Result<core::Artifact> artifact = keep(work, *file, path);
        if (artifact) {
            work.report.artifacts.push_back(std::move(*artifact));
        } else if (artifact.error().problem == Problem::invalid_value) {
            work.turn(core::Outcome::failed,
                      "artifact " + quoted(path) + ": " + artifact.error().detail);
        } else {
            work.turn_for_storage(artifact.error());
        }
    }
}

void Collector::keep_result_file(Work& work, const ports::ToolCommand& command) const {
    const Result<Fd> file = open_beneath(work.paths.directory, command.result_file);
    if (!file) {
        return;
    }
    Result<core::Artifact> artifact = keep(work, *file, command.result_file);
    if (!artifact) {
        work.turn_for_storage(artifact.error());
        return;
    }
    artifact->media_type = command.media_type;
    work.report.artifacts.push_back(std::move(*artifact));
}

void Collector::keep_files(Work& work, const std::vector<ports::ToolFile>& files) const {
    for (const ports::ToolFile& file : files) {
        const auto kept = ports::SealingContent(content_, work.attempt.spec.seal)
                              .put(place_of(work.attempt.spec, file.name), file.bytes);
        if (!kept) {
            return work.turn_for_storage(kept.error());
        }
        work.report.artifacts.push_back(
            {file.name, kept->digest, kept->bytes, file.media_type, false});
    }
}

void Collector::judge(Work& work) const {
    const ports::Tool& tool = *work.attempt.tool;
    const Result<ports::ToolCommand> command = tool.command(work.attempt.spec);
    if (!command) {
        work.turn(core::Outcome::error, command.error().detail);
        return;
    }
    ports::ToolRun run;
    run.was_stopped = work.attempt.stop.has_value();
    run.exit_code = work.report.exit_code;
    if (const Result<Fd> file = open_beneath(work.paths.directory, command->result_file)) {
        if (Result<std::string> bytes = read_up_to(*file, output_bytes_max_)) {
            run.result = std::move(*bytes);
        }
    }
    ports::ToolVerdict verdict = tool.judge(work.attempt.spec, run);
    if (verdict.outputs.is_object()) {
        work.outputs = std::move(verdict.outputs);
    }
    const bool is_final = work.attempt.stop || work.report.outcome == core::Outcome::error;
    if (!is_final && work.has_succeeded()) {
        work.report.outcome = verdict.outcome;
        work.report.detail = verdict.detail;
    } else if (!is_final && !verdict.detail.empty()) {
        work.report.detail += "; " + verdict.detail;
    }
    keep_result_file(work, *command);
    keep_files(work, verdict.files);
}

Result<Json> Collector::value_of(const Work& work, const core::OutputDef& output) const {
    const bool is_file = output.source == core::OutputSource::file;
    const std::string stream = output.source == core::OutputSource::standard_error
                                   ? work.paths.stderr_file()
                                   : work.paths.stdout_file();
    Result<Fd> file = is_file ? open_beneath(work.paths.directory, output.file)
                              : open_plain(stream);
    if (!file) {
        return fail(file.error().problem,
                    "output " + quoted(output.name) + ": " + file.error().detail);
    }
    // One byte more than allowed tells a file that is too large from one that just fits.
    const auto limit = static_cast<std::uint64_t>(std::max<std::int64_t>(output.max_bytes, 0)) + 1;
    ATTACCA_TRY(const std::string bytes, read_up_to(*file, limit));
    return read_output(output, bytes);
}

void Collector::read_outputs(Work& work) const {
    if (const Result<Fd> file = open_plain(work.paths.output_file())) {
        const Result<std::string> bytes = read_up_to(*file, output_file_bytes_max + 1);
        if (!bytes || bytes->size() > output_file_bytes_max) {
            work.turn(core::Outcome::failed, "$ATTACCA_OUTPUT cannot be read or is too large");
            return;
        }
        if (const Result<void> read = read_output_file(*bytes, work.outputs); !read) {
            work.turn(core::Outcome::failed, read.error().detail);
        }
    }
    for (const core::OutputDef& output : work.attempt.spec.outputs) {
        Result<Json> value = value_of(work, output);
        if (!value) {
            work.turn(core::Outcome::failed, value.error().detail);
            return;
        }
        work.outputs.set(output.name, std::move(*value));
    }
}

void Collector::add_output_text(Work& work) const {
    if (work.outputs.as_object().empty()) {
        return;
    }
    std::string text = work.outputs.text();
    if (text.size() <= core::body_bytes_max) {
        work.report.output = std::move(text);
        return;
    }
    const auto kept = ports::SealingContent(content_, work.attempt.spec.seal)
                          .put(place_of(work.attempt.spec, "outputs"), text);
    if (kept) {
        work.report.output_file =
            core::Artifact{"outputs", kept->digest, kept->bytes, "application/json", false};
    } else {
        work.turn_for_storage(kept.error());
    }
}

}  // namespace attacca::spawner
