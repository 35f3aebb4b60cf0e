// SPDX-License-Identifier: Apache-2.0
#include "cli/parser.h"

#include <algorithm>

#include "base/bytes.h"
#include "cli/text.h"

namespace attacca::cli {
namespace {

std::string suggestion(std::string_view word, const std::vector<std::string>& candidates,
                       std::string_view dashes = {}) {
    const std::optional<std::string> found = nearest(word, candidates);
    return found ? "; did you mean \"" + std::string{dashes} + *found + "\"?" : std::string{};
}

bool is_prefix_word(std::string_view word) {
    const std::string start = std::string{word} + " ";
    return std::any_of(commands().begin(), commands().end(), [&](const CommandSpec& spec) {
        return spec.name.starts_with(start);
    });
}

// Words that may follow `prefix`: "" gives the first words of all commands.
std::vector<std::string> next_words(std::string_view prefix) {
    std::vector<std::string> words;
    for (const CommandSpec& spec : commands()) {
        std::string_view rest = spec.name;
        if (!prefix.empty()) {
            if (!rest.starts_with(std::string{prefix} + " ")) {
                continue;
            }
            rest.remove_prefix(prefix.size() + 1);
        }
        std::string word{rest.substr(0, rest.find(' '))};
        if (std::find(words.begin(), words.end(), word) == words.end()) {
            words.push_back(std::move(word));
        }
    }
    return words;
}

class WordParser {
  public:
    explicit WordParser(std::span<const std::string> words) : words_(words) {}

    Result<Invocation> run() {
        while (at_ < words_.size()) {
            const std::string& word = words_[at_++];
            Result<void> taken;
            if (is_rest_ || word == "-" || !word.starts_with('-')) {
                taken = take_plain(word);
            } else if (word == "--") {
                is_rest_ = true;
            } else if (word.starts_with("--")) {
                taken = take_long(std::string_view{word}.substr(2));
            } else {
                taken = take_letters(std::string_view{word}.substr(1));
            }
            if (!taken) {
                return taken.error();
            }
        }
        return finish();
    }

  private:
    Result<void> take_plain(const std::string& word) {
        if (result_.command != nullptr) {
            result_.arguments.push_back(word);
            return {};
        }
        const std::string name = result_.prefix.empty() ? word : result_.prefix + " " + word;
        result_.command = find_command(name);
        if (result_.command != nullptr) {
            return {};
        }
        if (result_.prefix.empty() && is_prefix_word(word)) {
            result_.prefix = word;
            return {};
        }
        return fail(Problem::usage, "unknown command \"" + quoted(name) + "\"" +
                                        suggestion(word, next_words(result_.prefix)));
    }

    Result<void> take_long(std::string_view text) {
        const std::size_t equals = text.find('=');
        const std::string_view name = text.substr(0, equals);
        if (name == "version" && result_.command == nullptr) {
            result_.command = find_command("version");
            return {};
        }
        const FlagSpec* flag = find_flag(result_.command, name);
        if (flag == nullptr) {
            return unknown_flag("--" + std::string{name}, name);
        }
        if (equals == std::string_view::npos) {
            return take_flag(*flag, std::nullopt);
        }
        if (flag->value.empty()) {
            return fail(Problem::usage, "--" + std::string{name} + " takes no value");
        }
        return take_flag(*flag, std::string{text.substr(equals + 1)});
    }

    Result<void> take_letters(std::string_view letters) {
        while (!letters.empty()) {
            const FlagSpec* flag = find_flag(result_.command, letters[0]);
            if (flag == nullptr || letters[0] == 0) {
                return unknown_flag("-" + std::string{letters.substr(0, 1)}, letters);
            }
            letters.remove_prefix(1);
            std::optional<std::string> value;
            if (!flag->value.empty() && !letters.empty()) {
                letters.remove_prefix(letters.starts_with('=') ? 1 : 0);
                value = std::string{letters};
                letters = {};
            }
            const Result<void> taken = take_flag(*flag, std::move(value));
            if (!taken) {
                return taken;
            }
        }
        return {};
    }

    Result<void> take_flag(const FlagSpec& flag, std::optional<std::string> value) {
        const std::string name{flag.name};
        if (flag.value.empty()) {
            result_.wants_help = result_.wants_help || name == "help";
            result_.flags.emplace_back(name, "");
            return {};
        }
        if (!value) {
            if (at_ == words_.size()) {
                return fail(Problem::usage,
                            "--" + name + " needs a value: " + std::string{flag.value});
            }
            value = words_[at_++];
        }
        if (!flag.choices.empty()) {
            const std::vector<std::string> choices = choices_of(flag.choices);
            if (std::find(choices.begin(), choices.end(), *value) == choices.end()) {
                return bad_choice("--" + name, *value, flag.choices);
            }
        }
        result_.flags.emplace_back(name, std::move(*value));
        return {};
    }

