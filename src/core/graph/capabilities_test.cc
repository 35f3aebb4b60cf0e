// SPDX-License-Identifier: Apache-2.0
#include "core/graph/capabilities.h"

#include <gtest/gtest.h>

namespace attacca::core {
namespace {

// The list, or its fault with the place.
std::string read(std::string_view text, std::size_t most = 3) {
    const Json json = parse_json(text).value();
    Faults faults;
    std::vector<std::string> names;
    if (!read_capabilities(Input(json, ""), most, names, faults)) {
        const Error error = faults.take();
        return std::string(slug_of(error.problem));
    }
    std::string out;
    for (const std::string& name : names) {
        out += name + ";";
    }
    return out;
}

TEST(Capabilities, AreASortedSet) {
    EXPECT_EQ(read("{}"), "");
    EXPECT_EQ(read(R"({"capabilities":[]})"), "");
    EXPECT_EQ(read(R"({"capabilities":["gpu","cuda-12","gpu"]})"), "cuda-12;gpu;");
}

TEST(Capabilities, AreFewNames) {
    EXPECT_EQ(read(R"({"capabilities":["a","b","c","d"]})"), "out-of-range");
    EXPECT_EQ(read(R"({"capabilities":["a b"]})"), "invalid-value");
    EXPECT_EQ(read(R"({"capabilities":[1]})"), "wrong-type");
    EXPECT_EQ(read(R"({"capabilities":"gpu"})"), "wrong-type");
}

}  // namespace
}  // namespace attacca::core
