// SPDX-License-Identifier: Apache-2.0
#include "adapters/sqlite/schema.h"

#include <gtest/gtest.h>

#include "adapters/sqlite/test_directory.h"

namespace attacca::sqlite {
namespace {

class Schema : public ::testing::Test {
  protected:
    Schema() : database_(std::move(*Database::open(directory_.file(), OpenMode::writer))) {}
    TestDirectory directory_;
    Database database_;
};

TEST_F(Schema, ANewFileGetsEveryStep) {
    EXPECT_EQ(check_version(database_).error().problem, Problem::bad_configuration);
    ASSERT_TRUE(prepare_writer(database_));
    ASSERT_TRUE(migrate(database_));
    EXPECT_EQ(database_.number("PRAGMA user_version"), schema_version());
    EXPECT_EQ(database_.number("PRAGMA page_size"), 4096);
    EXPECT_EQ(database_.number("PRAGMA synchronous"), 2);
    EXPECT_EQ(database_.text("PRAGMA journal_mode"), "wal");
    EXPECT_TRUE(check_version(database_));
}

TEST_F(Schema, MigratingAgainChangesNothing) {
    ASSERT_TRUE(migrate(database_));
    const std::int64_t before = database_.number("PRAGMA schema_version");
    ASSERT_TRUE(migrate(database_));
    EXPECT_EQ(database_.number("PRAGMA schema_version"), before);
}

// A file as the first released version left it, with a row of each kind that later steps touch.
TEST_F(Schema, AFileOfTheFirstVersionIsBroughtForwardWithItsRows) {
    ASSERT_TRUE(migrate_to(database_, 1));
    EXPECT_EQ(database_.number("PRAGMA user_version"), 1);
    ASSERT_TRUE(database_.run("INSERT INTO entities VALUES('ledger', 'system', 0, 0, x'00')"));
    ASSERT_TRUE(database_.run("INSERT INTO checkpoints VALUES(1, 'note')"));
    EXPECT_FALSE(check_version(database_));
    ASSERT_TRUE(migrate(database_));
    EXPECT_EQ(database_.number("PRAGMA user_version"), schema_version());
    EXPECT_EQ(database_.number("SELECT count(*) FROM tenants"), 0);
    EXPECT_EQ(database_.text("SELECT entity FROM entities"), "ledger");
    EXPECT_EQ(database_.text("SELECT note FROM checkpoints"), "note");
    EXPECT_TRUE(check_version(database_));
}

TEST_F(Schema, ANewerVersionIsRefusedAndLeftAlone) {
    ASSERT_TRUE(migrate(database_));
    const int newer = schema_version() + 1;
    ASSERT_TRUE(database_.run("PRAGMA user_version = " + std::to_string(newer)));
    const Result<void> migrated = migrate(database_);
    ASSERT_FALSE(migrated);
    EXPECT_EQ(migrated.error().problem, Problem::bad_configuration);
    EXPECT_EQ(database_.number("PRAGMA user_version"), newer);
    EXPECT_FALSE(check_version(database_));
}

TEST_F(Schema, AnotherProgramsFileIsRefusedAndLeftAlone) {
    ASSERT_TRUE(database_.run("CREATE TABLE foreign_one(a)"));
    EXPECT_EQ(migrate(database_).error().problem, Problem::bad_configuration);
    EXPECT_EQ(database_.number("SELECT count(*) FROM sqlite_schema"), 1);
}

TEST_F(Schema, AStepThatFailsLeavesNoPartOfIt) {
    ASSERT_TRUE(database_.run("PRAGMA max_page_count = 5"));
    EXPECT_EQ(migrate(database_).error().problem, Problem::storage_full);
    database_.clear_failure();
    EXPECT_EQ(database_.number("SELECT count(*) FROM sqlite_schema"), 0);
    EXPECT_EQ(database_.number("PRAGMA user_version"), 0);
    ASSERT_TRUE(database_.run("PRAGMA max_page_count = 1000"));
    EXPECT_TRUE(migrate(database_));
}

}  // namespace
}  // namespace attacca::sqlite
