// SPDX-License-Identifier: Apache-2.0
#include "core/scan/nmap_options.h"

#include <gtest/gtest.h>

namespace attacca::core {
namespace {

using Texts = std::vector<std::string>;

// The arguments in one line, or "refused".
std::string argv(std::string_view options, const Texts& targets = {"127.0.0.1"}) {
    ToolOptions list;
    const Json json = parse_json(options).value();
    for (const Json::Member& member : json.as_object()) {
        list.emplace_back(member.key, member.value);
    }
    const auto built = nmap_argv(list, targets);
    if (!built) {
        EXPECT_EQ(built.error().problem, Problem::tool_argument_rejected);
        return "refused";
    }
    std::string line;
    for (const std::string& argument : *built) {
        line += (line.empty() ? "" : " ") + argument;
    }
    return line;
}

TEST(NmapOptions, TheDefaultIsAConnectScanOfTheHost) {
    EXPECT_EQ(argv("{}"), "nmap -n -sT -Pn -oX - -- 127.0.0.1");
    EXPECT_EQ(argv("{}", {"::1"}), "nmap -n -sT -6 -Pn -oX - -- ::1");
    EXPECT_EQ(argv("{}", {"localhost"}), "nmap -n -sT -Pn -oX - -- localhost");
    EXPECT_EQ(argv("{}", {"example.com", "192.0.2.0/28"}),
              "nmap -n -sT -oX - -- example.com 192.0.2.0/28");
}

TEST(NmapOptions, EveryOptionHasItsArguments) {
    EXPECT_EQ(argv(R"({"ports":"22,80,8000-8100","service_version":true,"timing":4,
                       "max_rate":100,"host_timeout":"1m","scripts":["http-title","ssl-cert"],
                       "skip_host_discovery":false})"),
              "nmap -n -sT -sV -T4 -p 22,80,8000-8100 --max-rate 100 --host-timeout 60000ms "
              "--script http-title,ssl-cert -oX - -- 127.0.0.1");
    EXPECT_EQ(argv(R"({"top_ports":1000})"),
              "nmap -n -sT -Pn --top-ports 1000 -oX - -- 127.0.0.1");
    EXPECT_EQ(argv(R"({"ports":443,"service_version":false,"skip_host_discovery":true})"),
              "nmap -n -sT -Pn -p 443 -oX - -- 127.0.0.1");
    EXPECT_EQ(argv(R"({"scripts":"banner"})"),
              "nmap -n -sT -Pn --script banner -oX - -- 127.0.0.1");
}

TEST(NmapOptions, WhatIsNotOnTheListIsRefused) {
    for (const char* options :
         {R"({"script":"x"})", R"({"--script":"evil.nse"})", R"({"-oN":"out"})",
          R"({"datadir":"/tmp"})", R"({"decoys":"x"})", R"({"spoof_mac":"0"})",
          R"({"flags":"-sS"})", R"({"":true})", R"({"Ports":"22"})"}) {
        EXPECT_EQ(argv(options), "refused") << options;
    }
    EXPECT_NE(check_nmap_option("port", Json("22")).error().detail.find("did you mean `ports`?"),
              std::string::npos);
}

TEST(NmapOptions, ValuesAreTypedAndBounded) {
    for (const char* options :
         {R"({"ports":""})", R"({"ports":"22;id"})", R"({"ports":"22 80"})", R"({"ports":"-"})",
          R"({"ports":"80-22"})", R"({"ports":"0"})", R"({"ports":"65536"})", R"({"ports":"22,"})",
          R"({"ports":"T:22"})", R"({"ports":"http*"})", R"({"ports":"-oN out"})",
          R"({"ports":[22]})", R"({"ports":-1})", R"({"ports":"22\n"})", R"({"top_ports":"100"})",
          R"({"top_ports":0})", R"({"top_ports":1.5})", R"({"timing":5})", R"({"timing":-1})",
          R"({"service_version":"yes"})", R"({"skip_host_discovery":1})", R"({"max_rate":0})",
          R"({"host_timeout":30})", R"({"host_timeout":"30 s"})", R"({"host_timeout":null})",
          R"({"scripts":"vuln"})", R"({"scripts":"evil.nse"})", R"({"scripts":["banner","dos"]})",
          R"({"scripts":[]})", R"({"scripts":["banner,vuln"]})", R"({"scripts":[3]})",
          R"({"ports":"22","top_ports":10})"}) {
        EXPECT_EQ(argv(options), "refused") << options;
    }
    EXPECT_EQ(argv(R"({"ports":")" + std::string(5000, '1') + "\"}"), "refused");
}

TEST(NmapOptions, TargetsAreTypedAndBounded) {
    EXPECT_EQ(argv("{}", {}), "refused");
    EXPECT_EQ(argv("{}", {"-iL"}), "refused");
    EXPECT_EQ(argv("{}", {"--script=evil.nse"}), "refused");
    EXPECT_EQ(argv("{}", {"127.0.0.1-3"}), "refused");
    EXPECT_EQ(argv("{}", {"10.0.0.0/15"}), "refused");
    EXPECT_NE(argv("{}", {"10.0.0.0/16"}), "refused");
    EXPECT_EQ(argv("{}", {"2001:db8::/64"}), "refused");
    EXPECT_EQ(argv("{}", {"127.0.0.1", "::1"}), "refused");
    EXPECT_EQ(argv("{}", Texts(4097, "127.0.0.1")), "refused");
}

TEST(NmapOptions, TargetsComeLastBehindTheDoubleHyphen) {
    const std::string line = argv(R"({"ports":"1"})", {"a.example", "b.example"});
    EXPECT_TRUE(line.ends_with(" -oX - -- a.example b.example")) << line;
}

}  // namespace
}  // namespace attacca::core
