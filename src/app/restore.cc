// SPDX-License-Identifier: Apache-2.0
#include <memory>
#include <utility>

#include "app/commands.h"
#include "app/local_engine.h"
#include "app/user_files.h"
#include "core/ledger/origin.h"

// `attacca evidence restore`: goes on with an older copy of a data directory, under a new origin.

namespace attacca::app {

Result<Json> restore(const cli::RestoreOptions& options) {
    LocalEngineOptions local;
    local.data = options.data;
    local.slots = 0;  // nothing runs before the server starts
    local.anchors = options.anchors;
    local.restore = RestoreOrder{options.by, options.reason};
    local.lock_wait = Duration{0};
    ATTACCA_TRY(const std::unique_ptr<LocalEngine> engine, LocalEngine::open(local));
    const core::LedgerRestored restored = *engine->restored();
    engine->stop(Duration{0});
    Json answer = Json::object();
    answer.set("former_origin", restored.former);
    answer.set("origin", core::next_origin(restored.former));
    answer.set("kept_size", static_cast<std::int64_t>(restored.kept_size));
    answer.set("lost_size", static_cast<std::int64_t>(restored.lost_size));
    answer.set("lost_records",
               static_cast<std::int64_t>(restored.lost_size - restored.kept_size));
    const std::shared_ptr<const engine::SignedTree> newest = engine->host().signed_tree();
    if (newest == nullptr || newest->tree.size() <= restored.kept_size) {
        return fail(Problem::io_error, "the restore could not be recorded");
    }
    answer.set("vkey", core::format_vkey(newest->key));
    return answer;
}

}  // namespace attacca::app
