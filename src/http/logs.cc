// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "base/digest.h"
#include "http/api.h"
#include "http/content_source.h"
#include "http/node_view.h"
#include "http/range.h"
#include "http/stored_file.h"

// What an attempt wrote: from the content store when it has ended, from its live file before.

namespace attacca::http {
namespace {

constexpr std::string_view log_type = "text/plain; charset=utf-8";

struct Wanted {
    core::JobId job;
    bool is_sealed = false;
    std::string node;
    std::string stream = "stdout";
    std::optional<std::uint32_t> item;
    std::optional<std::uint32_t> attempt;  // the last one, without
    bool follows = false;
    std::uint64_t from = 0;  // of a followed stream: how many bytes the client has
};

Result<Wanted> wanted_of(const Api& api, const ports::JobRow& row, Call& call) {
    Wanted wanted;
    wanted.job = row.id;
    ATTACCA_TRY(const std::optional<core::JobId> seal, api.jobs.seal_of(row));
    wanted.is_sealed = seal.has_value();
    wanted.node = call.path[1];
    wanted.stream = call.query.take("stream").value_or("stdout");
    if (wanted.stream != "stdout" && wanted.stream != "stderr") {
        return Query::refusal("stream", "expected stdout or stderr");
    }
    constexpr std::uint64_t none = 0xFFFFFFFFU;
    ATTACCA_TRY(const std::uint64_t item, call.query.take_number("item", none, 0, none));
    ATTACCA_TRY(const std::uint64_t attempt, call.query.take_number("attempt", none, 1, none));
    if (item != none) {
        wanted.item = static_cast<std::uint32_t>(item);
    }
    if (attempt != none) {
        wanted.attempt = static_cast<std::uint32_t>(attempt);
    }
    ATTACCA_TRY(wanted.follows, call.query.take_bool("follow"));
    constexpr std::uint64_t from_max = std::uint64_t{1} << 62;
    ATTACCA_TRY(wanted.from, call.query.take_number("from", 0, 0, from_max));
    if (wanted.from != 0 && !wanted.follows) {
        return Query::refusal("from", "it goes with `follow`; else a Range asks for a part");
    }
    if (wanted.follows && call.request.header("range") != nullptr) {
        return Query::refusal("follow", "what still grows has no ranges: ask with `from=BYTE`");
    }
    if (Result<void> done = call.query.finish(); !done) {
        return done.error();
    }
    return wanted;
}

// The attempt's file of this name; null when it wrote none.
const core::Artifact* stored_log(const AttemptView& attempt, const std::string& name) {
    const auto& artifacts = attempt.ended->artifacts;
    const auto it = std::find_if(artifacts.begin(), artifacts.end(),
                                 [&](const core::Artifact& one) { return one.name == name; });
    return it == artifacts.end() ? nullptr : &*it;
}

const AttemptView* find_attempt(const NodeView& nodes, const Wanted& wanted) {
    const std::vector<const AttemptView*> attempts = nodes.attempts_of(wanted.node, wanted.item);
    if (!wanted.attempt) {
        return attempts.empty() ? nullptr : attempts.back();
    }
    const auto it = std::find_if(attempts.begin(), attempts.end(), [&](const AttemptView* one) {
        return one->started.attempt == *wanted.attempt;
    });
    return it == attempts.end() ? nullptr : *it;
}

std::string live_path(const Api& api, const AttemptView& attempt, const std::string& stream) {
    return api.gateway.live_directory() + "/" + std::to_string(attempt.started.fence.value) + "/" +
           stream;
}

FollowState state_of(const Api& api, const NodeView& nodes, const Wanted& wanted) {
    FollowState state;
    const AttemptView* attempt = find_attempt(nodes, wanted);
    if (attempt == nullptr) {
        return state;
    }
    state.live_path = live_path(api, *attempt, wanted.stream);
    if (attempt->ended) {
        state.is_over = true;
        if (const core::Artifact* log = stored_log(*attempt, wanted.stream)) {
            state.is_stored = true;
            state.is_sealed = wanted.is_sealed;
            state.digest = log->digest;
            state.bytes = log->bytes;
        }
    }
    return state;
}

// Follows by reading the job's row; its history only when a record was added.
void follow(Api& api, const Call& call, const Wanted& wanted) {
    struct Seen {
        std::uint64_t last_gseq = ports::no_gseq;
        FollowState state;
    };
    Response head;
    head.content_type = log_type;
    const std::shared_ptr<Stream> stream = call.reply.stream(std::move(head));
    auto seen = std::make_shared<Seen>();
    const auto ask = [&api, tenant = call.tenant, wanted, seen] {
        const Result<ports::JobRow> row = api.jobs.find(tenant, wanted.job);
        if (!row || row->last_gseq == seen->last_gseq) {
            return seen->state;
        }
        const Result<NodeView> nodes = NodeView::load(api.jobs, *row);
        if (nodes) {
            seen->last_gseq = row->last_gseq;
            seen->state = state_of(api, *nodes, wanted);
            // A node that ended without an attempt will write nothing.
            seen->state.is_over = seen->state.is_over || core::is_final(row->state);
        }
        return seen->state;
    };
    auto source = std::make_shared<FollowSource>(api.gateway.content(), api.gateway.seal_keys(),
                                                 ask, stream, wanted.from);
    stream->on_room([&api, weak = std::weak_ptr<FollowSource>(source)] {
        if (const std::shared_ptr<FollowSource> alive = weak.lock()) {
            api.pump.wake(*alive);
        }
    });
    api.pump.add(std::move(source));
}

void send_log(Api& api, const Call& call, const core::Artifact& log, bool is_sealed = false) {
    const Sha256 digest = log.bytes == 0 ? sha256("") : log.digest;
    StoredFile file{digest, log.bytes, std::string(log_type), {}};
    file.is_sealed = is_sealed;
    if (log.is_truncated) {
        file.headers.push_back({"Attacca-Truncated", "true"});
    }
    send_stored(api, call, std::move(file));
}

// What a running attempt has written so far, at most a piece of it: Range asks for the rest.
void send_live(const Api& api,
               const Call& call,
               const AttemptView& attempt,
               const std::string& stream) {
    GrowingFile file(live_path(api, attempt, stream));
    const std::uint64_t size = file.size();
    ByteRange range;
    Result<Response> head = part_head(call.request, log_type, size, range);
    if (!head) {
        refuse_range(call, head.error(), size);
        return;
    }
    constexpr std::uint64_t live_bytes_max = 8 * 1024 * 1024;
    if (range.length > live_bytes_max) {
        range.length = live_bytes_max;
        head->status = 206;
        std::erase_if(head->headers, [](const Header& h) { return h.name == "Content-Range"; });
        head->headers.push_back({"Content-Range", content_range(range, size)});
    }
    head->body = file.read(range.offset, range.length);
    call.reply.send(std::move(*head));
}

}  // namespace

void get_logs(Api& api, Call call) {
    const Result<ports::JobRow> row = api.jobs.find(call.tenant, call.path.front());
    if (!row) {
        call.reply.refuse(row.error());
        return;
    }
    Result<Wanted> wanted = wanted_of(api, *row, call);
    const Result<NodeView> nodes =
        wanted ? NodeView::load(api.jobs, *row) : Result<NodeView>(wanted.error());
    if (!nodes) {
        call.reply.refuse(nodes.error());
        return;
    }
    if (nodes->definition().find(wanted->node) == core::no_index) {
        call.reply.refuse(fail(Problem::not_found, "the job has no such node"));
        return;
    }
    if (wanted->follows) {
        follow(api, call, *wanted);
        return;
    }
    const AttemptView* attempt = find_attempt(*nodes, *wanted);
    if (attempt == nullptr) {
        call.reply.refuse(fail(Problem::not_found, "the node has no such attempt"));
    } else if (!attempt->ended) {
        send_live(api, call, *attempt, wanted->stream);
    } else if (const core::Artifact* log = stored_log(*attempt, wanted->stream)) {
        send_log(api, call, *log, wanted->is_sealed);
    } else {
        // It wrote nothing: an empty file.
        send_log(api, call, core::Artifact{});
    }
}

}  // namespace attacca::http
