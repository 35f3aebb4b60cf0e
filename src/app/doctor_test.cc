// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include "adapters/system/temporary_directory_for_test.h"
#include "app/commands.h"
#include "app/doctor_parts.h"

namespace attacca::app {
namespace {

using ::testing::HasSubstr;
using Level = cli::DoctorFact::Level;

const cli::DoctorFact& fact(const Facts& facts, const std::string& name) {
    const auto found = std::find_if(facts.begin(), facts.end(),
                                    [&](const auto& one) { return one.name == name; });
    EXPECT_NE(found, facts.end()) << name;
    static const cli::DoctorFact none;
    return found == facts.end() ? none : *found;
}

TEST(Doctor, AScannerThatIsMissingIsAWarningAndADevelopersToolIsNot) {
    Facts facts;
    add_programs(facts, "");
    EXPECT_EQ(fact(facts, "nmap").level, Level::warn);
    EXPECT_THAT(fact(facts, "nmap").hint, HasSubstr("apt install nmap"));
    EXPECT_EQ(fact(facts, "strace").level, Level::skipped);
}

TEST(Doctor, AProgramIsToldWithItsVersionAndPlace) {
    const system::TemporaryDirectory dir;
    const auto add = [&](const std::string& name, const std::string& script) {
        std::ofstream(dir.path() + "/" + name) << "#!/bin/sh\n" << script << "\n";
        ASSERT_EQ(::chmod((dir.path() + "/" + name).c_str(), 0700), 0);
    };
    add("nmap", "echo \"Nmap version 7.93 $1\"");
    add("sslscan", "echo no number");
    Facts facts;
    add_programs(facts, dir.path());
    EXPECT_EQ(fact(facts, "nmap").level, Level::ok);
    EXPECT_EQ(fact(facts, "nmap").value, "7.93 at " + dir.path() + "/nmap");
    EXPECT_EQ(fact(facts, "sslscan").value, "of unknown version at " + dir.path() + "/sslscan");
}

TEST(Doctor, TheWholeListNamesEverythingOnce) {
    const system::TemporaryDirectory dir;
    const Facts facts = doctor(dir.path());
    std::vector<std::string> names;
    for (const cli::DoctorFact& one : facts) {
        names.push_back(one.name);
        EXPECT_FALSE(one.value.empty()) << one.name;
    }
    EXPECT_THAT(names, testing::IsSupersetOf({"attacca", "openssl", "libsodium", "boost", "sqlite",
                                              "libcurl", "kernel", "clock", "fdatasync", "sandbox",
                                              "isolation", "nmap", "sslscan", "whatweb"}));
    std::sort(names.begin(), names.end());
    EXPECT_EQ(std::adjacent_find(names.begin(), names.end()), names.end());
    EXPECT_EQ(fact(facts, "attacca").value, ATTACCA_VERSION);
}

}  // namespace
}  // namespace attacca::app
