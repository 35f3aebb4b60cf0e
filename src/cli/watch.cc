// SPDX-License-Identifier: Apache-2.0
#include "cli/watch.h"

#include "cli/job_event.h"
#include "cli/progress_view.h"

namespace attacca::cli {
namespace {

constexpr std::size_t failures_with_log_max = 5;
constexpr std::size_t output_lines_max = 30;
constexpr std::uint64_t log_bytes = 16 * 1024;
constexpr int exit_awaits_approval = 4;
constexpr int exit_elapsed = 124;
constexpr int exit_interrupted = 130;
constexpr int exit_terminated = 143;
constexpr int exit_nobody_reads = 141;  // as a shell tells of SIGPIPE

class Watch {
  public:
    Watch(const Context& context, JobFeed& feed, ProgressModel& model,
          const WatchOptions& options)
        : context_(context),
          feed_(feed),
          model_(model),
          options_(options),
          view_(context, progress_mode_of(context), model) {}

    int run() {
        static_cast<void>(context_.env.interrupts());  // from here on they are caught
        started_at_ = context_.env.now().mono;
        const Result<void> followed = feed_.follow([this](const JobEvent& event) { take(event); },
                                                   [this] { return tick(); });
        if (!model_.is_over()) {
            view_.leave();
            if (exit_) {
                return *exit_;
            }
            return context_.refuse(followed ? fail(Problem::internal, "the job's events ended")
                                            : followed.error());
        }
        return end();
    }

  private:
    void take(const JobEvent& event) {
        const std::size_t before = model_.failures().size();
        view_.show(event, model_.apply(event));
        for (std::size_t i = before; i < model_.failures().size(); ++i) {
            show_failure(model_.failures()[i]);
        }
    }

    void show_failure(const Failure& failure) {
        if (++failures_shown_ > failures_with_log_max) {
            return;  // the verdict counts them; hundreds of logs would hide the first ones
        }
        LogWanted wanted{failure.node, failure.item, failure.attempt, "stdout"};
        std::string log = feed_.log_tail(wanted, log_bytes);
        wanted.stream = "stderr";
        const std::string errors = feed_.log_tail(wanted, log_bytes);
        if (!log.empty() && !log.ends_with('\n') && !errors.empty()) {
            log += '\n';
        }
        log += errors;  // last, because there the reason stands
        view_.show_failure(failure, log,
                           options_.logs_command + " --node " + shell_word(failure.name));
    }

    bool tick() {
        if (model_.is_over()) {
            return false;
        }
        const Now now = context_.env.now();
        const int interrupts = context_.env.interrupts();
        if (interrupts > seen_interrupts_) {
            seen_interrupts_ = interrupts;
            return interrupted(interrupts);
        }
        if (!options_.is_local && context_.env.is_err_closed() && context_.env.is_out_closed()) {
            exit_ = exit_nobody_reads;  // and the job needs nobody
            return false;
        }
        if (options_.limit && !is_elapsed_ && now.mono - started_at_ >= *options_.limit) {
            is_elapsed_ = true;
            return elapsed();
        }
        if (options_.leaves_at_approval && model_.is_up_to_a_person()) {
            exit_ = exit_awaits_approval;
            leave_waiting();
            return false;
        }
        view_.tick(now);
        return true;
    }

    [[nodiscard]] int interrupt_status() const {
        return context_.env.was_terminated() ? exit_terminated : exit_interrupted;
    }

    bool interrupted(int count) {
        if (count > 1 || !options_.is_local) {
            exit_ = interrupt_status();
            if (!options_.is_local) {
                leave_running();
            }
            return false;
        }
        cancel("cancelling; Ctrl-C again leaves at once");
        return true;
    }

    bool elapsed() {
        if (options_.is_local) {
            cancel("the time of --wait elapsed, cancelling");
            return true;
        }
        exit_ = exit_elapsed;
        leave_running();
        return false;
    }

    void cancel(std::string_view words) {
        view_.say(words);
        const Result<void> cancelled = feed_.cancel();
        if (!cancelled) {
            view_.say("  " + cancelled.error().text());
        }
    }

