// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "base/check.h"
#include "core/graph/definition_parts.h"
#include "core/graph/number.h"
#include "core/graph/object_writer.h"

namespace attacca::core {
namespace {

constexpr std::size_t list_entries_max = 256;
constexpr std::string_view keys[] = {
    "strategy", "max_attempts", "delay",      "max_delay",        "multiplier",
    "jitter",   "delays",       "exit_codes", "never_exit_codes"};

bool check_list(const Input& value, Faults& faults) {
    if (!check_array(value, faults)) {
        return false;
    }
    return value.json().as_array().size() <= list_entries_max ||
           faults.add(value, Problem::retry_policy, "the list has more than 256 entries");
}

bool read_exit_codes(const Input& object,
                     std::string_view key,
                     std::vector<std::int64_t>& out,
                     Faults& faults) {
    const auto value = object.member(key);
    if (!value) {
        return true;
    }
    if (!check_list(*value, faults)) {
        return false;
    }
    bool is_read = true;
    for (std::size_t i = 0; i < value->json().as_array().size(); ++i) {
        constexpr Range statuses{0, 255, Problem::retry_policy};
        const Input element(*value, i, value->json().as_array()[i]);
        std::int64_t code = 0;
        is_read = read_integer(element, statuses, code, faults) && is_read;
        out.push_back(code);
    }
    std::sort(out.begin(), out.end());
    out.erase(std::unique(out.begin(), out.end()), out.end());
    return is_read;
}

bool read_delays(const Input& object, RetryPolicy& out, Faults& faults) {
    const auto value = object.member("delays");
    if (!value) {
        return out.strategy != RetryStrategy::custom ||
               faults.add(object, Problem::retry_policy,
                          "the strategy `custom` needs a list of `delays`");
    }
    if (!object.member("strategy")) {
        out.strategy = RetryStrategy::custom;
    }
    if (out.strategy != RetryStrategy::custom) {
        return faults.add(*value, Problem::retry_policy,
                          "`delays` belongs to the strategy `custom`");
    }
    if (!check_list(*value, faults)) {
        return false;
    }
    if (value->json().as_array().empty()) {
        return faults.add(*value, Problem::retry_policy, "`delays` is empty");
    }
    bool is_read = true;
    for (std::size_t i = 0; i < value->json().as_array().size(); ++i) {
        const Input element(*value, i, value->json().as_array()[i]);
        Duration delay;
        is_read = read_duration(element, delay, faults) && is_read;
        out.delays_ms.push_back(delay.ms());
    }
    return is_read;
}

bool read_delay_bounds(const Input& object, RetryPolicy& out, Faults& faults) {
    const auto delay = object.member("delay");
    const auto max_delay = object.member("max_delay");
    Duration length;
    if (delay) {
        if (!read_duration(*delay, length, faults)) {
            return false;
        }
        out.delay_ms = length.ms();
        out.max_delay_ms = std::max(out.max_delay_ms, out.delay_ms);
    }
    if (max_delay) {
        if (!read_duration(*max_delay, length, faults)) {
            return false;
        }
        out.max_delay_ms = length.ms();
        if (delay && out.delay_ms > out.max_delay_ms) {
            return faults.add(*delay, Problem::retry_policy,
                              "`delay` is longer than `max_delay`");
        }
        out.delay_ms = std::min(out.delay_ms, out.max_delay_ms);
    }
    return true;
}

bool read_multiplier(const Input& object, RetryPolicy& out, Faults& faults) {
    constexpr std::int64_t one = 1000;
    constexpr std::int64_t multiplier_max = 1000 * one;
    const auto value = object.member("multiplier");
    if (!value) {
        return true;
    }
    const auto number =
        is_number(value->json()) ? thousandths(value->json()) : std::nullopt;
    if (!number || *number < one || *number > multiplier_max) {
        return faults.add(*value, Problem::retry_policy,
                          "`multiplier` is a number from 1 to 1000 with at most three decimals");
    }
    out.multiplier_thousandths = *number;
    return true;
}

bool read_strategy(const Input& object, RetryPolicy& out, Faults& faults) {
    const auto value = object.member("strategy");
    if (!value) {
        return true;
    }
    std::size_t strategy = 0;
    if (!read_choice(*value, strategy_names, strategy, faults)) {
        return false;
    }
    out.strategy = static_cast<RetryStrategy>(strategy);
    return true;
}

void append_multiplier(std::string& out, std::int64_t thousandths) {
    append_integer(out, thousandths / 1000);
    std::string rest = std::to_string(1000 + thousandths % 1000).substr(1);
    rest.erase(rest.find_last_not_of('0') + 1);
    out += rest.empty() ? "" : "." + rest;
}

}  // namespace

bool may_depend(const NodeDef& node) {
    switch (node.kind) {
        case NodeKind::run:
        case NodeKind::test: return !node.run.is_shell && !node.run.argv.empty();
        case NodeKind::scan:
        case NodeKind::task:
        case NodeKind::http:
        case NodeKind::notify: return true;
        case NodeKind::noop:
        case NodeKind::wait:
        case NodeKind::approve:
        case NodeKind::group:
        case NodeKind::condition:
        case NodeKind::checkpoint:
        case NodeKind::job: return false;
    }
    ATTACCA_CHECK(false);
}

bool read_retry(const Input& object, RetryPolicy& out, Faults& faults) {
    constexpr Range attempts{1, 100, Problem::retry_policy};
    out = RetryPolicy{};
    out.is_given = true;
    std::int64_t max_attempts = out.max_attempts;
    const bool has_keys = check_keys(object, {keys}, faults);
    const auto count = object.member("max_attempts");
    const auto jitter = object.member("jitter");
    // Which delays there may be depends on the strategy.
    const bool is_read =
        all_read({has_keys, read_strategy(object, out, faults),
                  !count || read_integer(*count, attempts, max_attempts, faults),
                  !jitter || read_bool(*jitter, out.jitter, faults),
                  read_delay_bounds(object, out, faults), read_multiplier(object, out, faults)}) &&
        read_delays(object, out, faults);
    out.max_attempts = static_cast<std::uint32_t>(max_attempts);
    return all_read({is_read, read_exit_codes(object, "exit_codes", out.exit_codes, faults),
                     read_exit_codes(object, "never_exit_codes", out.never_exit_codes, faults)});
}

void append_retry(std::string& out, const RetryPolicy& policy) {
    ObjectWriter writer(out);
    writer.duration_ms("delay", policy.delay_ms);
    if (!policy.delays_ms.empty()) {
        append_array(writer.key("delays"), policy.delays_ms, [&](std::int64_t ms) {
            append_json_string(out, format_duration(milliseconds(ms)));
        });
    }
    if (!policy.exit_codes.empty()) {
        append_integers(writer.key("exit_codes"), policy.exit_codes);
    }
    writer.key("jitter") += policy.jitter ? "true" : "false";
    writer.integer("max_attempts", policy.max_attempts);
    writer.duration_ms("max_delay", policy.max_delay_ms);
    append_multiplier(writer.key("multiplier"), policy.multiplier_thousandths);
    if (!policy.never_exit_codes.empty()) {
        append_integers(writer.key("never_exit_codes"), policy.never_exit_codes);
    }
    writer.text("strategy", strategy_names[static_cast<std::size_t>(policy.strategy)]);
    writer.close();
}

}  // namespace attacca::core
