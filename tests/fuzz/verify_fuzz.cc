// SPDX-License-Identifier: Apache-2.0
#include <string>
#include <vector>

#include "core/ledger/ledger_for_test.h"
#include "fuzz.h"

// A small ledger, changed as the input says, by an attacker who also mends tiles and roots, or who
// holds the key. Whoever knows its head finds each change; without a change nothing is found.

namespace attacca::core {
namespace {

const StoredLedger& original() {
    static const StoredLedger ledger = small_ledger();
    return ledger;
}

std::vector<std::string> records_of(const StoredLedger& ledger) {
    std::vector<std::string> records;
    for (const StoredLedger::Batch& batch : ledger.batches) {
        records.insert(records.end(), batch.records.begin(), batch.records.end());
    }
    return records;
}

void change_once(StoredLedger& ledger, fuzz::Draw& draw) {
    const std::vector<std::string> others = records_of(ledger);
    StoredLedger::Batch& batch = ledger.batches[draw.below(ledger.batches.size())];
    if (batch.records.empty() || others.empty()) {
        batch.records.emplace_back(draw.take(draw.below(64)));
        return;
    }
    const std::size_t at = draw.below(batch.records.size());
    std::string& record = batch.records[at];
    switch (draw.below(6)) {
        case 0:
            if (!record.empty()) {
                record[(draw.byte() * 256U + draw.byte()) % record.size()] =
                    static_cast<char>(draw.byte());
            }
            break;
        case 1:
            batch.records.erase(batch.records.begin() + static_cast<std::ptrdiff_t>(at));
            break;
        case 2:
            batch.records.insert(batch.records.begin() + static_cast<std::ptrdiff_t>(at),
                                 others[draw.below(others.size())]);
            break;
        case 3:
            record = others[draw.below(others.size())];
            break;
        case 4:
            record = std::string(draw.take(draw.below(256)));
            break;
        default:
            ledger.batches.pop_back();
            if (ledger.batches.empty()) {
                ledger = original();
            }
            break;
    }
}

void check_report(const VerifyReport& report) {
    ATTACCA_CHECK((report.exit_status == 0) == (report.verdict == Verdict::good));
    ATTACCA_CHECK(report.verdict == Verdict::good || !report.failures.empty());
    ATTACCA_CHECK(report.exit_status == exit_status_of(report.verdict));
    ATTACCA_CHECK(report.signed_size <= report.size && report.anchored_size <= report.size);
}

void test(std::string_view input) {
    fuzz::Draw draw(input);
    StoredLedger ledger = original();
    const std::size_t power = draw.below(3);  // records only; tiles and roots too; the key
    const std::size_t changes = draw.below(4);
    for (std::size_t i = 0; i < changes; ++i) {
        change_once(ledger, draw);
    }
    if (power >= 1) {
        ledger.rebuild();
    }
    if (power == 2) {
        ledger.sign();
    }
    const Checkpoint head{ledger.key.name, original().size(), original().batches.back().root};
    const VerifyReport report = ledger.verify({head}, draw.coin());
    check_report(report);
    const bool is_changed = records_of(ledger) != records_of(original());
    ATTACCA_CHECK(is_changed == (report.verdict != Verdict::good));

    // Notes of any form, at any size, are no reason to stop.
    ledger.notes[draw.below(16)] = std::string(draw.take(256));
    check_report(ledger.verify());
}

}  // namespace
}  // namespace attacca::core

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    attacca::core::test(attacca::fuzz::text_of(data, size));
    return 0;
}
