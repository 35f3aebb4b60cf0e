// SPDX-License-Identifier: Apache-2.0
#include <cstdlib>

#include <sys/resource.h>
#include <sys/timex.h>
#include <sys/utsname.h>

#include "adapters/curl/http_client.h"
#include "adapters/sqlite/libraries.h"
#include "adapters/system/system_clock.h"
#include "app/commands.h"
#include "app/doctor_parts.h"
#include "app/program_probe.h"
#include "app/system_environment.h"

namespace attacca::app {
namespace {

using Level = cli::DoctorFact::Level;

constexpr Duration version_limit = seconds(10);
// No release is older, so an earlier clock is wrong.
constexpr WallTime first_release{1'735'689'600'000'000};  // 2025-01-01
constexpr rlim_t few_files = 1024;

void add_machine(Facts& facts) {
    utsname name{};
    if (::uname(&name) == 0) {
        facts.push_back({Level::ok, "kernel",
                         std::string(name.sysname) + " " + name.release + " " + name.machine, ""});
    }
    rlimit files{};
    if (::getrlimit(RLIMIT_NOFILE, &files) == 0) {
        const bool is_low = files.rlim_cur < few_files;
        facts.push_back({is_low ? Level::warn : Level::ok, "open files",
                         "at most " + std::to_string(files.rlim_cur),
                         is_low ? "raise the limit with `ulimit -n 4096` before a server starts"
                                : ""});
    }
}

void add_clock(Facts& facts, WallTime now) {
    if (now < first_release) {
        facts.push_back({Level::warn, "clock", rfc3339_ms(now),
                         "set the clock: records carry its time"});
        return;
    }
    timex state{};
    const bool is_known = ::adjtimex(&state) >= 0;
    if (!is_known) {
        facts.push_back({Level::skipped, "clock", rfc3339_ms(now) + ", the kernel does not say "
                         "whether it is synchronised", ""});
    } else if ((state.status & STA_UNSYNC) != 0) {
        facts.push_back({Level::warn, "clock", rfc3339_ms(now) + ", not synchronised",
                         "run an NTP client, so that records have the right time"});
    } else {
        facts.push_back({Level::ok, "clock", rfc3339_ms(now) + ", synchronised", ""});
    }
}

void add_program(Facts& facts, const std::string& name, const std::string& path,
                 const cli::DoctorFact& when_missing) {
    const std::optional<std::string> found = find_program(name, path);
    if (!found) {
        facts.push_back(when_missing);
        return;
    }
    const std::optional<std::string> output = output_of({*found, "--version"}, version_limit);
    if (!output) {
        facts.push_back({Level::warn, name, *found + " does not run",
                         "try `" + *found + " --version`"});
        return;
    }
    const std::optional<std::string> version = version_in(*output);
    facts.push_back({Level::ok, name, version.value_or("of unknown version") + " at " + *found,
                     ""});
}

}  // namespace

void add_versions(Facts& facts) {
    facts.push_back({Level::ok, "attacca", ATTACCA_VERSION, ""});
    std::vector<Library> libraries = base_libraries();
    for (Library& library : sqlite::libraries()) {
        libraries.push_back(std::move(library));
    }
    libraries.push_back({"libcurl", curl::library_version()});
    for (const Library& library : libraries) {
        facts.push_back({Level::ok, library.name, library.version, ""});
    }
}

void add_programs(Facts& facts, const std::string& path) {
    for (const std::string name : {"nmap", "sslscan", "whatweb"}) {
        add_program(facts, name, path,
                    {Level::warn, name, "not found",
                     "install it (Debian: apt install " + name + ") to run nodes that use it"});
    }
    for (const std::string name : {"strace", "faketime"}) {
        add_program(facts, name, path,
                    {Level::skipped, name, "not found", "only fault tests of developers use it"});
    }
}

void add_sandbox(Facts& facts) {
    facts.push_back({Level::ok, "sandbox",
                     "level 0: no_new_privs, resource limits, a clean environment, a process group "
                     "and a working directory for each attempt",
                     ""});
    facts.push_back({Level::skipped, "isolation",
                     "namespaces, seccomp and Landlock are not used yet: an attempt may read what "
                     "the server's user may read",
                     "run the server as a user of its own, or in a container"});
}

std::vector<cli::DoctorFact> doctor(const std::string& data) {
    const WallTime now = system::SystemClock().now().wall;
    const std::string path = SystemEnvironment().variable("PATH").value_or("/usr/bin:/bin");
    Facts facts;
    add_versions(facts);
    add_machine(facts);
    add_clock(facts, now);
    add_data_directory(facts, data, now);
    add_programs(facts, path);
    add_sandbox(facts);
    return facts;
}

}  // namespace attacca::app
