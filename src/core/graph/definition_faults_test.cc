// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <vector>

#include "core/graph/pipeline.h"
#include "core/graph/sample_definition.h"

namespace attacca::core {
namespace {

using Told = std::vector<std::string>;

// "slug pointer" of each fault, in the order of telling.
Told told_of(const Error& error) {
    Told out;
    for (const FieldError& field : error.fields) {
        out.push_back(field.code + " " + field.pointer);
    }
    return out;
}

Told faults_in(std::string_view json) {
    const auto definition = definition_of(json);
    return definition ? Told{} : told_of(definition.error());
}

TEST(DefinitionFaults, IndependentOnesAreToldTogether) {
    EXPECT_EQ(faults_in(R"({"limits":{"parallel":0,"timeout":"soon"},"colour":"red",
        "nodes":[{"id":"a","run":"true","timout":"5s","retry":{"max_attempts":0,"jitter":1}},
                 {"id":"b","run":[],"on_failure":"panic"},
                 {"id":"c","noop":true,"needs":["d"]}],
        "edges":[{"from":"a","to":"x"},{"from":"y","to":"b"},{"to":"a"}],
        "outputs":{"1":"x","two":"${{ secrets.s }}"}})"),
              (Told{"unknown-field /colour",
                    "out-of-range /limits/timeout",
                    "out-of-range /limits/parallel",
                    "unknown-field /nodes/0/timout",
                    "retry-policy /nodes/0/retry/max_attempts",
                    "wrong-type /nodes/0/retry/jitter",
                    "invalid-value /nodes/1/on_failure",
                    "invalid-value /nodes/1/run",
                    "dag-unknown-node /edges/0/to",
                    "dag-unknown-node /edges/1/from",
                    "missing-field /edges/2",
                    "dag-unknown-node /nodes/2/needs/0",
                    "invalid-value /outputs/1",
                    "not-supported /outputs/two"}));
}

TEST(DefinitionFaults, TheFirstSaysWhatTheWholeIs) {
    const auto definition =
        definition_of(R"({"nodes":[{"id":"a","noop":3},{"id":"b","noop":true,"need":["a"]}]})");
    ASSERT_FALSE(definition);
    EXPECT_EQ(definition.error().problem, Problem::wrong_type);
    EXPECT_EQ(definition.error().detail, definition.error().fields[0].detail);
    EXPECT_EQ(definition.error().fields[1].detail,
              "`need` is not known here; did you mean `needs`?");
}

TEST(DefinitionFaults, EachPairOfEqualIdsIsToldWithBothPlaces) {
    EXPECT_EQ(faults_in(R"({"nodes":[{"id":"a","noop":true},{"id":"b","noop":true},
        {"id":"A","noop":true},{"id":"b","noop":1}],"edges":[{"from":"a","to":"gone"}]})"),
              (Told{"dag-duplicate-node /nodes/2", "dag-duplicate-node /nodes/0",
                    "dag-duplicate-node /nodes/3", "dag-duplicate-node /nodes/1",
                    "wrong-type /nodes/3/noop"}))
        << "edges between ids that are not clear are not read";
}

TEST(DefinitionFaults, ACycleIsFoundBesideANodeThatIsWrong) {
    EXPECT_EQ(faults_in(R"({"nodes":[{"id":"a","noop":true,"needs":["b"]},
        {"id":"b","noop":true,"needs":["a"],"timeout":5}]})"),
              (Told{"out-of-range /nodes/1/timeout", "dag-cycle /nodes/0/needs/0"}));
}

