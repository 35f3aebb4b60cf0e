// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <utility>

#include "core/graph/expression.h"

// Names for tests: an object of roots, each an object of members.

namespace attacca::core {

class SampleNames : public Names {
  public:
    explicit SampleNames(Json roots) : roots_(std::move(roots)) {}
    explicit SampleNames(const char* text) : roots_(parse_json(text).value()) {}

    [[nodiscard]] Result<Json> find(std::string_view root,
                                    std::string_view member) const override {
        const Json* found = roots_.find(root);
        if (found == nullptr) {
            return fail(Problem::expression_invalid, "unknown root " + std::string(root));
        }
        if (member.empty()) {
            return *found;
        }
        found = found->find(member);
        if (found == nullptr) {
            return Json();
        }
        return *found;
    }
    [[nodiscard]] bool needs_succeeded() const override { return has_succeeded; }
    [[nodiscard]] bool needs_failed() const override { return !has_succeeded; }

    bool has_succeeded = true;

  private:
    Json roots_;
};

// The JSON text of what the expression yields, or "error: " and the detail.
[[nodiscard]] inline std::string yield_of(std::string_view text, const Names& names) {
    const auto expression = Expression::parse(text);
    if (!expression) {
        return "error: " + expression.error().detail;
    }
    const auto value = expression->evaluate(names);
    return value ? value->text() : "error: " + value.error().detail;
}

}  // namespace attacca::core
