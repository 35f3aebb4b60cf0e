// SPDX-License-Identifier: Apache-2.0
#include "adapters/tools/nmap_tool.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

#include <arpa/inet.h>
#include <fcntl.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

namespace attacca::tools {
namespace {

core::AttemptSpec scan_of(std::vector<std::string> targets) {
    core::AttemptSpec spec;
    spec.kind = core::NodeKind::scan;
    spec.tool = "nmap";
    spec.targets = std::move(targets);
    return spec;
}

std::string document(std::string_view host, int total) {
    return "<nmaprun>" + std::string(host) +
           "<runstats><finished exit=\"success\"/><hosts total=\"" + std::to_string(total) +
           "\"/></runstats></nmaprun>";
}

constexpr std::string_view open_host =
    "<host><status state=\"up\"/><address addr=\"127.0.0.1\" addrtype=\"ipv4\"/><ports>"
    "<port protocol=\"tcp\" portid=\"443\"><state state=\"open\"/>"
    "<service name=\"http\" tunnel=\"ssl\"/></port></ports></host>";

ports::ToolVerdict judge(std::string result, bool was_stopped = false) {
    ports::ToolRun run;
    run.exit_code = 0;
    run.was_stopped = was_stopped;
    run.result = std::move(result);
    return NmapTool{}.judge(scan_of({"127.0.0.1"}), run);
}

std::string coverage_of(const ports::ToolVerdict& verdict) {
    return verdict.outputs.find("coverage")->as_string();
}

TEST(NmapTool, AWholeResultSucceedsWithItsOutputs) {
    const ports::ToolVerdict verdict = judge(document(open_host, 1));
    EXPECT_EQ(verdict.outcome, core::Outcome::succeeded);
    EXPECT_EQ(verdict.detail, "");
    EXPECT_EQ(verdict.outputs.text(),
              R"({"hosts":[{"address":"127.0.0.1","state":"up","hostnames":[]}],)"
              R"("services":[{"address":"127.0.0.1","port":443,"protocol":"tcp","name":"http",)"
              R"("tls":true,"product":"","version":""}],"open_ports":1,"coverage":"complete"})");
}

TEST(NmapTool, NoHostIsAFailureInSpiteOfSuccess) {
    const ports::ToolVerdict verdict = judge(document("", 0));
    EXPECT_EQ(verdict.outcome, core::Outcome::failed);
    EXPECT_EQ(coverage_of(verdict), "none");
    EXPECT_EQ(verdict.detail, "nmap scanned no host: no target could be resolved");
}

TEST(NmapTool, ACutOffResultIsPartialAndKeepsWhatWasFound) {
    const std::string whole = document(open_host, 1);
    const ports::ToolVerdict verdict = judge(whole.substr(0, whole.find("<runstats>")));
    EXPECT_EQ(verdict.outcome, core::Outcome::failed);
    EXPECT_EQ(coverage_of(verdict), "partial");
    EXPECT_EQ(verdict.outputs.find("open_ports")->as_integer(), 1);
    EXPECT_EQ(coverage_of(judge("")), "none");
}

TEST(NmapTool, AHostThatTimedOutIsNotCovered) {
    const ports::ToolVerdict verdict = judge(document(
        "<host timedout=\"true\"><address addr=\"127.0.0.1\" addrtype=\"ipv4\"/></host>", 1));
    EXPECT_EQ(verdict.outcome, core::Outcome::failed);
    EXPECT_EQ(coverage_of(verdict), "partial");
    EXPECT_EQ(verdict.detail, "nmap gave up on 127.0.0.1: it took too long");
}

TEST(NmapTool, FewerHostsThanTargetsIsNotComplete) {
    ports::ToolRun run;
    run.result = document(open_host, 1);
    const ports::ToolVerdict verdict =
        NmapTool{}.judge(scan_of({"127.0.0.1", "no-such-name"}), run);
    EXPECT_EQ(verdict.outcome, core::Outcome::failed);
    EXPECT_EQ(coverage_of(verdict), "partial");
}

TEST(NmapTool, WithoutAResultNothingIsCovered) {
    const ports::ToolVerdict verdict = NmapTool{}.judge(scan_of({"127.0.0.1"}), {});
    EXPECT_EQ(verdict.outcome, core::Outcome::failed);
    EXPECT_EQ(coverage_of(verdict), "none");
    EXPECT_EQ(verdict.detail, "nmap left no result");
    EXPECT_EQ(coverage_of(judge("<!DOCTYPE nmaprun [<!ENTITY a 'b'>]><nmaprun/>")), "none");
}

TEST(NmapTool, AStoppedRunIsNeverComplete) {
    EXPECT_EQ(coverage_of(judge(document(open_host, 1), true)), "partial");
}

TEST(NmapTool, TheCommandWritesItsResultToAFileAndEndsTheOptions) {
    const Result<ports::ToolCommand> command = NmapTool{}.command(scan_of({"127.0.0.1"}));
    ASSERT_TRUE(command);
    const std::vector<std::string>& argv = command->argv;
    EXPECT_EQ(argv.front(), "nmap");
    const auto format = std::find(argv.begin(), argv.end(), "-oX");
    ASSERT_NE(format, argv.end());
    EXPECT_EQ(*std::next(format), command->result_file);
    EXPECT_EQ(argv[argv.size() - 2], "--");
    EXPECT_EQ(argv.back(), "127.0.0.1");
    EXPECT_FALSE(NmapTool{}.command(scan_of({"-iL/etc/passwd"})));
}

// A listener on a free loopback port.
class Listener {
  public:
    Listener() : fd_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
        address_.sin_family = AF_INET;
        address_.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof address_;
        auto* const address = static_cast<sockaddr*>(static_cast<void*>(&address_));
        is_listening_ = ::bind(fd_, address, size) == 0 && ::listen(fd_, 16) == 0 &&
                        ::getsockname(fd_, address, &size) == 0;
    }
    ~Listener() { ::close(fd_); }
    Listener(const Listener&) = delete;
    Listener& operator=(const Listener&) = delete;
    [[nodiscard]] bool is_listening() const { return is_listening_; }
    [[nodiscard]] int port() const { return ntohs(address_.sin_port); }

