// SPDX-License-Identifier: Apache-2.0
#include <string>
#include <utility>
#include <vector>

#include "http/bundle_source.h"
#include "http/event_source.h"
#include "http/evidence_view.h"

// A job's evidence as one file.

namespace attacca::http {
namespace {

constexpr std::size_t old_sizes_max = 100;

Result<std::unique_ptr<engine::Bundle>> bundle_of(const Api& api, Call& call) {
    engine::Bundle::Wanted wanted;
    for (const std::string& text : call.query.take_list("old")) {
        const std::optional<std::uint64_t> size = parse_u64(text);
        if (!size || wanted.old_sizes.size() == old_sizes_max) {
            return Query::refusal("old", "expected up to 100 sizes of earlier checkpoints");
        }
        wanted.old_sizes.push_back(*size);
    }
    if (Result<void> done = call.query.finish(); !done) {
        return done.error();
    }
    ATTACCA_TRY(const EntityEnd entity, find_entity(api, call, "job/" + call.path.front()));
    ATTACCA_TRY(const engine::Evidence evidence, evidence_of(api));
    wanted.entity = entity.name;
    wanted.last_gseq = entity.last_gseq;
    return engine::Bundle::collect(api.gateway.reader(), api.gateway.content(),
                                   evidence.shared_tree(), wanted);
}

}  // namespace

bool BundleSource::step() {
    while (stream_->is_open() && stream_->pending() < stream_bytes_max) {
        const Result<std::string> piece = bundle_->next();
        if (!piece) {
            // The declared length cannot be kept: the client sees a body that is too short.
            stream_->close();
            return false;
        }
        if (piece->empty()) {
            stream_->end();
            return false;
        }
        stream_->write(*piece);
    }
    return stream_->is_open();
}

void get_bundle(Api& api, Call call) {
    Result<std::unique_ptr<engine::Bundle>> bundle = bundle_of(api, call);
    if (!bundle) {
        call.reply.refuse(bundle.error());
        return;
    }
    Response head;
    head.content_type = "application/x-tar";
    head.headers.push_back({"Content-Disposition", "attachment; filename=\"evidence-" +
                                                       call.path.front().substr(0, 36) +
                                                       ".tar\""});
    const std::uint64_t bytes = (*bundle)->bytes();
    const std::shared_ptr<Stream> stream = call.reply.stream(std::move(head), bytes);
    auto source = std::make_shared<BundleSource>(std::move(*bundle), stream);
    stream->on_room([&api, weak = std::weak_ptr<BundleSource>(source)] {
        if (const std::shared_ptr<BundleSource> alive = weak.lock()) {
            api.pump.wake(*alive);
        }
    });
    api.pump.add(std::move(source));
}

}  // namespace attacca::http
