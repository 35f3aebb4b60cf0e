// SPDX-License-Identifier: Apache-2.0
#include "cli/main_cli.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "base/seeded_bug.h"
#include "cli/commands.h"
#include "cli/completion.h"
#include "cli/diagnostic.h"
#include "cli/help.h"
#include "cli/problem_json.h"

namespace attacca::cli {

int completion_command(Context& context) {
    context.out(completion_script(context.in.argument(0)));
    return 0;
}

int version_command(Context& context) {
    if (context.is_human()) {
        context.out("attacca " ATTACCA_VERSION "\n");
        return 0;
    }
    Json answer = Json::object();
    answer.set("version", ATTACCA_VERSION);
    context.answer(answer);
    return 0;
}

int help_command(Context& context) {
    std::string subject;
    for (const std::string& word : context.in.arguments) {
        subject += (subject.empty() ? "" : " ") + word;
    }
    if (subject.empty()) {
        context.out(overall_help());
        return 0;
    }
    const Result<std::string> text = subject_help(subject);
    if (!text) {
        return context.refuse(text.error());
    }
    context.out(*text);
    return 0;
}

namespace {

constexpr std::pair<std::string_view, Handler> handlers[] = {
    {"run", run_command},
    {"init", init_command},
    {"validate", validate_command},
    {"graph", graph_command},
    {"schema", schema_command},
    {"jobs list", jobs_list_command},
    {"jobs get", jobs_get_command},
    {"jobs why", jobs_why_command},
    {"jobs watch", jobs_watch_command},
    {"jobs logs", jobs_logs_command},
    {"jobs artifacts", jobs_artifacts_command},
    {"jobs artifact", jobs_artifact_command},
    {"jobs cancel", jobs_change_command},
    {"jobs pause", jobs_change_command},
    {"jobs resume", jobs_change_command},
    {"jobs retry", jobs_change_command},
    {"jobs rerun", jobs_change_command},
    {"tenants list", tenants_list_command},
    {"tenants get", tenants_get_command},
    {"tenants set", tenants_set_command},
    {"breakers list", breakers_list_command},
    {"breakers open", breakers_set_command},
    {"breakers close", breakers_set_command},
    {"breakers auto", breakers_set_command},
    {"dlq list", letters_list_command},
    {"dlq show", letters_show_command},
    {"dlq replay", letters_close_command},
    {"dlq discard", letters_close_command},
    {"evidence checkpoint", evidence_checkpoint_command},
    {"keys list", keys_command},
    {"keys rotate", keys_command},
    {"evidence show", evidence_show_command},
    {"evidence verify", evidence_verify_command},
    {"evidence export", evidence_export_command},
    {"audit list", audit_list_command},
    {"audit export", audit_export_command},
    {"evidence timestamp", evidence_timestamp_command},
    {"evidence hold", evidence_hold_command},
    {"evidence release", evidence_hold_command},
    {"evidence holds", evidence_holds_command},
    {"evidence erase", evidence_erase_command},
    {"evidence restore", evidence_restore_command},
    {"workflows list", workflows_list_command},
    {"workflows get", workflows_get_command},
    {"workflows apply", workflows_apply_command},
    {"workflows diff", workflows_diff_command},
    {"workflows versions", workflows_versions_command},
    {"workflows start", workflows_start_command},
    {"workflows disable", workflows_switch_command},
    {"workflows enable", workflows_switch_command},
    {"schedules list", schedules_list_command},
    {"schedules get", schedules_get_command},
    {"schedules set", schedules_set_command},
    {"schedules next", schedules_next_command},
    {"schedules pause", schedules_switch_command},
    {"schedules resume", schedules_switch_command},
    {"schedules trigger", schedules_trigger_command},
    {"schedules backfill", schedules_backfill_command},
    {"schedules delete", schedules_delete_command},
    {"top", top_command},
    {"worker run", worker_run_command},
    {"workers list", workers_list_command},
    {"dispatch", dispatch_command},
    {"tasks get", tasks_get_command},
    {"tasks cancel", tasks_cancel_command},
    {"import orch-next", import_orch_next_command},
    {"jobs approve", jobs_verdict_command},
    {"jobs reject", jobs_verdict_command},
    {"tests list", tests_list_command},
    {"serve", serve_command},
    {"witness", witness_command},
    {"verify", verify_command},
    {"doctor", doctor_command},
    {"config show", config_show_command},
    {"config check", config_check_command},
    {"bench", bench_command},
    {"completion", completion_command},
    {"version", version_command},
    {"help", help_command},
};

}  // namespace

Handler handler_of(std::string_view name) {
    const auto* found = std::find_if(std::begin(handlers), std::end(handlers),
                                     [&](const auto& entry) { return entry.first == name; });
    return found == std::end(handlers) ? nullptr : found->second;
}

namespace {

// Whether the answer is to be JSON, as far as words that make no command tell.
bool wants_json(const std::vector<std::string>& words, const Environment& env) {
    std::string form = env.variable("ATTACCA_OUTPUT").value_or("");
    for (std::size_t i = 0; i < words.size() && words[i] != "--"; ++i) {
        constexpr std::string_view flag = "--output";
        const std::string_view word = words[i];
        if (word == "-o" || word == flag) {
            form = i + 1 < words.size() ? words[i + 1] : "";
        } else if (word.starts_with("--output=")) {
            form = word.substr(flag.size() + 1);
        } else if (word.starts_with("-o")) {
            form = word.substr(word.starts_with("-o=") ? 3 : 2);
        }
    }
    return form == "json" || form == "jsonl";
}

}  // namespace

int run_cli(std::span<const char* const> argv, Environment& env) {
    std::vector<std::string> words;
    for (const char* word : argv.subspan(std::min<std::size_t>(1, argv.size()))) {
        words.emplace_back(word);
    }
    const Result<Invocation> in = parse_words(words);
    if (!in) {
        env.write_err(wants_json(words, env) ? problem_json(in.error()).text() + "\n"
                                             : plain_error(in.error(), Style{false}));
        return exit_status_of(in.error());
    }
    if (in->wants_help) {
        if (in->command != nullptr) {
            env.write_out(command_help(*in->command));
        } else {
            env.write_out(in->prefix.empty() ? overall_help() : prefix_help(in->prefix));
        }
        return 0;
    }
    if (ATTACCA_BUG(BUG_NO_EVIDENCE) && in->command->name != "bench") {
        env.write_err("this build hashes and signs nothing: it is for measuring only\n");
        return exit_status_of(fail(Problem::bad_configuration));
    }
    // What explains must work with a broken configuration as well. What is wrong with it is the
    // answer of `config check`, unless another file is to be checked.
    const std::string_view name = in->command->name;
    const Handler handler = handler_of(name);
    std::variant<Settings, ConfigError> settings = resolve_settings(*in, env);
    if (const auto* error = std::get_if<ConfigError>(&settings)) {
        const bool is_free = name == "help" || name == "version" || name == "completion" ||
                             (name == "config check" && !in->argument(0).empty());
        if (!is_free) {
            env.write_err(wants_json(words, env) ? problem_json(error->error).text() + "\n"
                                                 : error->text);
            return exit_status_of(error->error);
        }
        std::vector<Setting> defaults;
        for (const FlagSpec* flag : setting_flags()) {
            defaults.push_back({std::string{flag->name}, std::string{flag->fallback},
                                Origin::fallback, ""});
        }
        settings = Settings{std::move(defaults)};
    }
    Context context(env, *in, std::get<Settings>(std::move(settings)));
    return handler(context);
}

}  // namespace attacca::cli
