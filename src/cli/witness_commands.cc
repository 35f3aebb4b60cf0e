// SPDX-License-Identifier: Apache-2.0
#include <utility>

#include "cli/anchor_places.h"
#include "cli/commands.h"
#include "cli/job_event.h"
#include "cli/text.h"
#include "core/job/ledger_records.h"

// witness, evidence restore.

namespace attacca::cli {

Result<AnchorPlaces> anchor_places(Context& context) {
    AnchorPlaces places;
    places.file = context.settings.value("anchor-file");
    places.witnesses = context.in.values("witness");
    if (const auto path = context.in.value("policy")) {
        Result<std::string> text = context.env.read_file(*path);
        if (!text) {
            return text.error();
        }
        places.policy = std::move(*text);
    }
    return places;
}

int witness_command(Context& context) {
    WitnessOptions options;
    options.data = context.settings.value("data");
    options.listen = context.settings.value("listen");
    options.name = context.in.value("name").value_or("");
    options.logs = context.in.values("log");
    const Result<int> status = context.env.witness(options);
    return status ? *status : context.refuse(status.error());
}

int evidence_restore_command(Context& context) {
    RestoreOptions options;
    options.data = context.settings.value("data");
    options.by = context.in.value("by").value_or("");
    options.reason = context.in.value("reason").value_or("");
    for (const std::string* text : {&options.by, &options.reason}) {
        if (text->empty() || text->size() > core::restore_text_max || !is_utf8(*text)) {
            return context.refuse(
                fail(Problem::usage, "say who restores it and why: --by NAME --reason TEXT, of at "
                                     "most 512 bytes each"));
        }
    }
    Result<AnchorPlaces> anchors = anchor_places(context);
    if (!anchors) {
        return context.refuse(anchors.error());
    }
    options.anchors = std::move(*anchors);
    const Result<Json> done = context.env.restore(options);
    if (!done) {
        return context.refuse(done.error());
    }
    if (context.is_human()) {
        context.out("the ledger goes on as " + printable(text_member(*done, "origin")) + "; " +
                    std::to_string(number_member(*done, "lost_records", 0)) +
                    " records are lost, and its first record says so\n");
        context.note("hand out the new key: " + printable(text_member(*done, "vkey")) + "\n");
    } else {
        context.answer(*done);
    }
    return 0;
}

}  // namespace attacca::cli
