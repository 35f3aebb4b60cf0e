// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/result.h"
#include "core/job/record.h"

// A record as bytes: AER/1, one line of restricted RFC 8785 JSON (profile.h), the bytes that are
// stored and hashed. docs/formats/ledger.md lists the members of every type.
//
// encode and decode are exact inverses: what decode accepts, encode writes with the same bytes.
// Changing what a type holds changes the format: old records must stay readable, so a new meaning
// gets a new member or a new type, and decode goes on reading the old one.
//
// Pure. Safe from any thread.

namespace attacca::core {

// Where a record stands. The scribe assigns it (engine/scribe.h).
struct Place {
    std::uint64_t gseq = 0;  // position in the ledger: the leaf index
    std::uint64_t eseq = 0;  // position among the records of its entity
    Sha256 prev;             // link hash of the entity's previous record, or its genesis hash
    std::array<std::uint8_t, 16> nonce{};  // random, so that a leaf hash tells nothing
    friend bool operator==(const Place&, const Place&) = default;
};

struct LedgerName {
    std::string origin;  // also the name of the signing key
    std::string source;  // which server wrote the record
    friend bool operator==(const LedgerName&, const LedgerName&) = default;
};

// Appends the record's bytes to `out`. Preconditions: gseq and eseq are at most 2^53 - 1; all texts
// are UTF-8; origin, tenant and entity hold no quote, backslash or control character and are not
// empty; the bytes come to at most record_bytes_max, which `fits_in_record` tells beforehand.
void encode_record(std::string& out,
                   const Record& record,
                   const Place& place,
                   const LedgerName& ledger);

// False when the texts of a payload are not UTF-8 or are too many bytes for one record. For texts
// that come from outside (a report's): the rules ask before the record exists, because encode
// stops the process. Costs as much as an encoding.
[[nodiscard]] bool fits_in_record(const Payload& payload);

// The part of every record that its type does not shape, for types that have no struct here.
// `payload` is the JSON text of `p`.
struct Envelope {
    std::string_view type;
    std::string_view entity;
    std::string_view tenant;
    std::string_view actor;
    WallTime at;
};
void append_envelope(std::string& out,
                     const Envelope& envelope,
                     std::string_view payload,
                     const Place& place,
                     const LedgerName& ledger);

struct StoredRecord {
    Record record;
    Place place;
    std::string origin;
    std::string source;
    friend bool operator==(const StoredRecord&, const StoredRecord&) = default;
};

// Errors: corrupt, when the bytes are not of the profile, of no type known here, or not exactly
// what encode_record would have written.
[[nodiscard]] Result<StoredRecord> decode_record(std::string_view bytes);

}  // namespace attacca::core
