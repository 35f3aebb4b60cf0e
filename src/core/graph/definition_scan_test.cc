// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "core/graph/sample_definition.h"

namespace attacca::core {
namespace {

std::string scan_with(std::string_view scan, std::string_view scope = R"({"include":["localhost",
                      "10.1.0.0/16"],"exclude":["10.1.0.1"]})") {
    return R"({"scope":)" + std::string(scope) + R"(,"nodes":[{"id":"a","scan":)" +
           std::string(scan) + "}]}";
}

TEST(DefinitionScan, TargetsAndOptionsAreRead) {
    const auto definition = definition_of(scan_with(
        R"({"tool":"nmap","targets":["127.0.0.1","${{ params.t }}"],
            "options":{"top_ports":"${{ params.n }}","ports":"22"}})")).value();
    const ScanDef& scan = definition.nodes[0].scan;
    EXPECT_EQ(scan.tool, "nmap");
    ASSERT_EQ(scan.targets.size(), 2U);
    EXPECT_TRUE(scan.targets[0].is_literal());
    EXPECT_FALSE(scan.targets[1].is_literal());
    ASSERT_EQ(scan.options.size(), 2U);
    EXPECT_EQ(scan.options[0].first, "ports");
    EXPECT_EQ(definition.scope->exclude, (std::vector<std::string>{"10.1.0.1"}));
}

TEST(DefinitionScan, OneTargetNeedsNoList) {
    const auto one = definition_of(scan_with(R"({"tool":"nmap","targets":"localhost"})")).value();
    const auto list =
        definition_of(scan_with(R"({"targets":["localhost"],"tool":"nmap"})")).value();
    EXPECT_EQ(one.digest, list.digest);
    EXPECT_EQ(load_definition(one.body)->digest, one.digest);
}

TEST(DefinitionScan, WithoutAScopeNothingIsScanned) {
    const std::string json =
        R"({"nodes":[{"id":"a","scan":{"tool":"nmap","targets":"127.0.0.1"}}]})";
    EXPECT_EQ(fault_in(json), "target-out-of-scope /nodes/0/scan");
    EXPECT_NE(detail_in(json).find("scope: {include: [127.0.0.1]}"), std::string::npos);
}

TEST(DefinitionScan, LiteralTargetsAreCheckedAtOnce) {
    EXPECT_EQ(fault_in(scan_with(R"({"tool":"nmap","targets":["127.0.0.1","8.8.8.8"]})")),
              "target-out-of-scope /nodes/0/scan/targets/1");
    EXPECT_EQ(fault_in(scan_with(R"({"tool":"nmap","targets":"10.1.0.0/24"})")),
              "target-out-of-scope /nodes/0/scan/targets");
    for (const char* target : {";rm -rf x", "$(id)", "a|b", "a\\nb", "a\\u0001b", "--script=evil",
                               "-oN out", "-iL list", "--datadir", "127.0.0.1-3"}) {
        EXPECT_EQ(fault_in(scan_with(R"({"tool":"nmap","targets":")" + std::string(target) +
                                     "\"}")),
                  "tool-argument-rejected /nodes/0/scan/targets")
            << target;
    }
}

TEST(DefinitionScan, OptionsAreOnTheList) {
    const auto with_options = [](const char* options) {
        return fault_in(scan_with(R"({"tool":"nmap","targets":"localhost","options":)" +
                                  std::string(options) + "}"));
    };
    EXPECT_EQ(with_options(R"({"--script":"evil.nse"})"),
              "tool-argument-rejected /nodes/0/scan/options/--script");
    EXPECT_EQ(with_options(R"({"scripts":"evil.nse"})"),
              "tool-argument-rejected /nodes/0/scan/options/scripts");
    EXPECT_EQ(with_options(R"({"evil":"${{ params.x }}"})"),
              "tool-argument-rejected /nodes/0/scan/options/evil");
    EXPECT_EQ(with_options(R"({"ports":"${{ nowhere.x }}"})"),
              "expression-invalid /nodes/0/scan/options/ports");
    EXPECT_EQ(with_options(R"({"ports":"1","top_ports":1})"),
              "tool-argument-rejected /nodes/0/scan");
    EXPECT_EQ(with_options("[]"), "wrong-type /nodes/0/scan/options");
}

TEST(DefinitionScan, OtherToolsAndKeysAreNotServed) {
    EXPECT_EQ(fault_in(scan_with(R"({"tool":"nuclei","targets":"localhost"})")),
              "not-supported /nodes/0/scan/tool");
    EXPECT_EQ(fault_in(scan_with(R"({"tool":"nmap","profile":"quick"})")),
              "not-supported /nodes/0/scan/profile");
    EXPECT_EQ(fault_in(scan_with(R"({"targets":"localhost"})")), "missing-field /nodes/0/scan");
    EXPECT_EQ(fault_in(scan_with(R"({"tool":"nmap"})")), "missing-field /nodes/0/scan");
    EXPECT_EQ(fault_in(scan_with(R"({"tool":"nmap","target":"localhost"})")),
              "unknown-field /nodes/0/scan/target");
    EXPECT_EQ(fault_in(scan_with(R"({"tool":"nmap","targets":[]})")),
              "invalid-value /nodes/0/scan/targets");
    EXPECT_EQ(fault_in(R"({"nodes":[{"id":"a","type":"scan"}]})"), "missing-field /nodes/0");
}

TEST(DefinitionScan, TheScopeIsCheckedEntryByEntry) {
    const char* scan = R"({"tool":"nmap","targets":"localhost"})";
    EXPECT_EQ(fault_in(scan_with(scan, R"({"include":["localhost","10.0.0.1-9"]})")),
              "invalid-value /scope/include/1");
    EXPECT_EQ(fault_in(scan_with(scan, R"({"include":"localhost"})")), "wrong-type /scope/include");
    EXPECT_EQ(fault_in(scan_with(scan, R"({"includes":[]})")), "unknown-field /scope/includes");
    EXPECT_EQ(fault_in(scan_with(scan, "{}")), "target-out-of-scope /nodes/0/scan/targets");
}

TEST(DefinitionScan, SpellingsOfAScopeAreOne) {
    const char* scan = R"({"tool":"nmap","targets":"localhost"})";
    const auto a = definition_of(scan_with(scan, R"({"include":["LOCALHOST.","10.1.2.3/8"]})"));
    const auto b =
        definition_of(scan_with(scan, R"({"include":["10.0.0.0/8","localhost","localhost"]})"));
    EXPECT_EQ(a->digest, b->digest);
}

}  // namespace
}  // namespace attacca::core
