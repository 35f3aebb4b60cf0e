// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/result.h"
#include "base/time.h"

// Time stamps of RFC 3161 by OpenSSL: an authority (TSA) signs that it saw a digest at a time.
//
// A token is judged as of the time that it states, so equal input gives equal answers for ever:
// that the authority's certificate has run out since says nothing against what it signed before.

namespace attacca {

// A request (TimeStampReq, DER) for the SHA-256 of `text`, which asks for the signer's certificate.
[[nodiscard]] std::string timestamp_query(std::string_view text, std::uint64_t nonce);

struct Timestamp {
    WallTime at;
    std::string serial;  // hexadecimal
};

// What the response (TimeStampResp, DER) states, when it was granted for the SHA-256 of this text
// and answers this query. Says nothing of who signed. Errors: corrupt, with what is wrong.
[[nodiscard]] Result<Timestamp> read_timestamp(std::string_view text,
                                               std::string_view query,
                                               std::string_view response);

// The same, and that the signer's certificate is for time stamping and leads to one of the trusted
// ones (PEM, at least one). Errors: corrupt; invalid_value, when `trusted` holds no certificate.
[[nodiscard]] Result<Timestamp> verify_timestamp(std::string_view text,
                                                 std::string_view query,
                                                 std::string_view response,
                                                 std::string_view trusted);

}  // namespace attacca
