// SPDX-License-Identifier: Apache-2.0
#include "adapters/curl/target_guard.h"

#include <string>

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/un.h>

namespace attacca::curl {
namespace {

bool is_public_text(const std::string& text) {
    sockaddr_storage storage{};
    void* const raw = &storage;
    if (text.find(':') == std::string::npos) {
        auto* const v4 = static_cast<sockaddr_in*>(raw);
        v4->sin_family = AF_INET;
        EXPECT_EQ(::inet_pton(AF_INET, text.c_str(), &v4->sin_addr), 1) << text;
    } else {
        auto* const v6 = static_cast<sockaddr_in6*>(raw);
        v6->sin6_family = AF_INET6;
        EXPECT_EQ(::inet_pton(AF_INET6, text.c_str(), &v6->sin6_addr), 1) << text;
    }
    return is_public(static_cast<const sockaddr*>(raw));
}

TEST(TargetGuard, PublicAddressesArePublic) {
    for (const char* text : {"1.1.1.1", "8.8.8.8", "172.15.0.1", "172.32.0.1", "192.169.0.1",
                             "2606:4700::1111", "::ffff:1.1.1.1"}) {
        EXPECT_TRUE(is_public_text(text)) << text;
    }
}

TEST(TargetGuard, WhatOnlyWeCanReachIsNot) {
    for (const char* text :
         {"127.0.0.1", "127.9.9.9", "0.0.0.0", "10.1.2.3", "172.16.0.1", "172.31.255.255",
          "192.168.1.1", "169.254.169.254", "100.64.0.1", "224.0.0.1", "255.255.255.255", "::1",
          "::", "fe80::1", "fc00::1", "fd12::1", "ff02::1", "::ffff:127.0.0.1",
          "::ffff:169.254.169.254", "64:ff9b::7f00:1", "2002:7f00:1::1", "::127.0.0.1"}) {
        EXPECT_FALSE(is_public_text(text)) << text;
    }
}

TEST(TargetGuard, AnotherKindOfSocketIsNot) {
    sockaddr_un local{};
    local.sun_family = AF_UNIX;
    const void* const raw = &local;
    EXPECT_FALSE(is_public(static_cast<const sockaddr*>(raw)));
}

}  // namespace
}  // namespace attacca::curl
