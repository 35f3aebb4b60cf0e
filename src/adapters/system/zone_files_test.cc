// SPDX-License-Identifier: Apache-2.0
#include "adapters/system/zone_files.h"

#include <gtest/gtest.h>

#include <array>
#include <cstdlib>
#include <ctime>
#include <functional>
#include <string>
#include <vector>

#include "core/schedule/civil.h"
#include "core/schedule/cron.h"

// The oracle of cron with time zones: every minute of 2000–2040 in many zones, by the C library's
// own reading of the zone files, against next_fire.

namespace attacca::system {
namespace {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool is_slow_build = true;
#else
constexpr bool is_slow_build = false;
#endif

constexpr std::array zone_names = {
    "UTC",                 "Europe/Berlin",       "Europe/London",      "Europe/Dublin",
    "Europe/Lisbon",       "Europe/Moscow",       "Europe/Istanbul",    "America/New_York",
    "America/Los_Angeles", "America/St_Johns",    "America/Sao_Paulo",  "America/Caracas",
    "America/Havana",      "America/Santiago",    "America/Asuncion",   "America/Nuuk",
    "Africa/Cairo",        "Africa/Casablanca",   "Africa/Khartoum",    "Asia/Tehran",
    "Asia/Kolkata",        "Asia/Kathmandu",      "Asia/Gaza",          "Asia/Pyongyang",
    "Australia/Sydney",    "Australia/Lord_Howe", "Antarctica/Troll",   "Pacific/Apia",
    "Pacific/Chatham",     "Pacific/Kiritimati"};

struct Local {
    int minute, hour, day, month, weekday;
};

struct Sample {
    const char* text;
    bool follows_elapsed;
    std::function<bool(const Local&)> matches_time;
    std::function<bool(const Local&)> matches_day;
};

// What each expression means, said without the parser.
std::vector<Sample> samples() {
    const auto any = [](const Local&) { return true; };
    return {
        {"30 2 * * *", false, [](const Local& l) { return l.hour == 2 && l.minute == 30; }, any},
        {"0,20,40 0-3 * * *", false,
         [](const Local& l) { return l.hour <= 3 && l.minute % 20 == 0; }, any},
        {"59 23 28-31 * *", false,
         [](const Local& l) { return l.hour == 23 && l.minute == 59; },
         [](const Local& l) { return l.day >= 28; }},
        {"0 0 1 1 *", false, [](const Local& l) { return l.hour == 0 && l.minute == 0; },
         [](const Local& l) { return l.day == 1 && l.month == 1; }},
        {"15 1 13 * 5", false, [](const Local& l) { return l.hour == 1 && l.minute == 15; },
         [](const Local& l) { return l.day == 13 || l.weekday == 5; }},
        {"5 0 29 2 *", false, [](const Local& l) { return l.hour == 0 && l.minute == 5; },
         [](const Local& l) { return l.day == 29 && l.month == 2; }},
        {"30 1,2,3 * 3,4,9-11 sun", false,
         [](const Local& l) { return l.minute == 30 && l.hour >= 1 && l.hour <= 3; },
         [](const Local& l) {
             return l.weekday == 0 &&
                    (l.month == 3 || l.month == 4 || (l.month >= 9 && l.month <= 11));
         }},
        {"*/30 * * * *", true, [](const Local& l) { return l.minute % 30 == 0; }, any},
        {"17 * */2 * 1", true, [](const Local& l) { return l.minute == 17; },
         [](const Local& l) { return l.day % 2 == 1 && l.weekday == 1; }},
        {"* 2 * 3,10 0", true, [](const Local& l) { return l.hour == 2; },
         [](const Local& l) { return l.weekday == 0 && (l.month == 3 || l.month == 10); }},
        {"0 */6 1-7 * *", true,
         [](const Local& l) { return l.minute == 0 && l.hour % 6 == 0; },
         [](const Local& l) { return l.day <= 7; }},
    };
}

class CLibraryZone {
  public:
    explicit CLibraryZone(const char* name) {
        const char* before = std::getenv("TZ");
        before_ = before == nullptr ? "" : before;
        ::setenv("TZ", (std::string(":") + name).c_str(), 1);
        ::tzset();
    }
    ~CLibraryZone() {
        if (before_.empty()) {
            ::unsetenv("TZ");
        } else {
            ::setenv("TZ", before_.c_str(), 1);
        }
        ::tzset();
    }
    CLibraryZone(const CLibraryZone&) = delete;
    CLibraryZone& operator=(const CLibraryZone&) = delete;

