// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <limits>

#include "adapters/sqlite/borrowed.h"
#include "adapters/sqlite/sqlite_reader.h"

// Bodies, by their digest.

namespace attacca::sqlite {

Result<std::optional<std::string>> SqliteReader::body(const Sha256& digest) {
    ATTACCA_TRY(auto taken, take());
    Borrowed connection(*this, std::move(taken));
    Statement& statement = connection->body;
    const Use use(statement);
    statement.bind_blob(1, digest.view());
    std::optional<std::string> bytes;
    if (statement.next()) {
        bytes = std::string(statement.bytes(0));
    }
    return connection.answer(std::move(bytes));
}

Result<std::vector<core::BodySize>> SqliteReader::bodies_after(const Sha256& after,
                                                               std::size_t limit) {
    constexpr std::size_t most = std::numeric_limits<std::int64_t>::max();
    ATTACCA_TRY(auto taken, take());
    Borrowed connection(*this, std::move(taken));
    Statement& statement = connection->bodies_after;
    const Use use(statement);
    statement.bind_blob(1, after.view());
    statement.bind(2, static_cast<std::int64_t>(std::min(limit, most)));
    std::vector<core::BodySize> found;
    while (statement.next()) {
        core::BodySize body;
        if (!statement.digest(0, body.digest)) {
            return fail(Problem::corrupt, "the digest of a body has another length");
        }
        body.bytes = static_cast<std::uint64_t>(statement.number(1));
        found.push_back(body);
    }
    return connection.answer(std::move(found));
}

}  // namespace attacca::sqlite
