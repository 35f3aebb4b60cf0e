// SPDX-License-Identifier: Apache-2.0
#include <map>

#include "cli/diagnostic.h"

// What to do about each problem, for people. A problem that is missing here needs no more words
// than its title and detail.

namespace attacca::cli {

std::string_view fix_for(Problem problem) {
    static const std::map<Problem, std::string_view> fixes = {
        {Problem::json_duplicate_key, "remove one of the two keys"},
        {Problem::json_depth, "nest less deeply"},
        {Problem::wrong_type, "write a value of the type named; attacca schema shows the types"},
        {Problem::missing_field, "add the field; attacca schema shows what is required"},
        {Problem::unknown_field, "correct or remove it; keys that begin with x- are ignored"},
        {Problem::read_only_field, "remove it; the server sets it"},
        {Problem::out_of_range, "choose a value within the limits"},
        {Problem::not_supported, "remove it; this version does not serve it"},
        {Problem::expression_invalid, "attacca help expressions shows what may be written"},
        {Problem::retry_policy, "attacca schema nodes.x.retry shows what a retry may contain"},
        {Problem::tool_argument_rejected,
         "use the tool's own options; attacca schema nodes.x.scan shows them"},
        {Problem::target_out_of_scope, "add the target to scope.include if you may scan it"},
        {Problem::dag_cycle, "remove one of the needs that close the circle"},
        {Problem::dag_duplicate_node,
         "rename one of the nodes; ids that differ only in case are the same"},
        {Problem::dag_unknown_node, "name a node of this file"},
        {Problem::dag_empty, "add at least one node"},
        {Problem::dag_too_large, "split the work, or use a map"},
        {Problem::yaml_syntax, "check indentation, quotes and brackets near this place"},
        {Problem::unauthenticated,
         "give the token's file with --token-file, or --data of the server's directory"},
        {Problem::token_invalid, "give the file of this server's token with --token-file"},
        {Problem::storage_full, "free space on the data directory's disk, then try again"},
        {Problem::unreachable, "start one with attacca serve, or name it with --server"},
        {Problem::usage, "attacca help lists the commands, attacca help COMMAND its flags"},
        {Problem::bad_configuration, "attacca config show names each value's origin"},
        {Problem::exists, "give another name, or replace it with --force"},
        {Problem::locked, "wait for it, use that server (--server), or another --data directory"},
    };
    const auto found = fixes.find(problem);
    return found == fixes.end() ? std::string_view{} : found->second;
}

}  // namespace attacca::cli
