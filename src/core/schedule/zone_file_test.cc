// SPDX-License-Identifier: Apache-2.0
#include "core/schedule/zone_file.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "base/bytes.h"

namespace attacca::core {
namespace {

struct Sample {
    char version = '2';
    std::vector<std::pair<std::int64_t, int>> changes;  // instant, type
    std::vector<std::int32_t> types = {0};
    std::uint32_t leaps = 0;
    std::string footer = "\nUTC0\n";
};

std::string header(const Sample& sample, std::size_t times, std::size_t types) {
    std::string out = "TZif";
    out += sample.version;
    out.append(15, '\0');
    append_u32(out, 0);
    append_u32(out, 0);
    append_u32(out, sample.leaps);
    append_u32(out, static_cast<std::uint32_t>(times));
    append_u32(out, static_cast<std::uint32_t>(types));
    append_u32(out, 4);
    return out;
}

std::string file(const Sample& sample) {
    std::string out = header(sample, 0, 1) + std::string(6, '\0') + std::string("UTC\0", 4);
    out.append(std::size_t{sample.leaps} * 8, '\0');
    out += header(sample, sample.changes.size(), sample.types.size());
    for (const auto& [at, type] : sample.changes) {
        append_u64(out, static_cast<std::uint64_t>(at));
    }
    for (const auto& [at, type] : sample.changes) {
        out += static_cast<char>(type);
    }
    for (const std::int32_t offset : sample.types) {
        append_u32(out, static_cast<std::uint32_t>(offset));
        out += std::string(2, '\0');
    }
    out += std::string("UTC\0", 4);
    out.append(std::size_t{sample.leaps} * 12, '\0');
    return out + sample.footer;
}

TEST(ZoneFile, ChangesAndLastLineAreRead) {
    Sample sample;
    sample.types = {1000, 3600, 7200};
    sample.changes = {{100, 1}, {200, 2}, {300, 1}};
    sample.footer = "\nCET-1CEST,M3.5.0,M10.5.0/3\n";
    const Zone zone = decode_zone_file("X", file(sample)).value();
    EXPECT_EQ(zone.first_offset_s, 1000);
    EXPECT_EQ(zone.changes, (std::vector<Zone::Change>{{100, 3600}, {200, 7200}, {300, 3600}}));
    EXPECT_EQ(zone.after, parse_yearly_offsets("CET-1CEST,M3.5.0,M10.5.0/3").value());
}

TEST(ZoneFile, AnEmptyLastLineKeepsTheLastOffset) {
    Sample sample;
    sample.types = {0, -3600};
    sample.changes = {{-576460752303423488, 0}, {5, 1}};
    sample.footer = "\n\n";
    const Zone zone = decode_zone_file("X", file(sample)).value();
    EXPECT_EQ(zone.after.standard_s, -3600);
    EXPECT_EQ(zone.span_at(1'000'000).offset_s, -3600);
}

TEST(ZoneFile, WhatIsDamagedIsRefused) {
    const auto is_refused = [](const Sample& sample) {
        return !decode_zone_file("X", file(sample)).has_value();
    };
    Sample sample;
    EXPECT_FALSE(is_refused(sample));
    sample.leaps = 1;
    EXPECT_TRUE(is_refused(sample));
    sample = {};
    sample.version = '\0';
    EXPECT_TRUE(is_refused(sample));
    sample = {};
    sample.changes = {{10, 1}};
    EXPECT_TRUE(is_refused(sample)) << "a type that is not there";
    sample.changes = {{10, 0}, {10, 0}};
    EXPECT_TRUE(is_refused(sample)) << "two changes at once";
    sample = {};
    sample.types = {100000};
    EXPECT_TRUE(is_refused(sample));
    sample = {};
    sample.footer = "\nUTC\n";
    EXPECT_TRUE(is_refused(sample));
    sample.footer = "\n";
    EXPECT_TRUE(is_refused(sample));
    const std::string good = file(Sample{});
    for (std::size_t length = 0; length < good.size(); ++length) {
        EXPECT_FALSE(decode_zone_file("X", good.substr(0, length)).has_value()) << length;
    }
}

TEST(ZoneFile, OnlyPlainNamesBecomePaths) {
    for (const char* good : {"UTC", "Europe/Berlin", "Etc/GMT+1", "America/Argentina/Ushuaia",
                             "America/Port-au-Prince", "EST5EDT"}) {
        EXPECT_TRUE(is_zone_name(good)) << good;
    }
    for (const char* bad : {"", "/etc/passwd", "../x", "A/../B", "A//B", "A/", "right/UTC",
                            "localtime", "A.b", "Europe/Berl in", "A/.b", "-A"}) {
        EXPECT_FALSE(is_zone_name(bad)) << bad;
    }
    EXPECT_FALSE(is_zone_name(std::string(65, 'A')));
    EXPECT_FALSE(is_zone_name(std::string_view("A\0B", 3)));
}

}  // namespace
}  // namespace attacca::core
