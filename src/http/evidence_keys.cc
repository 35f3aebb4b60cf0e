// SPDX-License-Identifier: Apache-2.0
#include <string>
#include <utility>

#include "engine/ledger_keys.h"
#include "http/evidence_view.h"
#include "http/json_out.h"

// The keys that sign the ledger: the root, and those that it has delegated, each with its window.

namespace attacca::http {
namespace {

Result<std::string> keys_of(const Api& api, const Call& call) {
    if (Result<void> done = call.query.finish(); !done) {
        return done.error();
    }
    ATTACCA_TRY(const engine::Evidence evidence, evidence_of(api));
    ATTACCA_TRY(const core::KeyChain chain,
                engine::load_key_chain(api.gateway.reader(), evidence.signed_tree().key));
    const engine::KeyStatus status = api.gateway.status().keys;
    std::string body;
    ObjectOut out(body);
    out.text("root", core::format_vkey(chain.root()));
    out.boolean("is_degraded", status.is_degraded);
    out.boolean("is_expired", status.is_expired);
    ArrayOut items(out.key("items"));
    for (std::size_t i = 0; i < chain.windows().size(); ++i) {
        const core::Delegation& window = chain.windows()[i];
        ObjectOut item(items.element());
        item.text("key", core::format_vkey(window.key));
        item.number("from_size", window.from_size);
        item.number("to_size", window.to_size);
        item.time("not_after", window.not_after);
        item.boolean("is_current", i + 1 == chain.windows().size());
        item.text("delegation", chain.notes()[i]);
        item.end();
    }
    items.end();
    out.end();
    return body;
}

}  // namespace

void list_keys(Api& api, Call call) {
    Result<std::string> body = keys_of(api, call);
    if (!body) {
        call.reply.refuse(body.error());
        return;
    }
    call.reply.json(200, std::move(*body));
}

// The root may be slow: the answer says that it will be asked.
void rotate_keys(Api& api, Call call) {
    if (Result<void> done = call.query.finish(); !done) {
        call.reply.refuse(done.error());
        return;
    }
    if (!api.gateway.request_hand_over()) {
        call.reply.refuse(fail(Problem::unavailable, "this server hands over no keys"));
        return;
    }
    call.reply.json(202, R"({"status":"requested"})");
}

}  // namespace attacca::http
