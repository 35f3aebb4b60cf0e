// SPDX-License-Identifier: Apache-2.0
#include "core/apply.h"
#include "core/registry.h"

// The part of the registry that keeps what was erased, and what was not.

namespace attacca::core {
namespace {

Error erasure_misfit(const Record& record, std::string_view why) {
    return fail(Problem::corrupt, record.entity.text() + ": " + std::string(why));
}

}  // namespace

Result<SealKey> Bodies::seal_key(const JobId& job) {
    return fail(Problem::erased, "the key of job " + job.text() + " is not there");
}

const Erasure* Registry::erasure(const JobId& job) const {
    const auto it = erasures_.find(erasure_entity(job));
    return it == erasures_.end() ? nullptr : &it->second;
}

Result<void> Registry::fold(const Record& record, const Erased& erased, Bodies&) {
    if (record.entity.name != erasure_entity(erased.job)) {
        return erasure_misfit(record, "this record is about another job");
    }
    Erasure& erasure = erasures_[record.entity.name];
    if (erasure.erased_at) {
        return erasure_misfit(record, "the job was erased before");
    }
    erasure.erased_at = record.at;
    erasure.by = erased.by;
    erasure.reason = erased.reason;
    return {};
}

Result<void> Registry::fold(const Record& record, const EraseRefused& refused, Bodies&) {
    if (record.entity.name != erasure_entity(refused.job)) {
        return erasure_misfit(record, "this record is about another job");
    }
    Erasure& erasure = erasures_[record.entity.name];
    if (erasure.erased_at) {
        return erasure_misfit(record, "the job was erased before");
    }
    ++erasure.refused;
    return {};
}

}  // namespace attacca::core
