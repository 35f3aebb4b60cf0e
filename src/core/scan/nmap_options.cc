// SPDX-License-Identifier: Apache-2.0
#include "core/scan/nmap_options.h"

#include <algorithm>
#include <array>

#include "base/bytes.h"
#include "base/error.h"
#include "base/time.h"
#include "core/graph/suggest.h"

namespace attacca::core {
namespace {

using Arguments = std::vector<std::string>;

constexpr std::size_t port_ranges_max = 1000;
constexpr std::uint64_t port_max = 65535;
// Of the categories `safe` or `default`; none is `external`, `intrusive`, `dos` or `exploit`.
constexpr std::string_view script_names[] = {"banner",      "http-headers", "http-title",
                                             "ssh-hostkey", "ssl-cert",     "ssh2-enum-algos"};

Error rejected(std::string_view name, std::string_view why) {
    return fail(Problem::tool_argument_rejected,
                "nmap option `" + quoted(name) + "`: " + std::string(why));
}

bool is_port_range(std::string_view text) {
    const std::size_t hyphen = text.find('-');
    const auto first = parse_u64(text.substr(0, hyphen));
    const auto last = hyphen == text.npos ? first : parse_u64(text.substr(hyphen + 1));
    return first && last && *first >= 1 && *first <= *last && *last <= port_max;
}

Result<Arguments> ports_arguments(std::string_view name, const Json& value) {
    std::string text;
    if (value.is_integer()) {
        text = value.text();
    } else if (value.is_string()) {
        text = value.as_string();
    }
    std::size_t ranges = 0;
    std::size_t at = 0;
    bool is_good = !text.empty();
    while (is_good && at <= text.size()) {
        const std::size_t end = std::min(text.find(',', at), text.size());
        is_good = is_port_range(std::string_view(text).substr(at, end - at)) &&
                  ++ranges <= port_ranges_max;
        at = end + 1;
    }
    if (!is_good) {
        return rejected(name, "write ports from 1 to 65535 like 22,80,8000-8100");
    }
    return Arguments{"-p", text};
}

Result<Arguments> integer_arguments(std::string_view name, const Json& value,
                                    std::int64_t min, std::int64_t max, Arguments prefix) {
    if (!value.is_integer() || value.as_integer() < min || value.as_integer() > max) {
        return rejected(name, "it takes an integer from " + std::to_string(min) + " to " +
                                  std::to_string(max));
    }
    if (prefix.back().starts_with("--")) {
        prefix.push_back(value.text());
    } else {
        prefix.back() += value.text();
    }
    return prefix;
}

Result<Arguments> switch_arguments(std::string_view name, const Json& value,
                                   std::string_view argument) {
    if (!value.is_bool()) {
        return rejected(name, "it takes true or false");
    }
    return value.as_bool() ? Arguments{std::string(argument)} : Arguments{};
}

Result<Arguments> top_ports_arguments(std::string_view name, const Json& value) {
    return integer_arguments(name, value, 1, port_max, {"--top-ports"});
}

Result<Arguments> timing_arguments(std::string_view name, const Json& value) {
    return integer_arguments(name, value, 0, 4, {"-T"});
}

Result<Arguments> max_rate_arguments(std::string_view name, const Json& value) {
    return integer_arguments(name, value, 1, 100000, {"--max-rate"});
}

Result<Arguments> service_version_arguments(std::string_view name, const Json& value) {
    return switch_arguments(name, value, "-sV");
}

Result<Arguments> discovery_arguments(std::string_view name, const Json& value) {
    return switch_arguments(name, value, "-Pn");
}

Result<Arguments> host_timeout_arguments(std::string_view name, const Json& value) {
    const auto length = value.is_string() ? parse_duration(value.as_string())
                                          : Result<Duration>(fail(Problem::wrong_type));
    if (!length) {
        return rejected(name, "it takes a duration such as 30s");
    }
    return Arguments{"--host-timeout", std::to_string(length->ms()) + "ms"};
}

Result<Arguments> scripts_arguments(std::string_view name, const Json& value) {
    const Json list = value.is_string() ? Json(Json::Array{value}) : value;
    if (!list.is_array() || list.as_array().empty()) {
        return rejected(name, "it takes a list of names");
    }
    std::string text;
    for (const Json& element : list.as_array()) {
        const std::string script = element.is_string() ? element.as_string() : element.text();
        if (std::find(std::begin(script_names), std::end(script_names), script) ==
            std::end(script_names)) {
            return rejected(name, "`" + quoted(script) + "` is not on the list of scripts" +
                                      suggestion(script, script_names));
        }
        text += (text.empty() ? "" : ",") + script;
    }
    return Arguments{"--script", text};
}

struct Option {
    std::string_view name;
    Result<Arguments> (*arguments)(std::string_view name, const Json& value);
};

// In the order in which the arguments stand.
constexpr std::array options_table = {
    Option{"skip_host_discovery", discovery_arguments},
    Option{"service_version", service_version_arguments},
    Option{"timing", timing_arguments},
    Option{"ports", ports_arguments},
    Option{"top_ports", top_ports_arguments},
    Option{"max_rate", max_rate_arguments},
    Option{"host_timeout", host_timeout_arguments},
    Option{"scripts", scripts_arguments},
};

const Option* option_of(std::string_view name) {
    const auto* const found =
        std::find_if(options_table.begin(), options_table.end(),
                     [name](const Option& option) { return option.name == name; });
    return found == options_table.end() ? nullptr : found;
}

Error unknown_option(std::string_view name) {
    std::array<std::string_view, options_table.size()> names;
    std::transform(options_table.begin(), options_table.end(), names.begin(),
                   [](const Option& option) { return option.name; });
    return rejected(name, "it is not on the list of options" + suggestion(name, names));
}

const Json* value_of(const ToolOptions& options, std::string_view name) {
    const auto found = std::find_if(options.begin(), options.end(),
                                    [name](const auto& option) { return option.first == name; });
    return found == options.end() ? nullptr : &found->second;
}

bool is_v6(const Target& target) {
    const auto* network = std::get_if<Network>(&target.what);
    return network != nullptr && network->is_v6;
}

Result<void> check_targets(const std::vector<Target>& targets) {
    if (targets.empty() || targets.size() > scan_targets_max) {
        return fail(Problem::tool_argument_rejected, "a scan has from 1 to 4096 targets");
    }
    for (const Target& target : targets) {
        const auto* network = std::get_if<Network>(&target.what);
        if (network != nullptr && network->prefix_max() - network->prefix > network_bits_max) {
            return fail(Problem::tool_argument_rejected,
                        "`" + target.text() + "` has more than 65536 addresses");
        }
        if (is_v6(target) != is_v6(targets.front())) {
            return fail(Problem::tool_argument_rejected,
                        "nmap takes IPv6 targets in a run of their own; use two nodes");
        }
    }
    return {};
}

bool is_one_host(const Target& target) {
    const auto* network = std::get_if<Network>(&target.what);
    return network != nullptr ? network->is_address() : target.is_localhost();
}

}  // namespace

bool is_nmap_option(std::string_view name) {
    return option_of(name) != nullptr;
}

Result<void> check_nmap_option(std::string_view name, const Json& value) {
    const Option* option = option_of(name);
    if (option == nullptr) {
        return unknown_option(name);
    }
    auto arguments = option->arguments(name, value);
    return arguments ? Result<void>() : Result<void>(arguments.error());
}

Result<std::vector<std::string>> nmap_argv(const ToolOptions& options,
                                           const std::vector<Target>& targets) {
    const auto checked = check_targets(targets);
    if (!checked) {
        return checked.error();
    }
    for (const auto& option : options) {
        if (!is_nmap_option(option.first)) {
            return unknown_option(option.first);
        }
    }
    if (value_of(options, "ports") != nullptr && value_of(options, "top_ports") != nullptr) {
        return rejected("top_ports", "it excludes `ports`");
    }
    std::vector<std::string> argv = {"nmap", "-n", "-sT"};
    if (is_v6(targets.front())) {
        argv.emplace_back("-6");
    }
    const bool skips_discovery = std::all_of(targets.begin(), targets.end(), is_one_host);
    if (skips_discovery && value_of(options, "skip_host_discovery") == nullptr) {
        argv.emplace_back("-Pn");
    }
    for (const Option& option : options_table) {
        if (const Json* value = value_of(options, option.name)) {
            ATTACCA_TRY(const Arguments arguments, option.arguments(option.name, *value));
            argv.insert(argv.end(), arguments.begin(), arguments.end());
        }
    }
    argv.insert(argv.end(), {"-oX", "-", "--"});
    for (const Target& target : targets) {
        argv.push_back(target.text());
    }
    return argv;
}

Result<std::vector<std::string>> nmap_argv(const ToolOptions& options,
                                           const std::vector<std::string>& targets) {
    std::vector<Target> parsed;
    for (const std::string& text : targets) {
        ATTACCA_TRY(Target target, parse_target(text));
        parsed.push_back(std::move(target));
    }
    return nmap_argv(options, parsed);
}

}  // namespace attacca::core
