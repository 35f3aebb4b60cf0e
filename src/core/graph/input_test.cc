// SPDX-License-Identifier: Apache-2.0
#include "core/graph/input.h"

#include <gtest/gtest.h>

namespace attacca::core {
namespace {

// What a reading function says about a value: the problem's slug, or "" when it took it.
template <typename Read>
std::string slug_of_reading(const Json& json, Read read) {
    Faults faults;
    const bool is_read = read(Input(json, ""), faults);
    EXPECT_EQ(is_read, !faults.has_any());
    return is_read ? "" : std::string(slug_of(faults.take().problem));
}

std::string path_slug(std::string_view path) {
    return slug_of_reading(Json(path), [](const Input& value, Faults& faults) {
        std::string out;
        return read_relative_path(value, out, faults);
    });
}

TEST(Input, PointersAreBuiltFromTheRootAndEscaped) {
    const Json json = parse_json(R"({"a/b":[{"c~d":1}]})").value();
    const Input root(json, "/top");
    const Input list = root.member("a/b").value();
    const Input element(list, 0, list.json().as_array()[0]);
    EXPECT_EQ(root.pointer(), "/top");
    EXPECT_EQ(element.pointer(), "/top/a~1b/0");
    EXPECT_EQ(element.member("c~d")->pointer(), "/top/a~1b/0/c~0d");
    EXPECT_FALSE(root.member("none"));
    EXPECT_FALSE(Input(Json(3), "").member("none"));
}

TEST(Input, TheFirstFaultNamesTheWholeAndOthersFollow) {
    Faults faults;
    EXPECT_FALSE(faults.has_any());
    EXPECT_FALSE(faults.add("/a", Problem::wrong_type, "one"));
    EXPECT_FALSE(faults.add("/b", Problem::unknown_field, "two"));
    faults.add_place("/c", "three");
    EXPECT_FALSE(faults.add("/a", Problem::wrong_type, "one"));
    faults.add_place("/d", "of a fault that was told before");
    Error part = fail(Problem::not_found, "four");
    EXPECT_FALSE(faults.add_all("/e", part));
    part.fields.push_back({"/f", "retry-policy", "five"});
    EXPECT_FALSE(faults.add_all("/e", part));
    const Error error = faults.take();
    EXPECT_EQ(error.problem, Problem::wrong_type);
    EXPECT_EQ(error.detail, "one");
    std::string told;
    for (const FieldError& field : error.fields) {
        told += field.pointer + " " + field.code + " " + field.detail + "; ";
    }
    EXPECT_EQ(told, "/a wrong-type one; /b unknown-field two; /c unknown-field three; "
                    "/e not-found four; /f retry-policy five; ");
}

TEST(Input, AListInBracesReadsAllOfIt) {
    int read = 0;
    const auto part = [&](bool is_read) {
        ++read;
        return is_read;
    };
    EXPECT_FALSE(all_read({part(true), part(false), part(true)}));
    EXPECT_EQ(read, 3);
    EXPECT_TRUE(all_read({part(true), part(true)}));
}

TEST(Input, KeysAreServedLaterOrNever) {
    constexpr std::string_view served[] = {"needs", "run"};
    constexpr std::string_view later[] = {"matrix"};
    const auto slug = [&](const char* json) {
        return slug_of_reading(parse_json(json).value(), [&](const Input& value, Faults& faults) {
            return check_keys(value, {served, later}, faults);
        });
    };
    EXPECT_EQ(slug(R"({"run":1,"needs":2,"x-own":3})"), "");
    EXPECT_EQ(slug(R"({"matrix":1})"), "not-supported");
    EXPECT_EQ(slug(R"({"need":1})"), "unknown-field");
    EXPECT_EQ(slug(R"({"":1})"), "unknown-field");
    for (const char* key : {"status", "tenant_id", "role", "fence", "state", "attempt"}) {
        EXPECT_EQ(slug(("{\"" + std::string(key) + "\":1}").c_str()), "read-only-field") << key;
    }
    EXPECT_EQ(slug("[]"), "wrong-type");
}

TEST(Input, IntegersHaveARange) {
    const auto slug = [](const Json& json) {
        return slug_of_reading(json, [](const Input& value, Faults& faults) {
            std::int64_t out = 0;
            return read_integer(value, {-1, 5}, out, faults);
        });
    };
    EXPECT_EQ(slug(Json(-1)) + slug(Json(5)), "");
    EXPECT_EQ(slug(Json(6)), "out-of-range");
    EXPECT_EQ(slug(Json(-2)), "out-of-range");
    EXPECT_EQ(slug(Json("3")), "wrong-type");
    EXPECT_EQ(slug(Json(Json::Decimal{"1.5"})), "json-number");
}

TEST(Input, TextHoldsNoNul) {
    const auto slug = [](const Json& json) {
        return slug_of_reading(json, [](const Input& value, Faults& faults) {
            std::string out;
            return read_text(value, out, faults);
        });
    };
    EXPECT_EQ(slug(Json("a\nb")), "");
    EXPECT_EQ(slug(Json(std::string("a\0b", 3))), "invalid-value");
    EXPECT_EQ(slug(Json(3)), "wrong-type");
}

TEST(Input, DurationsAreTexts) {
    const auto slug = [](const Json& json) {
        return slug_of_reading(json, [](const Input& value, Faults& faults) {
            Duration out;
            return read_duration(value, out, faults);
        });
    };
    EXPECT_EQ(slug(Json("1m30s")), "");
    EXPECT_EQ(slug(Json("90")), "out-of-range");
    EXPECT_EQ(slug(Json(90)), "out-of-range");
    EXPECT_EQ(slug(Json(true)), "wrong-type");
}

TEST(Input, AChoiceIsAnsweredWithTheNearestName) {
    constexpr std::string_view names[] = {"all_done", "any_failed"};
    Faults faults;
    std::size_t out = 0;
    EXPECT_TRUE(read_choice(Input(Json("any_failed"), ""), names, out, faults));
    EXPECT_EQ(out, 1U);
    EXPECT_FALSE(read_choice(Input(Json("all-done"), ""), names, out, faults));
    EXPECT_EQ(faults.take().detail,
              "`all-done` is none of all_done, any_failed; did you mean `all_done`?");
}

TEST(Input, PathsStayBelowTheirDirectory) {
    for (const char* path : {"report.md", "out/a b.txt", "a/b/c", "..a", "a..b", "100%"}) {
        EXPECT_EQ(path_slug(path), "") << path;
    }
    for (const char* path : {"", "/etc/passwd", "../x", "a/../../b", "a/..", ".", "a/./b", "a//b",
                             "a/", "a\\b", "a\nb", "%2e%2e/x", "a%2Fb", "a%5cb"}) {
        EXPECT_EQ(path_slug(path), "invalid-value") << path;
    }
    EXPECT_EQ(path_slug(std::string(255, 'a')), "");
    EXPECT_EQ(path_slug(std::string(300, 'a')), "invalid-value");
    EXPECT_EQ(path_slug(std::string_view("a\0b", 3)), "invalid-value");
}

TEST(Input, IdsFollowTheirPattern) {
    EXPECT_TRUE(is_id("a") && is_id("_x-1") && is_id(std::string(63, 'Z')));
    EXPECT_FALSE(is_id("") || is_id("1a") || is_id("-a") || is_id("a.b") ||
                 is_id(std::string(64, 'a')));
}

}  // namespace
}  // namespace attacca::core
