// SPDX-License-Identifier: Apache-2.0
#include "cli/progress_text.h"

#include <algorithm>

#include "base/check.h"

namespace attacca::cli {
namespace {

using core::JobState;
using core::NodeState;

constexpr std::size_t rows_max = 12;
constexpr std::size_t log_rows = 5;
constexpr std::size_t failures_max = 5;

std::string glyph_of(char kind) {
    switch (kind) {
        case 'y': return "✓ ";
        case 'n': return "✗ ";
        case 'r': return "↻ ";
        case 'c': return "◌ ";
        default: return "";
    }
}

bool is_shown(const NodeProgress& node) {
    return node.state == NodeState::running || node.state == NodeState::failed ||
           node.state == NodeState::retrying || node.state == NodeState::waiting;
}

std::string node_row(const NodeProgress& node, WallTime now, const Style& style) {
    const StatusMark mark = mark_of(node.state);
    std::string row = "  " + style(mark.colour, mark.glyph) + " ";
    row += node.is_map && node.items.total > 0 ? fan_out_text(node) : printable(node.id);
    if (node.attempt > 1) {
        row += "  attempt " + std::to_string(node.attempt);
    }
    if (node.state == NodeState::failed) {
        row += "  failed";
    } else if (node.state == NodeState::retrying) {
        row += "  waits for its next attempt";
    }
    if (node.started_at.us != 0) {
        const WallTime end = node.state == NodeState::failed ? node.ended_at : now;
        row += "  " + style(Colour::dim, human_duration(end - node.started_at));
    }
    return row;
}

// Cuts to the width; a line with colours is cut as if it had none, which errs on the safe side.
std::string fitted(const std::string& line, std::size_t width, const Style& style) {
    if (!style.has_colour()) {
        return cut(line, width);
    }
    std::string plain;
    for (std::size_t i = 0; i < line.size(); ++i) {
        if (line[i] == '\x1b') {
            i = line.find('m', i);
            continue;
        }
        plain += line[i];
    }
    return width_of(plain) <= width ? line : cut(plain, width);
}

std::string summary_entry(const NodeProgress& node) {
    if (node.is_map && node.items.total > 0) {
        return printable(node.id) + " " + std::to_string(node.items.succeeded) + "/" +
               std::to_string(node.items.total);
    }
    return printable(node.id) + " " + std::string{mark_of(node.state).glyph};
}

// In the file's order; of many nodes those that failed come first, because the rest is cut.
std::string summary_of(const ProgressModel& model) {
    constexpr std::size_t named_max = 6;
    std::vector<const NodeProgress*> nodes;
    for (const NodeProgress& node : model.nodes()) {
        nodes.push_back(&node);
    }
    if (nodes.size() > named_max) {
        std::stable_partition(nodes.begin(), nodes.end(), [](const NodeProgress* node) {
            return node->state == NodeState::failed;
        });
    }
    std::string out;
    for (std::size_t i = 0; i < std::min(nodes.size(), named_max); ++i) {
        out += (i == 0 ? "" : ", ") + summary_entry(*nodes[i]);
    }
    const std::size_t left_out = nodes.size() - std::min(nodes.size(), named_max);
    return left_out == 0 ? out : out + " and " + std::to_string(left_out) + " more";
}

std::string state_words(const ProgressModel& model) {
    switch (model.reason()) {
        case core::JobReason::timeout: return "ran into its time-out";
        case core::JobReason::none:
        case core::JobReason::node_failed:
        case core::JobReason::user: break;
    }
    return model.state() == JobState::cancelled ? "was cancelled"
                                                : std::string{core::name_of(model.state())};
}

}  // namespace

StatusMark mark_of(NodeState state) {
    switch (state) {
        case NodeState::pending: return {"·", Colour::dim};
        case NodeState::ready: return {"·", Colour::none};
        case NodeState::running: return {"◐", Colour::blue};
        case NodeState::retrying: return {"↻", Colour::yellow};
        case NodeState::waiting: return {"◷", Colour::blue};
        case NodeState::succeeded: return {"✓", Colour::green};
        case NodeState::failed: return {"✗", Colour::red};
        case NodeState::skipped: return {"»", Colour::dim};
        case NodeState::cancelled: return {"◌", Colour::yellow};
    }
    ATTACCA_CHECK(false);
}

StatusMark mark_of(JobState state) {
    switch (state) {
        case JobState::queued: return {"·", Colour::none};
        case JobState::scheduled: return {"·", Colour::none};
        case JobState::running: return {"◐", Colour::blue};
        case JobState::paused: return {"‖", Colour::yellow};
        case JobState::completed: return {"✓", Colour::green};
        case JobState::failed: return {"✗", Colour::red};
        case JobState::cancelled: return {"◌", Colour::yellow};
    }
    ATTACCA_CHECK(false);
}

std::string transition_line(const Transition& change, WallTime origin) {
    constexpr std::size_t time_width = 8;
    const std::string time = human_duration(change.at - origin);
    std::string line(time_width - std::min(time_width, width_of(time)), ' ');
    return line + time + "  " + change.name + "  " + glyph_of(change.glyph) +
           printable(change.text) + "\n";
}

std::string fan_out_text(const NodeProgress& node) {
    const ItemCounts& items = node.items;
    std::string text = printable(node.id) + " " + std::to_string(items.ended()) + "/" +
                       std::to_string(items.total) + " ✓" + std::to_string(items.succeeded);
    if (items.failed > 0) {
        text += " ✗" + std::to_string(items.failed);
    }
    if (items.cancelled > 0) {
        text += " ◌" + std::to_string(items.cancelled);
    }
    if (items.running > 0) {
        text += " ◐" + std::to_string(items.running);
    }
    return text;
}

std::vector<std::string> progress_frame(const ProgressModel& model, WallTime now,
                                        std::size_t width, std::string_view failing_log,
                                        const Style& style) {
    const auto ended = static_cast<std::size_t>(
        std::count_if(model.nodes().begin(), model.nodes().end(),
                      [](const NodeProgress& node) { return core::is_final(node.state); }));
    const StatusMark mark = mark_of(model.state());
    std::string header = style(mark.colour, mark.glyph) + " " +
                         style(Colour::bold, printable(model.name())) + "  " +
                         std::to_string(ended) + "/" + std::to_string(model.nodes().size()) +
                         " nodes  " + human_duration(now - model.created_at());
    if (model.is_cancelling()) {
        header += "  " + style(Colour::yellow, "cancelling");
    } else if (model.state() == JobState::paused) {
        header += "  " + style(Colour::yellow, "paused");
    }
    std::vector<std::string> lines = {header};
    std::size_t left_out = 0;
    for (const NodeProgress& node : model.nodes()) {
        if (!is_shown(node)) {
            continue;
        }
        if (lines.size() > rows_max) {
            ++left_out;
            continue;
        }
        lines.push_back(node_row(node, now, style));
    }
    if (left_out > 0) {
        lines.push_back("    and " + std::to_string(left_out) + " more");
    }
    if (!model.failures().empty() && !failing_log.empty()) {
        lines.push_back("  " + style(Colour::dim, "log of " + model.failures().back().name + ":"));
        for (const std::string_view line : last_lines(failing_log, log_rows)) {
            lines.push_back("  " + style(Colour::dim, "│ " + printable(line)));
        }
    }
    for (std::string& line : lines) {
        line = fitted(line, width, style);
    }
    return lines;
}

std::string verdict_text(const ProgressModel& model, const VerdictHints& hints,
                         const Style& style) {
    ATTACCA_CHECK(model.is_over());
    const StatusMark mark = mark_of(model.state());
    std::string out = style(mark.colour, mark.glyph) + " " + printable(model.name()) + " " +
                      state_words(model) + " in " +
                      human_duration(model.ended_at() - model.created_at()) + "   " +
                      summary_of(model) + "\n";
    // First what the job failed for, then what it went on without.
    std::vector<Failure> failures = model.failures();
    std::stable_partition(failures.begin(), failures.end(),
                          [](const Failure& f) { return !f.is_left_out; });
    for (std::size_t i = 0; i < std::min(failures.size(), failures_max); ++i) {
        out += "  " + failures[i].name + "  " + failures[i].reason +
               (failures[i].is_left_out ? "; the job went on without it\n" : "\n");
    }
    if (failures.size() > failures_max) {
        out += "  and " + std::to_string(failures.size() - failures_max) + " more that failed\n";
    }
    const auto logged = std::ranges::find_if(failures, &Failure::has_log);
    if (!hints.logs.empty() && logged != failures.end()) {
        out += "  logs:  " + hints.logs + " --node " + shell_word(logged->name) + "\n";
    }
    if (!hints.again.empty() && model.state() != JobState::completed) {
        out += "  again: " + hints.again + "\n";
    }
    return out;
}

int exit_status_of(JobState state, core::JobReason reason) {
    switch (state) {
        case JobState::completed: return 0;
        case JobState::cancelled: return 2;
        case JobState::failed: return reason == core::JobReason::timeout ? 5 : 1;
        case JobState::queued:
        case JobState::scheduled:
        case JobState::running:
        case JobState::paused: break;
    }
    ATTACCA_CHECK(false);
}

std::string shell_word(std::string_view text) {
    const bool is_plain =
        !text.empty() && std::all_of(text.begin(), text.end(), [](char byte) {
            return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
                   (byte >= '0' && byte <= '9') ||
                   std::string_view{"_-./:,+@%="}.find(byte) != std::string_view::npos;
        });
    if (is_plain) {
        return std::string{text};
    }
    std::string out = "'";
    for (const char byte : text) {
        if (byte == '\'') {
            out += "'\\''";
        } else {
            out += byte;
        }
    }
    return out + "'";
}

}  // namespace attacca::cli
