// SPDX-License-Identifier: Apache-2.0
#include "cli/completion.h"

#include <algorithm>
#include <vector>

#include "base/check.h"
#include "cli/table.h"

namespace attacca::cli {
namespace {

std::string spaced(std::string text) {
    std::replace(text.begin(), text.end(), '|', ' ');
    return text;
}

std::string words(std::string_view choices) {
    return spaced(std::string{choices});
}

std::vector<std::string> first_words() {
    std::vector<std::string> list;
    for (const CommandSpec& command : commands()) {
        std::string word{command.name.substr(0, command.name.find(' '))};
        if (std::find(list.begin(), list.end(), word) == list.end()) {
            list.push_back(std::move(word));
        }
    }
    return list;
}

std::string second_words(std::string_view first) {
    std::string list;
    for (const CommandSpec& command : commands()) {
        if (command.name.starts_with(std::string{first} + " ")) {
            list += (list.empty() ? "" : " ") + std::string{command.name.substr(first.size() + 1)};
        }
    }
    return list;
}

std::string joined(const std::vector<std::string>& list) {
    std::string out;
    for (const std::string& word : list) {
        out += (out.empty() ? "" : " ") + word;
    }
    return out;
}

std::string flag_words(const std::vector<FlagSpec>& flags) {
    std::string out;
    for (const FlagSpec& flag : flags) {
        out += (out.empty() ? "--" : " --") + std::string{flag.name};
        if (flag.letter != 0) {
            out += std::string{" -"} + flag.letter;
        }
    }
    return out;
}

// The flags that take a value, as a pattern.
std::string value_flags(const std::vector<FlagSpec>& flags) {
    std::string out;
    for (const FlagSpec& flag : flags) {
        if (!flag.value.empty()) {
            out += (out.empty() ? "--" : "|--") + std::string{flag.name};
            out += flag.letter != 0 ? std::string{"|-"} + flag.letter : "";
        }
    }
    return out;
}

// What the flags' values may be: `case` arms that return when they know.
std::string value_arms(const std::vector<FlagSpec>& flags, std::string_view prefix) {
    std::string out;
    for (const FlagSpec& flag : flags) {
        if (flag.value.empty()) {
            continue;
        }
        std::string names = std::string{prefix} + "--" + std::string{flag.name};
        if (flag.letter != 0) {
            names += "|" + std::string{prefix} + "-" + flag.letter;
        }
        out += "        " + names + ") ";
        if (!flag.choices.empty()) {
            out += "COMPREPLY=($(compgen -W \"" + words(flag.choices) + "\" -- \"$word\"))";
        } else if (flag.value == "DIR") {
            out += "COMPREPLY=($(compgen -d -- \"$word\"))";
        } else if (flag.value == "FILE") {
            out += "COMPREPLY=($(compgen -f -- \"$word\"))";
        } else {
            out += "COMPREPLY=()";
        }
        out += "; return;;\n";
    }
    return out;
}

std::string argument_word(const CommandSpec& command) {
    if (command.arguments.empty()) {
        return ":";
    }
    const ArgumentSpec& argument = command.arguments.front();
    if (!argument.choices.empty()) {
        return "COMPREPLY+=($(compgen -W \"" + words(argument.choices) + "\" -- \"$word\"))";
    }
    if (argument.name == "FILE") {
        return "COMPREPLY+=($(compgen -f -- \"$word\"))";
    }
    if (argument.name == "DIR") {
        return "COMPREPLY+=($(compgen -d -- \"$word\"))";
    }
    return ":";
}

// zsh runs the same function by its bashcompinit, so there is one script to keep right.
std::string bash_script() {
    std::string out =
        "# attacca completion for bash\n"
        "_attacca() {\n"
        "    local word=\"${COMP_WORDS[COMP_CWORD]}\" before=\"${COMP_WORDS[COMP_CWORD-1]}\"\n"
        "    local first=\"\" second=\"\" i\n"
        "    for ((i = 1; i < COMP_CWORD; i++)); do\n"
        "        case \"${COMP_WORDS[i]}\" in\n"
        "            " +
        value_flags(global_flags()) +
        ") i=$((i + 1))  # its value\n"
        "               if [ \"${COMP_WORDS[i]}\" = \"=\" ]; then i=$((i + 1)); fi;;\n"
        "            -*) ;;\n"
        "            *) if [ -z \"$first\" ]; then first=\"${COMP_WORDS[i]}\"\n"
        "               elif [ -z \"$second\" ]; then second=\"${COMP_WORDS[i]}\"; fi;;\n"
        "        esac\n"
        "    done\n"
        "    COMPREPLY=()\n"
        "    case \"$first $before\" in\n";
    for (const CommandSpec& command : commands()) {
        const std::string first{command.name.substr(0, command.name.find(' '))};
        out += value_arms(command.flags, first + "\\ ");
    }
    out += "    esac\n    case \"$before\" in\n" + value_arms(global_flags(), "") + "    esac\n";
    out += "    if [ -z \"$first\" ]; then\n        COMPREPLY=($(compgen -W \"" +
           joined(first_words()) + " " + flag_words(global_flags()) +
           "\" -- \"$word\"))\n        return\n    fi\n    case \"$first\" in\n";
    for (const std::string& first : first_words()) {
        const std::string more = second_words(first);
        if (!more.empty()) {
            out += "        " + first + ") if [ -z \"$second\" ]; then COMPREPLY=($(compgen -W \"" +
                   more + "\" -- \"$word\")); return; fi; first=\"$first $second\";;\n";
        }
    }
    out += "    esac\n    case \"$first\" in\n";
    for (const CommandSpec& command : commands()) {
        out += "        \"" + std::string{command.name} + "\") COMPREPLY=($(compgen -W \"" +
               flag_words(command.flags) + " " + flag_words(global_flags()) +
               "\" -- \"$word\"))\n            " + argument_word(command) + ";;\n";
    }
    return out + "    esac\n}\ncomplete -o filenames -F _attacca attacca\n";
}

std::string fish_quoted(std::string_view text) {
    std::string out = "'";
    for (const char byte : text) {
        if (byte == '\'' || byte == '\\') {
            out += '\\';
        }
        out += byte;
    }
    return out + "'";
}

std::string fish_flag(const FlagSpec& flag, const std::string& condition) {
    std::string out = "complete -c attacca" + condition + " -l " + std::string{flag.name};
    if (flag.letter != 0) {
        out += std::string{" -s "} + flag.letter;
    }
    if (!flag.choices.empty()) {
        out += " -x -a " + fish_quoted(words(flag.choices));
    } else if (flag.value == "FILE" || flag.value == "DIR") {
        out += " -r -F";
    } else if (!flag.value.empty()) {
        out += " -x";
    }
    return out + " -d " + fish_quoted(flag.help) + "\n";
}

// fish's own functions take a flag's value for a command.
std::string fish_functions() {
    return "function __attacca_words -d 'the words that are no flags and no values of flags'\n"
           "    set -l is_value 0\n"
           "    for word in (commandline -opc)[2..-1]\n"
           "        if test $is_value = 1\n"
           "            set is_value 0\n"
           "            continue\n"
           "        end\n"
           "        switch $word\n"
           "            case " +
           spaced(value_flags(global_flags())) +
           "\n"
           "                set is_value 1\n"
           "            case '-*'\n"
           "            case '*'\n"
           "                echo -- $word\n"
           "        end\n"
           "    end\n"
           "end\n"
           "function __attacca_is -d 'whether these are all the words so far'\n"
           "    set -l words (__attacca_words)\n"
           "    test \"$words\" = \"$argv\"\n"
           "end\n"
           "function __attacca_in -d 'whether the words begin with these'\n"
           "    set -l words (__attacca_words)\n"
           "    set -l last (count $argv)\n"
           "    test \"$words[1..$last]\" = \"$argv\"\n"
           "end\n";
}

std::string fish_script() {
    std::string out = "# attacca completion for fish\n" + fish_functions() +
                      "complete -c attacca -f\n";
    for (const std::string& first : first_words()) {
        const CommandSpec* command = find_command(first);
        const std::string_view what = command == nullptr ? "more commands" : command->summary;
        out += "complete -c attacca -n __attacca_is -a " + first + " -d " +
               fish_quoted(what) + "\n";
    }
    for (const FlagSpec& flag : global_flags()) {
        out += fish_flag(flag, "");
    }
    for (const CommandSpec& command : commands()) {
        const std::size_t space = command.name.find(' ');
        if (space != std::string_view::npos) {
            const std::string first{command.name.substr(0, space)};
            out += "complete -c attacca -n " + fish_quoted("__attacca_is " + first) + " -a " +
                   std::string{command.name.substr(space + 1)} + " -d " +
                   fish_quoted(command.summary) + "\n";
        }
        const std::string condition =
            " -n " + fish_quoted("__attacca_in " + std::string{command.name});
        for (const FlagSpec& flag : command.flags) {
            out += fish_flag(flag, condition);
        }
        for (const ArgumentSpec& argument : command.arguments) {
            if (!argument.choices.empty()) {
                out += "complete -c attacca" + condition + " -a " +
                       fish_quoted(words(argument.choices)) + "\n";
            } else if (argument.name == "FILE" || argument.name == "DIR") {
                out += "complete -c attacca" + condition + " -F\n";
            }
        }
    }
    return out;
}

}  // namespace

std::string completion_script(std::string_view shell) {
    if (shell == "fish") {
        return fish_script();
    }
    if (shell == "zsh") {
        return "# attacca completion for zsh\nautoload -U +X compinit && compinit\n"
               "autoload -U +X bashcompinit && bashcompinit\n" +
               bash_script();
    }
    ATTACCA_CHECK(shell == "bash");
    return bash_script();
}

}  // namespace attacca::cli
