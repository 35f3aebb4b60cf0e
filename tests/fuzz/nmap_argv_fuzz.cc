// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <string>
#include <vector>

#include "core/scan/nmap_options.h"
#include "fuzz.h"

// The command line of nmap from options and targets that anyone may have sent:
// {"options": {…}, "targets": […]}. Whatever they are, each argument is of a known shape.

namespace attacca::core {
namespace {

bool has_only(std::string_view text, std::string_view characters) {
    return !text.empty() && text.find_first_not_of(characters) == text.npos;
}

bool is_known_switch(const std::string& argument) {
    constexpr std::array known = {"-sT", "-Pn", "-sV", "-n", "-6",  "-oX",
                                  "-p",  "-T0", "-T1", "-T2", "-T3", "-T4",
                                  "--top-ports", "--max-rate", "--host-timeout", "--script",
                                  "--noninteractive", "--stats-every", "--no-stylesheet"};
    return std::find(known.begin(), known.end(), argument) != known.end();
}

void check_argv(const std::vector<std::string>& argv, std::size_t target_count) {
    ATTACCA_CHECK(argv.front() == "nmap");
    const auto end = std::find(argv.begin(), argv.end(), "--");
    ATTACCA_CHECK(end != argv.end());
    ATTACCA_CHECK(argv.end() - end - 1 <= static_cast<std::ptrdiff_t>(target_count));
    ATTACCA_CHECK(argv.end() - end - 1 >= 1);
    for (auto argument = argv.begin() + 1; argument != end; ++argument) {
        if (argument->starts_with('-')) {
            ATTACCA_CHECK(*argument == "-" || is_known_switch(*argument));
        } else {
            ATTACCA_CHECK(argument[-1].starts_with('-'));
            ATTACCA_CHECK(has_only(*argument, "abcdefghijklmnopqrstuvwxyz0123456789-,"));
        }
    }
    for (auto target = end + 1; target != argv.end(); ++target) {
        const auto parsed = parse_target(*target);
        ATTACCA_CHECK(parsed.has_value() && parsed->text() == *target);
    }
}

void test(std::string_view input) {
    const auto json = parse_json(input);
    const Json* options = json ? json->find("options") : nullptr;
    const Json* targets = json ? json->find("targets") : nullptr;
    if (options == nullptr || targets == nullptr || !options->is_object() ||
        !targets->is_array()) {
        return;
    }
    ToolOptions typed;
    bool is_checked = true;
    for (const Json::Member& member : options->as_object()) {
        is_checked = is_checked && check_nmap_option(member.key, member.value).has_value();
        typed.emplace_back(member.key, member.value);
    }
    std::vector<std::string> texts;
    for (const Json& target : targets->as_array()) {
        texts.push_back(target.is_string() ? target.as_string() : target.text());
    }
    const auto argv = nmap_argv(typed, texts);
    if (argv) {
        ATTACCA_CHECK(is_checked);
        check_argv(*argv, texts.size());
    } else {
        ATTACCA_CHECK(argv.error().problem == Problem::tool_argument_rejected);
    }
}

}  // namespace
}  // namespace attacca::core

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    attacca::core::test(attacca::fuzz::text_of(data, size));
    return 0;
}
