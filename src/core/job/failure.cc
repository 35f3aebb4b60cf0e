// SPDX-License-Identifier: Apache-2.0
#include "core/job/failure.h"

#include "base/check.h"
#include "core/job/attempt_spec.h"

namespace attacca::core {

std::string_view name_of(FailureClass failure) {
    switch (failure) {
        case FailureClass::none: return "none";
        case FailureClass::timeout: return "timeout";
        case FailureClass::lost: return "lost";
        case FailureClass::unavailable: return "unavailable";
        case FailureClass::temporary: return "temporary";
        case FailureClass::failed: return "failed";
        case FailureClass::permanent: return "permanent";
    }
    ATTACCA_CHECK(false);
}

std::optional<FailureClass> failure_class_of(std::string_view name) {
    for (int i = 0; i < failure_class_count; ++i) {
        const auto failure = static_cast<FailureClass>(i);
        if (name == name_of(failure)) {
            return failure;
        }
    }
    return std::nullopt;
}

FailureClass class_of(const AttemptReport& report) {
    switch (report.outcome) {
        case Outcome::succeeded:
        case Outcome::stopped:
        case Outcome::cancelled: return FailureClass::none;
        case Outcome::timeout: return FailureClass::timeout;
        case Outcome::lost: return FailureClass::lost;
        case Outcome::error:
            return report.is_transient ? FailureClass::unavailable : FailureClass::permanent;
        case Outcome::failed:
            if (report.is_permanent) {
                return FailureClass::permanent;
            }
            return report.is_transient ? FailureClass::temporary : FailureClass::failed;
    }
    ATTACCA_CHECK(false);
}

}  // namespace attacca::core
