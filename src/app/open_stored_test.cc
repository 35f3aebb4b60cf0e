// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "adapters/sqlite/sqlite_store.h"
#include "adapters/system/data_dir.h"
#include "adapters/system/file_content.h"
#include "adapters/system/files.h"
#include "adapters/system/temporary_directory_for_test.h"
#include "app/commands.h"

namespace attacca::app {
namespace {

TEST(OpenStored, WhatAServerKeepsIsReadBesideIt) {
    const system::TemporaryDirectory dir;
    const auto directory = system::DataDir::open(dir.path() + "/data");
    ASSERT_TRUE(directory);
    const auto lock = directory->lock();
    ASSERT_TRUE(lock);
    const auto store = sqlite::SqliteStore::open(directory->root());
    ASSERT_TRUE(store);
    const Result<Sha256> digest = (*system::FileContent::open(directory->cas()))->put("hello");
    ASSERT_TRUE(digest);

    const auto stored = open_stored(directory->root());
    ASSERT_TRUE(stored) << stored.error().text();
    EXPECT_EQ((*stored)->reader().tail().value().size, 0U);
    EXPECT_EQ((*stored)->content().read(*digest, 0, 10).value(), "hello");
}

TEST(OpenStored, WhereNothingIsNothingIsMade) {
    const system::TemporaryDirectory dir;
    const auto stored = open_stored(dir.path() + "/none");
    ASSERT_FALSE(stored);
    EXPECT_EQ(stored.error().problem, Problem::not_found);
    EXPECT_FALSE(system::file_exists(dir.path() + "/none"));
}

}  // namespace
}  // namespace attacca::app
