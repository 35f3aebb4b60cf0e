// SPDX-License-Identifier: Apache-2.0
#include "cli/progress_view.h"

namespace attacca::cli {
namespace {

constexpr std::size_t failure_lines = 30;

Json failure_event(const ProgressModel& model, const Failure& failure, const std::string& log,
                   const std::string& more) {
    Json lines = Json::array();
    for (const std::string_view line : last_lines(log, failure_lines)) {
        lines.push(printable(line));
    }
    JobEvent event;
    event.gseq = model.last_gseq();
    event.job = model.job();
    event.data = Json::object();
    event.data.set("node", failure.node);
    event.data.set("name", failure.name);
    event.data.set("reason", failure.reason);
    event.data.set("log_tail", std::move(lines));
    event.data.set("log_command", more);
    Json out = cloud_event(event);
    // Not a record of the ledger: an id of its own, so that no reader takes it for one.
    out.set("id", std::to_string(event.gseq) + "-log");
    out.set("type", "attacca.node.failed");
    out.set("time", rfc3339_ms(failure.at));
    return out;
}

}  // namespace

ProgressMode progress_mode_of(const Context& context) {
    const std::string& name = context.settings.value("progress");
    if (name == "tty") {
        return ProgressMode::tty;
    }
    if (name == "plain") {
        return ProgressMode::plain;
    }
    if (name == "jsonl") {
        return ProgressMode::jsonl;
    }
    if (name == "none" || context.is_quiet()) {
        return ProgressMode::none;
    }
    const bool is_ci = !context.env.variable("CI").value_or("").empty();
    const bool is_dumb = context.env.variable("TERM") == "dumb";
    return context.env.terminal().is_err_tty && !is_ci && !is_dumb ? ProgressMode::tty
                                                                   : ProgressMode::plain;
}

void ProgressView::show(const JobEvent& event, const std::vector<Transition>& changes) {
    is_dirty_ = true;
    switch (mode_) {
        case ProgressMode::tty:
        case ProgressMode::none: return;
        case ProgressMode::jsonl: {
            context_.env.write_err(cloud_event(event).text() + "\n");
            return;
        }
        case ProgressMode::plain: break;
    }
    for (const Transition& change : changes) {
        // Thousands of items would hide everything else: they are counted when their map ends.
        if (change.weight == Transition::Weight::node || context_.is_verbose()) {
            context_.env.write_err(transition_line(change, model_.created_at()));
        }
    }
}

void ProgressView::show_failure(const Failure& failure, const std::string& log,
                                const std::string& more) {
    failing_log_ = log;
    is_dirty_ = true;
    if (mode_ == ProgressMode::none) {
        return;
    }
    if (mode_ == ProgressMode::jsonl) {
        context_.env.write_err(failure_event(model_, failure, log, more).text() + "\n");
        return;
    }
    const Style style{mode_ == ProgressMode::tty && context_.err_style().has_colour()};
    erase();
    std::string text;
    if (mode_ == ProgressMode::tty) {
        text += style(Colour::red, "✗") + " " + failure.name + "  " + failure.reason + "\n";
    }
    for (const std::string_view line : last_lines(log, failure_lines)) {
        text += "  " + style(Colour::dim, "│") + " " + printable(line) + "\n";
    }
    // Of nothing there is no more.
    if (!log.empty() && !more.empty()) {
        text += "  all of it: " + more + "\n";
    }
    context_.env.write_err(text);
}

void ProgressView::say(std::string_view line) {
    if (mode_ == ProgressMode::tty || mode_ == ProgressMode::plain) {
        erase();
        context_.env.write_err(std::string{line} + "\n");
        is_dirty_ = true;
    }
}

void ProgressView::tick(Now now) {
    if (mode_ != ProgressMode::tty || model_.created_at().us == 0) {
        return;
    }
    const Duration since = now.mono - drawn_at_;
    if (drawn_ == 0 || since >= seconds(1) || (is_dirty_ && since >= milliseconds(100))) {
        draw(now);
    }
}

void ProgressView::draw(Now now) {
    const std::size_t width = context_.env.terminal().width;
    const std::vector<std::string> lines = progress_frame(
        model_, now.wall, width > 1 ? width - 1 : width, failing_log_, context_.err_style());
    // One write, so that the eye never sees half a block; each line is cleared to its end.
    std::string text = drawn_ > 0 ? "\x1b[" + std::to_string(drawn_) + "F" : "";
    for (const std::string& line : lines) {
        text += line + "\x1b[K\n";
    }
    context_.env.write_err(text + "\x1b[J");
    drawn_ = lines.size();
    drawn_at_ = now.mono;
    is_dirty_ = false;
}

void ProgressView::erase() {
    if (drawn_ > 0) {
        context_.env.write_err("\x1b[" + std::to_string(drawn_) + "F\x1b[J");
        drawn_ = 0;
    }
}

void ProgressView::leave() {
    erase();
}

void ProgressView::finish(const VerdictHints& hints) {
    erase();
    const bool is_bad = model_.state() != core::JobState::completed;
    if (mode_ == ProgressMode::jsonl || (mode_ == ProgressMode::none && !is_bad)) {
        return;
    }
    const bool is_plain = mode_ == ProgressMode::plain;
    context_.env.write_err(
        verdict_text(model_, hints, is_plain ? Style{false} : context_.err_style()));
}

}  // namespace attacca::cli
