// SPDX-License-Identifier: Apache-2.0
#include "core/exclusion/name.h"

#include <optional>
#include <utility>

#include "base/bytes.h"
#include "base/digest.h"
#include "core/job/names.h"

namespace attacca::core {
namespace {

// What the key of a job can see before there is the job.
class NewJobNames : public Names {
  public:
    explicit NewJobNames(const KeyedJob& job) : job_(job) {}

    [[nodiscard]] Result<Json> find(std::string_view root, std::string_view member) const override {
        if (root == "params") {
            return param(member);
        }
        if (root == "job") {
            return job_member(member);
        }
        return fail(Problem::expression_invalid, "`" + quoted(root) + "` is not known here");
    }
    [[nodiscard]] bool needs_succeeded() const override { return true; }
    [[nodiscard]] bool needs_failed() const override { return false; }

  private:
    [[nodiscard]] Result<Json> param(std::string_view member) const {
        if (!params_) {
            params_ = Json::object();
            if (!job_.details.empty()) {
                ATTACCA_TRY(const Json details, parse_json(job_.details));
                if (const Json* params = details.find("params")) {
                    params_ = *params;
                }
            }
        }
        return member_of(*params_, member);
    }
    [[nodiscard]] Json job_member(std::string_view member) const {
        if (member == "id") {  // the most wanted one
            return Json(job_.id.text());
        }
        return member_of(job_object(job_.id, job_.name, job_.tenant), member);
    }

    const KeyedJob& job_;
    mutable std::optional<Json> params_;  // read when first asked for
};

Result<std::string> named(Result<Json> value, std::string_view field) {
    Result<std::string> name =
        value ? exclusion_name(std::move(*value)) : Result<std::string>(value.error());
    if (!name) {
        return fail(name.error().problem,
                    "`" + std::string(field) + "`: " + name.error().detail);
    }
    return name;
}

}  // namespace

Result<std::string> exclusion_name(Json value) {
    std::string text =
        value.is_string() ? std::move(value.as_string()) : value.canonical_text();
    if (value.is_null() || text.empty()) {
        return fail(Problem::invalid_value, "its value is empty, so it names nothing");
    }
    if (!is_utf8(text)) {
        return fail(Problem::invalid_value, "its value is not UTF-8");
    }
    return text.size() <= exclusion_name_bytes_max ? std::move(text)
                                                    : "sha256:" + hex(sha256(text));
}

Result<std::string> concurrency_key_of(const KeyedJob& job) {
    const auto& key = job.definition.concurrency_key;
    if (!key) {
        return std::string();
    }
    return named(key->value(NewJobNames(job)), "limits.concurrency_key");
}

Result<std::string> render_lock(const Job& job, InstanceIndex instance) {
    const Instance& own = job.instances[instance];
    const NodeDef& node = job.node_of(own);
    if (!node.lock || job.is_map(own)) {
        return std::string();
    }
    return named(node.lock->value(JobNames(job, instance)), "lock");
}

}  // namespace attacca::core
