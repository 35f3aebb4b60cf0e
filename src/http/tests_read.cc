// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "engine/unsealing.h"
#include "http/api.h"
#include "http/json_out.h"
#include "http/node_view.h"
#include "http/query.h"

// The test cases of a job: what its test nodes' reports held, as their last attempts left them.

namespace attacca::http {
namespace {

constexpr std::uint64_t tests_page_default = 100;
constexpr std::uint64_t tests_offset_max = 10'000'000;
constexpr std::uint64_t file_bytes_max = std::uint64_t{256} << 20U;
constexpr std::string_view cases_type = "application/vnd.attacca.tests+json";
constexpr std::array<std::string_view, 4> statuses = {"passed", "failed", "error", "skipped"};

struct Wanted {
    std::string node;                   // empty: all
    std::vector<std::string> statuses;  // empty: all
    std::uint64_t limit = tests_page_default;
    std::uint64_t offset = 0;

    [[nodiscard]] bool selects(std::string_view status) const {
        return statuses.empty() ||
               std::find(statuses.begin(), statuses.end(), status) != statuses.end();
    }
};

Result<Wanted> wanted_of(Query& query) {
    Wanted wanted;
    wanted.node = query.take("node").value_or("");
    wanted.statuses = query.take_list("status");
    for (const std::string& name : wanted.statuses) {
        if (std::find(statuses.begin(), statuses.end(), name) == statuses.end()) {
            return Query::refusal("status", "`" + quoted(name) + "` is no status of a test");
        }
    }
    ATTACCA_TRY(wanted.limit, query.take_number("limit", tests_page_default, 1, page_max));
    ATTACCA_TRY(wanted.offset, query.take_number("offset", 0, 0, tests_offset_max));
    if (Result<void> done = query.finish(); !done) {
        return done.error();
    }
    return wanted;
}

std::string text_in(const Json& json, std::string_view key) {
    const Json* value = json.find(key);
    return value != nullptr && value->is_string() ? value->as_string() : std::string();
}

class Listing {
  public:
    explicit Listing(const Wanted& wanted) : wanted_(wanted), out_(body_), items_(items()) {}

    void add(const Instance& instance, const AttemptView& attempt, const Json& one) {
        const std::string status = text_in(one, "status");
        const auto at = std::find(statuses.begin(), statuses.end(), status);
        if (at == statuses.end()) {
            return;
        }
        ++counts_[static_cast<std::size_t>(at - statuses.begin())];
        if (!wanted_.selects(status)) {
            return;
        }
        const std::uint64_t position = total_++;
        if (position < wanted_.offset || position - wanted_.offset >= wanted_.limit) {
            return;
        }
        ObjectOut item(items_.element());
        item.text("node", attempt.started.node);
        if (instance.item) {
            item.number("item", *instance.item);
        }
        item.number("attempt", attempt.started.attempt);
        item.splice(one.text());
        item.end();
    }

    std::string take() {
        items_.end();
        ObjectOut counts(out_.key("counts"));
        for (std::size_t i = 0; i < statuses.size(); ++i) {
            counts.number(statuses[i], counts_[i]);
        }
        counts.end();
        out_.number("total", total_);
        out_.number("limit", wanted_.limit);
        out_.number("offset", wanted_.offset);
        out_.end();
        return std::move(body_);
    }

  private:
    ArrayOut items() { return ArrayOut(out_.key("items")); }

    const Wanted& wanted_;
    std::string body_;
    ObjectOut out_;
    ArrayOut items_;
    std::array<std::uint64_t, statuses.size()> counts_{};
    std::uint64_t total_ = 0;
};

// The cases of one attempt; an empty array when its report told none.
Result<Json> cases_of(const Api& api, const AttemptView& attempt, bool is_sealed) {
    if (!attempt.ended) {
        return Json::array();
    }
    const auto& artifacts = attempt.ended->artifacts;
    const auto file = std::find_if(
        artifacts.begin(), artifacts.end(),
        [](const core::Artifact& artifact) { return artifact.media_type == cases_type; });
    if (file == artifacts.end()) {
        return Json::array();
    }
    if (file->bytes > file_bytes_max) {
        return fail(Problem::corrupt, "the test cases of a node are too large");
    }
    engine::Gateway& from = api.gateway;
    ATTACCA_TRY(const std::string text,
                is_sealed ? engine::opened_file(from.content(), from.seal_keys(), file->digest,
                                                file->bytes)
                          : from.content().read(file->digest, 0, file->bytes));
    ATTACCA_TRY(const Json json, parse_json(text));
    const Json* items = json.find("items");
    return items != nullptr && items->is_array() ? *items : Json::array();
}

Result<std::string> tests_of(const Api& api, Call& call) {
    ATTACCA_TRY(const Wanted wanted, wanted_of(call.query));
    ATTACCA_TRY(const ports::JobRow row, api.jobs.find(call.tenant, call.path.front()));
    ATTACCA_TRY(const NodeView view, NodeView::load(api.jobs, row));
    if (!wanted.node.empty() && view.definition().find(wanted.node) == core::no_index) {
        return fail(Problem::not_found, "the job has no node `" + quoted(wanted.node) + "`");
    }
    ATTACCA_TRY(const std::optional<core::JobId> seal, api.jobs.seal_of(row));
    Listing listing(wanted);
    for (const Instance& instance : view.instances()) {
        const core::NodeDef& node = view.definition().nodes[instance.node];
        if (node.kind != core::NodeKind::test ||
            (!wanted.node.empty() && wanted.node != node.id)) {
            continue;
        }
        const auto attempts = view.attempts_of(node.id, instance.item);
        if (attempts.empty()) {
            continue;
        }
        ATTACCA_TRY(const Json cases, cases_of(api, *attempts.back(), seal.has_value()));
        for (const Json& one : cases.as_array()) {
            listing.add(instance, *attempts.back(), one);
        }
    }
    return listing.take();
}

}  // namespace

void list_tests(Api& api, Call call) {
    call.reply.send(call.reply.response_of(200, tests_of(api, call)));
}

}  // namespace attacca::http