TEST(DefinitionFaults, WhatFollowsFromOneIsNotTold) {
    EXPECT_EQ(faults_in(R"({"node":[{"id":"a","noop":true}]})"), Told{"unknown-field /node"});
    EXPECT_EQ(faults_in(node_with(R"("rnu":"true")")), Told{"unknown-field /nodes/0/rnu"});
    EXPECT_EQ(faults_in(R"({"nodes":["a"]})"), Told{"wrong-type /nodes/0"});
    EXPECT_EQ(faults_in(R"({"params":{"p":{"type":"text"}},
                           "nodes":[{"id":"a","run":["echo","${{ params.q }}"]}]})"),
              Told{"invalid-value /params/p/type"});
    EXPECT_EQ(faults_in(R"({"scope":{"include":["?"]},"nodes":[
                           {"id":"a","scan":{"tool":"nmap","targets":["127.0.0.1"]}}]})"),
              Told{"invalid-value /scope/include/0"});
    EXPECT_EQ(faults_in(node_with(R"("map":{"over":[1],"as":"job"},"run":["${{ item }}"])")),
              Told{"invalid-value /nodes/0/map/as"});
    EXPECT_EQ(faults_in(R"({"nodes":[{"id":"a","noop":true,"needs":["b"],"x":1},
                           {"id":"c","run":["${{ nodes.b.outputs.x }}"]}]})"),
              (Told{"unknown-field /nodes/0/x", "dag-unknown-node /nodes/0/needs/0"}));
}

TEST(DefinitionFaults, EveryUseOfAnotherNodeIsJudged) {
    EXPECT_EQ(faults_in(R"({"nodes":[{"id":"a","noop":true},
        {"id":"b","run":["${{ nodes.a.status }}","${{ nodes.gone.status }}"]},
        {"id":"c","run":["${{ nodes.c.status }}"]}]})"),
              (Told{"expression-invalid /nodes/1/run/1", "expression-invalid /nodes/2/run/0",
                    "expression-invalid /nodes/1/run/0"}));
}

TEST(DefinitionFaults, NoMoreThanTwentyAreTold) {
    std::string nodes;
    for (int i = 0; i < 1000; ++i) {
        nodes += (i == 0 ? "" : ",") + ("{\"id\":\"n" + std::to_string(i) + "\",\"noop\":0}");
    }
    const Told told = faults_in("{\"nodes\":[" + nodes + "]}");
    ASSERT_EQ(told.size(), Faults::faults_max);
    EXPECT_EQ(told.front(), "wrong-type /nodes/0/noop");
    EXPECT_EQ(told.back(), "wrong-type /nodes/19/noop");
}

TEST(DefinitionFaults, GroupsAndChildrenTellAllOfTheirs) {
    EXPECT_EQ(faults_in(R"({"nodes":{"g":{"group":{"nodes":{"a":{"noop":0},"b":{"nop":true}}}},
        "h":{"noop":true,"run":"true"}}})"),
              (Told{"wrong-type /nodes/g/group/nodes/a/noop",
                    "unknown-field /nodes/g/group/nodes/b/nop", "invalid-value /nodes/h/run"}));
    EXPECT_EQ(faults_in(R"({"nodes":[{"id":"a","job":{"definition":{"nodes":[
        {"id":"b","noop":0},{"id":"c","noop":0}]}}}]})"),
              (Told{"wrong-type /nodes/0/job/definition/nodes/0/noop",
                    "wrong-type /nodes/0/job/definition/nodes/1/noop"}));
}

TEST(DefinitionFaults, AFileTellsThoseOfItsHeadToo) {
    const auto file = parse_pipeline(
        parse_json(R"({"attacca":"v1","name":"Bad","labels":{"a":[]},"triggers":{"webhook":{}},
                       "nodes":{"a":{"noop":0}}})")
            .value());
    ASSERT_FALSE(file);
    EXPECT_EQ(file.error().problem, Problem::invalid_value);
    EXPECT_EQ(told_of(file.error()),
              (Told{"invalid-value /name", "wrong-type /labels/a",
                    "not-supported /triggers/webhook", "wrong-type /nodes/a/noop"}));
    const auto other = parse_pipeline(parse_json(R"({"attacca":"v2","name":"Bad"})").value());
    ASSERT_FALSE(other);
    EXPECT_EQ(told_of(other.error()), Told{"invalid-value /attacca"})
        << "another format has other rules";
}

}  // namespace
}  // namespace attacca::core
