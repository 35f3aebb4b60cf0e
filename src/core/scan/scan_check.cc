// SPDX-License-Identifier: Apache-2.0
#include "core/scan/scan_check.h"

#include "base/error.h"
#include "core/scan/scope.h"

namespace attacca::core {

Result<std::vector<std::string>> check_scan(const std::optional<ScopeDef>& scope,
                                            std::string_view tool,
                                            const ToolOptions& options,
                                            const std::vector<std::string>& targets) {
    if (tool != nmap_name) {
        return fail(Problem::not_supported, "the tool `" + quoted(tool) + "` is not served yet");
    }
    if (!scope) {
        return no_scope_error();
    }
    ATTACCA_TRY(const Scope parsed_scope, Scope::parse(*scope));
    std::vector<Target> parsed;
    std::vector<std::string> texts;
    for (const std::string& text : targets) {
        ATTACCA_TRY(Target target, parse_target(text));
        const auto checked = parsed_scope.check(target);
        if (!checked) {
            return checked.error();
        }
        texts.push_back(target.text());
        parsed.push_back(std::move(target));
    }
    ATTACCA_TRY(const auto argv, nmap_argv(options, parsed));
    (void)argv;
    return texts;
}

}  // namespace attacca::core
