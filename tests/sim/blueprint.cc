// SPDX-License-Identifier: Apache-2.0
#include "blueprint.h"

#include <algorithm>

namespace attacca::sim {
namespace {

using core::Join;
using core::NodeKind;
using core::RetryStrategy;

bool is_any_join(Join join) {
    return join == Join::any_succeeded || join == Join::any_failed;
}

class Drawing {
  public:
    Drawing(Prng& prng, const Shape& shape) : prng_(prng), shape_(shape) {}

    Blueprint draw() {
        Blueprint blueprint;
        const std::uint32_t count = 1 + prng_.below(shape_.nodes_max);
        form_ = prng_.below(6);
        width_ = 1 + prng_.below(4);
        for (std::uint32_t i = 0; i < count; ++i) {
            blueprint.nodes.push_back(draw_node(i, count, 0));
        }
        blueprint.main_count = count;
        draw_fallbacks(blueprint);
        if (prng_.chance(shape_.finally_per_thousand)) {
            const std::uint32_t last = 1 + prng_.below(3);
            for (std::uint32_t i = 0; i < last; ++i) {
                BlueNode node = draw_node(i, last, count);
                node.is_finally = true;
                node.on_failure =
                    core::ends_job(node.on_failure) ? core::OnFailure::fail : node.on_failure;
                blueprint.nodes.push_back(std::move(node));
            }
        }
        static constexpr std::int64_t timeouts_ms[] = {2000, 8000, 60000, 3600000};
        blueprint.timeout_ms = timeouts_ms[std::min<std::uint32_t>(prng_.below(12), 3)];
        blueprint.parallel = prng_.chance(300) ? 1 + prng_.below(3) : 10;
        if (prng_.chance(shape_.key_per_thousand)) {
            blueprint.key = prng_.below(2);
        }
        return blueprint;
    }

  private:
    // A node that needs nothing now and then stands in for the one before it.
    void draw_fallbacks(Blueprint& blueprint) {
        std::vector<BlueNode>& nodes = blueprint.nodes;
        for (std::uint32_t i = 1; i < nodes.size(); ++i) {
            const bool may_fall = !nodes[i - 1].is_map && !nodes[i - 1].is_fallback &&
                                  nodes[i].needs.empty() && nodes[i - 1].temper != Temper::normal;
            if (!may_fall || !prng_.chance(500)) {
                continue;
            }
            nodes[i - 1].on_failure = core::OnFailure::fallback_strategy;
            nodes[i].is_fallback = true;
            nodes[i].needs = {i - 1};
            nodes[i].join = Join::all_succeeded;
            for (std::uint32_t later = i + 1; later < nodes.size(); ++later) {
                std::vector<std::uint32_t>& needs = nodes[later].needs;
                const auto at = std::find(needs.begin(), needs.end(), i - 1);
                if (at != needs.end() && std::find(needs.begin(), needs.end(), i) == needs.end()) {
                    needs.insert(at + 1, i);
                }
            }
        }
    }

    // Node i of count in a group that begins at `base`; it needs only earlier nodes of its group.
    BlueNode draw_node(std::uint32_t i, std::uint32_t count, std::uint32_t base) {
        BlueNode node;
        draw_needs(node, i, count, base);
        if (!node.needs.empty() && prng_.chance(350)) {
            node.join = static_cast<Join>(prng_.below(4));
        }
        draw_kind(node);
        if (core::has_runner(node.kind) && prng_.chance(shape_.lock_per_thousand)) {
            node.lock = prng_.below(3);
        }
        draw_condition(node, base);
        draw_retry(node);
        return node;
    }

    void draw_needs(BlueNode& node, std::uint32_t i, std::uint32_t count, std::uint32_t base) {
        if (i == 0) {
            return;
        }
        switch (form_) {
            case 0:  // a chain
                node.needs.push_back(base + i - 1);
                return;
            case 1:  // wide: all need the first, the last needs all
                if (i + 1 < count) {
                    node.needs.push_back(base);
                    return;
                }
                for (std::uint32_t need = count > 2 ? 1 : 0; need < i; ++need) {
                    node.needs.push_back(base + need);
                }
                return;
            case 2:  // diamonds, one behind the other
                if (i % 3 != 0) {
                    node.needs.push_back(base + i - i % 3);
                } else {
                    node.needs = {base + i - 2, base + i - 1};
                }
                return;
            case 3:  // independent
                return;
            default: draw_any_needs(node, i, base);
        }
    }

    void draw_any_needs(BlueNode& node, std::uint32_t i, std::uint32_t base) {
        for (std::uint32_t k = 0; k < width_; ++k) {
            if (prng_.chance(700)) {
                node.needs.push_back(base + prng_.below(i));
            }
        }
        std::sort(node.needs.begin(), node.needs.end());
        node.needs.erase(std::unique(node.needs.begin(), node.needs.end()), node.needs.end());
    }

