// SPDX-License-Identifier: Apache-2.0
#include "core/exclusion/name.h"

#include <gtest/gtest.h>

#include <string>

#include "base/bytes.h"
#include "base/digest.h"
#include "core/definition_for_test.h"

namespace attacca::core {
namespace {

std::string name_of_value(std::string_view json) {
    const Result<std::string> name = exclusion_name(*parse_json(json));
    return name ? *name : "refused: " + std::string(slug_of(name.error().problem));
}

TEST(ExclusionName, IsTheTextOrTheJsonOfAValue) {
    EXPECT_EQ(name_of_value(R"("prod")"), "prod");
    EXPECT_EQ(name_of_value("7"), "7");
    EXPECT_EQ(name_of_value("true"), "true");
    EXPECT_EQ(name_of_value(R"(["b","a"])"), R"(["b","a"])");
    EXPECT_EQ(name_of_value(R"({"b":1,"a":2})"), R"({"a":2,"b":1})");
}

TEST(ExclusionName, OfWhatIsEmptyIsRefused) {
    EXPECT_EQ(name_of_value("null"), "refused: invalid-value");
    EXPECT_EQ(name_of_value(R"("")"), "refused: invalid-value");
}

TEST(ExclusionName, LongerThanARecordShouldHoldIsItsHash) {
    const std::string most(exclusion_name_bytes_max, 'x');
    EXPECT_EQ(name_of_value("\"" + most + "\""), most);
    EXPECT_EQ(name_of_value("\"" + most + "y\""), "sha256:" + hex(sha256(most + "y")));
}

TEST(ConcurrencyKey, SeesTheParametersAndTheJobThatIsToBeMade) {
    const auto definition = definition_for_test(
        R"({"limits":{"concurrency_key":"${{ job.tenant }}/${{ job.name }}/${{ params.p }}"},)"
        R"("nodes":[{"id":"a","noop":true}]})");
    const JobId id{};
    const Result<std::string> key =
        concurrency_key_of({*definition, id, "n", "blue", R"({"params":{"p":3}})"});
    ASSERT_TRUE(key) << key.error().text();
    EXPECT_EQ(*key, "blue/n/3");
    const Result<std::string> none =
        concurrency_key_of({*definition, id, "n", "blue", R"({"tags":["a"]})"});
    ASSERT_FALSE(none);
    EXPECT_EQ(none.error().detail.find("`limits.concurrency_key`: "), 0U);
}

}  // namespace
}  // namespace attacca::core