    void leave_running() {
        view_.leave();
        context_.note("the job goes on\n  watch:  attacca jobs watch " + options_.job +
                      options_.flags + "\n  cancel: attacca jobs cancel " + options_.job +
                      options_.flags + "\n");
    }

    void leave_waiting() {
        view_.leave();
        std::string text = "the job waits for approval\n";
        if (options_.is_local) {
            text += "  it goes on when a server holds its directory: attacca serve --data DIR\n";
        }
        for (const std::string& node : model_.awaited()) {
            text += "  attacca jobs approve " + options_.job + " " + shell_word(node) +
                    options_.flags + "\n";
        }
        context_.note(text);
    }

    int end() {
        const Result<Json> job = feed_.job();
        if (job) {
            settle(*job);
        }
        view_.finish(context_.is_quiet()
                         ? VerdictHints{}
                         : VerdictHints{options_.logs_command, options_.again_command});
        if (job) {
            print(*job);
        } else {
            context_.note("  " + job.error().text() + "\n");
        }
        if (is_elapsed_) {
            return exit_elapsed;
        }
        const bool is_cancelled = model_.state() == core::JobState::cancelled;
        return is_cancelled && seen_interrupts_ > 0 && context_.env.was_terminated()
                   ? exit_terminated
                   : exit_status_of(model_.state(), model_.reason());
    }

    // The states that no record tells, such as `skipped`.
    void settle(const Json& job) {
        const Json* nodes = job.find("nodes");
        if (nodes == nullptr || !nodes->is_array()) {
            return;
        }
        for (const Json& node : nodes->as_array()) {
            if (const auto state = core::node_state_of(text_member(node, "status"))) {
                model_.settle(text_member(node, "id"), *state);
            }
        }
    }

    void print(const Json& job) {
        if (!context_.is_human()) {
            context_.answer(job);
            return;
        }
        const Json* outputs = job.find("outputs");
        if (outputs == nullptr || !outputs->is_object() || outputs->as_object().empty()) {
            print_log();
            return;
        }
        for (const Json::Member& output : outputs->as_object()) {
            std::string text =
                output.value.is_string() ? output.value.as_string() : output.value.text();
            std::string shown;
            const std::vector<std::string_view> lines = lines_of(text);
            for (const std::string_view line : lines) {
                shown += (lines.size() > 1 ? "  " : "") + printable(line) + "\n";
            }
            context_.out(printable(output.key) + (lines.size() > 1 ? ":\n" : ": ") +
                         (shown.empty() ? "\n" : shown));
        }
    }

    // A job that names no outputs has said all it had to say in its logs: of a single node they are
    // shown when they are short, else it is said how to read them.
    void print_log() {
        if (model_.state() != core::JobState::completed) {
            return;  // the verdict has said how to go on
        }
        std::string hint = "  output: " + options_.logs_command;
        if (model_.nodes().size() == 1 && !model_.nodes().front().is_map) {
            const std::string& node = model_.nodes().front().id;
            const std::string log = feed_.log_tail({node, std::nullopt, 0, "stdout"}, log_bytes);
            const std::string errors = feed_.log_tail({node, std::nullopt, 0, "stderr"}, log_bytes);
            const bool is_short =
                log.size() < log_bytes && lines_of(log).size() <= output_lines_max;
            if (is_short) {
                for (const std::string_view line : lines_of(log)) {
                    context_.out(printable(line) + "\n");
                }
            }
            if (is_short && errors.empty()) {
                return;
            }
            hint += " --node " + shell_word(node);
        }
        view_.say(hint);
    }

    const Context& context_;
    JobFeed& feed_;
    ProgressModel& model_;
    const WatchOptions& options_;
    ProgressView view_;
    MonoTime started_at_;
    std::size_t failures_shown_ = 0;
    int seen_interrupts_ = 0;
    bool is_elapsed_ = false;
    std::optional<int> exit_;
};

}  // namespace

int watch_job(const Context& context, JobFeed& feed, ProgressModel& model,
              const WatchOptions& options) {
    return Watch(context, feed, model, options).run();
}

}  // namespace attacca::cli
