// SPDX-License-Identifier: Apache-2.0
#include "http/idempotency.h"

#include <algorithm>
#include <string>
#include <string_view>

#include "base/digest.h"

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

}  // namespace

Result<std::optional<core::IdempotencyKey>> idempotency_of(Call& call) {
    ATTACCA_TRY(const std::optional<std::string> text, key_of(call.request));
    const std::optional<std::string> deduplicate = call.query.take("deduplicate");
    if (deduplicate && *deduplicate != "content") {
        return Query::refusal("deduplicate", "the only value is `content`");
    }
    if (!text && !deduplicate) {
        return std::optional<core::IdempotencyKey>();
    }
    core::IdempotencyKey key;
    // With the key, which nobody can guess who has only the hash of it: that of a request alone
    // would give away what a sealed job was asked for.
    key.request_hash = sha256({name_of(call.request.method), "\n", call.request.path, "\n",
                               call.request.body, text ? "\n" : "", text.value_or("")});
    key.key_hash = text ? sha256({call.tenant, "\n", *text})
                        : sha256({call.tenant, "\ncontent\n", key.request_hash.view()});
    return std::optional<core::IdempotencyKey>(key);
}

}  // namespace attacca::http
