// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <limits>
#include <utility>

#include "adapters/sqlite/borrowed.h"
#include "adapters/sqlite/sqlite_reader.h"

// What is read of entities that are no jobs.

namespace attacca::sqlite {
namespace {

Result<ports::EntityHead> head_in(Statement& statement) {
    ports::EntityHead head;
    head.entity = statement.bytes(0);
    head.tenant = statement.bytes(1);
    head.eseq = loaded_u64(statement.number(2));
    head.last_gseq = loaded_u64(statement.number(3));
    if (!statement.digest(4, head.last_link)) {
        return fail(Problem::corrupt, "the head of " + quoted(head.entity) + " is damaged");
    }
    head.image = statement.bytes(5);
    return head;
}

Result<std::vector<ports::EntityHead>> heads_of(Statement& statement) {
    std::vector<ports::EntityHead> heads;
    while (statement.next()) {
        ATTACCA_TRY(ports::EntityHead head, head_in(statement));
        heads.push_back(std::move(head));
    }
    return heads;
}

}  // namespace

Result<std::vector<ports::EntityHead>> SqliteReader::entities() {
    ATTACCA_TRY(auto taken, take());
    Borrowed connection(*this, std::move(taken));
    const Use use(connection->entities);
    ATTACCA_TRY(auto heads, heads_of(connection->entities));
    return connection.answer(std::move(heads));
}

Result<std::vector<ports::EntityHead>> SqliteReader::entities_below(const std::string& prefix,
                                                                    const std::string& after,
                                                                    std::size_t limit) {
    constexpr std::size_t most = std::numeric_limits<std::int64_t>::max();
    ATTACCA_TRY(auto taken, take());
    Borrowed connection(*this, std::move(taken));
    Statement& statement = connection->entities_below;
    const Use use(statement);
    // No name of an entity holds a byte of 0xFF, which ends what begins with the prefix.
    const std::string end = prefix + '\xFF';
    const std::string begin = std::max(prefix, after);
    statement.bind_text(1, begin);
    statement.bind_text(2, end);
    statement.bind(3, static_cast<std::int64_t>(std::min(limit, most)));
    ATTACCA_TRY(auto heads, heads_of(statement));
    return connection.answer(std::move(heads));
}

Result<std::optional<ports::EntityHead>> SqliteReader::entity(const std::string& name) {
    ATTACCA_TRY(auto taken, take());
    Borrowed connection(*this, std::move(taken));
    Statement& statement = connection->entity;
    const Use use(statement);
    statement.bind_text(1, name);
    std::optional<ports::EntityHead> head;
    if (statement.next()) {
        ATTACCA_TRY(ports::EntityHead found, head_in(statement));
        head = std::move(found);
    }
    return connection.answer(std::move(head));
}

}  // namespace attacca::sqlite
