// SPDX-License-Identifier: Apache-2.0
#include "adapters/sqlite/orch_next_file.h"

#include <fstream>

#include <gtest/gtest.h>

#include "adapters/sqlite/database.h"
#include "adapters/sqlite/test_directory.h"

namespace attacca::sqlite {
namespace {

// The tables as ORCH-Next's documentation gives them.
constexpr const char* tasks_of_1 =
    "CREATE TABLE tasks (task_id TEXT PRIMARY KEY, core_id TEXT NOT NULL, status TEXT NOT NULL, "
    "priority INTEGER DEFAULT 1, timeout INTEGER DEFAULT 300, "
    "created_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP, "
    "updated_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP)";

class OrchNextFile : public testing::Test {
  protected:
    void write(std::initializer_list<std::string> statements) {
        Result<Database> database = Database::open(path_, OpenMode::writer);
        ASSERT_TRUE(database.has_value());
        for (const std::string& statement : statements) {
            ASSERT_TRUE(database->run(statement)) << statement;
        }
    }
    [[nodiscard]] std::string read() const {
        const Result<Json> tasks = read_orch_next(path_);
        return tasks ? tasks->text() : std::string(slug_of(tasks.error().problem));
    }

    TestDirectory directory_;
    const std::string path_ = directory_.path() + "/orch.db";
};

TEST_F(OrchNextFile, OfVersion1HasNoMetadata) {
    write({tasks_of_1,
           "INSERT INTO tasks VALUES ('t2','B','queued',2,60,'2024-01-02','2024-01-02')",
           "INSERT INTO tasks VALUES ('t1','A','completed',1,300,'2024-01-01','2024-01-03')",
           "PRAGMA user_version = 1"});
    EXPECT_EQ(read(),
              R"([{"task_id":"t1","core_id":"A","status":"completed","priority":1,)"
              R"("timeout":300,"created_at":"2024-01-01"},)"
              R"({"task_id":"t2","core_id":"B","status":"queued","priority":2,)"
              R"("timeout":60,"created_at":"2024-01-02"}])");
}

TEST_F(OrchNextFile, OfVersion2HasMetadataThatMayBeNull) {
    write({tasks_of_1, "ALTER TABLE tasks ADD COLUMN metadata TEXT",
           "ALTER TABLE tasks ADD COLUMN result TEXT",
           "INSERT INTO tasks VALUES ('t1','A','queued',1,300,'1','1','{\"a\":1}',NULL)",
           "INSERT INTO tasks VALUES ('t2','A','queued',1,300,'2','2',NULL,NULL)",
           "PRAGMA user_version = 2"});
    EXPECT_EQ(read(),
              R"([{"task_id":"t1","core_id":"A","status":"queued","priority":1,"timeout":300,)"
              R"("created_at":"1","metadata":"{\"a\":1}"},)"
              R"({"task_id":"t2","core_id":"A","status":"queued","priority":1,"timeout":300,)"
              R"("created_at":"2"}])");
}

TEST_F(OrchNextFile, OfAnotherVersionOrKindIsRefused) {
    write({tasks_of_1});
    EXPECT_EQ(read(), "invalid-value");
    write({"PRAGMA user_version = 3"});
    EXPECT_EQ(read(), "invalid-value");
    write({"DROP TABLE tasks", "PRAGMA user_version = 2"});
    EXPECT_EQ(read(), "corrupt");
}

TEST_F(OrchNextFile, ThatIsNoDatabaseIsRefused) {
    std::ofstream(path_) << std::string(4096, 'x');
    EXPECT_EQ(read(), "invalid-value");
}

TEST_F(OrchNextFile, ThatIsMissingIsNotMade) {
    EXPECT_EQ(read(), "not-found");
    EXPECT_EQ(read(), "not-found");
}

}  // namespace
}  // namespace attacca::sqlite
