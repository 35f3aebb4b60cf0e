// SPDX-License-Identifier: Apache-2.0
#include "core/ledger/named_content.h"

#include <variant>

namespace attacca::core {
namespace {

void add_text(std::vector<NamedContent>& out, const TextOrBody& text, const char* name) {
    if (text.body) {
        out.push_back({*text.body, std::nullopt, name});
    }
}

void add_file(std::vector<NamedContent>& out, const Artifact& artifact) {
    out.push_back({artifact.digest, artifact.bytes, artifact.name});
}

}  // namespace

std::vector<NamedContent> named_content(const Payload& payload) {
    std::vector<NamedContent> out;
    if (const auto* created = std::get_if<JobCreated>(&payload)) {
        out.push_back({created->definition, std::nullopt, "definition"});
        add_text(out, created->details, "details");
        add_text(out, created->kept, "kept");
    } else if (const auto* expanded = std::get_if<MapExpanded>(&payload)) {
        out.push_back({expanded->body, std::nullopt, "items"});
    } else if (const auto* stamped = std::get_if<AnchorTimestamped>(&payload)) {
        out.push_back({stamped->query, std::nullopt, "query"});
        out.push_back({stamped->reply, std::nullopt, "reply"});
    } else if (const auto* done = std::get_if<JobEnded>(&payload)) {
        add_text(out, done->output, "output");
    } else if (const auto* set = std::get_if<ScheduleSet>(&payload)) {
        add_text(out, set->spec, "spec");
        if (set->definition) {
            out.push_back({*set->definition, std::nullopt, "definition"});
        }
    } else if (const auto* applied = std::get_if<WorkflowApplied>(&payload)) {
        out.push_back({applied->definition, std::nullopt, "definition"});
        add_text(out, applied->details, "details");
    } else if (const auto* ended = std::get_if<AttemptEnded>(&payload)) {
        for (const Artifact& artifact : ended->artifacts) {
            add_file(out, artifact);
        }
        if (ended->output_file) {
            add_file(out, *ended->output_file);
        }
        add_text(out, ended->output, "output");
    }
    return out;
}

}  // namespace attacca::core
