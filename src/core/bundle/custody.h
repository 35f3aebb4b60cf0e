// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <string>

// The chain of custody of one entity as a table: who did what, when, where, with what result, and
// which files came of it. Made from the records' bytes alone, so that who has them can make it
// again; it proves nothing that they do not.
//
// Its form is fixed by its number: a change gets a new one.

namespace attacca::core {

inline constexpr int custody_form = 1;

using RecordBytes = std::map<std::uint64_t, std::string>;  // by gseq

// Records that are not of the profile are left out: verification tells of them.
[[nodiscard]] std::string custody_json(const RecordBytes& records);
[[nodiscard]] std::string custody_html(const RecordBytes& records);

}  // namespace attacca::core
