// SPDX-License-Identifier: Apache-2.0
#include "base/bytes.h"
#include "cli/anchor_places.h"
#include "cli/commands.h"
#include "cli/diagnostic.h"
#include "core/retention/pruning.h"

// serve, doctor, config, bench.

namespace attacca::cli {
namespace {

struct LevelMark {
    const char* word;
    Colour colour;
};

LevelMark mark_of(DoctorFact::Level level) {
    switch (level) {
        case DoctorFact::Level::ok: return {"ok", Colour::green};
        case DoctorFact::Level::warn: return {"warn", Colour::yellow};
        case DoctorFact::Level::skipped: return {"SKIPPED", Colour::dim};
    }
    return {"warn", Colour::yellow};
}

std::string doctor_text(const std::vector<DoctorFact>& facts, const Style& style) {
    std::size_t name_width = 0;
    for (const DoctorFact& fact : facts) {
        name_width = std::max(name_width, width_of(fact.name));
    }
    std::string out;
    for (const DoctorFact& fact : facts) {
        const LevelMark mark = mark_of(fact.level);
        out += style(mark.colour, padded(mark.word, 7)) + "  " +
               padded(printable(fact.name), name_width) + "  " + printable(fact.value) + "\n";
        if (!fact.hint.empty()) {
            out += std::string(9 + name_width + 2, ' ') + "→ " + printable(fact.hint) + "\n";
        }
    }
    return out;
}

std::string check_text(const ServeCheck& found) {
    std::string text = "data directory  " + printable(found.data) + ", lock taken\n";
    text += "ledger          " + counted(found.records, "record") +
            ", the last batch agrees with its root\n";
    text += "signing key     fits the ledger's name\n";
    text += "jobs            " + std::to_string(found.live_jobs) + " live, all recovered\n";
    text += "spawner         runs\n";
    return text + (found.is_storage_full ? "storage         FULL: submissions would be refused\n"
                                         : "storage         takes submissions\n");
}

// It is told of a directory that could be opened: then lock, ledger, key and spawner are right.
Json check_json(const ServeCheck& found) {
    Json answer = Json::object();
    answer.set("data", found.data);
    answer.set("records", static_cast<std::int64_t>(found.records));
    answer.set("live_jobs", static_cast<std::int64_t>(found.live_jobs));
    answer.set("takes_submissions", !found.is_storage_full);
    return answer;
}

// Numbers as people read them; objects inside as JSON.
std::string object_text(const Json& object) {
    TextTable table({"FIGURE", "VALUE"});
    for (const Json::Member& member : object.as_object()) {
        table.add({printable(member.key), printable(member.value.is_string()
                                                        ? member.value.as_string()
                                                        : member.value.text())});
    }
    return table.text(false);
}

}  // namespace

int serve_command(Context& context) {
    ServeOptions options;
    options.data = context.settings.value("data");
    options.listen = context.settings.value("listen");
    options.log_level = context.settings.value("log-level");
    for (char& letter : options.log_level) {
        letter = letter >= 'a' && letter <= 'z' ? static_cast<char>(letter - 'a' + 'A') : letter;
    }
    const auto number = [&](std::string_view name, std::uint64_t fallback) {
        return parse_u64(context.settings.value(name)).value_or(fallback);
    };
    options.slots = static_cast<std::uint32_t>(number("slots", 16));
    options.error_threshold = static_cast<std::uint32_t>(number("error-threshold", 5));
    options.error_window = seconds(static_cast<std::int64_t>(number("error-window", 60)));
    options.breaker_delay = seconds(static_cast<std::int64_t>(number("breaker-delay", 30)));
    options.lane_quiet = seconds(static_cast<std::int64_t>(number("lane-quiet", 300)));
    const auto retention = [&](std::string_view name) {
        // The settings have checked what is given.
        const auto parsed = core::parse_retention(context.settings.value(name));
        return parsed ? *parsed : std::nullopt;
    };
    options.retention = {retention("retention"), retention("retention-least")};
    options.allows_private_http = context.settings.value("allow-private-http") == "yes";
    options.is_check = context.in.has("check");
    options.on_checked = [&context](const ServeCheck& found) {
        if (context.is_human()) {
            context.out(check_text(found));
        } else {
            context.answer(check_json(found));
        }
    };
    const Result<AnchorPlaces> anchors = anchor_places(context);
    if (!anchors) {
        return context.refuse(anchors.error());
    }
    options.anchors = *anchors;
    const Result<int> status = context.env.serve(options);
    return status ? *status : context.refuse(status.error());
}

int doctor_command(Context& context) {
    const std::vector<DoctorFact> facts = context.env.doctor(context.settings.value("data"));
    if (context.is_human()) {
        context.out(doctor_text(facts, context.out_style()));
        return 0;
    }
    Json list = Json::array();
    std::int64_t warnings = 0;
    for (const DoctorFact& fact : facts) {
        Json entry = Json::object();
        entry.set("name", fact.name);
        entry.set("level", mark_of(fact.level).word);
        entry.set("value", fact.value);
        if (!fact.hint.empty()) {
            entry.set("hint", fact.hint);
        }
        warnings += fact.level == DoctorFact::Level::warn ? 1 : 0;
        if (context.output() == Output::jsonl) {
            context.answer(entry);
        }
        list.push(std::move(entry));
    }
    if (context.output() == Output::json) {
        Json answer = Json::object();
        // A warning is no failure: the exit status is 0, and whoever minds counts them.
        answer.set("warnings", warnings);
        answer.set("facts", std::move(list));
        context.answer(answer);
    }
    return 0;
}

int config_show_command(Context& context) {
    if (context.is_human()) {
        TextTable table({"SETTING", "VALUE", "ORIGIN"});
        for (const Setting& setting : context.settings.all()) {
            table.add({setting.name, setting.value.empty() ? "-" : printable(setting.value),
                       printable(setting.origin_text())});
        }
        context.out(table.text(!context.in.has("no-headers")));
        return 0;
    }
    Json list = Json::array();
    for (const Setting& setting : context.settings.all()) {
        Json entry = Json::object();
        entry.set("name", setting.name);
        entry.set("value", setting.value);
        entry.set("origin", setting.origin_text());
        if (context.output() == Output::jsonl) {
            context.answer(entry);
        }
        list.push(std::move(entry));
    }
    if (context.output() == Output::json) {
        Json answer = Json::object();
        answer.set("settings", std::move(list));
        context.answer(answer);
    }
    return 0;
}

int config_check_command(Context& context) {
    const std::string path = context.in.argument(0, context.settings.value("config"));
    const std::variant<ConfigFile, ConfigError> loaded = load_config(context.env, path);
    if (const auto* error = std::get_if<ConfigError>(&loaded)) {
        if (!context.is_human()) {
            return context.refuse(error->error);
        }
        context.env.write_err(error->text);
        return exit_status_of(error->error);
    }
    const ConfigFile& file = std::get<ConfigFile>(loaded);
    if (!context.is_human()) {
        Json answer = Json::object();
        answer.set("file", file.path);
        answer.set("valid", true);
        context.answer(answer);
    } else if (file.path.empty()) {
        context.out("there is no configuration file; defaults are used\n");
    } else {
        context.out(context.out_style()(Colour::green, "✓") + " " + printable(file.path) + "\n");
    }
    return 0;
}

int bench_command(Context& context) {
    constexpr std::uint64_t jobs_max = 100'000'000;
    const Result<std::optional<std::uint64_t>> jobs = context.in.number("jobs", 1, jobs_max);
    const Result<std::optional<std::uint64_t>> window = context.in.number("window", 1, 16'000);
    if (!jobs || !window) {
        return context.refuse(jobs ? window.error() : jobs.error());
    }
    BenchOptions options{context.in.argument(0), jobs->value_or(100'000),
                         context.settings.value("data")};
    options.window = window->value_or(options.window);
    options.has_limits = context.in.has("limits");
    if (options.has_limits && options.workload != "lifecycle") {
        return context.refuse(fail(Problem::usage, "--limits is for the workload lifecycle"));
    }
    const Result<Json> figures = context.env.bench(options);
    if (!figures) {
        return context.refuse(figures.error());
    }
    if (context.is_human() && figures->is_object()) {
        context.out(object_text(*figures));
    } else {
        context.answer(*figures);
    }
    return 0;
}

}  // namespace attacca::cli