    [[nodiscard]] std::int64_t offset_minutes(std::int64_t minute) const {
        const std::time_t at = minute * 60;
        std::tm local{};
        ::localtime_r(&at, &local);
        return local.tm_gmtoff / 60;
    }

  private:
    std::string before_;
};

// Walks the minutes and compares each firing with what next_fire said beforehand.
class Walk {
  public:
    Walk(const core::Zone& zone, std::int64_t from_minute)
        : zone_(zone), samples_(samples()) {
        for (std::size_t s = 0; s < samples_.size(); ++s) {
            fields_.push_back(core::parse_cron(samples_[s].text).value());
            EXPECT_EQ(fields_[s].follows_elapsed, samples_[s].follows_elapsed);
            elapsed_ |= samples_[s].follows_elapsed ? 1U << s : 0U;
            for (int m = 0; m < 1440; ++m) {
                const bool is = samples_[s].matches_time({m % 60, m / 60, 1, 1, 0});
                times_[static_cast<std::size_t>(m)] |= is ? 1U << s : 0U;
            }
            expected_.push_back(next(s, (from_minute - 1) * 60));
        }
    }

    // `offset` is that of this minute; `latest` the latest local minute shown before it.
    void step(std::int64_t minute, std::int64_t offset) {
        const std::int64_t local = minute + offset;
        std::uint32_t fired = mask(local) & elapsed_;
        for (std::int64_t shown = latest_ + 1; shown <= local; ++shown) {
            fired |= mask(shown) & ~elapsed_;
        }
        latest_ = std::max(latest_, local);
        for (std::size_t s = 0; fired >> s != 0; ++s) {
            if ((fired >> s & 1U) != 0) {
                compare(s, minute);
            }
        }
    }
    void begin(std::int64_t latest) { latest_ = latest; }
    void finish(std::int64_t end_minute) const {
        for (const std::int64_t at : expected_) {
            EXPECT_GE(at, end_minute * 60) << zone_.name;
        }
    }
    [[nodiscard]] std::uint64_t fired() const { return fired_; }
    [[nodiscard]] bool has_failed() const { return has_failed_; }

  private:
    [[nodiscard]] std::int64_t next(std::size_t s, std::int64_t after_s) const {
        const auto at = core::next_fire(fields_[s], zone_, WallTime{after_s * 1'000'000});
        return at ? at->us / 1'000'000 : core::time_end_s;
    }

    // Which expressions name this local minute.
    [[nodiscard]] std::uint32_t mask(std::int64_t local) {
        const std::int64_t day = core::floor_div(local, 1440);
        if (day != day_) {
            day_ = day;
            const core::Civil date = core::civil_of(day);
            days_ = 0;
            for (std::size_t s = 0; s < samples_.size(); ++s) {
                const bool is = samples_[s].matches_day(
                    {0, 0, date.day, date.month, core::weekday_of(day)});
                days_ |= is ? 1U << s : 0U;
            }
        }
        return days_ & times_[static_cast<std::size_t>(local - day * 1440)];
    }

    void compare(std::size_t s, std::int64_t minute) {
        ++fired_;
        if (expected_[s] != minute * 60 && !has_failed_) {
            has_failed_ = true;
            ADD_FAILURE() << zone_.name << " `" << samples_[s].text << "` fires at "
                          << rfc3339_ms({minute * 60'000'000}) << ", not at "
                          << rfc3339_ms({expected_[s] * 1'000'000});
        }
        expected_[s] = next(s, minute * 60);
    }