    void draw_kind(BlueNode& node) {
        if (prng_.chance(shape_.wait_per_thousand)) {
            node.kind = prng_.chance(500) ? NodeKind::wait : NodeKind::approve;
            node.wait_ms = prng_.between(1, 5000);
            if (node.kind == NodeKind::approve && prng_.chance(300)) {
                node.timeout_ms = prng_.between(50, 20'000);
            }
            return;
        }
        if (prng_.chance(shape_.checkpoint_per_thousand)) {
            node.kind = NodeKind::checkpoint;
            return;
        }
        node.kind = prng_.chance(600) ? NodeKind::noop : NodeKind::run;
        if (prng_.chance(shape_.map_per_thousand)) {
            node.kind = NodeKind::run;
            node.is_map = true;
            node.map_given = prng_.below(prng_.chance(50) ? 80 : 7);
            node.map_drops_one = prng_.chance(300);
            node.map_parallel = prng_.chance(500) ? 1 + prng_.below(3) : 0;
            node.map_stops = prng_.chance(400);
        }
        if (shape_.task_per_thousand != 0 && prng_.chance(shape_.task_per_thousand)) {
            node.kind = NodeKind::task;
            node.lane = prng_.below(2);
            node.is_picky = prng_.chance(300);
            draw_stay(node);
        }
        if (prng_.chance(shape_.trouble_per_thousand)) {
            static constexpr core::OnFailure again[] = {core::OnFailure::requeue_job,
                                                        core::OnFailure::retry_job,
                                                        core::OnFailure::rollback_state};
            node.on_failure = prng_.chance(300)   ? core::OnFailure::skip_node
                              : prng_.chance(350) ? core::OnFailure::escalate_manual
                              : prng_.chance(200) ? core::OnFailure::abort_execution
                              : prng_.chance(500) ? again[prng_.below(3)]
                                                  : core::OnFailure::fail;
            node.temper = static_cast<Temper>(1 + prng_.below(5));
        }
        if (node.kind != NodeKind::noop && (node.temper == Temper::hanging || prng_.chance(200))) {
            node.timeout_ms = prng_.between(50, 4000);
        }
    }

    void draw_stay(BlueNode& node) {
        if (shape_.stay_per_thousand == 0) {
            return;
        }
        node.stays = prng_.chance(shape_.stay_per_thousand);
        if (prng_.chance(400)) {
            node.owner = prng_.below(2);
        }
    }

    // With an any_* join the other needs may still be moving: only constants are asked there.
    void draw_condition(BlueNode& node, std::uint32_t base) {
        if (!prng_.chance(shape_.condition_per_thousand)) {
            return;
        }
        const std::uint32_t kinds = node.needs.empty() || is_any_join(node.join) ? 3 : 7;
        node.condition = static_cast<Condition>(1 + prng_.below(kinds));
        if (!node.needs.empty()) {
            node.condition_need = node.needs[prng_.below(
                static_cast<std::uint32_t>(node.needs.size()))];
        } else if (base > 0 && prng_.chance(300)) {
            node.condition = Condition::any_failed;
        }
        node.condition_value = prng_.below(2);
    }

    void draw_retry(BlueNode& node) {
        if (!core::has_runner(node.kind) || !prng_.chance(400)) {
            return;
        }
        node.has_retry = true;
        static constexpr RetryStrategy strategies[] = {RetryStrategy::none,
                                                       RetryStrategy::immediate,
                                                       RetryStrategy::linear,
                                                       RetryStrategy::exponential,
                                                       RetryStrategy::fibonacci,
                                                       RetryStrategy::circuit_breaker};
        // What is done by the engine alone depends on nothing.
        node.strategy = strategies[prng_.below(node.kind == NodeKind::noop ? 5 : 6)];
        node.max_attempts = 1 + prng_.below(5);
        node.delay_ms = prng_.between(1, 2000);
        node.max_delay_ms = node.delay_ms + prng_.between(0, 8000);
    }

    Prng& prng_;
    const Shape& shape_;
    std::uint32_t form_ = 0;
    std::uint32_t width_ = 1;
};

}  // namespace

std::string node_name(std::uint32_t node) {
    return "n" + std::to_string(node);
}

std::uint32_t node_of_name(const std::string& name) {
    std::uint32_t value = 0;
    for (std::size_t i = 1; i < name.size(); ++i) {
        value = value * 10 + static_cast<std::uint32_t>(name[i] - '0');
    }
    return value;
}

std::string owner_text(const Blueprint& blueprint, const BlueNode& node, const core::JobId& job) {
    if (node.owner) {
        return "o" + std::to_string(*node.owner);
    }
    const bool may_be_kept =
        std::any_of(blueprint.nodes.begin(), blueprint.nodes.end(), [&](const BlueNode& other) {
            return other.kind == NodeKind::task && other.stays && other.lane == node.lane;
        });
    return may_be_kept ? "job/" + job.text() : std::string();
}

Blueprint draw_blueprint(Prng& prng, const Shape& shape) {
    return Drawing(prng, shape).draw();
}

}  // namespace attacca::sim
