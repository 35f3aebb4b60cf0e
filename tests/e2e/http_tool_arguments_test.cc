// SPDX-License-Identifier: Apache-2.0
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "e2e/http_refusals.h"

// Row 36 of reliability.md 3: every hostile argument, in every place that ends as an argument of
// the tool. Nothing is stored, so nothing can start.

namespace attacca::e2e {
namespace {

struct Hostile {
    const char* name;
    std::string json;  // the argument, as the inside of a JSON string
};

const Hostile arguments[] = {
    {"SecondCommand", ";rm -rf x"},
    {"SecondCommandBehindATarget", "127.0.0.1;rm -rf x"},
    {"CommandSubstitution", "$(id)"},
    {"Pipe", "127.0.0.1|id"},
    {"Newline", "127.0.0.1\\nid"},
    {"Nul", "127.0.0.1\\u0000"},
    {"ForeignScript", "--script=evil.nse"},
    {"OutputFile", "-oN out"},
    {"TargetsFromAFile", "-iL list"},
    {"DataDirectory", "--datadir"},
};

struct Place {
    const char* name;
    std::string before;
    std::string after;
    const char* pointer;  // empty: it holds the argument itself
};

const Place places[] = {
    {"AsTarget", R"("targets":[")", R"("])", "/dag_definition/nodes/0/scan/targets/0"},
    {"AsPorts", R"("targets":["127.0.0.1"],"options":{"ports":")", R"("})",
     "/dag_definition/nodes/0/scan/options/ports"},
    {"AsScript", R"("targets":["127.0.0.1"],"options":{"scripts":[")", R"("]})",
     "/dag_definition/nodes/0/scan/options/scripts"},
    {"AsOption", R"("targets":["127.0.0.1"],"options":{")", R"(":true})", ""},
};

class HttpToolArgument : public HttpRefusals {};

TEST_P(HttpToolArgument, IsRejectedAndNothingStarts) {
    check(GetParam());
}

std::vector<Row> rows() {
    static std::vector<std::string> names;
    std::vector<Row> all;
    names.reserve(std::size(arguments) * std::size(places));
    for (const Hostile& hostile : arguments) {
        for (const Place& place : places) {
            names.push_back(std::string(hostile.name) + place.name);
            all.push_back({names.back().c_str(),
                           dag(R"({"scope":{"include":["127.0.0.1"]},"nodes":[{"id":"a",)"
                               R"("scan":{"tool":"nmap",)" +
                               place.before + hostile.json + place.after + "}}]}"),
                           422, "tool-argument-rejected", "", place.pointer});
        }
    }
    return all;
}

INSTANTIATE_TEST_SUITE_P(Rows, HttpToolArgument, testing::ValuesIn(rows()), name_of_row);

}  // namespace
}  // namespace attacca::e2e
