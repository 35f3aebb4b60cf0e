// SPDX-License-Identifier: Apache-2.0
#include "base/json.h"
#include "core/ledger/codec.h"
#include "core/ledger/profile.h"
#include "core/ledger/random_record_for_test.h"
#include "fuzz.h"

// AER/1 records. What decode accepts, encode writes with the same bytes; what is of the profile is
// canonical JSON to the general reader too; a record made at random comes back whole.

namespace attacca::core {
namespace {

void check_header(std::string_view input, const StoredRecord& stored) {
    const auto header = read_header(input);
    ATTACCA_CHECK(header.has_value());
    ATTACCA_CHECK(header->gseq == stored.place.gseq && header->eseq == stored.place.eseq);
    ATTACCA_CHECK(header->prev == stored.place.prev);
    ATTACCA_CHECK(header->entity == stored.record.entity.text());
    ATTACCA_CHECK(header->tenant == stored.record.tenant);
    ATTACCA_CHECK(header->origin == stored.origin);
    ATTACCA_CHECK(header->at == stored.record.at);
    ATTACCA_CHECK(header->type == type_name_of(stored.record.payload));
}

void check_read(std::string_view input) {
    const bool is_profile = check_profile(input).has_value();
    if (is_profile) {
        const auto json = parse_json(input);
        ATTACCA_CHECK(json.has_value());
        ATTACCA_CHECK(json->is_object());
        ATTACCA_CHECK(json->canonical_text() == input);
    }
    const auto raw = read_raw_record(input);
    ATTACCA_CHECK(raw.has_value() == is_profile);
    const auto stored = decode_record(input);
    if (stored) {
        ATTACCA_CHECK(is_profile);
        std::string again;
        encode_record(again, stored->record, stored->place, {stored->origin, stored->source});
        ATTACCA_CHECK(again == input);
        check_header(input, *stored);
    } else {
        ATTACCA_CHECK(stored.error().problem == Problem::corrupt);
    }
}

void check_written(std::string_view input) {
    fuzz::Draw draw(input);
    RandomRecords random(draw.u64());
    const StoredRecord stored{random.record(), random.place(), "origin", random.text()};
    std::string bytes;
    encode_record(bytes, stored.record, stored.place, {stored.origin, stored.source});
    const auto read = decode_record(bytes);
    ATTACCA_CHECK(read.has_value());
    ATTACCA_CHECK(*read == stored);

    // One byte changed: refused, or another record with exactly these bytes.
    bytes[(draw.below(256) * 256 + draw.below(256)) % bytes.size()] =
        static_cast<char>(draw.byte());
    check_read(bytes);
}

}  // namespace
}  // namespace attacca::core

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view input = attacca::fuzz::text_of(data, size);
    attacca::core::check_read(input);
    attacca::core::check_written(input);
    return 0;
}
