// SPDX-License-Identifier: Apache-2.0
#include "core/workflow/workflow.h"

#include <gtest/gtest.h>

namespace attacca::core {
namespace {

TEST(Workflow, ItsImageHoldsEveryVersion) {
    Workflow workflow;
    workflow.tenant = "t";
    workflow.name = "scan";
    workflow.is_enabled = false;
    workflow.versions = {{1, {}, {"{}", {}}, {5}}, {2, {}, {{}, Sha256{}}, {6}}};
    const Workflow again = load_workflow(image_of(workflow)).value();
    EXPECT_EQ(again.versions, workflow.versions);
    EXPECT_FALSE(again.is_enabled);
    EXPECT_EQ(again.newest().version, 2U);
    EXPECT_EQ(image_of(again), image_of(workflow));
}

TEST(Workflow, ADamagedImageIsRefused) {
    EXPECT_FALSE(load_workflow("{}").has_value());
    EXPECT_FALSE(
        load_workflow(R"({"tenant":"t","name":"n","enabled":true,"versions":[]})").has_value());
    EXPECT_FALSE(
        load_workflow(R"({"tenant":"t","name":"n","enabled":true,"versions":[{}]})").has_value());
}

TEST(Workflow, NamesOfDifferentTenantsAreDifferentEntities) {
    EXPECT_EQ(workflow_entity("a", "x"), "workflow/a/x");
    EXPECT_NE(workflow_entity("a", "x"), workflow_entity("b", "x"));
}

}  // namespace
}  // namespace attacca::core