  private:
    int fd_;
    sockaddr_in address_{};
    bool is_listening_ = false;
};

int run_in(const std::string& directory, std::vector<std::string> argv) {
    std::vector<char*> pointers;
    for (std::string& argument : argv) {
        pointers.push_back(argument.data());
    }
    pointers.push_back(nullptr);
    posix_spawn_file_actions_t actions;
    ::posix_spawn_file_actions_init(&actions);
    ::posix_spawn_file_actions_addchdir_np(&actions, directory.c_str());
    ::posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
    pid_t pid = 0;
    const int error = ::posix_spawnp(&pid, pointers[0], &actions, nullptr, pointers.data(),
                                     environ);
    ::posix_spawn_file_actions_destroy(&actions);
    int status = -1;
    return error == 0 && ::waitpid(pid, &status, 0) == pid ? status : -1;
}

TEST(NmapTool, ARealScanOfALoopbackListenerFindsIt) {
    ASSERT_TRUE(std::filesystem::exists("/usr/bin/nmap")) << "scripts/setup installs nmap";
    const Listener listener;
    ASSERT_TRUE(listener.is_listening());
    core::AttemptSpec spec = scan_of({"127.0.0.1"});
    spec.options.emplace_back("ports", Json(std::to_string(listener.port())));
    const Result<ports::ToolCommand> command = NmapTool{}.command(spec);
    ASSERT_TRUE(command);
    std::string directory = (std::filesystem::temp_directory_path() / "attacca-XXXXXX").string();
    ASSERT_NE(::mkdtemp(directory.data()), nullptr);
    ports::ToolRun run;
    run.exit_code = run_in(directory, command->argv);
    std::ifstream file(directory + "/" + command->result_file);
    run.result.emplace(std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>());
    std::filesystem::remove_all(directory);

    const ports::ToolVerdict verdict = NmapTool{}.judge(spec, run);
    EXPECT_EQ(verdict.outcome, core::Outcome::succeeded) << verdict.detail;
    EXPECT_EQ(verdict.outputs.find("open_ports")->as_integer(), 1);
    const Json& service = verdict.outputs.find("services")->as_array().at(0);
    EXPECT_EQ(service.find("port")->as_integer(), listener.port());
    EXPECT_EQ(service.find("address")->as_string(), "127.0.0.1");
}

}  // namespace
}  // namespace attacca::tools
