// SPDX-License-Identifier: Apache-2.0
#include <string>
#include <utility>

#include "base/digest.h"
#include "cli/client.h"
#include "cli/commands.h"
#include "cli/job_event.h"
#include "cli/named_commands.h"
#include "cli/text.h"

// jobs artifacts, jobs artifact.

namespace attacca::cli {
namespace {

constexpr std::size_t digest_shown = 16;

// What narrows a job's artifacts down, as a query.
std::string artifact_query(const Context& context) {
    std::string query;
    for (const char* name : {"node", "item", "attempt"}) {
        if (const auto value = context.in.value(name)) {
            query += std::string(query.empty() ? "?" : "&") + name + "=" + url_part(*value);
        }
    }
    return query;
}

std::string place_text(const Json& artifact) {
    std::string place = printable(text_member(artifact, "node"));
    const std::int64_t item = number_member(artifact, "item", -1);
    return item < 0 ? place : place + "[" + std::to_string(item) + "]";
}

// Every page of the list.
Result<Json::Array> all_artifacts(const Client& client, const Context& context) {
    constexpr std::size_t page_size = 1000;
    Json::Array all;
    const std::string query = artifact_query(context);
    for (;;) {
        ATTACCA_TRY(const Json page,
                    client.get(job_target(context.in.argument(0), "/artifacts" + query) +
                               (query.empty() ? "?" : "&") +
                               "limit=" + std::to_string(page_size) +
                               "&offset=" + std::to_string(all.size())));
        const Json::Array items = items_of(page);
        all.insert(all.end(), items.begin(), items.end());
        if (items.size() < page_size) {
            return all;
        }
    }
}

// The digest that the name stands for: of several, that of the newest attempt.
Result<std::string> digest_named(const Client& client, const Context& context) {
    ATTACCA_TRY(const Json::Array all, all_artifacts(client, context));
    const std::string& wanted = context.in.argument(1);
    std::string found;
    std::int64_t attempt = -1;
    for (const Json& artifact : all) {
        const std::string digest = text_member(artifact, "sha256");
        const bool fits = wanted == digest || text_member(artifact, "name") == wanted;
        if (fits && number_member(artifact, "attempt", 0) >= attempt) {
            attempt = number_member(artifact, "attempt", 0);
            found = digest;
        }
    }
    return found.empty() ? Result<std::string>(
                               fail(Problem::not_found, "the job has no artifact `" +
                                                            quoted(wanted) + "`"))
                         : Result<std::string>(std::move(found));
}

// Writes the file to `take` and holds it against its digest.
Result<std::uint64_t> fetch_artifact(const Client& client, const std::string& job,
                                     const std::string& digest,
                                     const std::function<Result<void>(std::string_view)>& take) {
    Sha256Stream hash;
    std::uint64_t bytes = 0;
    Result<void> written;
    Result<void> read = client.stream(job_target(job, "/artifacts/" + digest), {},
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
    if (hex(hash.finish()) != digest) {
        return fail(Problem::corrupt, "what arrived is not the file that the record names");
    }
    return bytes;
}

Result<std::uint64_t> save_artifact(Context& context, const Client& client,
                                    const std::string& digest, const std::string& path) {
    ATTACCA_TRY(const std::unique_ptr<OutputFile> file,
                context.env.create_file(path, context.in.has("force")));
    ATTACCA_TRY(const std::uint64_t bytes,
                fetch_artifact(client, context.in.argument(0), digest,
                               [&](std::string_view piece) { return file->write(piece); }));
    Result<void> kept = file->commit();
    return kept ? Result<std::uint64_t>(bytes) : Result<std::uint64_t>(kept.error());
}

}  // namespace

int jobs_artifacts_command(Context& context) {
    const Result<Client> client = Client::find(context);
    const Result<Json::Array> all =
        client ? all_artifacts(*client, context) : Result<Json::Array>(client.error());
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
    const Result<Client> client = Client::find(context);
    const Result<std::string> digest =
        client ? digest_named(*client, context) : Result<std::string>(client.error());
    if (!digest) {
        return context.refuse(digest.error());
    }
    if (path == "-") {
        const Result<std::uint64_t> bytes = fetch_artifact(
            *client, context.in.argument(0), *digest, [&](std::string_view piece) {
                context.out(piece);
                return Result<void>();
            });
        return bytes ? 0 : context.refuse(bytes.error());
    }
    const Result<std::uint64_t> bytes = save_artifact(context, *client, *digest, path);
    if (!bytes) {
        return context.refuse(bytes.error());
    }
    if (context.is_human()) {
        context.note("wrote " + printable(path) + ", " + human_bytes(*bytes) + "\n");
        return 0;
    }
    Json answer = Json::object();
    answer.set("file", path);
    answer.set("sha256", *digest);
    answer.set("bytes", static_cast<std::int64_t>(*bytes));
    context.answer(answer);
    return 0;
}

}  // namespace attacca::cli
