// SPDX-License-Identifier: Apache-2.0
#include "http/node_view.h"

#include <algorithm>
#include <map>
#include <numeric>
#include <tuple>
#include <utility>
#include <variant>

#include "core/job/child.h"
#include "core/job/image.h"
#include "core/job/kept.h"
#include "engine/history.h"
#include "http/json_out.h"

namespace attacca::http {
namespace {

// What the key of a map item can see: the item.
class ItemNames : public core::Names {
  public:
    ItemNames(std::string_view variable, const Json& item) : variable_(variable), item_(item) {}

    Result<Json> find(std::string_view root, std::string_view member) const override {
        if (root != variable_) {
            return fail(Problem::expression_invalid, "only the item is known here");
        }
        if (member.empty()) {
            return Json(item_);
        }
        const Json* found = item_.find(member);
        return found == nullptr ? Json() : Json(*found);
    }
    [[nodiscard]] bool needs_succeeded() const override { return true; }
    [[nodiscard]] bool needs_failed() const override { return false; }

  private:
    std::string_view variable_;
    const Json& item_;
};

std::string key_of(const core::MapDef& map, const Json& item) {
    if (!map.key) {
        return {};
    }
    Result<std::string> key = map.key->render(ItemNames(map.as, item));
    return key ? std::move(*key) : std::string();
}

// No item sorts before item 0.
auto place_of(const AttemptView& attempt) {
    const auto& item = attempt.started.item;
    return std::tuple(std::string_view(attempt.started.node),
                      item ? std::int64_t{*item} : std::int64_t{-1});
}

void append_artifacts(std::string& out, const std::vector<core::Artifact>& artifacts) {
    ArrayOut list(out);
    for (const core::Artifact& artifact : artifacts) {
        ObjectOut one(list.element());
        one.text("name", artifact.name);
        one.text("sha256", hex(artifact.digest));
        one.number("bytes", artifact.bytes);
        one.text("media_type", artifact.media_type);
        if (artifact.is_truncated) {
            one.boolean("truncated", true);
        }
        one.end();
    }
    list.end();
}

void append_attempt(std::string& out, const AttemptView& attempt) {
    ObjectOut one(out);
    one.number("attempt", attempt.started.attempt);
    one.number("fence", attempt.started.fence.value);
    one.text("worker", attempt.started.worker);
    one.time("started_at", attempt.started_at);
    if (attempt.ended) {
        one.time("ended_at", attempt.ended_at);
        one.text("outcome", core::name_of(attempt.ended->outcome));
        if (attempt.ended->failure != core::FailureClass::none) {
            one.text("class", core::name_of(attempt.ended->failure));
        }
        if (attempt.ended->exit_code) {
            one.integer("exit_code", *attempt.ended->exit_code);
        }
        if (!attempt.ended->detail.empty()) {
            one.text("detail", attempt.ended->detail);
        }
        if (attempt.ended->parked != core::Parked::no) {
            one.text("parked", core::name_of(attempt.ended->parked));
        }
        if (attempt.ended->retry_in_ms) {
            one.integer("retry_in_ms", *attempt.ended->retry_in_ms);
        }
        append_artifacts(one.key("artifacts"), attempt.ended->artifacts);
    }
    one.end();
}

// What a waiting instance waits for, where that is a person.
void append_wait(ObjectOut& node,
                 const core::NodeDef& definition,
                 const std::vector<const AttemptView*>& attempts) {
    if (attempts.empty()) {
        return;  // a map waits for its items
    }
    const AttemptView& last = *attempts.back();
    if (!last.ended && !last.started.message.empty()) {
        node.text("waits_for", "approval");
        node.text("message", last.started.message);
        if (last.started.until) {
            node.time("decide_by", *last.started.until);
        }
    } else if (last.ended && definition.on_failure == core::OnFailure::escalate_manual) {
        node.text("waits_for", "approval");
        node.text("message", "`" + definition.id + "` failed. Go on without it?");
    }
}

}  // namespace

Result<NodeView> NodeView::load(const JobView& jobs, const ports::JobRow& row) {
    NodeView view(jobs, row.id);
    ATTACCA_TRY(view.definition_, jobs.definition_of(row));
    ATTACCA_TRY(view.images_, jobs.images_of(row));
    ATTACCA_TRY(std::vector<core::StoredRecord> history,
                engine::entity_history(jobs.reader(), row.last_gseq));
    for (core::NodeIndex i = 0; i < view.definition_->nodes.size(); ++i) {
        view.instances_.push_back({i, std::nullopt, {}});
    }
    std::map<core::FenceToken, std::size_t> by_fence;
    for (core::StoredRecord& stored : history) {
        core::Payload& payload = stored.record.payload;
        if (const auto* created = std::get_if<core::JobCreated>(&payload)) {
            if (Result<void> done = view.keep(*created); !done) {
                return done.error();
            }
        } else if (auto* started = std::get_if<core::AttemptStarted>(&payload)) {
            by_fence[started->fence] = view.attempts_.size();
            view.attempts_.push_back({std::move(*started), stored.record.at, {}, {}});
        } else if (auto* ended = std::get_if<core::AttemptEnded>(&payload)) {
            if (const auto it = by_fence.find(ended->fence); it != by_fence.end()) {
                view.attempts_[it->second].ended_at = stored.record.at;
                view.attempts_[it->second].ended = std::move(*ended);
            }
        } else if (const auto* expanded = std::get_if<core::MapExpanded>(&payload)) {
            if (Result<void> done = view.expand(*expanded); !done) {
                return done.error();
            }
        }
    }
    view.by_instance_.resize(view.attempts_.size());
    std::iota(view.by_instance_.begin(), view.by_instance_.end(), std::size_t{0});
    std::stable_sort(view.by_instance_.begin(), view.by_instance_.end(),
                     [&](std::size_t a, std::size_t b) {
                         return place_of(view.attempts_[a]) < place_of(view.attempts_[b]);
                     });
    return view;
}

// What a rerun took over from the job before it: the items of its maps, and outputs.
Result<void> NodeView::keep(const core::JobCreated& created) {
    ATTACCA_TRY(const std::optional<std::string> text, jobs_->text_unless_erased(created.kept));
    if (!text || text->empty()) {
        return {};
    }
    ATTACCA_TRY(std::vector<core::KeptNode> kept, core::parse_kept(*definition_, *text));
    for (core::KeptNode& one : kept) {
        kept_[one.node] = std::move(one.end.output.text);
        if (!one.items.is_array()) {
            continue;
        }
        const core::MapDef& map = *definition_->nodes[one.node].map;
        for (std::uint32_t i = 0; i < one.ends.size(); ++i) {
            kept_[instances_.size()] = std::move(one.ends[i].output.text);
            instances_.push_back({one.node, i, key_of(map, one.items.as_array()[i])});
        }
    }
    return {};
}

Result<void> NodeView::expand(const core::MapExpanded& expanded) {
    const core::NodeIndex node = definition_->find(expanded.node);
    if (node == core::no_index || !definition_->nodes[node].map) {
        return fail(Problem::corrupt, "a map that is not in the definition was expanded");
    }
    const core::MapDef& map = *definition_->nodes[node].map;
    Json items = Json::array();
    if (map.key) {
        ATTACCA_TRY(const std::optional<std::string> text,
                    jobs_->text_unless_erased({{}, expanded.body}));
        ATTACCA_TRY(items, parse_json(text.value_or("[]"), json_depth_limit));
    }
    for (std::uint32_t i = 0; i < expanded.count; ++i) {
        const bool has_item = items.is_array() && i < items.as_array().size();
        instances_.push_back({node, i, has_item ? key_of(map, items.as_array()[i]) : ""});
    }
    return {};
}

std::vector<const AttemptView*> NodeView::attempts_of(std::string_view node,
                                                      std::optional<std::uint32_t> item) const {
    const std::tuple wanted(node, item ? std::int64_t{*item} : std::int64_t{-1});
    std::vector<const AttemptView*> found;
    auto it = std::lower_bound(
        by_instance_.begin(), by_instance_.end(), wanted,
        [&](std::size_t at, const auto& place) { return place_of(attempts_[at]) < place; });
    for (; it != by_instance_.end() && place_of(attempts_[*it]) == wanted; ++it) {
        found.push_back(&attempts_[*it]);
    }
    return found;
}

Result<void> NodeView::append(std::string& out, std::size_t at) const {
    const Instance& instance = instances_[at];
    const core::NodeDef& definition = definition_->nodes[instance.node];
    const core::InstanceImage image =
        at < core::image_count(images_) ? core::image_at(images_, at) : core::InstanceImage{};
    ObjectOut node(out);
    node.text("id", definition.id);
    if (instance.item) {
        node.number("item", *instance.item);
        if (!instance.key.empty()) {
            node.text("key", instance.key);
        }
    }
    node.text("kind", core::name_of(definition.kind));
    node.text("status", core::name_of(image.state));
    const auto attempts = attempts_of(definition.id, instance.item);
    if (image.state == core::NodeState::waiting) {
        append_wait(node, definition, attempts);
    }
    if (definition.kind == core::NodeKind::job && !attempts.empty()) {
        node.text("child", core::child_job_id(job_, attempts.back()->started.fence).text());
    }
    ArrayOut list(node.key("attempts"));
    for (const AttemptView* attempt : attempts) {
        append_attempt(list.element(), *attempt);
    }
    list.end();
    if (const auto kept = kept_.find(at); kept != kept_.end()) {
        node.boolean("kept", true);
        if (!kept->second.empty()) {
            node.raw("outputs", kept->second);
        }
    }
    if (!attempts.empty() && attempts.back()->ended) {
        const core::AttemptEnded& last = *attempts.back()->ended;
        ATTACCA_TRY(const std::optional<std::string> outputs,
                    jobs_->text_unless_erased(last.output));
        if (!outputs) {
            node.boolean("erased", true);
        } else if (!outputs->empty()) {
            node.raw("outputs", *outputs);
        }
        if (image.state == core::NodeState::retrying && last.retry_in_ms) {
            node.time("retry_at", attempts.back()->ended_at + milliseconds(*last.retry_in_ms));
        }
    }
    node.end();
    return {};
}

}  // namespace attacca::http
