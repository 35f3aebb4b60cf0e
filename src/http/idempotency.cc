// SPDX-License-Identifier: Apache-2.0
#include "http/idempotency.h"

#include <algorithm>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/digest.h"
#include "http/query.h"

namespace attacca::http {
namespace {

constexpr std::size_t key_bytes_max = 255;

// The value of Idempotency-Key: bare, or as a quoted string (RFC 8941).
Result<std::optional<std::string>> key_of(const Request& request) {
    const auto malformed = [] {
        return fail(Problem::idempotency_malformed,
                    "an idempotency key has 1 to 255 visible ASCII characters");
    };
    const std::string* field = request.header("idempotency-key");
    if (field == nullptr) {
        return std::optional<std::string>();
    }
    std::string_view text = *field;
    if (text.size() >= 2 && text.front() == '"' && text.back() == '"') {
        text = text.substr(1, text.size() - 2);
    }
    const bool is_visible = std::all_of(text.begin(), text.end(), [](char c) {
        return c > ' ' && c < '\x7f' && c != '"' && c != '\\';
    });
    const auto count = std::count_if(request.headers.begin(), request.headers.end(),
                                     [](const Header& h) { return h.name == "idempotency-key"; });
    if (text.empty() || text.size() > key_bytes_max || !is_visible || count > 1) {
        return malformed();
    }
    return std::optional<std::string>(std::string(text));
}

void append_part(std::string& out, std::string_view part) {
    append_u64(out, part.size());
    out += part;
}

}  // namespace

Result<Idempotency> idempotency_of(Call& call) {
    ATTACCA_TRY(const std::optional<std::string> text, key_of(call.request));
    const std::optional<std::string> deduplicate = call.query.take("deduplicate");
    if (deduplicate && *deduplicate != "content") {
        return Query::refusal("deduplicate", "the only value is `content`");
    }
    Idempotency out;
    out.is_by_content = deduplicate && !text;
    if (text) {
        out.key.emplace();
        // With the key, which nobody can guess who has only the hash of it: that of a request alone
        // would give away what a sealed job was asked for.
        out.key->request_hash = sha256({name_of(call.request.method), "\n", call.request.path, "\n",
                                        call.request.body, "\n", *text});
        out.key->key_hash = sha256({call.tenant, "\n", *text});
    }
    return out;
}

core::IdempotencyKey content_key(const std::string& tenant,
                                 const std::string& path,
                                 const std::vector<core::NewJob>& jobs) {
    std::string content;
    append_part(content, path);
    for (const core::NewJob& job : jobs) {
        content += job.definition->digest.view();
        append_part(content, job.name);
        append_part(content, core::name_of(job.priority));
        append_part(content, job.details);
        append_part(content, job.kept);
        const std::int64_t at = job.scheduled_at ? job.scheduled_at->us : 0;
        append_u64(content, static_cast<std::uint64_t>(at));
    }
    core::IdempotencyKey key;
    key.request_hash = sha256(content);
    key.key_hash = sha256({tenant, "\ncontent\n", key.request_hash.view()});
    return key;
}

}  // namespace attacca::http
