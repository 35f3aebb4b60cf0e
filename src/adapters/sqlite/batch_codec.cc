// SPDX-License-Identifier: Apache-2.0
#include "adapters/sqlite/batch_codec.h"

#include <zstd.h>

#include "base/check.h"
#include "ports/store_batch.h"

namespace attacca::sqlite {

namespace {

constexpr int compression_level = 1;
// Of a few records the tables that their literals are coded with cost more than their text whenever
// they are read: without them such a batch is a fifth larger, and packed in half the time.
constexpr int small_compression_level = -1;
constexpr std::size_t small_bytes_max = 16U << 10U;
// Far above any batch; a larger size in a row is damage, and must not become an allocation.
constexpr std::uint64_t raw_bytes_max = std::uint64_t{1} << 30U;

void append_varint(std::string& out, std::uint64_t value) {
    while (value >= 0x80) {
        out += static_cast<char>(value | 0x80U);
        value >>= 7U;
    }
    out += static_cast<char>(value);
}

// False when no whole number of 64 bits stands at `at`, which moves behind it.
bool read_varint(std::string_view bytes, std::size_t& at, std::uint64_t& value) {
    value = 0;
    for (unsigned shift = 0; shift < 64 && at < bytes.size(); shift += 7) {
        const auto byte = static_cast<std::uint8_t>(bytes[at++]);
        value |= static_cast<std::uint64_t>(byte & 0x7FU) << shift;
        if ((byte & 0x80U) == 0) {
            return true;
        }
    }
    return false;
}

}  // namespace

void pack_previous(const std::vector<std::uint64_t>& previous,
                   std::uint64_t first_gseq,
                   std::string& out) {
    out.clear();
    std::uint64_t gseq = first_gseq;
    for (const std::uint64_t back : previous) {
        ATTACCA_CHECK(back == ports::no_gseq || back < gseq);
        append_varint(out, back == ports::no_gseq ? 0 : gseq - back);
        ++gseq;
    }
}

Result<std::vector<std::uint64_t>> unpack_previous(std::string_view packed,
                                                   std::uint64_t first_gseq,
                                                   std::uint32_t count) {
    std::vector<std::uint64_t> previous;
    previous.reserve(std::min<std::size_t>(count, packed.size()));
    std::size_t at = 0;
    for (std::uint64_t gseq = first_gseq; gseq - first_gseq < count; ++gseq) {
        std::uint64_t distance = 0;
        if (!read_varint(packed, at, distance) || distance > gseq) {
            return fail(Problem::corrupt, "the index of batch " + std::to_string(first_gseq) +
                                              " is damaged");
        }
        previous.push_back(distance == 0 ? ports::no_gseq : gseq - distance);
    }
    if (at != packed.size()) {
        return fail(Problem::corrupt,
                    "the index of batch " + std::to_string(first_gseq) + " is too long");
    }
    return previous;
}

struct Packer::Context {
    ZSTD_CCtx* handle = ZSTD_createCCtx();
    ~Context() { ZSTD_freeCCtx(handle); }
};

Packer::Packer() : context_(std::make_unique<Context>()) {}
Packer::~Packer() = default;

std::string_view Packer::pack(std::string_view bytes) {
    const std::size_t bound = ZSTD_compressBound(bytes.size());
    if (packed_.size() < bound) {
        packed_.resize(bound);
    }
    const int level =
        bytes.size() <= small_bytes_max ? small_compression_level : compression_level;
    const std::size_t size = ZSTD_compressCCtx(context_->handle, packed_.data(), packed_.size(),
                                               bytes.data(), bytes.size(), level);
    return ZSTD_isError(size) != 0 ? std::string_view() : std::string_view(packed_.data(), size);
}

struct Unpacker::Context {
    ZSTD_DCtx* handle = ZSTD_createDCtx();
    ~Context() { ZSTD_freeDCtx(handle); }
};

Unpacker::Unpacker() : context_(std::make_unique<Context>()) {}
Unpacker::~Unpacker() = default;

Result<std::string> Unpacker::unpack(std::string_view packed, std::uint64_t raw_bytes) {
    const unsigned long long told = ZSTD_getFrameContentSize(packed.data(), packed.size());
    if (told != raw_bytes || raw_bytes > raw_bytes_max) {
        return fail(Problem::corrupt, "a batch does not have the size that its row says");
    }
    std::string bytes(raw_bytes, '\0');
    const std::size_t size = ZSTD_decompressDCtx(context_->handle, bytes.data(), bytes.size(),
                                                 packed.data(), packed.size());
    if (ZSTD_isError(size) != 0 || size != raw_bytes) {
        return fail(Problem::corrupt, "a batch cannot be decompressed");
    }
    return bytes;
}

}  // namespace attacca::sqlite
