// SPDX-License-Identifier: Apache-2.0
#include "core/bundle/check_content.h"

#include <set>

#include "base/json.h"
#include "core/bundle/layout.h"
#include "core/ledger/codec.h"
#include "core/ledger/named_content.h"

namespace attacca::core {
namespace {

void check_named(const NamedContent& named,
                 std::uint64_t gseq,
                 const BundleFiles& files,
                 BundleFailures& failures) {
    const std::string name = artifact_name(named.digest);
    const auto found = files.find(name);
    if (found == files.end()) {
        failures.add(Fault::missing, gseq,
                     name + " is missing: `" + quoted(named.name) + "` of this record");
    } else if (named.bytes && *named.bytes != found->second.size) {
        failures.add(Fault::artifact, gseq, name + " has another size than the record says");
    }
}

// Rows of records that are not here. The last records of a job can be left out with their proofs;
// the table still tells of them. False when there are none.
bool tell_missing_rows(std::string_view table, const RecordBytes& records,
                       BundleFailures& failures) {
    const Result<Json> json = parse_json(table);
    const Json* rows = json ? json->find("records") : nullptr;
    if (rows == nullptr || !rows->is_array()) {
        return false;
    }
    bool has_told = false;
    for (const Json& row : rows->as_array()) {
        const Json* gseq = row.find("gseq");
        if (gseq == nullptr || !gseq->is_integer()) {
            continue;
        }
        const auto position = static_cast<std::uint64_t>(gseq->as_integer());
        if (!records.contains(position)) {
            failures.add(Fault::gap, position, "the table of custody names it, and it is missing");
            has_told = true;
        }
    }
    return has_told;
}

}  // namespace

void check_content(const RecordBytes& records,
                   const BundleFiles& files,
                   BundleFailures& failures,
                   std::uint64_t& not_understood) {
    std::set<Sha256> wanted;
    for (const auto& [gseq, bytes] : records) {
        const Result<StoredRecord> stored = decode_record(bytes);
        if (!stored) {
            ++not_understood;
            continue;
        }
        for (const NamedContent& named : named_content(stored->record.payload)) {
            wanted.insert(named.digest);
            check_named(named, gseq, files, failures);
        }
    }
    for (const auto& [name, file] : files) {
        if (!name.starts_with(artifacts_folder)) {
            continue;
        }
        const auto digest = sha256_of_hex(std::string_view(name).substr(artifacts_folder.size()));
        if (digest && *digest != file.digest) {
            failures.add(Fault::artifact, std::nullopt, name + " was changed");
        } else if (digest && not_understood == 0 && !wanted.contains(*digest)) {
            failures.add(Fault::missing, std::nullopt,
                         "no record names " + name + ": the one that does is missing");
        }
    }
}

void check_custody(const RecordBytes& records, const BundleFiles& files, BundleFailures& failures) {
    const auto json = files.find(custody_json_name);
    const auto html = files.find(custody_html_name);
    const std::string form = "{\"custody\":" + std::to_string(custody_form) + ",";
    // A table of another form cannot be made again here.
    if (json == files.end() || html == files.end() || !json->second.bytes.starts_with(form)) {
        return;
    }
    if (json->second.bytes == custody_json(records) &&
        html->second.bytes == custody_html(records)) {
        return;
    }
    if (!tell_missing_rows(json->second.bytes, records, failures)) {
        failures.add(Fault::state, std::nullopt,
                     "the table of custody is not what the records tell");
    }
}

}  // namespace attacca::core
