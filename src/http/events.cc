// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "base/bytes.h"
#include "engine/entity_records.h"
#include "engine/history.h"
#include "http/api.h"
#include "http/conditions.h"
#include "http/event_source.h"
#include "http/json_out.h"

// The records of a job as a list, and those of all jobs as a stream.

namespace attacca::http {
namespace {

constexpr std::uint64_t events_max = 10000;
constexpr std::uint64_t events_default = 1000;
constexpr std::size_t topics_max = 100;

using AppendEvent = void (*)(std::string& out, const RecordView& record);

Result<std::uint64_t> parse_event_id(const std::string& text) {
    const std::optional<std::uint64_t> id = parse_u64(text);
    if (!id || *id >= ports::no_gseq) {
        return fail(Problem::event_id_malformed,
                    "an event id is a number, not `" + quoted(text) + "`");
    }
    return *id;
}

Result<void> append_records(const Api& api,
                            const std::vector<std::uint64_t>& positions,
                            std::size_t count,
                            AppendEvent append,
                            ArrayOut& items) {
    std::shared_ptr<const ports::LedgerBatch> batch;
    std::vector<std::string_view> records;
    for (std::size_t i = 0; i < count; ++i) {
        const std::uint64_t gseq = positions[i];
        if (batch == nullptr || gseq - batch->first_gseq >= records.size()) {
            ATTACCA_TRY(batch, api.gateway.reader().batch_of(gseq));
            if (batch == nullptr) {
                return fail(Problem::corrupt, "record " + std::to_string(gseq) + " is missing");
            }
            ATTACCA_TRY(records, engine::split_records(*batch));
        }
        ATTACCA_TRY(const RecordView record, view_record(records[gseq - batch->first_gseq]));
        append(items.element(), record);
    }
    return {};
}

// `next`: what to give as `after` for the page behind this one; stays empty at the last one.
Result<std::string> events_of(const Api& api,
                              Call& call,
                              AppendEvent append,
                              std::string& next) {
    ATTACCA_TRY(const std::uint64_t limit,
                call.query.take_number("limit", events_default, 1, events_max));
    std::uint64_t after = ports::no_gseq;
    if (const std::optional<std::string> text = call.query.take("after")) {
        ATTACCA_TRY(after, parse_event_id(*text));
    }
    if (Result<void> done = call.query.finish(); !done) {
        return done.error();
    }
    ATTACCA_TRY(const ports::JobRow row, api.jobs.find(call.tenant, call.path.front()));
    ATTACCA_TRY(const std::vector<std::uint64_t> positions,
                engine::entity_positions(api.gateway.reader(), row.last_gseq, after));
    std::string body;
    ObjectOut out(body);
    ArrayOut items(out.key("items"));
    const std::size_t count = std::min<std::size_t>(positions.size(), limit);
    if (Result<void> done = append_records(api, positions, count, append, items); !done) {
        return done.error();
    }
    items.end();
    if (count < positions.size()) {
        out.number("next_after", positions[count - 1]);
        next = std::to_string(positions[count - 1]);
    }
    out.end();
    return body;
}

void send_events(const Api& api, Call& call, AppendEvent append) {
    std::string next;
    Response response = call.reply.response_of(200, events_of(api, call, append, next));
    if (!next.empty()) {
        response.headers.push_back({"Link", next_link(call.request, "after", next)});
    }
    call.reply.send(std::move(response));
}

struct Subscription {
    EventFilter filter;
    std::optional<std::uint64_t> after;
    std::optional<ports::JobRow> row;  // of the filter's job, where it is one
};

Result<std::uint64_t> kinds_of(const std::vector<std::string>& names) {
    std::uint64_t all = 0;
    for (const std::string& name : names) {
        const std::uint64_t kinds = event_kinds_of(name);
        if (kinds == 0) {
            return Query::refusal("type", "`" + quoted(name) + "` is no type of event");
        }
        all |= kinds;
    }
    return all;
}

// The ids that `job=` and `topics=` name; none when everything is asked for.
Result<std::vector<std::string>> jobs_of(Query& query) {
    constexpr std::string_view job_topic = "job:";
    const std::optional<std::string> job = query.take("job");
    const std::vector<std::string> topics = query.take_list("topics");
    if (job && !topics.empty()) {
        return Query::refusal("topics", "give either `job` or `topics`");
    }
    if (topics.size() > topics_max) {
        return Query::refusal("topics", "at most " + std::to_string(topics_max) + " topics");
    }
    std::vector<std::string> ids;
    bool is_everything = topics.empty();
    for (const std::string& topic : topics) {
        if (topic == "tenant") {
            is_everything = true;
        } else if (topic.starts_with(job_topic)) {
            ids.push_back(topic.substr(job_topic.size()));
        } else {
            return Query::refusal("topics", "`" + quoted(topic) +
                                                "` is no topic: there are `tenant` and `job:ID`");
        }
    }
    if (job) {
        return std::vector<std::string>{*job};
    }
    return is_everything ? std::vector<std::string>() : ids;
}

// `?after=` is for clients that cannot send the header, which is what a reconnecting one sends.
Result<Subscription> subscription_of(const Api& api, Call& call) {
    Subscription wanted;
    wanted.filter.tenant = call.tenant;
    if (const std::vector<std::string> names = call.query.take_list("type"); !names.empty()) {
        ATTACCA_TRY(wanted.filter.kinds, kinds_of(names));
    }
    ATTACCA_TRY(const std::vector<std::string> jobs, jobs_of(call.query));
    std::optional<std::string> after = call.query.take("after");
    if (const std::string* field = call.request.header("last-event-id")) {
        after = *field;
    }
    if (Result<void> done = call.query.finish(); !done) {
        return done.error();
    }
    if (after) {
        ATTACCA_TRY(wanted.after, parse_event_id(*after));
    }
    for (const std::string& job : jobs) {
        ATTACCA_TRY(wanted.row, api.jobs.find(call.tenant, job));
        wanted.filter.jobs.push_back(wanted.row->id);
    }
    if (jobs.size() != 1) {
        wanted.row.reset();  // several chains are found by reading on, like everybody's
    }
    return wanted;
}

void open_stream(Api& api, const Call& call, Subscription wanted, std::uint64_t size) {
    std::vector<std::uint64_t> backlog;
    std::uint64_t next = wanted.after ? *wanted.after + 1 : size;
    if (wanted.row && wanted.after) {
        // A job's past is found through its chain, not by reading everybody's.
        Result<std::vector<std::uint64_t>> positions =
            engine::entity_positions(api.gateway.reader(), wanted.row->last_gseq, *wanted.after);
        if (!positions) {
            call.reply.refuse(positions.error());
            return;
        }
        backlog = std::move(*positions);
        next = std::max(next, wanted.row->last_gseq + 1);
    }
    Response head;
    head.content_type = "text/event-stream";
    head.headers.push_back({"X-Accel-Buffering", "no"});
    const std::shared_ptr<Stream> stream = call.reply.stream(std::move(head));
    auto source = std::make_shared<EventSource>(
        EventSource::Parts{api.batches, api.observer->metrics,
                           [&api] { return api.ledger_size.load(); }, api.options.comment_period},
        std::move(wanted.filter), std::move(backlog), next, stream);
    stream->on_room([&api, weak = std::weak_ptr<EventSource>(source)] {
        if (const std::shared_ptr<EventSource> alive = weak.lock()) {
            api.pump.wake(*alive);
        }
    });
    stream->write("retry: 2000\n\n");
    api.pump.add(std::move(source));
}

}  // namespace

void list_events(Api& api, Call call) {
    send_events(api, call, append_event);
}

void list_plain_events(Api& api, Call call) {
    send_events(api, call, append_plain_event);
}

void stream_events(Api& api, Call call) {
    Result<Subscription> wanted = subscription_of(api, call);
    if (!wanted) {
        call.reply.refuse(wanted.error());
        return;
    }
    std::uint64_t size = api.ledger_size.load();
    if (wanted->after && *wanted->after >= size) {
        // A batch is answered a moment before it is noted here.
        const Result<ports::LedgerTail> tail = api.gateway.reader().tail();
        size = tail ? std::max(size, tail->size) : size;
    }
    if (wanted->after && *wanted->after >= size) {
        std::string url = "/api/v1/orchestration/jobs";
        if (wanted->row) {
            url += "/" + wanted->row->id.text();
        }
        call.reply.refuse(fail(Problem::event_id_expired,
                               "the ledger ends before this event; read the state instead"),
                          ",\"snapshot_url\":\"" + url + "\"");
        return;
    }
    open_stream(api, call, std::move(*wanted), size);
}

}  // namespace attacca::http
