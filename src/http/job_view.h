// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "core/job/ids.h"
#include "core/job/record.h"
#include "core/retention/erasure.h"
#include "http/definition_cache.h"
#include "ports/store.h"

// A job as JSON, from its row. Reads the store only, never the engine's hot state.
// Safe from any thread.

namespace attacca::http {

class ObjectOut;

enum class JobForm {
    current,  // everything, with up to nodes_in_job_max nodes
    created,  // as it was when it was created: the answer to a submission, equal for a replay
    listed,   // without nodes
};

inline constexpr std::size_t nodes_in_job_max = 1000;

class JobView {
  public:
    JobView(ports::StoreReader& reader, DefinitionCache& definitions)
        : reader_(reader), definitions_(definitions) {}

    // Errors: not_found, also for a text that is no id and for a job of another tenant.
    [[nodiscard]] Result<ports::JobRow> find(std::string_view tenant, std::string_view id) const;
    [[nodiscard]] Result<ports::JobRow> find(std::string_view tenant, const core::JobId& id) const;

    [[nodiscard]] Result<std::string> json(const ports::JobRow& row, JobForm form) const;
    [[nodiscard]] Result<void> append(std::string& out,
                                      const ports::JobRow& row,
                                      JobForm form) const;

    // The user's JSON text, wherever it is kept.
    [[nodiscard]] Result<std::string> text_of(const core::TextOrBody& text) const;
    // What the job's row names. Errors: erased; pruned, where it was collected with the records.
    [[nodiscard]] Result<std::string> details_of(const ports::JobRow& row) const;
    [[nodiscard]] Result<std::shared_ptr<const core::Definition>> definition_of(
        const ports::JobRow& row) const;
    // As it is, or nothing where it was erased.
    [[nodiscard]] Result<std::optional<std::string>> text_unless_erased(
        const core::TextOrBody& text) const;
    // The job whose key seals this one: itself, or what it descends from; nothing when it is not
    // sealed.
    [[nodiscard]] Result<std::optional<core::JobId>> seal_of(const ports::JobRow& row) const;
    // What was asked of the erasure of the job that has the key.
    [[nodiscard]] Result<core::Erasure> erasure_of(const core::JobId& seal) const;
    // The images of all instances, in order; instances without a chunk are pending.
    [[nodiscard]] Result<std::string> images_of(const ports::JobRow& row) const;

    [[nodiscard]] DefinitionCache& definitions() const { return definitions_; }
    [[nodiscard]] ports::StoreReader& reader() const { return reader_; }

  private:
    [[nodiscard]] Result<void> append_content(ObjectOut& job, const ports::JobRow& row,
                                              bool is_created) const;
    [[nodiscard]] Result<void> append_seal(ObjectOut& job, const ports::JobRow& row) const;
    [[nodiscard]] Result<std::string> outputs_of(const ports::JobRow& row,
                                                 const core::Definition& definition) const;
    [[nodiscard]] Result<void> append_nodes(std::string& out,
                                            const ports::JobRow& row,
                                            const core::Definition& definition,
                                            bool is_created) const;

    ports::StoreReader& reader_;
    DefinitionCache& definitions_;
};

// How far a job is, 0 to 100; 100 exactly when it is final.
[[nodiscard]] std::uint64_t progress_of(const ports::JobRow& row);

}  // namespace attacca::http
