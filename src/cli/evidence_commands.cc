// SPDX-License-Identifier: Apache-2.0
#include <utility>

#include "cli/commands.h"
#include "cli/evidence_source.h"
#include "cli/job_event.h"
#include "cli/text.h"
#include "core/ledger/checkpoint.h"
#include "core/ledger/fault.h"

// evidence checkpoint, show, verify, export.

namespace attacca::cli {
namespace {

constexpr std::size_t link_shown = 16;

std::string records_table(const Json::Array& records, const TimeWords& times,
                          bool has_header) {
    TextTable table({"GSEQ", "ESEQ", "TIME", "TYPE", "LINK"});
    for (const Json& record : records) {
        table.add({std::to_string(number_member(record, "gseq", 0)),
                   std::to_string(number_member(record, "eseq", 0)),
                   times.instant(text_member(record, "time")),
                   printable(text_member(record, "type")),
                   printable(text_member(record, "link")).substr(0, link_shown)});
    }
    return table.text(has_header);
}

// The exit status that a verdict's word has.
int status_of(const std::string& word) {
    for (const core::Verdict verdict :
         {core::Verdict::good, core::Verdict::tampered, core::Verdict::incomplete,
          core::Verdict::untrusted, core::Verdict::rolled_back}) {
        if (core::name_of(verdict) == word) {
            return core::exit_status_of(verdict);
        }
    }
    return core::exit_status_of(core::Verdict::tampered);
}

std::string check_text(const Json& check, const Style& style) {
    const bool is_ok = text_member(check, "verdict") == "ok";
    std::string out = is_ok ? style(Colour::green, "✓") + " the evidence is whole and unchanged"
                            : style(Colour::red, "✗") + " " +
                                  printable(text_member(check, "verdict"));
    out += ": " + std::to_string(number_member(check, "records", 0)) + " records\n";
    if (const Json* checks = check.find("checks"); checks != nullptr && checks->is_array()) {
        for (const Json& one : checks->as_array()) {
            const Json* ok = one.find("ok");
            const bool is_good = ok != nullptr && ok->is_bool() && ok->as_bool();
            out += std::string{"  "} + (is_good ? "ok    " : "FAIL  ") +
                   printable(text_member(one, "name")) + "\n";
        }
    }
    if (const Json* failures = check.find("failures");
        failures != nullptr && failures->is_array()) {
        for (const Json& failure : failures->as_array()) {
            out += "  " + printable(text_member(failure, "code")) + "  ";
            if (failure.find("gseq") != nullptr) {
                out += "record " + std::to_string(number_member(failure, "gseq", 0)) + ": ";
            }
            out += printable(text_member(failure, "detail")) + "\n";
        }
    }
    return out;
}

// The sizes of the checkpoints that --anchor names.
Result<std::vector<std::uint64_t>> old_sizes_of(Context& context) {
    std::vector<std::uint64_t> sizes;
    for (const std::string& path : context.in.values("anchor")) {
        const Result<std::string> text = context.env.read_file(path);
        if (!text) {
            return text.error();
        }
        const Result<core::CheckpointNote> note = core::parse_checkpoint(*text);
        if (!note) {
            return fail(Problem::invalid_value, path + ": " + note.error().detail);
        }
        sizes.push_back(note->checkpoint.size);
    }
    return sizes;
}

Result<std::uint64_t> export_to_file(Context& context, EvidenceSource& source,
                                     const std::vector<std::uint64_t>& old_sizes,
                                     const std::string& path) {
    ATTACCA_TRY(const std::unique_ptr<OutputFile> file,
                context.env.create_file(path, context.in.has("force")));
    std::uint64_t bytes = 0;
    Result<void> written;
    Result<void> read = source.bundle(context.in.argument(0), old_sizes,
                                      [&](std::string_view piece) {
                                          written = file->write(piece);
                                          bytes += piece.size();
                                          return written.has_value();
                                      });
    for (const Result<void>& done : {written, read}) {
        if (!done) {
            return done.error();
        }
    }
    if (Result<void> done = file->commit(); !done) {
        return done.error();
    }
    return bytes;
}

}  // namespace

int evidence_checkpoint_command(Context& context) {
    const Result<std::unique_ptr<EvidenceSource>> source = EvidenceSource::find(context);
    const Result<std::string> note =
        source ? (*source)->checkpoint() : Result<std::string>(source.error());
    if (!note) {
        return context.refuse(note.error());
    }
    if (context.is_human()) {
        context.out(*note);
        return 0;
    }
    const Result<core::CheckpointNote> read = core::parse_checkpoint(*note);
    if (!read) {
        return context.refuse(read.error());
    }
    Json answer = Json::object();
    answer.set("origin", read->checkpoint.origin);
    answer.set("size", static_cast<std::int64_t>(read->checkpoint.size));
    answer.set("root", base64(read->checkpoint.root.view()));
    answer.set("note", *note);
    context.answer(answer);
    return 0;
}

int evidence_show_command(Context& context) {
    const Result<std::unique_ptr<EvidenceSource>> source = EvidenceSource::find(context);
    Result<Json::Array> records = source ? (*source)->records(context.in.argument(0))
                                         : Result<Json::Array>(source.error());
    if (!records) {
        return context.refuse(records.error());
    }
    if (context.is_human()) {
        context.out(records_table(*records, context.times(), !context.in.has("no-headers")));
    } else if (context.output() == Output::jsonl) {
        for (const Json& record : *records) {
            context.answer(record);
        }
    } else {
        Json answer = Json::object();
        answer.set("items", std::move(*records));
        context.answer(answer);
    }
    return 0;
}

int evidence_verify_command(Context& context) {
    const Result<std::unique_ptr<EvidenceSource>> source = EvidenceSource::find(context);
    const Result<Json> check =
        source ? (*source)->verify(context.in.argument(0)) : Result<Json>(source.error());
    if (!check) {
        return context.refuse(check.error());
    }
    if (context.is_human()) {
        context.out(check_text(*check, context.out_style()));
    } else {
        context.answer(*check);
    }
    return status_of(text_member(*check, "verdict"));
}

int evidence_export_command(Context& context) {
    const std::string path = context.in.value("out").value_or("");
    if (path.empty()) {
        return context.refuse(fail(Problem::usage, "say where to write it: --out FILE"));
    }
    const Result<std::vector<std::uint64_t>> old_sizes = old_sizes_of(context);
    if (!old_sizes) {
        return context.refuse(old_sizes.error());
    }
    const Result<std::unique_ptr<EvidenceSource>> source = EvidenceSource::find(context);
    if (!source) {
        return context.refuse(source.error());
    }
    if (path == "-") {
        const Result<void> done = (*source)->bundle(context.in.argument(0), *old_sizes,
                                                    [&](std::string_view piece) {
                                                        context.out(piece);
                                                        return true;
                                                    });
        return done ? 0 : context.refuse(done.error());
    }
    const Result<std::uint64_t> bytes = export_to_file(context, **source, *old_sizes, path);
    if (!bytes) {
        return context.refuse(bytes.error());
    }
    if (context.is_human()) {
        context.note("wrote " + printable(path) + ", " + human_bytes(*bytes) +
                     "; attacca verify checks it\n");
        return 0;
    }
    Json answer = Json::object();
    answer.set("file", path);
    answer.set("bytes", static_cast<std::int64_t>(*bytes));
    context.answer(answer);
    return 0;
}

}  // namespace attacca::cli
