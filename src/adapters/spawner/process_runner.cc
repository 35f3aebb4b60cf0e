// SPDX-License-Identifier: Apache-2.0
#include "adapters/spawner/process_runner.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <filesystem>
#include <utility>

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "adapters/spawner/channel.h"
#include "base/check.h"
#include "ports/sealing_content.h"

namespace attacca::spawner {
namespace {

// Children run elsewhere, so the paths they are given must not depend on where we stand.
AttemptRoots absolute(const AttemptRoots& roots) {
    std::error_code error;
    const auto live = std::filesystem::absolute(roots.live, error);
    ATTACCA_CHECK(!error);
    const auto work = std::filesystem::absolute(roots.work, error);
    ATTACCA_CHECK(!error);
    return {live.lexically_normal().string(), work.lexically_normal().string()};
}

ProcessRunnerOptions absolute(ProcessRunnerOptions options) {
    options.roots = absolute(options.roots);
    return options;
}

int poll_timeout(std::optional<MonoTime> next, MonoTime now) {
    if (!next) {
        return -1;
    }
    const std::int64_t ms = (std::max(*next, now) - now).us / 1000 + 1;
    return static_cast<int>(std::min<std::int64_t>(ms, 60'000));
}

// Signals are the business of the main thread.
void block_signals() {
    sigset_t all;
    ::sigfillset(&all);
    ::pthread_sigmask(SIG_SETMASK, &all, nullptr);
}

}  // namespace

ProcessRunner::ProcessRunner(SpawnerHandle spawner,
                             ProcessRunnerOptions options,
                             const ports::Clock& clock,
                             ports::Content& content,
                             std::vector<const ports::Tool*> tools,
                             ports::ReportSink sink)
    : options_(absolute(std::move(options))),
      clock_(clock),
      tools_(std::move(tools)),
      sink_(std::move(sink)),
      content_(content),
      collector_(options_.roots, options_.output_bytes_max, content),
      spawner_pid_(spawner.pid),
      wake_(::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)),
      channel_(std::move(spawner.socket)),
      monitor_(options_.roots, options_.output_bytes_max) {
    ATTACCA_CHECK(wake_.is_open());
    io_ = std::thread([this] { run_io(); });
    collecting_ = std::thread([this] { run_collecting(); });
}

ProcessRunner::~ProcessRunner() {
    {
        const std::scoped_lock lock(mutex_);
        is_closing_ = true;
    }
    has_collection_.notify_all();
    wake();
    io_.join();
    collecting_.join();
    // The spawner reads the end of the stream, kills what runs and exits.
    channel_.close();
    wait_for_spawner(spawner_pid_);
}

void ProcessRunner::start(core::AttemptSpec spec) {
    {
        const std::scoped_lock lock(mutex_);
        const bool is_new = unreported_.insert(spec.fence).second;
        ATTACCA_CHECK(is_new);
        inbox_.emplace_back(std::move(spec));
    }
    wake();
}

void ProcessRunner::stop(core::FenceToken fence) {
    {
        const std::scoped_lock lock(mutex_);
        inbox_.emplace_back(fence);
    }
    wake();
}

void ProcessRunner::acknowledge(core::FenceToken fence) {
    std::optional<core::AttemptReport> known;
    {
        const std::scoped_lock lock(mutex_);
        if (auto node = reports_.extract(fence)) {
            known = std::move(node.mapped());
        }
    }
    if (known) {
        ports::release_files(content_, *known);
        collect_later(Cleanup{fence});
    }
}

std::vector<core::FenceToken> ProcessRunner::report_again() {
    std::vector<core::AttemptReport> reports;
    std::vector<core::FenceToken> running;
    {
        const std::scoped_lock lock(mutex_);
        for (const auto& [fence, report] : reports_) {
            reports.push_back(report);
        }
        running.assign(unreported_.begin(), unreported_.end());
    }
    for (core::AttemptReport& report : reports) {
        sink_(std::move(report));
    }
    return running;
}

bool ProcessRunner::is_healthy() const {
    const std::scoped_lock lock(mutex_);
    return is_healthy_;
}

void ProcessRunner::wake() const {
    const std::uint64_t one = 1;
    // Only a full counter refuses, and then a wake-up is pending anyhow.
    [[maybe_unused]] const ssize_t written = ::write(wake_.get(), &one, sizeof one);
}

void ProcessRunner::run_io() {
    block_signals();
    while (take_inbox()) {
        const MonoTime now = clock_.now().mono;
        for (Monitor::Alarm& alarm : monitor_.check(now)) {
            halt(alarm.fence, std::move(alarm.reason));
        }
        if (is_connected_ && !channel_.flush()) {
            lose_all();
        }
        std::array<pollfd, 2> wanted{};
        wanted[0].fd = wake_.get();
        wanted[0].events = POLLIN;
        wanted[1].fd = is_connected_ ? channel_.fd() : -1;
        wanted[1].events = static_cast<short>(channel_.has_unsent() ? POLLIN | POLLOUT : POLLIN);
        ::poll(wanted.data(), wanted.size(), poll_timeout(monitor_.next_check(), now));
        if (wanted[1].revents == 0) {
            continue;
        }
        std::vector<std::string> messages;
        const bool is_alive = channel_.receive(messages);
        for (const std::string& message : messages) {
            const std::optional<Ended> ended = decode_ended(message);
            ATTACCA_CHECK(ended.has_value());
            finish(*ended);
        }
        if (!is_alive) {
            lose_all();
        }
    }
}

bool ProcessRunner::take_inbox() {
    std::uint64_t count = 0;
    [[maybe_unused]] const ssize_t taken = ::read(wake_.get(), &count, sizeof count);
    decltype(inbox_) inbox;
    {
        const std::scoped_lock lock(mutex_);
        if (is_closing_) {
            return false;
        }
        inbox.swap(inbox_);
    }
    for (auto& item : inbox) {
        if (auto* spec = std::get_if<core::AttemptSpec>(&item)) {
            begin(std::move(*spec));
        } else {
            halt(std::get<core::FenceToken>(item), {core::Outcome::cancelled, {}});
        }
    }
    return true;
}

void ProcessRunner::begin(core::AttemptSpec spec) {
    if (!is_connected_) {
        return;  // lost like those that were running
    }
    const Result<const ports::Tool*> tool = launch(spec);
    if (tool) {
        monitor_.add(std::move(spec), *tool, clock_.now().mono);
    } else {
        collect_later(Refused{std::move(spec), tool.error()});
    }
}

Result<const ports::Tool*> ProcessRunner::launch(const core::AttemptSpec& spec) {
    const AttemptPaths paths = paths_of(options_.roots, spec);
    const ports::Tool* tool = nullptr;
    std::vector<std::string> argv = spec.argv;
    if (!spec.tool.empty()) {
        const auto found = std::find_if(tools_.begin(), tools_.end(), [&spec](const auto* one) {
            return one->name() == spec.tool;
        });
        if (found == tools_.end()) {
            return fail(Problem::not_supported, "there is no tool " + quoted(spec.tool));
        }
        tool = *found;
        ATTACCA_TRY(ports::ToolCommand command, tool->command(spec));
        argv = std::move(command.argv);
    }
    if (spec.is_shell) {
        argv = {"/bin/sh", "-eu", paths.script_file()};
    }
    ATTACCA_TRY(const SpawnRequest request,
                spawn_request(paths, spec, std::move(argv), options_.output_bytes_max));
    if (Result<void> made = make_attempt_files(paths, spec); !made) {
        return made.error();
    }
    channel_.send(encode(Request(request)));
    return tool;
}

void ProcessRunner::halt(core::FenceToken fence, StopReason reason) {
    if (is_connected_ && monitor_.mark_stopped(fence, std::move(reason))) {
        const auto grace_ms = static_cast<std::uint32_t>(options_.stop_grace.ms());
        channel_.send(encode(Request(StopRequest{fence.value, grace_ms})));
    }
}

void ProcessRunner::finish(const Ended& ended) {
    const core::FenceToken fence{ended.fence};
    ATTACCA_CHECK(monitor_.has(fence));
    collect_later(monitor_.remove(fence, ended.end));
}

// Without the spawner nobody can tell how the attempts ended, and the kernel kills their children.
// They are not reported: the process is about to end for want of a spawner, and the next start
// finds them lost, which is nobody's failure (a report would cost the job one of its attempts).
void ProcessRunner::lose_all() {
    is_connected_ = false;
    {
        const std::scoped_lock lock(mutex_);
        is_healthy_ = false;
    }
    for (const core::FenceToken fence : monitor_.fences()) {
        (void)monitor_.remove(fence, Exited{});
    }
}

void ProcessRunner::collect_later(Collection collection) {
    {
        const std::scoped_lock lock(mutex_);
        collections_.push_back(std::move(collection));
    }
    has_collection_.notify_one();
}

void ProcessRunner::run_collecting() {
    block_signals();
    while (true) {
        std::vector<Collection> collections;
        {
            std::unique_lock lock(mutex_);
            has_collection_.wait(lock, [this] { return is_closing_ || !collections_.empty(); });
            if (is_closing_) {
                return;
            }
            collections.swap(collections_);
        }
        for (const Collection& collection : collections) {
            if (const auto* finished = std::get_if<FinishedAttempt>(&collection)) {
                deliver(collector_.collect(*finished));
            } else if (const auto* refused = std::get_if<Refused>(&collection)) {
                deliver(Collector::refuse(refused->spec, refused->error));
            } else {
                remove_attempt_files(options_.roots, std::get<Cleanup>(collection).fence);
            }
        }
    }
}

void ProcessRunner::deliver(core::AttemptReport report) {
    {
        const std::scoped_lock lock(mutex_);
        unreported_.erase(report.fence);
        reports_.emplace(report.fence, report);
    }
    sink_(std::move(report));
}

}  // namespace attacca::spawner
