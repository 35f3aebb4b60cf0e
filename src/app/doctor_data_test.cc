// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include "adapters/sqlite/sqlite_store.h"
#include "adapters/system/data_dir.h"
#include "adapters/system/files.h"
#include "adapters/system/temporary_directory_for_test.h"
#include "app/doctor_parts.h"

namespace attacca::app {
namespace {

using ::testing::HasSubstr;
using Level = cli::DoctorFact::Level;

constexpr WallTime now{1'800'000'000'000'000};

const cli::DoctorFact& data_fact(const Facts& facts, const std::string& name) {
    const auto found = std::find_if(facts.begin(), facts.end(),
                                    [&](const auto& one) { return one.name == name; });
    EXPECT_NE(found, facts.end()) << name;
    static const cli::DoctorFact none;
    return found == facts.end() ? none : *found;
}

Facts facts_of(const std::string& data) {
    Facts facts;
    add_data_directory(facts, data, now);
    return facts;
}

TEST(DoctorData, ADirectoryThatIsNotThereYetIsNoFault) {
    const system::TemporaryDirectory dir;
    const Facts facts = facts_of(dir.path() + "/a/b");
    EXPECT_EQ(data_fact(facts, "data directory").level, Level::skipped);
    EXPECT_EQ(data_fact(facts, "ledger key").level, Level::skipped);
    EXPECT_EQ(data_fact(facts, "ledger").level, Level::skipped);
    EXPECT_THAT(data_fact(facts, "free space").value, HasSubstr("GiB"));
    EXPECT_THAT(data_fact(facts, "fdatasync").value, HasSubstr("a second"));
    EXPECT_FALSE(system::file_exists(dir.path() + "/a"));
}

TEST(DoctorData, AFileInPlaceOfTheDirectoryIsAFault) {
    const system::TemporaryDirectory dir;
    const std::string path = dir.path() + "/a";
    std::ofstream(path) << "x";
    EXPECT_EQ(data_fact(facts_of(path), "data directory").level, Level::warn);
}

TEST(DoctorData, ADirectoryOfAServerIsWell) {
    const system::TemporaryDirectory dir;
    const auto directory = system::DataDir::open(dir.path() + "/data");
    ASSERT_TRUE(directory);
    ASSERT_TRUE(directory->create_ledger_key());
    ASSERT_TRUE(directory->load_or_create_token());
    ASSERT_TRUE(sqlite::SqliteStore::open(directory->root()));
    const auto lock = directory->lock();
    ASSERT_TRUE(lock);
    const Facts facts = facts_of(directory->root());
    for (const char* name : {"data directory", "ledger key", "admin token", "lock", "ledger"}) {
        EXPECT_EQ(data_fact(facts, name).level, Level::ok) << name;
    }
    EXPECT_THAT(data_fact(facts, "lock").value, HasSubstr("held"));
    EXPECT_EQ(data_fact(facts, "ledger").value, "0 records");
}

TEST(DoctorData, ALockThatNobodyHoldsIsFreeAndStaysSo) {
    const system::TemporaryDirectory dir;
    const auto directory = system::DataDir::open(dir.path() + "/data");
    ASSERT_TRUE(directory);
    ASSERT_TRUE(directory->lock());
    EXPECT_THAT(data_fact(facts_of(directory->root()), "lock").value, HasSubstr("free"));
    EXPECT_TRUE(directory->lock(Duration{0}));
}

TEST(DoctorData, SecretsThatOthersCanReadAreTold) {
    const system::TemporaryDirectory dir;
    const auto directory = system::DataDir::open(dir.path() + "/data");
    ASSERT_TRUE(directory);
    ASSERT_TRUE(directory->create_ledger_key());
    ASSERT_EQ(::chmod(directory->ledger_key_file().c_str(), 0640), 0);
    ASSERT_EQ(::chmod(directory->root().c_str(), 0755), 0);
    const Facts facts = facts_of(directory->root());
    EXPECT_EQ(data_fact(facts, "ledger key").level, Level::warn);
    EXPECT_THAT(data_fact(facts, "ledger key").hint, HasSubstr("chmod 600"));
    EXPECT_EQ(data_fact(facts, "data directory").level, Level::warn);
}

TEST(DoctorData, ADamagedDatabaseIsTold) {
    const system::TemporaryDirectory dir;
    std::ofstream(dir.path() + "/attacca.db") << std::string(8192, 'x');
    EXPECT_EQ(data_fact(facts_of(dir.path()), "ledger").level, Level::warn);
}

}  // namespace
}  // namespace attacca::app
