// SPDX-License-Identifier: Apache-2.0
#include <utility>

#include "base/timestamp.h"
#include "cli/client.h"
#include "cli/commands.h"
#include "cli/text.h"
#include "core/ledger/checkpoint.h"

// evidence timestamp: asks an authority (RFC 3161) for the newest checkpoint, and hands the server
// what it said.

namespace attacca::cli {
namespace {

struct SplitUrl {
    std::string server;
    std::string target;
};

Result<SplitUrl> split_url(const std::string& url) {
    const std::size_t scheme = url.find("://");
    if (scheme == std::string::npos ||
        (!url.starts_with("http://") && !url.starts_with("https://"))) {
        return fail(Problem::usage, "an authority is written as http://HOST/PATH, not \"" +
                                        quoted(url) + "\"");
    }
    const std::size_t path = std::min(url.find('/', scheme + 3), url.size());
    return SplitUrl{url.substr(0, path), path == url.size() ? "/" : url.substr(path)};
}

Result<std::string> ask_authority(Context& context, const std::string& url,
                                  const std::string& query) {
    ATTACCA_TRY(const SplitUrl parts, split_url(url));
    HttpRequest request;
    request.method = "POST";
    request.server = parts.server;
    request.target = parts.target;
    request.headers = {{"Content-Type", "application/timestamp-query"},
                       {"Accept", "application/timestamp-reply"}};
    request.body = query;
    ATTACCA_TRY(HttpResponse answer, context.env.http(request));
    if (answer.status != 200) {
        return fail(Problem::unreachable,
                    url + " answered " + std::to_string(answer.status) + " and no time stamp");
    }
    return std::move(answer.body);
}

Result<Json> stamp_newest(Context& context, const std::string& url,
                          const std::optional<std::string>& authorities) {
    ATTACCA_TRY(const Client client, Client::find(context));
    ATTACCA_TRY(const std::string note, client.get_text("/api/v1/evidence/checkpoint"));
    ATTACCA_TRY(const core::CheckpointNote checkpoint, core::parse_checkpoint(note));
    // The nonce only tells an old answer from a new one; the text's digest is in both.
    const std::string query = timestamp_query(
        checkpoint.text, static_cast<std::uint64_t>(context.env.now().wall.us));
    ATTACCA_TRY(const std::string reply, ask_authority(context, url, query));
    const Result<Timestamp> stamp =
        authorities ? verify_timestamp(checkpoint.text, query, reply, *authorities)
                    : read_timestamp(checkpoint.text, query, reply);
    if (!stamp) {
        return fail(Problem::invalid_value, url + ": " + stamp.error().detail);
    }
    Json body = Json::object();
    body.set("size", static_cast<std::int64_t>(checkpoint.checkpoint.size));
    body.set("tsa", url);
    body.set("query", base64(query));
    body.set("reply", base64(reply));
    return client.send("POST", "/api/v1/evidence/timestamps", body.text());
}

}  // namespace

int evidence_timestamp_command(Context& context) {
    const std::string url = context.in.value("tsa").value_or("");
    if (url.empty()) {
        return context.refuse(fail(Problem::usage, "say whom to ask: --tsa URL"));
    }
    std::optional<std::string> authorities;
    if (const auto path = context.in.value("tsa-ca")) {
        Result<std::string> text = context.env.read_file(*path);
        if (!text) {
            return context.refuse(text.error());
        }
        authorities = std::move(*text);
    }
    const Result<Json> answer = stamp_newest(context, url, authorities);
    if (!answer) {
        return context.refuse(answer.error());
    }
    if (!context.is_human()) {
        context.answer(*answer);
        return 0;
    }
    const Json* size = answer->find("size");
    const Json* at = answer->find("at");
    context.out("the first " + (size == nullptr ? std::string("?") : size->text()) +
                " records existed at " +
                (at == nullptr || !at->is_string() ? "?" : printable(at->as_string())) + "\n");
    return 0;
}

}  // namespace attacca::cli