    [[nodiscard]] static Error bad_choice(const std::string& what, const std::string& value,
                                          std::string_view choices) {
        return fail(Problem::usage, what + " does not know \"" + quoted(value) + "\", only " +
                                        std::string{choices} +
                                        suggestion(value, choices_of(choices)));
    }

    [[nodiscard]] Error unknown_flag(const std::string& shown, std::string_view name) const {
        std::vector<std::string> names;
        for (const FlagSpec& flag : global_flags()) {
            names.emplace_back(flag.name);
        }
        std::string where = "before a command";
        if (result_.command != nullptr) {
            where = "for " + std::string{result_.command->name};
            for (const FlagSpec& flag : result_.command->flags) {
                names.emplace_back(flag.name);
            }
        }
        return fail(Problem::usage, "unknown flag " + quoted(shown) + " " + where +
                                        suggestion(name, names, "--"));
    }

    Result<Invocation> finish() {
        if (result_.command == nullptr) {
            if (!result_.prefix.empty() && !result_.wants_help) {
                return fail(Problem::usage, "attacca " + result_.prefix + " needs a command: " +
                                                joined(next_words(result_.prefix)));
            }
            result_.wants_help = true;
        }
        if (result_.wants_help) {
            return std::move(result_);
        }
        const std::vector<ArgumentSpec>& specs = result_.command->arguments;
        for (std::size_t i = 0; i < specs.size(); ++i) {
            if (i >= result_.arguments.size()) {
                if (specs[i].is_required) {
                    return fail(Problem::usage, "attacca " + std::string{result_.command->name} +
                                                    " needs " + std::string{specs[i].name});
                }
                break;
            }
            const std::vector<std::string> choices = choices_of(specs[i].choices);
            const std::string& given = result_.arguments[i];
            if (!choices.empty() &&
                std::find(choices.begin(), choices.end(), given) == choices.end()) {
                return bad_choice(std::string{specs[i].name}, given, specs[i].choices);
            }
        }
        const bool is_open = !specs.empty() && specs.back().is_repeated;
        if (!is_open && result_.arguments.size() > specs.size()) {
            return fail(Problem::usage, "attacca " + std::string{result_.command->name} +
                                            " takes no argument \"" +
                                            quoted(result_.arguments[specs.size()]) + "\"");
        }
        return std::move(result_);
    }

    [[nodiscard]] static std::string joined(const std::vector<std::string>& words) {
        std::string out;
        for (const std::string& word : words) {
            out += (out.empty() ? "" : ", ") + word;
        }
        return out;
    }

    std::span<const std::string> words_;
    std::size_t at_ = 0;
    bool is_rest_ = false;
    Invocation result_;
};

}  // namespace

bool Invocation::has(std::string_view name) const {
    return std::any_of(flags.begin(), flags.end(),
                       [&](const auto& flag) { return flag.first == name; });
}

std::optional<std::string> Invocation::value(std::string_view name) const {
    const auto found = std::find_if(flags.rbegin(), flags.rend(),
                                    [&](const auto& flag) { return flag.first == name; });
    return found == flags.rend() ? std::nullopt : std::optional{found->second};
}

std::vector<std::string> Invocation::values(std::string_view name) const {
    std::vector<std::string> list;
    for (const auto& flag : flags) {
        if (flag.first == name) {
            list.push_back(flag.second);
        }
    }
    return list;
}

std::string Invocation::argument(std::size_t index, std::string_view fallback) const {
    return index < arguments.size() ? arguments[index] : std::string{fallback};
}

Result<std::optional<std::uint64_t>> Invocation::number(std::string_view name,
                                                        std::uint64_t least,
                                                        std::uint64_t most) const {
    const std::optional<std::string> text = value(name);
    if (!text) {
        return std::optional<std::uint64_t>{};
    }
    const std::optional<std::uint64_t> number = parse_u64(*text);
    if (!number || *number < least || *number > most) {
        return fail(Problem::usage, "--" + std::string{name} + " needs a number from " +
                                        std::to_string(least) + " to " + std::to_string(most) +
                                        ", not \"" + quoted(*text) + "\"");
    }
    return number;
}

Result<std::optional<Duration>> Invocation::duration(std::string_view name) const {
    const std::optional<std::string> text = value(name);
    if (!text) {
        return std::optional<Duration>{};
    }
    const Result<Duration> duration = parse_duration(*text);
    if (!duration) {
        return fail(Problem::usage, "--" + std::string{name} + " needs a duration such as 1m30s, "
                                        "not \"" + quoted(*text) + "\"");
    }
    return std::optional<Duration>{*duration};
}

Result<Invocation> parse_words(std::span<const std::string> words) {
    return WordParser{words}.run();
}

}  // namespace attacca::cli
