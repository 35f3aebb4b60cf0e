// SPDX-License-Identifier: Apache-2.0
#include "app/verify/findings.h"

#include <algorithm>
#include <array>

namespace attacca::verify {
namespace {

constexpr std::array<std::string_view, 3> incomplete{"E_GAP", "E_MISSING", "E_TIME"};
constexpr std::array<std::string_view, 5> untrusted{"E_ORIGIN", "E_UNTRUSTED", "E_KEYWINDOW",
                                                    "E_QUORUM", "E_TSA"};
constexpr std::array<std::string_view, 2> forked{"E_ROLLBACK", "E_FORK"};

template <std::size_t count>
bool is_in(const std::array<std::string_view, count>& codes, std::string_view code) {
    return std::find(codes.begin(), codes.end(), code) != codes.end();
}

}  // namespace

int exit_status_of_code(std::string_view code) {
    if (is_in(incomplete, code)) {
        return 2;
    }
    if (is_in(untrusted, code)) {
        return 3;
    }
    return is_in(forked, code) ? 4 : 1;
}

void Findings::add(std::string_view code, std::optional<std::uint64_t> gseq, std::string detail) {
    ++count_;
    codes_.emplace(code);
    if (failures_.size() < kept_max) {
        failures_.push_back({std::string(code), gseq, std::move(detail)});
    }
}

void Findings::note(std::string text) {
    if (std::find(notes_.begin(), notes_.end(), text) == notes_.end()) {
        notes_.push_back(std::move(text));
    }
}

int Findings::exit_status() const {
    for (const int status : {1, 4, 3, 2}) {
        const auto has_it = [status](const std::string& code) {
            return exit_status_of_code(code) == status;
        };
        if (std::any_of(codes_.begin(), codes_.end(), has_it)) {
            return status;
        }
    }
    return 0;
}

void Findings::give_to(cli::VerifyReport& report) {
    report.exit_status = exit_status();
    if (count_ > failures_.size()) {
        notes_.push_back(std::to_string(count_ - failures_.size()) +
                         " further failures are not listed");
    }
    report.notes = std::move(notes_);
    report.failures = std::move(failures_);
}

}  // namespace attacca::verify
