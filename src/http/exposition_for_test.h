// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdlib>
#include <map>
#include <regex>
#include <set>
#include <sstream>
#include <string>

// The rules of Prometheus' text format 0.0.4, as a check: a family has its HELP and TYPE once, in
// front of all its samples; a sample is a name, labels and a number, and no series stands twice;
// the buckets of a histogram grow up to +Inf, which equals its count.

namespace attacca::http {

class Exposition {
  public:
    // The first fault, or nothing.
    std::string read(const std::string& text) {
        if (text.empty() || text.back() != '\n') {
            return "the last line has no end";
        }
        std::istringstream lines(text);
        std::string line;
        while (fault_.empty() && std::getline(lines, line)) {
            line.starts_with("# ") ? head(line) : sample(line);
        }
        end_family();
        return fault_;
    }

  private:
    void head(const std::string& line) {
        static const std::regex form(R"(# (HELP|TYPE) ([a-zA-Z_:][a-zA-Z0-9_:]*) (.+))");
        std::smatch match;
        if (!std::regex_match(line, match, form)) {
            fail(line, "is no HELP and no TYPE");
            return;
        }
        if (match[2] != family_) {
            end_family();
            family_ = match[2];
            type_.clear();
            if (!families_.insert(family_).second) {
                fail(line, "begins a family a second time");
            }
        }
        if (match[1] == "TYPE") {
            if (!type_.empty()) {
                fail(line, "stands twice");
            }
            type_ = match[3];
            const std::set<std::string> types = {"counter", "gauge", "histogram"};
            if (!types.contains(type_)) {
                fail(line, "has another type");
            }
        }
    }

    void sample(const std::string& line) {
        static const std::regex form(
            R"re(([a-zA-Z_:][a-zA-Z0-9_:]*))re"
            R"re((?:\{((?:[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\\n]|\\["\\n])*",?)*)\})?)re"
            R"re( (-?[0-9.]+(?:e[-+]?[0-9]+)?|NaN|[-+]Inf))re");
        std::smatch match;
        if (!std::regex_match(line, match, form)) {
            fail(line, "is no sample");
            return;
        }
        const std::string name = match[1];
        const bool is_histogram = type_ == "histogram";
        const std::string rest =
            name.starts_with(family_) ? name.substr(family_.size()) : "another family's";
        if (type_.empty() || (is_histogram ? rest != "_bucket" && rest != "_sum" &&
                                                 rest != "_count"
                                           : !rest.empty())) {
            fail(line, "does not belong to the family " + family_);
        }
        if (!series_.insert(name + "{" + match[2].str() + "}").second) {
            fail(line, "stands twice");
        }
        if (is_histogram) {
            part_of_histogram(rest, match[2], std::strtod(match[3].str().c_str(), nullptr));
        }
    }

    struct Histogram {
        double bucket = 0;
        double infinite = -1;
        double count = -1;
        bool has_sum = false;
    };

    void part_of_histogram(const std::string& part, const std::string& labels, double value) {
        static const std::regex bound(R"re(,?le="([^"]*)")re");
        std::smatch match;
        const bool has_bound = std::regex_search(labels, match, bound);
        Histogram& own = histograms_[std::regex_replace(labels, bound, "")];
        if (part == "_sum") {
            own.has_sum = true;
        } else if (part == "_count") {
            own.count = value;
        } else if (!has_bound || value < own.bucket) {
            fail(labels, "is a bucket without a bound, or below the one before");
        } else {
            own.bucket = value;
            own.infinite = match[1] == "+Inf" ? value : -1;
        }
    }

    void end_family() {
        for (const auto& [labels, histogram] : histograms_) {
            if (!histogram.has_sum || histogram.infinite < 0 ||
                histogram.infinite != histogram.count) {
                fail(family_ + "{" + labels + "}", "has no sum, or another count than +Inf");
            }
        }
        histograms_.clear();
    }

    void fail(const std::string& where, const std::string& what) {
        if (fault_.empty()) {
            fault_ = where + " " + what;
        }
    }

    std::string fault_;
    std::string family_;
    std::string type_;
    std::set<std::string> families_;
    std::set<std::string> series_;
    std::map<std::string, Histogram> histograms_;
};

[[nodiscard]] inline std::string fault_in_exposition(const std::string& text) {
    return Exposition().read(text);
}

}  // namespace attacca::http
