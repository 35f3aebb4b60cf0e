// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "http/api.h"
#include "http/range.h"

// A file of the content store as an answer: whole or a range of it, with its digest as entity tag.
// It is hashed again before its first byte leaves, so what was changed on disk is never handed out.

namespace attacca::http {

struct StoredFile {
    Sha256 digest;
    std::uint64_t bytes = 0;
    std::string content_type;
    std::vector<Header> headers;
    bool is_sealed = false;  // `bytes` are those of the sealed form; the answer is what it holds
};

// Answers the call. Takes reading: for the pool.
void send_stored(Api& api, const Call& call, StoredFile file);

// The head of an answer with the part of `size` bytes that the request's Range asks for.
// Errors: range_not_satisfiable.
[[nodiscard]] Result<Response> part_head(const Request& request,
                                         std::string_view content_type,
                                         std::uint64_t size,
                                         ByteRange& range);
void refuse_range(const Call& call, const Error& error, std::uint64_t size);

}  // namespace attacca::http
