// SPDX-License-Identifier: Apache-2.0
#include "core/bundle/bundle_failures.h"

namespace attacca::core {

void BundleFailures::add(Fault fault, std::optional<std::uint64_t> gseq, std::string detail) {
    if (gseq && !told_.insert({fault, *gseq}).second) {
        return;
    }
    verdict_ = worse_of(verdict_, verdict_of(fault, is_strict_));
    if (failures_.size() == kept_max) {
        ++omitted_;
        return;
    }
    failures_.push_back({fault, gseq, std::move(detail)});
}

void BundleFailures::add_last(Fault fault, std::string detail) {
    last_.push_back({fault, std::nullopt, std::move(detail)});
}

void BundleFailures::flush() {
    for (Failure& failure : std::exchange(last_, {})) {
        add(failure.fault, failure.gseq, std::move(failure.detail));
    }
}

bool BundleFailures::add_trust(NoteTrust trust,
                               std::string_view what,
                               std::string_view origin,
                               std::optional<std::uint64_t> gseq) {
    const std::string name(what);
    switch (trust) {
        case NoteTrust::good: return true;
        case NoteTrust::other_origin:
            add(Fault::origin, gseq,
                name + " is of " + quoted(origin) + ", a ledger that the policy does not know");
            return false;
        case NoteTrust::unsigned_by_key:
            add(Fault::untrusted, gseq, "no key of the policy signed " + name);
            return false;
        case NoteTrust::bad:
            add(Fault::sig, gseq, "the signature of " + name + " is not that of its key");
            return false;
        case NoteTrust::outside_window:
            add(Fault::key_window, gseq,
                "the key that signed " + name + " was not trusted with this size");
            return false;
    }
    return false;
}

}  // namespace attacca::core
