// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>
#include <unistd.h>

#include "world.h"

// attacca-sim: runs worlds, one after another, until so many events have been delivered.
//
// The last line is `trace <sha256> events <n> violations <v>`; the same arguments give the same
// line in every build. A violation is told with what is needed to see it again; the exit status is
// then 1.

namespace {

using namespace std::string_view_literals;

constexpr auto usage =
    "usage: attacca-sim [--seed N] [--events M] [--seeds K] [--world W] [--exact]\n"
    "                   [--marks] [--require-marks] [--verbose]\n"
    "  --seed N         the first seed (1)\n"
    "  --events M       events to deliver for each seed (2000000)\n"
    "  --seeds K        run K seeds, one after another (1)\n"
    "  --world W        run only world W of the seed, to its end\n"
    "  --exact          real committer, store and recovery in every world, not in one of 64\n"
    "  --marks          list the rare paths and how often each was taken\n"
    "  --require-marks  fail when one of them was not\n"
    "  --verbose        print each event\n"sv;

struct Arguments {
    std::uint64_t seed = 1;
    std::uint64_t events = 2'000'000;
    std::uint64_t seeds = 1;
    std::optional<std::uint64_t> world;
    bool wants_marks = false;
    bool requires_marks = false;
    bool is_verbose = false;
    bool is_exact = false;
};

// What the handler of an abort prints: a failed check is a violation like any other.
char where[160] = "";

void on_abort(int /*signal*/) {
    const auto written = write(STDERR_FILENO, where, std::strlen(where));
    (void)written;
}

std::optional<Arguments> parse(int count, char** values) {
    Arguments arguments;
    for (int i = 1; i < count; ++i) {
        const std::string_view name = values[i];
        if (name == "--marks") {
            arguments.wants_marks = true;
            continue;
        }
        if (name == "--require-marks") {
            arguments.requires_marks = true;
            continue;
        }
        if (name == "--verbose") {
            arguments.is_verbose = true;
            continue;
        }
        if (name == "--exact") {
            arguments.is_exact = true;
            continue;
        }
        const auto number = i + 1 < count ? attacca::parse_u64(values[++i]) : std::nullopt;
        if (!number) {
            return std::nullopt;
        }
        if (name == "--seed") {
            arguments.seed = *number;
        } else if (name == "--events") {
            arguments.events = *number;
        } else if (name == "--seeds") {
            arguments.seeds = *number;
        } else if (name == "--world") {
            arguments.world = *number;
        } else {
            return std::nullopt;
        }
    }
    return arguments;
}

class Run {
  public:
    explicit Run(const Arguments& arguments) : arguments_(arguments) {}

    // False at a violation.
    bool seed(std::uint64_t seed) {
        if (arguments_.world) {
            return world(seed, *arguments_.world, ~std::uint64_t{0});
        }
        const std::uint64_t end = events_ + arguments_.events;
        for (std::uint64_t number = 0; events_ < end; ++number) {
            if (!world(seed, number, end - events_)) {
                return false;
            }
        }
        return true;
    }

    int finish(bool is_clean) {
        bool is_complete = true;
        for (std::size_t i = 0; i < attacca::sim::mark_names.size(); ++i) {
            const std::string name{attacca::sim::mark_names[i]};
            if (arguments_.wants_marks) {
                std::printf("mark %-28s %llu\n", name.c_str(),
                            static_cast<unsigned long long>(marks_.count(i)));
            }
            if (arguments_.requires_marks && marks_.count(i) == 0) {
                std::printf("the rare path %s was never taken\n", name.c_str());
                is_complete = false;
            }
        }
        std::printf("trace %s events %llu violations %d\n",
                    attacca::hex(trace_.finish()).c_str(),
                    static_cast<unsigned long long>(events_), is_clean ? 0 : 1);
        return is_clean && is_complete ? 0 : 1;
    }

  private:
    bool world(std::uint64_t seed, std::uint64_t number, std::uint64_t events_max) {
        constexpr std::uint64_t exact_every = 64;
        std::snprintf(where, sizeof where,
                      "attacca-sim: aborted; seed %llu world %llu commit " ATTACCA_COMMIT "\n",
                      static_cast<unsigned long long>(seed),
                      static_cast<unsigned long long>(number));
        const std::uint64_t mixed = attacca::sim::mixed(seed * 0x9E3779B97F4A7C15ULL + number);
        const bool is_exact = arguments_.is_exact || number % exact_every == exact_every / 2;
        attacca::sim::World world(mixed, is_exact, marks_, trace_);
        world.is_verbose = arguments_.is_verbose;
        world.run(events_max);
        events_ += world.events();
        if (!world.violations().is_broken()) {
            return true;
        }
        std::printf("%s does not hold: %s\n", world.violations().invariant().c_str(),
                    world.violations().what().c_str());
        std::printf("seed %llu world %llu event %llu commit " ATTACCA_COMMIT "\nknobs%s\n",
                    static_cast<unsigned long long>(seed),
                    static_cast<unsigned long long>(number),
                    static_cast<unsigned long long>(world.events()),
                    world.knobs().text().c_str());
        std::printf("again: attacca-sim --seed %llu --world %llu --verbose\n",
                    static_cast<unsigned long long>(seed),
                    static_cast<unsigned long long>(number));
        return false;
    }

    const Arguments& arguments_;
    attacca::sim::Marks marks_;
    attacca::sim::Trace trace_;
    std::uint64_t events_ = 0;
};

}  // namespace

int main(int count, char** values) {
    const std::optional<Arguments> arguments = parse(count, values);
    if (!arguments) {
        std::fwrite(usage.data(), 1, usage.size(), stderr);
        return 64;
    }
    std::signal(SIGABRT, on_abort);
    Run run(*arguments);
    bool is_clean = true;
    for (std::uint64_t i = 0; i < arguments->seeds && is_clean; ++i) {
        is_clean = run.seed(arguments->seed + i);
    }
    return run.finish(is_clean);
}
