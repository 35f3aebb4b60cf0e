// SPDX-License-Identifier: Apache-2.0
#include "cli/table.h"

// Commands about circuit breakers.

namespace attacca::cli {
namespace {

constexpr std::string_view breakers_group = "Circuit breakers of a server";

CommandSpec breaker_spec(std::string_view name, std::string_view summary, std::string_view details,
                         std::string_view example) {
    return {
        .name = name,
        .group = breakers_group,
        .summary = summary,
        .details = details,
        .arguments = {{"DEPENDENCY", "http:HOST, scan:TARGET, run:PROGRAM or lane:NAME"}},
        .flags = {{.name = "reason", .value = "TEXT", .help = "Why, for whoever looks"}},
        .examples = {{example, "By the name of what is depended on."}},
        .exits = {{65, "this names no dependency"}},
    };
}

}  // namespace

std::vector<CommandSpec> breaker_command_specs() {
    CommandSpec give_back =
        breaker_spec("breakers auto", "give a breaker back to itself",
                     "It is closed then, whatever it was, and opens by itself.",
                     "attacca breakers auto http:api.example.com");
    give_back.exits.push_back({66, "it has never been open, nor been set"});
    return {
        {
            .name = "breakers list",
            .group = breakers_group,
            .summary = "list circuit breakers that have been open, or set",
            .details = "A breaker belongs to a tenant and to what its nodes depend on. It opens "
                       "after several errors within a minute; then nothing of that tenant that "
                       "depends on it starts, until a probe succeeds.",
            .arguments = {},
            .flags = {{.name = "limit", .value = "N", .fallback = "50", .help = "At most so many"},
                      {.name = "after", .value = "NAME", .help = "Go on after this name"}},
            .examples = {{"attacca breakers list", "Those of the tenant."}},
            .exits = {},
        },
        breaker_spec("breakers open", "let nothing start that depends on it",
                     "What runs goes on. It stays open until somebody says otherwise.",
                     "attacca breakers open lane:gpu --reason 'new driver'"),
        breaker_spec("breakers close", "let everything start that depends on it",
                     "Errors do not open it any more, until it is given back to itself.",
                     "attacca breakers close http:api.example.com"),
        std::move(give_back),
    };
}

}  // namespace attacca::cli