    const core::Zone& zone_;
    std::vector<Sample> samples_;
    std::vector<core::CronFields> fields_;
    std::array<std::uint32_t, 1440> times_{};
    std::uint32_t elapsed_ = 0;
    std::vector<std::int64_t> expected_;
    std::int64_t latest_ = 0;
    std::int64_t day_ = core::time_begin_s;
    std::uint32_t days_ = 0;
    std::uint64_t fired_ = 0;
    bool has_failed_ = false;
};

void compare_zone(const char* name, std::int64_t first_year, std::int64_t end_year) {
    ZoneFiles zones;
    const auto found = zones.find(name);
    ASSERT_TRUE(found.has_value()) << found.error().text();
    const CLibraryZone library(name);
    const std::int64_t from = core::days_of({first_year, 1, 1}) * 1440;
    const std::int64_t end = core::days_of({end_year, 1, 1}) * 1440;
    Walk walk(**found, from);
    std::int64_t latest = from - 1 + library.offset_minutes(from - 1);
    for (std::int64_t m = from - 2880; m < from; ++m) {
        latest = std::max(latest, m + library.offset_minutes(m));
    }
    walk.begin(latest);
    // The library is asked for each minute only in hours in which the clock is set.
    for (std::int64_t hour = from; hour < end && !walk.has_failed(); hour += 60) {
        const std::int64_t offset = library.offset_minutes(hour);
        const bool is_set = library.offset_minutes(hour + 60) != offset;
        for (std::int64_t m = hour; m < hour + 60; ++m) {
            walk.step(m, is_set ? library.offset_minutes(m) : offset);
        }
    }
    walk.finish(end);
    EXPECT_GT(walk.fired(), 1000U);
}

TEST(ZoneFiles, CronFiresAsAMinuteByMinuteWalkOfTheClockSays) {
    static_assert(zone_names.size() >= 20);
    for (std::size_t i = 0; i < zone_names.size(); ++i) {
        // In slow builds every fourth zone, and only the years around its changes.
        if (!is_slow_build) {
            compare_zone(zone_names[i], 2000, 2041);
        } else if (i % 4 == 1) {
            compare_zone(zone_names[i], 2034, 2040);
        }
    }
}

TEST(ZoneFiles, EveryZoneOfTheMachineTellsTheOffsetsOfTheCLibrary) {
    ZoneFiles zones;
    for (const char* name : zone_names) {
        const auto zone = zones.find(name);
        ASSERT_TRUE(zone.has_value()) << name;
        const CLibraryZone library(name);
        for (std::int64_t minute = core::days_of({1975, 1, 1}) * 1440;
             minute < core::days_of({2100, 1, 1}) * 1440; minute += is_slow_build ? 9973 : 997) {
            ASSERT_EQ((*zone)->span_at(minute * 60).offset_s / 60, library.offset_minutes(minute))
                << name << " " << rfc3339_ms({minute * 60'000'000});
        }
    }
}

TEST(ZoneFiles, AnUnknownNameIsRefusedAndNoPathIsMadeOfIt) {
    ZoneFiles zones;
    for (const char* bad : {"Mars/Base", "../../../etc/passwd", "/etc/passwd", "", "localtime",
                            "Europe", "right/UTC", "tzdata.zi"}) {
        const auto found = zones.find(bad);
        ASSERT_FALSE(found.has_value()) << bad;
        EXPECT_EQ(found.error().problem, Problem::unknown_zone) << bad;
    }
}

TEST(ZoneFiles, UtcIsKnownWithoutAnyFiles) {
    ZoneFiles zones("/nonexistent");
    EXPECT_TRUE(zones.find("UTC").has_value());
    EXPECT_FALSE(zones.find("Europe/Berlin").has_value());
}

TEST(ZoneFiles, ANameGivesTheSameZoneAgain) {
    ZoneFiles zones;
    EXPECT_EQ(zones.find("Europe/Berlin").value().get(),
              zones.find("Europe/Berlin").value().get());
}

}  // namespace
}  // namespace attacca::system
