// SPDX-License-Identifier: Apache-2.0
#include "app/system_environment.h"

#include <cstdlib>

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "adapters/curl/loopback_server_for_test.h"
#include "adapters/system/temporary_directory_for_test.h"
#include "app/signals.h"

namespace attacca::app {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

// Standard output and the set of caught signals are the whole process's, so what changes them runs
// in a process of its own. Its exit status is what `body` returns.
template <typename Body>
int exit_status_of(Body body) {
    const pid_t child = ::fork();
    if (child == 0) {
        ::_exit(body());
    }
    int status = 0;
    EXPECT_EQ(::waitpid(child, &status, 0), child);
    EXPECT_TRUE(WIFEXITED(status));
    return WEXITSTATUS(status);
}

TEST(SystemEnvironment, TheWallIsWhereTheUserIs) {
    const SystemEnvironment environment;
    EXPECT_EQ(exit_status_of([&] {
                  ::setenv("TZ", "Europe/Berlin", 1);
                  const WallTime winter{1'772'366'400'000'000};  // 2026-03-01
                  const WallTime summer{1'782'907'200'000'000};  // 2026-07-01
                  return environment.local_offset(winter).ms() == 3'600'000 &&
                                 environment.local_offset(summer).ms() == 7'200'000
                             ? 0
                             : 1;
              }),
              0);
}

TEST(SystemEnvironment, TheWidthOfATerminalMayBeSetByAVariable) {
    const SystemEnvironment environment;
    ::setenv("COLUMNS", "132", 1);
    EXPECT_EQ(environment.terminal().width, 132U);
    ::setenv("COLUMNS", "0", 1);
    EXPECT_GT(environment.terminal().width, 0U);
    ::setenv("COLUMNS", "wide", 1);
    EXPECT_GT(environment.terminal().width, 0U);
    ::unsetenv("COLUMNS");
}

TEST(SystemEnvironment, AVariableThatIsSetToNothingIsNotUnset) {
    const SystemEnvironment environment;
    ::setenv("ATTACCA_TEST_VARIABLE", "", 1);
    EXPECT_EQ(environment.variable("ATTACCA_TEST_VARIABLE"), "");
    ::unsetenv("ATTACCA_TEST_VARIABLE");
    EXPECT_EQ(environment.variable("ATTACCA_TEST_VARIABLE"), std::nullopt);
}

TEST(SystemEnvironment, SignalsCountFromTheFirstQuestion) {
    EXPECT_EQ(exit_status_of([] {
                  SystemEnvironment environment;
                  if (environment.interrupts() != 0) {
                      return 1;
                  }
                  ::raise(SIGINT);
                  environment.sleep(seconds(3600));  // returns, because a signal came
                  if (environment.interrupts() != 1 || environment.was_terminated()) {
                      return 2;
                  }
                  ::raise(SIGTERM);
                  return environment.interrupts() == 2 && environment.was_terminated() ? 0 : 3;
              }),
              0);
}

TEST(SystemEnvironment, OutputThatNobodyReadsIsNoError) {
    EXPECT_EQ(exit_status_of([] {
                  ignore_broken_pipes();
                  int ends[2] = {-1, -1};
                  if (::pipe(ends) != 0 || ::dup2(ends[1], STDOUT_FILENO) < 0) {
                      return 1;
                  }
                  ::close(ends[0]);
                  ::close(ends[1]);
                  SystemEnvironment environment;
                  environment.write_out("text\n");
                  environment.write_out("text\n");
                  return environment.has_lost_output() ? 2 : 0;
              }),
              0);
}

TEST(SystemEnvironment, OutputThatCannotBeStoredIsKeptAsAnError) {
    EXPECT_EQ(exit_status_of([] {
                  const int full = ::open("/dev/full", O_WRONLY);
                  if (full < 0 || ::dup2(full, STDOUT_FILENO) < 0) {
                      return 1;
                  }
                  SystemEnvironment environment;
                  environment.write_out("text\n");
                  environment.write_out("more\n");
                  return environment.has_lost_output() ? 0 : 2;
              }),
              0);
}

TEST(SystemEnvironment, FilesAreThoseOfTheUser) {
    const system::TemporaryDirectory dir;
    SystemEnvironment environment;
    ASSERT_TRUE(environment.write_file(dir.path() + "/a", "text", false));
    EXPECT_EQ(environment.read_file(dir.path() + "/a").value(), "text");
    EXPECT_EQ(environment.write_file(dir.path() + "/a", "x", false).error().problem,
              Problem::exists);
}

TEST(SystemEnvironment, AnExchangeGoesToTheTargetOfTheServer) {
    curl::LoopbackServer server([](const std::string&, int fd) {
        curl::LoopbackServer::say(fd, "HTTP/1.1 200 OK\r\nX-A: b\r\nContent-Length: 2\r\n\r\nhi");
    });
    SystemEnvironment environment;
    cli::HttpRequest request;
    request.method = "GET";
    request.server = server.url("/");  // as people write it: the slash is not doubled
    request.target = "/livez?verbose";
    const Result<cli::HttpResponse> answer = environment.http(request);
    ASSERT_TRUE(answer) << answer.error().text();
    EXPECT_EQ(answer->status, 200);
    EXPECT_EQ(answer->body, "hi");
    EXPECT_THAT(answer->headers, testing::Contains(testing::Pair("x-a", "b")));
    EXPECT_THAT(server.asked(), StartsWith("GET /livez?verbose HTTP/1.1\r\n"));

    std::string taken;
    const Result<cli::HttpResponse> streamed =
        environment.http_stream(request, [&](std::string_view part) {
            taken += part;
            return true;
        });
    ASSERT_TRUE(streamed) << streamed.error().text();
    EXPECT_EQ(taken, "hi");
}

TEST(SystemEnvironment, AServerThatIsNotThereIsUnreachable) {
    std::string url;
    {
        const curl::LoopbackServer gone([](const std::string&, int) {});
        url = gone.url("");
    }
    SystemEnvironment environment;
    const Result<cli::HttpResponse> answer = environment.http({"GET", url, "/", {}, ""});
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().problem, Problem::unreachable);
    EXPECT_THAT(answer.error().detail, HasSubstr(url));
}

TEST(SystemEnvironment, CommandsReachWhatCarriesThemOut) {
    const system::TemporaryDirectory dir;
    SystemEnvironment environment;
    EXPECT_EQ(environment.verify(dir.path(), {}).error().problem, Problem::not_found);
    EXPECT_FALSE(environment.doctor(dir.path()).empty());
    EXPECT_TRUE(std::holds_alternative<cli::Located>(environment.parse_yaml("a: 1")));
}

}  // namespace
}  // namespace attacca::app
