// SPDX-License-Identifier: Apache-2.0
#include "http/json_diff.h"

#include <gtest/gtest.h>

#include <string>

namespace attacca::http {
namespace {

std::string diff(const std::string& from, const std::string& to) {
    return json_diff(parse_json(from).value(), parse_json(to).value()).text();
}

TEST(JsonDiff, EqualDocumentsDifferNowhere) {
    EXPECT_EQ(diff(R"({"a":[1,{"b":2}]})", R"({"a":[1,{"b":2}]})"), "[]");
}

TEST(JsonDiff, NamesWhatIsChangedGoneAndNew) {
    EXPECT_EQ(diff(R"({"a":1,"b":{"c":2},"d":3})", R"({"a":1,"b":{"c":4},"e/f":5})"),
              R"([{"pointer":"/b/c","from":2,"to":4},{"pointer":"/d","from":3},)"
              R"({"pointer":"/e~1f","to":5}])");
    EXPECT_EQ(diff("1", R"("1")"), R"([{"pointer":"","from":1,"to":"1"}])");
}

TEST(JsonDiff, MatchesElementsByTheirIdWhereTheyHaveOne) {
    EXPECT_EQ(diff(R"([{"id":"x","v":1},{"id":"y"}])", R"([{"id":"y"},{"id":"x","v":2}])"),
              R"([{"pointer":"/x/v","from":1,"to":2}])");
    EXPECT_EQ(diff("[1,2,3]", "[1,3]"),
              R"([{"pointer":"/1","from":2,"to":3},{"pointer":"/2","from":3}])");
}

}  // namespace
}  // namespace attacca::http
