// SPDX-License-Identifier: Apache-2.0
#include "core/scan/network.h"

#include <gtest/gtest.h>

namespace attacca::core {
namespace {

std::string address(std::string_view text) {
    const auto network = parse_address(text);
    return network ? network->text() : "refused";
}

std::string network(std::string_view text) {
    const auto parsed = parse_network(text);
    return parsed ? parsed->text() : "refused";
}

TEST(Network, AddressesHaveOneText) {
    EXPECT_EQ(address("127.0.0.1"), "127.0.0.1");
    EXPECT_EQ(address("::1"), "::1");
    EXPECT_EQ(address("::"), "::");
    EXPECT_EQ(address("2001:DB8:0:0:0:0:0:1"), "2001:db8::1");
    EXPECT_EQ(address("2001:db8:0:0:1:0:0:1"), "2001:db8::1:0:0:1");
    EXPECT_EQ(address("1:0:2:3:4:5:6:7"), "1:0:2:3:4:5:6:7");
    EXPECT_EQ(address("fe80::"), "fe80::");
    EXPECT_EQ(address("64:ff9b::192.0.2.1"), "64:ff9b::c000:201");
}

TEST(Network, AMappedAddressIsTheIpv4Address) {
    EXPECT_EQ(address("::ffff:127.0.0.1"), "127.0.0.1");
    EXPECT_EQ(address("::ffff:7f00:1"), "127.0.0.1");
    EXPECT_EQ(address("0:0:0:0:0:FFFF:127.0.0.1"), "127.0.0.1");
    EXPECT_EQ(network("::ffff:10.0.0.0/104"), "10.0.0.0/8");
}

TEST(Network, OtherSpellingsAreRefused) {
    for (const char* text :
         {"", "1", "127.1", "127.0.0", "127.0.0.0.1", "127.0.0.256", "0127.0.0.1", "127.00.0.1",
          "0x7f.0.0.1", "127.0.0.1 ", "127.0.0.", ".0.0.1", ":", ":::", "1::2::3", "12345::", "g::",
          "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "1:2:3:4:5:6:7:8::", "fe80::1%eth0", "[::1]",
          "::1.2.3", "1.2.3.4::", "::1.2.3.4:5", "1:", ":1", "+1.2.3.4"}) {
        EXPECT_EQ(address(text), "refused") << text;
    }
}

TEST(Network, BitsBeyondThePrefixAreCleared) {
    EXPECT_EQ(network("10.1.2.3/8"), "10.0.0.0/8");
    EXPECT_EQ(network("192.0.2.200/25"), "192.0.2.128/25");
    EXPECT_EQ(network("2001:db8:ffff::/33"), "2001:db8:8000::/33");
    EXPECT_EQ(network("1.2.3.4/32"), "1.2.3.4");
    EXPECT_EQ(network("1.2.3.4/0"), "0.0.0.0/0");
    for (const char* text : {"10.0.0.0", "10.0.0.0/33", "10.0.0.0/", "10.0.0.0/08", "10.0.0.0/-1",
                             "::/129", "/8", "a/8", "10.0.0.0/8/8"}) {
        EXPECT_EQ(network(text), "refused") << text;
    }
}

TEST(Network, ContainmentAndOverlapCompareWholeNetworks) {
    const auto net = [](const char* text) { return parse_network(text).value(); };
    EXPECT_TRUE(contains(net("10.0.0.0/8"), net("10.1.0.0/16")));
    EXPECT_FALSE(contains(net("10.1.0.0/16"), net("10.0.0.0/8")));
    EXPECT_TRUE(overlaps(net("10.1.0.0/16"), net("10.0.0.0/8")));
    EXPECT_FALSE(overlaps(net("10.0.0.0/9"), net("10.128.0.0/9")));
    EXPECT_TRUE(contains(net("0.0.0.0/0"), net("255.255.255.255/32")));
    EXPECT_FALSE(contains(net("::/0"), net("10.0.0.0/8")));
    EXPECT_TRUE(contains(net("fc00::/7"), net("fd12::/16")));
}

TEST(Network, Ipv4IsFoundInsideOtherAddresses) {
    EXPECT_EQ(embedded_v4(*parse_address("64:ff9b::10.0.0.1"))->text(), "10.0.0.1");
    EXPECT_EQ(embedded_v4(*parse_address("2002:7f00:1::5"))->text(), "127.0.0.1");
    EXPECT_EQ(embedded_v4(*parse_network("2002:a00::/24"))->text(), "10.0.0.0/8");
    EXPECT_FALSE(embedded_v4(*parse_address("2001:db8::1")));
    EXPECT_FALSE(embedded_v4(*parse_address("10.0.0.1")));
}

}  // namespace
}  // namespace attacca::core
