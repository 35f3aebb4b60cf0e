// SPDX-License-Identifier: Apache-2.0
#include "cli/commands.h"

// verify: exit statuses as in the ledger's specification.

namespace attacca::cli {
namespace {

constexpr std::size_t failures_shown_max = 20;

std::string_view verdict_word(int status) {
    switch (status) {
        case 0: return "ok";
        case 1: return "tampered";
        case 2: return "incomplete";
        case 3: return "untrusted";
        case 4: return "rollback";
        default: return "error";
    }
}

Json report_json(const VerifyReport& report) {
    Json out = Json::object();
    out.set("verdict", verdict_word(report.exit_status));
    out.set("records", static_cast<std::int64_t>(report.records));
    out.set("size", static_cast<std::int64_t>(report.size));
    out.set("root", report.root);
    out.set("origin", report.origin);
    if (!report.entity.empty()) {
        out.set("entity", report.entity);
    }
    out.set("replayed", report.is_replayed);
    out.set("assurance", report.assurance);
    out.set("erased", static_cast<std::int64_t>(report.erased));
    out.set("pruned", static_cast<std::int64_t>(report.pruned));
    Json notes = Json::array();
    for (const std::string& note : report.notes) {
        notes.push(note);
    }
    out.set("notes", std::move(notes));
    Json failures = Json::array();
    for (const VerifyFailure& failure : report.failures) {
        Json entry = Json::object();
        entry.set("code", failure.code);
        if (failure.gseq) {
            entry.set("gseq", static_cast<std::int64_t>(*failure.gseq));
        }
        entry.set("detail", failure.detail);
        failures.push(std::move(entry));
    }
    out.set("failures", std::move(failures));
    return out;
}

constexpr std::size_t shown_width = 80;

// One text behind its name, on as many lines as it takes.
std::string row_text(const std::string& name, const std::string& value) {
    const std::string margin(width_of(name), ' ');
    std::string out;
    for (const std::string& line : wrapped(printable(value), shown_width - margin.size())) {
        out += (out.empty() ? name : margin) + line + "\n";
    }
    return out;
}

std::string report_text(const VerifyReport& report, const Style& style) {
    const bool is_ok = report.exit_status == 0;
    const std::string whole = report.entity.empty() ? " the ledger" : " the evidence";
    std::string out = is_ok ? style(Colour::green, "✓") + whole + " is whole and unchanged"
                            : style(Colour::red, "✗") + " " +
                                  std::string{verdict_word(report.exit_status)};
    out += ": " + std::to_string(report.records) +
           (report.entity.empty() ? " of " : " records of a ledger of ") +
           std::to_string(report.size) +
           (report.entity.empty() ? " records checked\n" : " checked\n");
    std::size_t shown = 0;
    for (const VerifyFailure& failure : report.failures) {
        if (shown++ == failures_shown_max) {
            out += "  and " + std::to_string(report.failures.size() - failures_shown_max) +
                   " more (-o json shows all)\n";
            break;
        }
        const std::string place =
            failure.gseq ? "record " + std::to_string(*failure.gseq) + ": " : std::string();
        out += row_text("  " + printable(failure.code) + "  ", place + failure.detail);
    }
    const auto row = [&](const char* name, const std::string& value) {
        if (!value.empty()) {
            out += row_text("  " + padded(name, 11), value);
        }
    };
    row("entity", report.entity);
    row("origin", report.origin);
    row("root", report.root);
    if (report.is_replayed) {
        row("replay", is_ok ? "the state was computed again from the records, and is the same"
                            : "the state was computed again from the records");
    }
    row("assurance", report.assurance);
    for (const std::string& note : report.notes) {
        row("note", note);
    }
    return out;
}

constexpr std::string_view fork_folder = "fork-proof";

// Writes what proves the fork below the working directory; says where, or why not.
std::string keep_fork_proof(Context& context, const VerifyReport& report) {
    if (Result<void> made = context.env.make_directory(std::string(fork_folder)); !made) {
        return "the proof of the fork could not be written: " + made.error().text();
    }
    for (const auto& [name, text] : report.fork_proof) {
        const std::string path = std::string(fork_folder) + "/" + name;
        if (Result<void> written = context.env.write_file(path, text, true); !written) {
            return "the proof of the fork could not be written: " + written.error().text();
        }
    }
    return "the proof of the fork is in " + std::string(fork_folder) +
           "/: signed notes that cannot both be true";
}

}  // namespace

int verify_command(Context& context) {
    VerifyOptions options;
    options.is_replay = context.in.has("replay");
    options.is_strict = context.in.has("strict");
    for (const std::string& anchor : context.in.values("anchor")) {
        Result<std::string> text = context.env.read_file(anchor);
        if (!text) {
            return context.refuse(text.error());
        }
        options.anchors.push_back(std::move(*text));
    }
    if (const auto policy = context.in.value("policy")) {
        Result<std::string> text = context.env.read_file(*policy);
        if (!text) {
            return context.refuse(text.error());
        }
        options.policy = std::move(*text);
    }
    if (const auto authorities = context.in.value("tsa-ca")) {
        Result<std::string> text = context.env.read_file(*authorities);
        if (!text) {
            return context.refuse(text.error());
        }
        options.authorities = std::move(*text);
    }
    const std::string data = context.in.argument(0, context.settings.value("data"));
    const bool is_shown = context.env.terminal().is_err_tty && !context.is_quiet() &&
                          context.settings.value("progress") != "none";
    bool has_line = false;
    if (is_shown) {
        MonoTime next = context.env.now().mono + seconds(1);
        options.progress = [&context, &has_line, next](std::uint64_t done,
                                                       std::uint64_t total) mutable {
            const MonoTime now = context.env.now().mono;
            if (now < next) {
                return;
            }
            next = now + milliseconds(200);
            has_line = true;
            context.env.write_err("\r\x1b[Kchecking " + std::to_string(done) + " of " +
                                  std::to_string(total) + " records");
        };
    }
    Result<VerifyReport> report = context.env.verify(data, options);
    if (has_line) {
        context.env.write_err("\r\x1b[K");
    }
    if (!report) {
        return context.refuse(report.error());
    }
    if (!report->fork_proof.empty()) {
        report->notes.push_back(keep_fork_proof(context, *report));
    }
    if (context.is_human()) {
        context.out(report_text(*report, context.out_style()));
    } else {
        context.answer(report_json(*report));
    }
    return report->exit_status;
}

}  // namespace attacca::cli
