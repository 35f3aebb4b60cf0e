// SPDX-License-Identifier: Apache-2.0
#include "core/ledger/fault.h"

namespace attacca::core {

std::string_view code_of(Fault fault) {
    switch (fault) {
        case Fault::leaf:
            return "E_LEAF";
        case Fault::root:
            return "E_ROOT";
        case Fault::sig:
            return "E_SIG";
        case Fault::seq:
            return "E_SEQ";
        case Fault::dup:
            return "E_DUP";
        case Fault::chain:
            return "E_CHAIN";
        case Fault::tenant:
            return "E_TENANT";
        case Fault::origin:
            return "E_ORIGIN";
        case Fault::format:
            return "E_FORMAT";
        case Fault::final:
            return "E_FINAL";
        case Fault::gap:
            return "E_GAP";
        case Fault::missing:
            return "E_MISSING";
        case Fault::time:
            return "E_TIME";
        case Fault::rollback:
            return "E_ROLLBACK";
        case Fault::fork:
            return "E_FORK";
        case Fault::state:
            return "E_STATE";
        case Fault::artifact:
            return "E_ARTIFACT";
        case Fault::untrusted:
            return "E_UNTRUSTED";
        case Fault::proof:
            return "E_PROOF";
        case Fault::quorum:
            return "E_QUORUM";
        case Fault::tsa:
            return "E_TSA";
        case Fault::manifest:
            return "E_MANIFEST";
        case Fault::key_window:
            return "E_KEYWINDOW";
        case Fault::hold:
            return "E_HOLD";
    }
    return "E_INTERNAL";
}

Verdict verdict_of(Fault fault, bool is_strict) {
    switch (fault) {
        case Fault::leaf:
        case Fault::root:
        case Fault::sig:
        case Fault::seq:
        case Fault::dup:
        case Fault::chain:
        case Fault::tenant:
        case Fault::format:
        case Fault::final:
        case Fault::state:
        case Fault::artifact:
        case Fault::proof:
        case Fault::manifest:
        case Fault::hold:
            return Verdict::tampered;
        case Fault::time:
            // A clock that was set back explains it, unless the reader wants none of that.
            return is_strict ? Verdict::tampered : Verdict::incomplete;
        case Fault::gap:
        case Fault::missing:
            return Verdict::incomplete;
        case Fault::origin:
        case Fault::untrusted:
        case Fault::quorum:
        case Fault::tsa:
        case Fault::key_window:
            return Verdict::untrusted;
        case Fault::rollback:
        case Fault::fork:
            return Verdict::rolled_back;
    }
    return Verdict::tampered;
}

Verdict worse_of(Verdict a, Verdict b) {
    for (const Verdict verdict : {Verdict::tampered, Verdict::rolled_back, Verdict::untrusted}) {
        if (a == verdict || b == verdict) {
            return verdict;
        }
    }
    return a == Verdict::good ? b : a;
}

std::string_view name_of(Verdict verdict) {
    switch (verdict) {
        case Verdict::good:
            return "ok";
        case Verdict::tampered:
            return "tampered";
        case Verdict::incomplete:
            return "incomplete";
        case Verdict::untrusted:
            return "untrusted";
        case Verdict::rolled_back:
            return "rollback";
    }
    return "error";
}

int exit_status_of(Verdict verdict) {
    return static_cast<int>(verdict);
}

}  // namespace attacca::core
