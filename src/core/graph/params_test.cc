// SPDX-License-Identifier: Apache-2.0
#include "core/graph/params.h"

#include <gtest/gtest.h>

#include "core/graph/definition.h"

namespace attacca::core {
namespace {

const char* const declarations = R"({
    "name": {"type":"string","required":true,"pattern":"^[a-z]+$"},
    "ports": {"type":"integer","default":1000,"minimum":1,"maximum":65535},
    "ratio": {"type":"number","minimum":0.5},
    "deep": {"type":"boolean"},
    "level": {"enum":["low","high"],"default":"low"},
    "hosts": {"type":"list","items":"target","default":["127.0.0.1"]}})";

// The bound values, or "slug pointer".
std::string bound(std::string_view given, std::string_view declared = declarations) {
    const auto params = bind_params(parse_json(declared).value(), parse_json(given).value());
    if (params) {
        return params->text();
    }
    return std::string(slug_of(params.error().problem)) + " " + params.error().fields[0].pointer;
}

std::string fault_of(std::string_view declaration) {
    Faults faults;
    std::vector<std::string> names;
    const Json json = parse_json(R"({"p":)" + std::string(declaration) + "}").value();
    if (check_params(Input(json, "/params"), names, faults)) {
        return "";
    }
    const Error error = faults.take();
    return std::string(slug_of(error.problem)) + " " + error.fields[0].pointer;
}

TEST(Params, DefaultsAreAppliedInTheOrderOfDeclaration) {
    EXPECT_EQ(bound(R"({"name":"x"})"),
              R"({"name":"x","ports":1000,"level":"low","hosts":["127.0.0.1"]})");
    EXPECT_EQ(bound(R"({"deep":true,"ports":1,"name":"x","ratio":0.5,"level":"high","hosts":[]})"),
              R"({"name":"x","ports":1,"ratio":0.5,"deep":true,"level":"high","hosts":[]})");
}

TEST(Params, ValuesAreChecked) {
    EXPECT_EQ(bound("{}"), "missing-field /params");
    EXPECT_EQ(bound("[]"), "wrong-type /params");
    EXPECT_EQ(bound(R"({"name":3})"), "wrong-type /params/name");
    EXPECT_EQ(bound(R"({"name":"X"})"), "invalid-value /params/name");
    EXPECT_EQ(bound(R"({"name":"x","ports":0})"), "out-of-range /params/ports");
    EXPECT_EQ(bound(R"({"name":"x","ports":65536})"), "out-of-range /params/ports");
    EXPECT_EQ(bound(R"({"name":"x","ports":"22"})"), "wrong-type /params/ports");
    EXPECT_EQ(bound(R"({"name":"x","ports":1.5})"), "wrong-type /params/ports");
    EXPECT_EQ(bound(R"({"name":"x","ratio":0.49})"), "out-of-range /params/ratio");
    EXPECT_EQ(bound(R"({"name":"x","level":"mid"})"), "invalid-value /params/level");
    EXPECT_EQ(bound(R"({"name":"x","hosts":["-oN"]})"), "invalid-value /params/hosts/0");
    EXPECT_EQ(bound(R"({"name":"x","hosts":"127.0.0.1"})"), "wrong-type /params/hosts");
    EXPECT_EQ(bound(R"({"name":"x","nam":"y"})"), "unknown-field /params/nam");
}

TEST(Params, WithoutDeclarationsEveryNameIsTaken) {
    EXPECT_EQ(bound(R"({"a":1})", "{}"), R"({"a":1})");
    EXPECT_EQ(bound("null", "{}"), "{}");
    EXPECT_EQ(bound("3", "{}"), "wrong-type /params");
}

TEST(Params, DeclarationsAreChecked) {
    EXPECT_EQ(fault_of("{}"), "");
    EXPECT_EQ(fault_of(R"({"type":"integer","default":3,"minimum":1,"required":true})"), "");
    EXPECT_EQ(fault_of("3"), "wrong-type /params/p");
    EXPECT_EQ(fault_of(R"({"type":"int"})"), "invalid-value /params/p/type");
    EXPECT_EQ(fault_of(R"({"type":"secret"})"), "not-supported /params/p/type");
    EXPECT_EQ(fault_of(R"({"type":"list","items":"list"})"), "not-supported /params/p/items");
    EXPECT_EQ(fault_of(R"({"items":"string"})"), "invalid-value /params/p/items");
    EXPECT_EQ(fault_of(R"({"pattern":"("})"), "invalid-value /params/p/pattern");
    EXPECT_EQ(fault_of(R"({"minimum":"1"})"), "wrong-type /params/p/minimum");
    EXPECT_EQ(fault_of(R"({"enum":"x"})"), "wrong-type /params/p/enum");
    EXPECT_EQ(fault_of(R"({"requird":true})"), "unknown-field /params/p/requird");
    EXPECT_EQ(fault_of(R"({"type":"integer","default":"3"})"), "wrong-type /params/p/default");
    EXPECT_EQ(fault_of(R"({"enum":["a"],"default":"b"})"), "invalid-value /params/p/default");
}

TEST(Params, TextIsReadByTheDeclaredType) {
    const Json declared = parse_json(declarations).value();
    const auto value = [&](const char* name, const char* text) {
        const auto read = param_of_text(declared, name, text);
        return read ? read->text() : "refused";
    };
    EXPECT_EQ(value("name", "3"), "\"3\"");
    EXPECT_EQ(value("ports", "22"), "22");
    EXPECT_EQ(value("ports", "x"), "refused");
    EXPECT_EQ(value("ports", "2.5"), "refused");
    EXPECT_EQ(value("ratio", "2.5"), "2.5");
    EXPECT_EQ(value("deep", "true"), "true");
    EXPECT_EQ(value("deep", "yes"), "refused");
    EXPECT_EQ(value("hosts", "127.0.0.1,::1"), R"(["127.0.0.1","::1"])");
    EXPECT_EQ(value("hosts", R"(["::1"])"), R"(["::1"])");
    EXPECT_EQ(value("hosts", ""), "[]");
    EXPECT_EQ(value("hosts", "[1"), "refused");
    EXPECT_EQ(value("unknown", "22"), "\"22\"");
}

}  // namespace
}  // namespace attacca::core
