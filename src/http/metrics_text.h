// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>

#include "base/json.h"
#include "engine/histogram.h"

// Pieces of Prometheus' text format 0.0.4. Private to metrics*.cc.

namespace attacca::http {

inline void append_head(std::string& out, std::string_view name, std::string_view type,
                        std::string_view help) {
    out += "# HELP ";
    out += name;
    out += ' ';
    out += help;
    out += "\n# TYPE ";
    out += name;
    out += ' ';
    out += type;
    out += '\n';
}

// Microseconds as seconds, exactly.
inline void append_metric_seconds(std::string& out, std::int64_t us) {
    append_integer(out, us / 1000000);
    std::string fraction = std::to_string(1000000 + us % 1000000).substr(1);
    fraction.erase(fraction.find_last_not_of('0') + 1);
    if (!fraction.empty()) {
        out += '.';
        out += fraction;
    }
}

// The samples of one histogram; its head is there already.
template <std::size_t N>
void append_histogram(std::string& out,
                      std::string_view name,
                      const std::string& labels,
                      const std::array<std::int64_t, N>& bounds_us,
                      const engine::Histogram<N>& histogram) {
    const std::string before_bound = labels.empty() ? "" : labels + ",";
    const std::string all = labels.empty() ? "" : "{" + labels + "}";
    std::uint64_t cumulative = 0;
    for (std::size_t i = 0; i < N; ++i) {
        cumulative += histogram.buckets[i];
        out += std::string(name) + "_bucket{" + before_bound + "le=\"";
        append_metric_seconds(out, bounds_us[i]);
        out += "\"} " + std::to_string(cumulative) + "\n";
    }
    out += std::string(name) + "_bucket{" + before_bound + "le=\"+Inf\"} " +
           std::to_string(histogram.count) + "\n";
    out += std::string(name) + "_sum" + all + " ";
    append_metric_seconds(out, histogram.sum_us);
    out += "\n" + std::string(name) + "_count" + all + " " +
           std::to_string(histogram.count) + "\n";
}

struct MetricValue {
    std::string_view name;
    std::string_view type;
    std::string_view help;
    std::uint64_t value;
};

inline void append_values(std::string& out, std::initializer_list<MetricValue> values) {
    for (const MetricValue& value : values) {
        append_head(out, value.name, value.type, value.help);
        out += value.name;
        out += ' ';
        out += std::to_string(value.value);
        out += '\n';
    }
}

}  // namespace attacca::http
