// SPDX-License-Identifier: Apache-2.0
#include "http/rerun.h"

#include <memory>
#include <utility>
#include <vector>

#include "core/graph/input.h"
#include "core/job/kept.h"
#include "engine/ended_job.h"

namespace attacca::http {
namespace {

struct Wanted {
    bool is_given = false;  // `nodes` stands in the request
    std::vector<core::NodeIndex> nodes;
    bool is_only = false;
};

bool read_nodes(const core::Input& list,
                const core::Definition& definition,
                Wanted& out,
                core::Faults& faults) {
    if (!core::check_array(list, faults)) {
        return false;
    }
    out.is_given = true;
    const Json::Array& ids = list.json().as_array();
    for (std::size_t i = 0; i < ids.size(); ++i) {
        const core::Input id(list, i, ids[i]);
        std::string text;
        if (!core::read_text(id, text, faults)) {
            return false;
        }
        const core::NodeIndex node = definition.find(text);
        if (node == core::no_index) {
            return faults.add(id, Problem::invalid_value, "the job has no node of this name");
        }
        out.nodes.push_back(node);
    }
    return !ids.empty() || faults.add(list, Problem::invalid_value, "`nodes` is empty");
}

Result<Wanted> wanted_of(const core::Definition& definition, std::string_view body) {
    Wanted wanted;
    if (body.empty()) {
        return wanted;
    }
    ATTACCA_TRY(const Json json, parse_json(body));
    constexpr std::string_view keys[] = {"nodes", "only"};
    core::Faults faults;
    const core::Input root(json, "");
    if (!core::check_object(root, faults) || !core::check_keys(root, {keys}, faults)) {
        return faults.take();
    }
    const auto nodes = root.member("nodes");
    if (nodes && !read_nodes(*nodes, definition, wanted, faults)) {
        return faults.take();
    }
    const auto only = root.member("only");
    if (only && !core::read_bool(*only, wanted.is_only, faults)) {
        return faults.take();
    }
    if (wanted.is_only && !wanted.is_given) {
        faults.add(*only, Problem::invalid_value, "`only` goes with `nodes`");
        return faults.take();
    }
    return wanted;
}

}  // namespace

Result<std::string> kept_for_rerun(ports::StoreReader& reader,
                                   ports::SealKeys* keys,
                                   const ports::JobRow& row,
                                   std::string_view body) {
    ATTACCA_TRY(const std::unique_ptr<core::Job> job, engine::ended_job(reader, keys, row));
    ATTACCA_TRY(Wanted wanted, wanted_of(*job->definition, body));
    if (!wanted.is_given) {
        wanted.nodes = core::unsuccessful_nodes(*job);
        if (wanted.nodes.empty()) {
            return fail(Problem::state_conflict,
                        "every node of the job succeeded; name the `nodes` to run again");
        }
    }
    return core::kept_text(*job,
                           core::rerun_set(*job->definition, wanted.nodes, wanted.is_only));
}

}  // namespace attacca::http
