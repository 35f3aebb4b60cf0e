// SPDX-License-Identifier: Apache-2.0
#include "adapters/sqlite/batch_codec.h"

#include "fuzz.h"
#include "ports/store_batch.h"

// The bytes of a batch row, as written and as damaged.

namespace attacca::sqlite {
namespace {

// Damage may claim any size; the limit of the product lets pass what no test should allocate.
constexpr std::uint64_t claimed_bytes_max = std::uint64_t{1} << 20U;

void check_bytes(std::string_view input) {
    Packer packer;
    Unpacker unpacker;
    std::string packed(packer.pack(input));
    const auto unpacked = unpacker.unpack(packed, input.size());
    ATTACCA_CHECK(unpacked.has_value() && *unpacked == input);
    ATTACCA_CHECK(!unpacker.unpack(packed, input.size() + 1));
    ATTACCA_CHECK(!unpacker.unpack(std::string_view(packed).substr(0, packed.size() - 1),
                                   input.size()));

    fuzz::Draw draw(input);
    packed[draw.u64() % packed.size()] = static_cast<char>(draw.byte());
    const auto damaged = unpacker.unpack(packed, input.size());
    ATTACCA_CHECK(!damaged || damaged->size() == input.size());
    const std::uint64_t claimed = draw.u64() % claimed_bytes_max;
    const auto raw = unpacker.unpack(input, claimed);
    ATTACCA_CHECK(!raw || raw->size() == claimed);
}

void check_index(std::string_view input) {
    fuzz::Draw draw(input);
    const std::uint64_t first = draw.u64() >> draw.below(64);
    const auto count = static_cast<std::uint32_t>(draw.byte());
    const auto read = unpack_previous(input, first, count);
    ATTACCA_CHECK(!read || read->size() == count);

    std::vector<std::uint64_t> previous;
    for (std::uint64_t gseq = first; !draw.is_empty() && previous.size() < 64; ++gseq) {
        const std::uint64_t distance = draw.coin() ? draw.u64() : draw.below(256);
        previous.push_back(distance == 0 || distance > gseq ? ports::no_gseq : gseq - distance);
    }
    std::string packed;
    pack_previous(previous, first, packed);
    const auto again =
        unpack_previous(packed, first, static_cast<std::uint32_t>(previous.size()));
    ATTACCA_CHECK(again.has_value() && *again == previous);
}

}  // namespace
}  // namespace attacca::sqlite

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view input = attacca::fuzz::text_of(data, size);
    attacca::sqlite::check_bytes(input);
    attacca::sqlite::check_index(input);
    return 0;
}
