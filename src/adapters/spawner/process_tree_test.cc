// SPDX-License-Identifier: Apache-2.0
#include "adapters/spawner/process_tree.h"

#include <algorithm>

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include "adapters/spawner/child.h"
#include "adapters/spawner/support_for_test.h"

namespace attacca::spawner {
namespace {

TEST(ProcessTree, ARunningChildIsSeenWithTheFenceOfItsEnvironment) {
    const TemporaryDirectory dir;
    const Signpost ready(dir.path() + "/ready");
    SpawnRequest request;
    request.argv = {"sh", "-c", "echo up > \"$READY\"; while :; do sleep 1000; done"};
    request.env = {"READY=" + ready.path(), "XATTACCA_FENCE=1", "ATTACCA_FENCE=4711"};
    request.directory = dir.path();
    request.stdout_path = dir.path() + "/stdout";
    request.stderr_path = dir.path() + "/stderr";
    request.file_bytes_max = 1000;
    const auto started = start_child(request);
    const pid_t pid = std::get<StartedChild>(started).pid;
    EXPECT_EQ(ready.read_line(), "up");

    const std::vector<pid_t> children = children_of_self();
    EXPECT_EQ(std::count(children.begin(), children.end(), pid), 1);
    const EnvironmentMark mark = environment_mark(pid);
    EXPECT_TRUE(mark.is_readable);
    EXPECT_EQ(mark.fence, std::optional<std::uint64_t>(4711));

    ::kill(-pid, SIGKILL);
    ASSERT_EQ(::waitpid(pid, nullptr, 0), pid);
    const std::vector<pid_t> later = children_of_self();
    EXPECT_EQ(std::count(later.begin(), later.end(), pid), 0);
    EXPECT_FALSE(environment_mark(pid).is_readable);
}

TEST(ProcessTree, AProcessWithoutTheVariableHasNoFence) {
    const EnvironmentMark mark = environment_mark(::getpid());
    EXPECT_TRUE(mark.is_readable);
    EXPECT_EQ(mark.fence, std::nullopt);
}

}  // namespace
}  // namespace attacca::spawner
