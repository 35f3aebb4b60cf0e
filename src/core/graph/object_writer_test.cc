// SPDX-License-Identifier: Apache-2.0
#include "core/graph/object_writer.h"

#include <gtest/gtest.h>

namespace attacca::core {
namespace {

TEST(ObjectWriter, WritesNormalisedObjects) {
    std::string out;
    ObjectWriter writer(out);
    writer.integer("a", -3);
    append_texts(writer.key("b"), {"x", "\"y"});
    append_integers(writer.key("c"), {1, 2});
    append_text_members(writer.key("d"), *parse_json(R"({"z":1,"e":true})"));
    writer.text("f", "g");
    writer.close();
    EXPECT_EQ(out, R"({"a":-3,"b":["x","\"y"],"c":[1,2],"d":{"e":"true","z":"1"},"f":"g"})");
}

}  // namespace
}  // namespace attacca::core
