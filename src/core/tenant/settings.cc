// SPDX-License-Identifier: Apache-2.0
#include "core/tenant/settings.h"

#include <algorithm>
#include <array>
#include <limits>

#include "base/bytes.h"
#include "core/graph/input.h"

namespace attacca::core {
namespace {

constexpr std::array<std::string_view, 6> setting_keys = {
    "weight", "max_concurrency", "max_queued", "rate_limit", "start_rate", "quota"};
constexpr std::array<std::string_view, 3> rate_keys = {"count", "per", "burst"};
constexpr std::array<std::string_view, 2> quota_keys = {"jobs_per_day", "slot_seconds_per_day"};

// The member, unless it is absent or null.
std::optional<Input> given(const Input& object, std::string_view key) {
    std::optional<Input> member = object.member(key);
    return member && member->json().is_null() ? std::nullopt : member;
}

template <typename Number>
bool read_count(const Input& object, std::string_view key, std::uint64_t max,
                std::optional<Number>& out, Faults& faults) {
    const std::optional<Input> member = given(object, key);
    std::int64_t value = 0;
    if (!member) {
        return true;
    }
    if (!read_integer(*member, {1, static_cast<std::int64_t>(max)}, value, faults)) {
        return false;
    }
    out = static_cast<Number>(value);
    return true;
}

// `100/1m`: so many in so long.
bool read_rate_text(const Input& value, RateLimit& out, Faults& faults) {
    const std::string& text = value.json().as_string();
    const std::size_t slash = std::min(text.find('/'), text.size());
    const std::optional<std::uint64_t> count = parse_u64(std::string_view(text).substr(0, slash));
    std::string per = slash < text.size() ? text.substr(slash + 1) : "";
    if (!per.empty() && per.front() >= 'a' && per.front() <= 'z') {
        per.insert(per.begin(), '1');  // `10/s`
    }
    const Result<Duration> length = parse_duration(per);
    if (!count || !length) {
        return faults.add(value, Problem::invalid_value,
                          "a rate is a text such as 10/s or 100/1m, or an object of count, per "
                          "and burst");
    }
    if (*count < 1 || *count > rate_count_max || length->ms() > rate_per_ms_max) {
        return faults.add(value, Problem::out_of_range,
                          "a rate is 1 to 1000000 in at most 24h");
    }
    out.count = static_cast<std::uint32_t>(*count);
    out.per_ms = static_cast<std::uint32_t>(length->ms());
    out.burst = out.count;
    return true;
}

bool read_rate_object(const Input& value, RateLimit& out, Faults& faults) {
    std::optional<std::uint32_t> count;
    std::optional<std::uint32_t> burst;
    if (!check_keys(value, {rate_keys}, faults) ||
        !read_count(value, "count", rate_count_max, count, faults)) {
        return false;
    }
    if (!count) {
        return faults.add(value, Problem::missing_field, "`count` is required");
    }
    out.count = *count;
    out.per_ms = 1000;
    if (const std::optional<Input> per = given(value, "per")) {
        Duration length;
        if (!read_duration(*per, length, faults)) {
            return false;
        }
        if (length.ms() > rate_per_ms_max) {
            return faults.add(*per, Problem::out_of_range, "a rate counts in at most 24h");
        }
        out.per_ms = static_cast<std::uint32_t>(length.ms());
    }
    if (!read_count(value, "burst", out.count, burst, faults)) {
        return false;
    }
    out.burst = burst.value_or(out.count);
    return true;
}

bool read_rate(const Input& object, std::string_view key, std::optional<RateLimit>& out,
               Faults& faults) {
    const std::optional<Input> member = given(object, key);
    if (!member) {
        return true;
    }
    RateLimit rate;
    if (member->json().is_integer()) {
        std::int64_t count = 0;
        if (!read_integer(*member, {1, rate_count_max}, count, faults)) {
            return false;
        }
        rate.count = static_cast<std::uint32_t>(count);
        rate.burst = rate.count;
    } else if (member->json().is_string()) {
        if (!read_rate_text(*member, rate, faults)) {
            return false;
        }
    } else if (!read_rate_object(*member, rate, faults)) {
        return false;
    }
    out = rate;
    return true;
}

bool read_quota(const Input& object, TenantSettings& out, Faults& faults) {
    const std::optional<Input> quota = given(object, "quota");
    return !quota ||
           (check_keys(*quota, {quota_keys}, faults) &&
            read_count(*quota, "jobs_per_day", quota_max, out.jobs_per_day, faults) &&
            read_count(*quota, "slot_seconds_per_day", quota_max, out.slot_seconds_per_day,
                       faults));
}

Json json_of_rate(const RateLimit& rate) {
    Json out = Json::object();
    out.set("count", std::int64_t{rate.count});
    out.set("per", format_duration(milliseconds(rate.per_ms)));
    out.set("burst", std::int64_t{rate.burst});
    return out;
}

}  // namespace

bool is_tenant_name(std::string_view text) {
    constexpr std::size_t bytes_max = 63;
    const auto is_plain = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    };
    return !text.empty() && text.size() <= bytes_max && is_plain(text.front()) &&
           text != system_tenant && std::all_of(text.begin(), text.end(), [&](char c) {
               return is_plain(c) || c == '.' || c == '_' || c == '-';
           });
}

Result<TenantSettings> parse_tenant_settings(const Json& json) {
    constexpr std::uint64_t u32_max = std::numeric_limits<std::uint32_t>::max();
    Faults faults;
    const Input body(json, "");
    TenantSettings out;
    std::optional<std::uint32_t> weight;
    const bool is_read =
        check_keys(body, {setting_keys}, faults) &&
        read_count(body, "weight", weight_max, weight, faults) &&
        read_count(body, "max_concurrency", u32_max, out.max_concurrency, faults) &&
        read_count(body, "max_queued", u32_max, out.max_queued, faults) &&
        read_rate(body, "rate_limit", out.rate_limit, faults) &&
        read_rate(body, "start_rate", out.start_rate, faults) && read_quota(body, out, faults);
    if (!is_read) {
        return faults.take();
    }
    out.weight = weight.value_or(weight_default);
    return out;
}

Json json_of(const TenantSettings& settings) {
    Json out = Json::object();
    out.set("weight", std::int64_t{settings.weight});
    if (settings.max_concurrency) {
        out.set("max_concurrency", std::int64_t{*settings.max_concurrency});
    }
    if (settings.max_queued) {
        out.set("max_queued", std::int64_t{*settings.max_queued});
    }
    if (settings.rate_limit) {
        out.set("rate_limit", json_of_rate(*settings.rate_limit));
    }
    if (settings.start_rate) {
        out.set("start_rate", json_of_rate(*settings.start_rate));
    }
    Json quota = Json::object();
    if (settings.jobs_per_day) {
        quota.set("jobs_per_day", static_cast<std::int64_t>(*settings.jobs_per_day));
    }
    if (settings.slot_seconds_per_day) {
        quota.set("slot_seconds_per_day",
                  static_cast<std::int64_t>(*settings.slot_seconds_per_day));
    }
    if (!quota.as_object().empty()) {
        out.set("quota", std::move(quota));
    }
    return out;
}

}  // namespace attacca::core
