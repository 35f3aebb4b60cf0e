// SPDX-License-Identifier: Apache-2.0
#include "adapters/tools/nmap_xml.h"

#include <gtest/gtest.h>

namespace attacca::tools {
namespace {

constexpr std::string_view head =
    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<!DOCTYPE nmaprun>\n"
    "<?xml-stylesheet href=\"file:///usr/share/nmap/nmap.xsl\" type=\"text/xsl\"?>\n"
    "<nmaprun scanner=\"nmap\" args=\"nmap -&#45; 127.0.0.1\" version=\"7.93\">"
    "<hosthint><address addr=\"192.0.2.9\" addrtype=\"ipv4\"/></hosthint>\n";
constexpr std::string_view host =
    "<host starttime=\"1\" endtime=\"2\"><status state=\"up\" reason=\"user-set\"/>"
    "<address addr=\"127.0.0.1\" addrtype=\"ipv4\"/>"
    "<address addr=\"02:00:00:00:00:05\" addrtype=\"mac\"/>"
    "<hostnames><hostname name=\"localhost\" type=\"user\"/></hostnames><ports>"
    "<extraports state=\"closed\" count=\"3\"><extrareasons reason=\"conn-refused\"/></extraports>"
    "<port protocol=\"tcp\" portid=\"18443\"><state state=\"open\"/>"
    "<service name=\"http\" product=\"Simple&amp;Server\" version=\"0.6\" tunnel=\"ssl\">"
    "<cpe>cpe:/a:x</cpe></service>"
    "<script id=\"t\" output=\"x\"><elem key=\"title\">Demo</elem></script></port>"
    "<port protocol=\"tcp\" portid=\"18092\"><state state=\"closed\"/></port>"
    "<port protocol=\"tcp\" portid=\"18091\"><state state=\"open\"/></port></ports></host>\n";
constexpr std::string_view tail =
    "<runstats><finished time=\"2\" exit=\"success\"/><hosts up=\"1\" down=\"0\" total=\"1\"/>"
    "</runstats></nmaprun>\n";

std::string document(std::string_view middle = host, std::string_view end = tail) {
    return std::string(head) + std::string(middle) + std::string(end);
}

TEST(NmapXml, HostsAndOpenPortsAreRead) {
    const Result<NmapResult> result = read_nmap_xml(document());
    ASSERT_TRUE(result);
    EXPECT_TRUE(result->is_finished);
    EXPECT_EQ(result->hosts_total, 1U);
    ASSERT_EQ(result->hosts.size(), 1U);
    const NmapHost& only = result->hosts[0];
    EXPECT_EQ(only.address, "127.0.0.1");
    EXPECT_EQ(only.state, "up");
    EXPECT_EQ(only.names, std::vector<std::string>{"localhost"});
    EXPECT_FALSE(only.is_timed_out);
    ASSERT_EQ(only.open.size(), 2U);
    EXPECT_EQ(only.open[0].port, 18443U);
    EXPECT_EQ(only.open[0].protocol, "tcp");
    EXPECT_EQ(only.open[0].name, "http");
    EXPECT_EQ(only.open[0].product, "Simple&Server");
    EXPECT_EQ(only.open[0].version, "0.6");
    EXPECT_TRUE(only.open[0].has_tls);
    EXPECT_EQ(only.open[1].port, 18091U);
    EXPECT_EQ(only.open[1].name, "");
    EXPECT_FALSE(only.open[1].has_tls);
}

TEST(NmapXml, ADocumentThatBreaksOffAnywhereIsReadButNotFinished) {
    const std::string whole = document();
    const std::size_t end = whole.rfind("</nmaprun>") + std::string_view("</nmaprun>").size();
    for (std::size_t size = 0; size < end; ++size) {
        const Result<NmapResult> result = read_nmap_xml(whole.substr(0, size));
        ASSERT_TRUE(result) << size;
        EXPECT_FALSE(result->is_finished) << size;
    }
    EXPECT_TRUE(read_nmap_xml(whole.substr(0, end))->is_finished);
    const std::string inside = whole.substr(0, whole.find("portid=\"18092\""));
    const Result<NmapResult> result = read_nmap_xml(inside);
    ASSERT_EQ(result->hosts.size(), 1U);
    EXPECT_EQ(result->hosts[0].open.size(), 1U);
}

TEST(NmapXml, TimedOutHostsAndFailedRunsAreMarked) {
    const Result<NmapResult> late = read_nmap_xml(
        document("<host timedout=\"true\"><address addr=\"::1\" addrtype=\"ipv6\"/></host>"));
    ASSERT_EQ(late->hosts.size(), 1U);
    EXPECT_TRUE(late->hosts[0].is_timed_out);
    EXPECT_EQ(late->hosts[0].address, "::1");
    const Result<NmapResult> failed = read_nmap_xml(
        document("", "<runstats><finished exit=\"error\" errormsg=\"no route\"/></runstats>"
                     "</nmaprun>"));
    EXPECT_FALSE(failed->is_finished);
    EXPECT_EQ(failed->error_message, "no route");
    EXPECT_EQ(failed->hosts_total, 0U);
}

TEST(NmapXml, ALaterAddressTakesNoHostAway) {
    const Result<NmapResult> result = read_nmap_xml(document(
        "<host><address addr=\"::1\" addrtype=\"ipv6\"/><address addr=\"00:11:22:33:44:55\" "
        "addrtype=\"mac\"/><address addrtype=\"ipv6\"/></host>"));
    ASSERT_TRUE(result);
    ASSERT_EQ(result->hosts.size(), 1U);
    EXPECT_EQ(result->hosts[0].address, "::1");
}

TEST(NmapXml, AnEntityBombIsRefusedBeforeItGoesOff) {
    const std::string bomb =
        "<!DOCTYPE nmaprun [<!ENTITY a \"xxxxxxxxxx\"><!ENTITY b \"&a;&a;&a;&a;&a;\">]>"
        "<nmaprun><host><address addr=\"&b;\" addrtype=\"ipv4\"/></host></nmaprun>";
    EXPECT_EQ(read_nmap_xml(bomb).error().problem, Problem::invalid_value);
    const std::string outside = "<!DOCTYPE nmaprun SYSTEM \"file:///etc/passwd\"><nmaprun/>";
    EXPECT_EQ(read_nmap_xml(outside).error().problem, Problem::invalid_value);
}

TEST(NmapXml, DepthAndLengthAreBounded) {
    std::string deep = "<nmaprun>";
    for (int i = 0; i < 63; ++i) {
        deep += "<a>";
    }
    EXPECT_TRUE(read_nmap_xml(deep));
    EXPECT_FALSE(read_nmap_xml(deep + "<a>"));
    EXPECT_FALSE(read_nmap_xml(deep + "<a/>"));
    const std::string longest(xml_text_bytes_max, 'x');
    EXPECT_TRUE(read_nmap_xml("<nmaprun args=\"" + longest + "\">"));
    EXPECT_FALSE(read_nmap_xml("<nmaprun args=\"" + longest + "x\">"));
}

TEST(NmapXml, AnotherDocumentIsRefusedAndRubbishIsUnfinished) {
    EXPECT_FALSE(read_nmap_xml("<html><body/></html>"));
    EXPECT_FALSE(read_nmap_xml("not xml")->is_finished);
    EXPECT_FALSE(read_nmap_xml("")->is_finished);
    EXPECT_FALSE(read_nmap_xml("<nmaprun a=\"\xff\"></nmaprun>")->is_finished);
}

TEST(NmapXml, WhatFollowsTheEndDoesNotMakeAHost) {
    const Result<NmapResult> result = read_nmap_xml(document() + std::string(host));
    ASSERT_TRUE(result);
    EXPECT_EQ(result->hosts.size(), 1U);
}

}  // namespace
}  // namespace attacca::tools
