// SPDX-License-Identifier: Apache-2.0
#include <memory>
#include <string>
#include <utility>
#include <variant>

#include "http/api.h"
#include "http/json_out.h"

// What waits and what runs now: slots, lanes, and how fair it was of late. Who acts for `default`
// is told everything, anybody else his own lanes.

namespace attacca::http {
namespace {

void append_ppm(std::string& out, std::int64_t ppm) {
    std::string rest = std::to_string(ppm % 1'000'000);
    rest.insert(0, 6 - rest.size(), '0');
    out += std::to_string(ppm / 1'000'000) + "." + rest;
}

void append_lane(std::string& out, const core::QueueReport::Lane& lane) {
    ObjectOut object(out);
    object.text("tenant", lane.tenant);
    object.text("lane", lane.lane);
    object.texts_if_any("capabilities", lane.capabilities);
    object.number("queued", lane.queued);
    object.number("running", lane.running);
    object.number("workers", lane.workers);
    object.end();
}

void append_fair(std::string& out, const core::FairFigures& fair) {
    ObjectOut object(out);
    object.number("tenants", fair.tenants);
    append_ppm(object.key("ratio_min"), fair.ratio_min_ppm);
    append_ppm(object.key("ratio_p01"), fair.ratio_p01_ppm);
    append_ppm(object.key("ratio_p99"), fair.ratio_p99_ppm);
    append_ppm(object.key("jain"), fair.jain_ppm);
    append_ppm(object.key("max_lag_quanta"), fair.max_lag_quanta_ppm);
    object.number("starved", fair.starved);
    object.end();
}

std::string queue_json(const core::QueueReport& report, bool is_whole) {
    std::string out;
    ObjectOut object(out);
    if (is_whole) {
        ObjectOut slots(object.key("slots"));
        slots.number("total", report.slots);
        slots.number("used", report.slots_used);
        slots.end();
        ObjectOut queued(object.key("queued"));
        for (std::size_t i = 0; i < report.queued.size(); ++i) {
            queued.number(core::name_of(static_cast<core::Priority>(i)), report.queued[i]);
        }
        queued.end();
        append_fair(object.key("fair"), report.fair);
    }
    ArrayOut lanes(object.key("lanes"));
    for (const core::QueueReport::Lane& lane : report.lanes) {
        append_lane(lanes.element(), lane);
    }
    lanes.end();
    object.boolean("has_more", report.has_more);
    object.end();
    return out;
}

}  // namespace

void get_queue(Api& api, Call call) {
    if (const Result<void> done = call.query.finish(); !done) {
        call.reply.refuse(done.error());
        return;
    }
    const bool is_whole = call.tenant == core::default_tenant;
    api.gateway.submit(core::ReadQueue{is_whole ? std::string() : call.tenant},
                       [reply = call.reply, is_whole](core::Answer given) {
        if (!given) {
            reply.refuse(given.error());
            return;
        }
        auto report = std::make_shared<core::QueueReport>(
            std::get<core::QueueReport>(std::move(*given)));
        reply.send_made([reply, report, is_whole] {
            return reply.response_of(200, queue_json(*report, is_whole));
        });
    });
}

}  // namespace attacca::http
