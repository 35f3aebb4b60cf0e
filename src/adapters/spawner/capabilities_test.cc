// SPDX-License-Identifier: Apache-2.0
#include "adapters/spawner/capabilities.h"

#include <fstream>

#include <gtest/gtest.h>
#include <linux/capability.h>
#include <sys/wait.h>
#include <unistd.h>

#include "adapters/spawner/child.h"
#include "adapters/spawner/support_for_test.h"

// What a child can do that is started so, whoever runs the tests.

namespace attacca::spawner {
namespace {

class CapabilitiesTest : public testing::Test {
  protected:
    CapabilitiesTest() { work_in(dir_.path()); }

    void work_in(const std::string& directory) {
        request_.directory = directory;
        request_.stdout_path = directory + "/stdout";
        request_.stderr_path = directory + "/stderr";
        request_.file_bytes_max = 1 << 20U;
    }
    // The wait status.
    int run(std::vector<std::string> argv) {
        request_.argv = std::move(argv);
        std::variant<StartedChild, NotStarted> result = start_child(request_);
        if (!std::holds_alternative<StartedChild>(result)) {
            return -1;
        }
        int status = 0;
        ::waitpid(std::get<StartedChild>(result).pid, &status, 0);
        return status;
    }
    [[nodiscard]] std::string out() const { return text_of(request_.stdout_path); }

    TemporaryDirectory dir_;
    SpawnRequest request_;
};

TEST_F(CapabilitiesTest, ItHasNoCapabilities) {
    EXPECT_EQ(run({"grep", "-E", "^Cap(Inh|Prm|Eff|Amb)", "/proc/self/status"}), 0);
    const std::string none = ":\t0000000000000000\n";
    EXPECT_EQ(out(), "CapInh" + none + "CapPrm" + none + "CapEff" + none + "CapAmb" + none);
}

// What exec would give to root. Who is nobody special cannot change the set, nor use it.
TEST_F(CapabilitiesTest, NothingCanGiveItCapabilitiesAgain) {
    EXPECT_EQ(run({"grep", "^CapBnd", "/proc/self/status"}), 0);
    std::string before;
    std::ifstream status("/proc/self/status");
    bool may_drop = false;
    for (std::string line; std::getline(status, line);) {
        before = line.starts_with("CapBnd") ? line + "\n" : before;
        if (line.starts_with("CapEff:\t")) {
            may_drop = (std::stoull(line.substr(8), nullptr, 16) >> CAP_SETPCAP & 1U) != 0;
        }
    }
    EXPECT_EQ(out(), may_drop ? "CapBnd:\t0000000000000000\n" : before);
}

TEST_F(CapabilitiesTest, RootHasTheRightsOfItsUserAlone) {
    const std::string closed = dir_.path() + "/closed";
    std::filesystem::create_directory(closed);
    std::ofstream(closed + "/file") << "x";
    std::filesystem::permissions(closed, std::filesystem::perms::none);
    EXPECT_EQ(run({"cat", closed + "/file"}), 1 << 8) << "not even root has the mode for it";
    EXPECT_NE(text_of(request_.stderr_path).find("Permission denied"), std::string::npos);
    std::filesystem::permissions(closed, std::filesystem::perms::owner_all);
}

// A server of root whose files stand in somebody's home: the way to them stays open, no more.
TEST_F(CapabilitiesTest, TheWayToItsOwnFilesStaysOpen) {
    const std::string home = dir_.path() + "/home";
    const std::string live = home + "/live";
    std::filesystem::create_directories(live);
    work_in(live);
    constexpr uid_t somebody = 65534;
    const bool is_root = ::geteuid() == 0;
    ASSERT_TRUE(!is_root || ::chown(home.c_str(), somebody, somebody) == 0);
    std::filesystem::permissions(home, std::filesystem::perms::owner_all);
    const std::string file = live + "/made";
    EXPECT_EQ(run({"sh", "-c", "echo x > \"$0\" && cat \"$0\" && grep ^CapEff /proc/self/status",
                   file}),
              0)
        << text_of(request_.stderr_path);
    EXPECT_EQ(out(), is_root ? "x\nCapEff:\t0000000000000004\n"
                             : "x\nCapEff:\t0000000000000000\n");
}

}  // namespace
}  // namespace attacca::spawner
