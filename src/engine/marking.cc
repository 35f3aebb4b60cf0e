// SPDX-License-Identifier: Apache-2.0
#include "engine/marking.h"

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/ledger/codec.h"
#include "core/ledger/named_content.h"
#include "core/schedule/schedule.h"
#include "core/workflow/workflow.h"
#include "engine/history.h"

namespace attacca::engine {
namespace {

constexpr std::size_t marked_jobs_max = 100'000;
constexpr std::size_t images_at_once = 1000;

}  // namespace

Result<void> Marking::run() {
    ATTACCA_TRY(const ports::LedgerTail tail, reader_.tail());
    if (size_ == 0) {
        marks_ = MarkFilter(tail.size, salt_);
    }
    while (size_ < tail.size) {
        if (!goes_on_()) {
            return fail(Problem::shutting_down, "the server stops");
        }
        ATTACCA_TRY(const std::shared_ptr<const ports::LedgerBatch> batch,
                    reader_.batch_of(size_));
        if (batch == nullptr) {
            return fail(Problem::corrupt, "record " + std::to_string(size_) + " is missing");
        }
        if (!batch->is_pruned()) {
            if (Result<void> done = mark(*batch); !done) {
                return done;
            }
        }
        size_ = batch->first_gseq + batch->count;
    }
    // After the records: what is in no image any more by now is named by a later one, if at all.
    if (Result<void> done = mark_images("schedule/"); !done) {
        return done;
    }
    return mark_images("workflow/");
}

Result<void> Marking::mark(const ports::LedgerBatch& batch) {
    ATTACCA_TRY(const std::vector<std::string_view> records, split_records(batch));
    for (const std::string_view bytes : records) {
        ATTACCA_TRY(const core::StoredRecord stored, core::decode_record(bytes));
        for (const core::NamedContent& named : core::named_content(stored.record.payload)) {
            marks_.add(named.digest);
        }
        if (const auto& job = stored.record.entity.job; job && !jobs_.contains(*job)) {
            if (Result<void> done = mark_job(*job); !done) {
                return done;
            }
        }
    }
    return {};
}

Result<void> Marking::mark_job(const core::JobId& job) {
    if (jobs_.size() >= marked_jobs_max) {
        jobs_.clear();
    }
    jobs_.insert(job);
    // Ends: jobs are nested a few deep at most.
    for (std::optional<core::JobId> next = job; next;) {
        const Result<std::optional<ports::JobRow>> row = reader_.job(*next);
        if (!row && row.error().problem != Problem::corrupt) {
            return row.error();
        }
        if (!row || !*row) {
            return {};  // nobody reads a retention from it
        }
        marks_.add((*row)->definition);
        mark((*row)->details);
        next = (*row)->parent;
    }
    return {};
}

Result<void> Marking::mark_images(const char* prefix) {
    const bool are_schedules = std::string_view(prefix) == "schedule/";
    for (std::string after;;) {
        ATTACCA_TRY(const std::vector<ports::EntityHead> heads,
                    reader_.entities_below(prefix, after, images_at_once));
        for (const ports::EntityHead& head : heads) {
            if (head.image.empty()) {
                continue;
            }
            if (are_schedules) {
                ATTACCA_TRY(const core::Schedule schedule, core::load_schedule(head.image));
                mark(schedule.spec_text);
                if (schedule.definition_digest) {
                    marks_.add(*schedule.definition_digest);
                }
                continue;
            }
            ATTACCA_TRY(const core::Workflow workflow, core::load_workflow(head.image));
            for (const core::WorkflowVersion& version : workflow.versions) {
                marks_.add(version.definition);
                mark(version.details);
            }
        }
        if (heads.size() < images_at_once) {
            return {};
        }
        after = heads.back().entity;
    }
}

void Marking::mark(const core::TextOrBody& text) {
    if (text.body) {
        marks_.add(*text.body);
    }
}

}  // namespace attacca::engine
