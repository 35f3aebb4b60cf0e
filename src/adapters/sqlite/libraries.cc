// SPDX-License-Identifier: Apache-2.0
#include "adapters/sqlite/libraries.h"

#include <sqlite3.h>
#include <zstd.h>

namespace attacca::sqlite {

std::vector<Library> libraries() {
    return {{"sqlite", sqlite3_libversion()}, {"zstd", ZSTD_versionString()}};
}

}  // namespace attacca::sqlite
