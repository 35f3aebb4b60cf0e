// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "core/command.h"
#include "core/ledger/named_content.h"
#include "core/schedule/schedule.h"
#include "core/workflow/workflow.h"
#include "invariants/violations.h"
#include "marks.h"
#include "ports/store_batch.h"

// The reference model of bodies, told from durable batches (I26): each that a kept record names is
// there, and none goes that one names.

namespace attacca::sim {

class RefBodies {
  public:
    RefBodies(Violations& violations, Marks& marks) : violations_(violations), marks_(marks) {}

    // What a batch does to the store, before its records are told.
    void begin_batch(const std::vector<Sha256>& collected,
                     const std::vector<ports::StoredBody>& stored) {
        for (const Sha256& digest : collected) {
            if (names_[digest] > 0) {
                violations_.report("I26", "a body goes that a kept record names");
            }
            stored_.erase(digest);
            unnamed_.erase(digest);
            marks_.hit(Mark::bodies_collected);
        }
        collected_ += collected.size();
        for (const ports::StoredBody& body : stored) {
            stored_.insert(body.digest);
        }
    }
    void name(const core::Payload& payload) {
        for (const core::NamedContent& named : core::named_content(payload)) {
            if (!named.is_body()) {
                continue;
            }
            if (!stored_.contains(named.digest)) {
                violations_.report("I26", "a record names a body that is not there");
            }
            open_.push_back(named.digest);
            ++names_[named.digest];
            unnamed_.erase(named.digest);
        }
    }
    void end_batch() {
        batches_.push_back(std::move(open_));
        open_ = {};
    }
    // The words of this batch are gone.
    void forget(std::size_t batch) {
        for (const Sha256& digest : batches_[batch]) {
            if (--names_[digest] == 0 && stored_.contains(digest)) {
                unnamed_.insert(digest);
            }
        }
        batches_[batch] = {};
    }
    [[nodiscard]] std::uint64_t collected() const { return collected_; }

    // What a server would ask to collect now. `images` of schedules and workflows, by entity.
    [[nodiscard]] std::vector<core::BodySize> look(
        const std::map<std::string, std::string>& images) const {
        std::vector<core::BodySize> found;
        if (unnamed_.empty()) {
            return found;
        }
        const std::set<Sha256> wanted = named_by(images);
        for (const Sha256& digest : unnamed_) {
            if (!wanted.contains(digest)) {
                found.push_back({digest, 1});
            }
        }
        return found;
    }

  private:
    static std::set<Sha256> named_by(const std::map<std::string, std::string>& images) {
        std::set<Sha256> named;
        for (const auto& [entity, image] : images) {
            if (entity.starts_with("schedule/")) {
                const core::Schedule schedule = *core::load_schedule(image);
                named.insert(schedule.spec_text.body.value_or(Sha256{}));
                named.insert(schedule.definition_digest.value_or(Sha256{}));
            } else if (entity.starts_with("workflow/")) {
                const core::Workflow workflow = *core::load_workflow(image);
                for (const core::WorkflowVersion& version : workflow.versions) {
                    named.insert(version.definition);
                    named.insert(version.details.body.value_or(Sha256{}));
                }
            }
        }
        return named;
    }

    Violations& violations_;
    Marks& marks_;
    std::set<Sha256> stored_;
    std::set<Sha256> unnamed_;  // of those
    std::map<Sha256, std::uint64_t> names_;  // how often kept records name it
    std::vector<std::vector<Sha256>> batches_;
    std::vector<Sha256> open_;
    std::uint64_t collected_ = 0;
};

}  // namespace attacca::sim
