// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.h"
#include "core/ledger/codec.h"
#include "core/ledger/profile.h"

// decode_record (codec.h) for a caller who has read the record's members already, because he checks
// them before anything else: a verifier of millions of records reads each of them once.

namespace attacca::core {

// `raw` and `header` are of one record. Sets every part of `out`, whose memory is used again; after
// an error `out` holds nothing of use. Errors: corrupt, as decode_record after its profile. Pure.
[[nodiscard]] Result<void> decode_raw(const RawRecord& raw,
                                      const RecordHeader& header,
                                      StoredRecord& out);

}  // namespace attacca::core
