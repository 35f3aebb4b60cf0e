// SPDX-License-Identifier: Apache-2.0
#include <string>
#include <utility>

#include "base/digest.h"
#include "cli/commands.h"
#include "cli/job_event.h"
#include "cli/job_source.h"
#include "cli/named_commands.h"
#include "cli/text.h"

// jobs artifacts, jobs artifact.

namespace attacca::cli {
namespace {

constexpr std::size_t digest_shown = 16;

// What narrows a job's artifacts down.
Result<ArtifactsWanted> artifacts_wanted(const Context& context) {
    constexpr std::uint64_t number_max = 0xFFFF'FFFE;
    ArtifactsWanted wanted;
    wanted.node = context.in.value("node").value_or("");
    ATTACCA_TRY(wanted.item, context.in.number("item", 0, number_max));
    ATTACCA_TRY(wanted.attempt, context.in.number("attempt", 1, number_max));
    return wanted;
}

std::string place_text(const Json& artifact) {
    std::string place = printable(text_member(artifact, "node"));
    const std::int64_t item = number_member(artifact, "item", -1);
    return item < 0 ? place : place + "[" + std::to_string(item) + "]";
}

Result<Json::Array> artifacts_of(const Context& context, JobSource& source) {
    ATTACCA_TRY(const ArtifactsWanted wanted, artifacts_wanted(context));
    return source.artifacts(context.in.argument(0), wanted);
}

// The file that the name stands for: of several, that of the newest attempt.
Result<Json> artifact_named(const Context& context, JobSource& source) {
    ATTACCA_TRY(const Json::Array all, artifacts_of(context, source));
    const std::string& wanted = context.in.argument(1);
    const Json* found = nullptr;
    for (const Json& artifact : all) {
        const bool is_digest = wanted.size() >= digest_shown &&
                               text_member(artifact, "sha256").starts_with(wanted);
        const bool fits = is_digest || text_member(artifact, "name") == wanted;
        if (fits && (found == nullptr || number_member(artifact, "attempt", 0) >=
                                             number_member(*found, "attempt", 0))) {
            found = &artifact;
        }
    }
    if (found != nullptr) {
        return *found;
    }
    std::vector<std::string> names;
    for (const Json& artifact : all) {
        names.push_back(text_member(artifact, "name"));
    }
    std::string detail = "the job has no artifact `" + quoted(wanted) + "`";
    if (const auto meant = nearest(wanted, names)) {
        detail += "; did you mean `" + quoted(*meant) + "`?";
    }
    return fail(Problem::not_found, std::move(detail));
}

// Writes the file to `take` and holds it against its digest.
Result<std::uint64_t> fetch_artifact(const Context& context, JobSource& source,
                                     const Json& artifact,
                                     const std::function<Result<void>(std::string_view)>& take) {
    Sha256Stream hash;
    std::uint64_t bytes = 0;
    Result<void> written;
    Result<void> read = source.artifact(context.in.argument(0), artifact,
                                        [&](std::string_view piece) {
                                            hash.update(piece);
                                            bytes += piece.size();
                                            written = take(piece);
                                            return written.has_value();
                                        });
    for (const Result<void>& done : {written, read}) {
        if (!done) {
            return done.error();
        }
    }
    // What was sealed was held against its commitment when it was opened.
    const bool is_sealed = artifact.find("sealed") != nullptr;
    if (!is_sealed && hex(hash.finish()) != text_member(artifact, "sha256")) {
        return fail(Problem::corrupt, "what arrived is not the file that the record names");
    }
    return bytes;
}

Result<std::uint64_t> save_artifact(Context& context, JobSource& source, const Json& artifact,
                                    const std::string& path) {
    ATTACCA_TRY(const std::unique_ptr<OutputFile> file,
                context.env.create_file(path, context.in.has("force")));
    ATTACCA_TRY(const std::uint64_t bytes,
                fetch_artifact(context, source, artifact,
                               [&](std::string_view piece) { return file->write(piece); }));
    Result<void> kept = file->commit();
    return kept ? Result<std::uint64_t>(bytes) : Result<std::uint64_t>(kept.error());
}

}  // namespace

int jobs_artifacts_command(Context& context) {
    const Result<std::unique_ptr<JobSource>> source = JobSource::find(context);
    const Result<Json::Array> all =
        source ? artifacts_of(context, **source) : Result<Json::Array>(source.error());
    if (!all) {
        return context.refuse(all.error());
    }
    TextTable table({"NAME", "NODE", "ATTEMPT", "BYTES", "SHA-256"});
    for (const Json& artifact : *all) {
        table.add({printable(text_member(artifact, "name")), place_text(artifact),
                   std::to_string(number_member(artifact, "attempt", 0)),
                   std::to_string(number_member(artifact, "bytes", 0)),
                   printable(text_member(artifact, "sha256")).substr(0, digest_shown)});
    }
    Json page = Json::object();
    page.set("items", *all);
    print_page(context, page, table, "the job left no files");
    return 0;
}

int jobs_artifact_command(Context& context) {
    const std::string path = context.in.value("out").value_or("");
    if (path.empty()) {
        return context.refuse(fail(Problem::usage, "say where to write it: --out FILE"));
    }
    const Result<std::unique_ptr<JobSource>> source = JobSource::find(context);
    const Result<Json> artifact =
        source ? artifact_named(context, **source) : Result<Json>(source.error());
    if (!artifact) {
        return context.refuse(artifact.error());
    }
    if (path == "-") {
        const Result<std::uint64_t> bytes =
            fetch_artifact(context, **source, *artifact, [&](std::string_view piece) {
                context.out(piece);
                return Result<void>();
            });
        return bytes ? 0 : context.refuse(bytes.error());
    }
    const Result<std::uint64_t> bytes = save_artifact(context, **source, *artifact, path);
    if (!bytes) {
        return context.refuse(bytes.error());
    }
    if (context.is_human()) {
        context.note("wrote " + printable(path) + ", " + human_bytes(*bytes) + "\n");
        return 0;
    }
    Json answer = Json::object();
    answer.set("file", path);
    answer.set("sha256", text_member(*artifact, "sha256"));
    answer.set("bytes", static_cast<std::int64_t>(*bytes));
    context.answer(answer);
    return 0;
}

}  // namespace attacca::cli
