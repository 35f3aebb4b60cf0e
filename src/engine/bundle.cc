// SPDX-License-Identifier: Apache-2.0
#include "engine/bundle.h"

#include <algorithm>
#include <utility>

#include "base/digest.h"
#include "core/bundle/check_erasure.h"
#include "core/bundle/layout.h"
#include "core/bundle/policy.h"
#include "core/bundle/tar.h"
#include "core/bundle/texts.h"
#include "core/ledger/codec.h"
#include "core/ledger/named_content.h"
#include "engine/entity_records.h"
#include "engine/history.h"
#include "engine/ledger_keys.h"

namespace attacca::engine {
namespace {

constexpr std::uint64_t piece_bytes = 256 * 1024;

}  // namespace

Bundle::Bundle(ports::StoreReader& reader,
               const ports::Content& content,
               std::shared_ptr<const SignedTree> signed_tree)
    : reader_(reader), content_(content), evidence_(reader, std::move(signed_tree)) {}

Result<std::unique_ptr<Bundle>> Bundle::collect(ports::StoreReader& reader,
                                                const ports::Content& content,
                                                std::shared_ptr<const SignedTree> signed_tree,
                                                const Wanted& wanted) {
    std::unique_ptr<Bundle> bundle(new Bundle(reader, content, std::move(signed_tree)));
    if (Result<void> done = bundle->add_records(wanted); !done) {
        return done.error();
    }
    for (const std::uint64_t old_size : wanted.old_sizes) {
        if (Result<void> done = bundle->add_consistency(old_size); !done) {
            return done.error();
        }
    }
    if (Result<void> done = bundle->add_timestamp(); !done) {
        return done.error();
    }
    if (Result<void> done = bundle->add_erasure(); !done) {
        return done.error();
    }
    if (Result<void> done = bundle->add_delegations(); !done) {
        return done.error();
    }
    const SignedTree& tree = bundle->evidence_.signed_tree();
    const std::pair<std::string, std::string> others[] = {
        {std::string(core::checkpoint_name), tree.note},
        {std::string(core::policy_name), core::format_policy(tree.key)},
        {core::key_name(tree.key), core::pem_of(tree.key.key)},
        {std::string(core::custody_json_name), core::custody_json(bundle->records_)},
        {std::string(core::custody_html_name), core::custody_html(bundle->records_)},
        {std::string(core::script_name), std::string(core::verify_script())},
        {std::string(core::readme_name), std::string(core::verify_readme())},
    };
    for (const auto& [name, bytes] : others) {
        if (Result<void> done = bundle->add(name, bytes); !done) {
            return done.error();
        }
    }
    bundle->finish();
    return bundle;
}

// Of the keys that signed a checkpoint of the bundle, under its origin: whoever reads an older one
// goes by the root's line.
Result<void> Bundle::add_delegations() {
    const SignedTree& tree = evidence_.signed_tree();
    std::vector<std::string> notes = {tree.note};
    for (const File& file : files_) {
        if (core::number_in(file.name, core::consistency_folder, ".checkpoint")) {
            notes.push_back(file.bytes);
        }
    }
    ATTACCA_TRY(const core::KeyChain chain, load_key_chain(reader_, tree.key));
    for (std::size_t i = 0; i < chain.windows().size(); ++i) {
        if (chain.windows()[i].key.name != tree.key.name) {
            continue;
        }
        core::Delegations one;
        one.add(chain.windows()[i]);
        const bool has_signed =
            std::any_of(notes.begin(), notes.end(), [&](const std::string& text) {
                const Result<core::CheckpointNote> note = core::parse_checkpoint(text);
                return note && !one.signers_of(*note).empty();
            });
        if (has_signed) {
            if (Result<void> done = add(core::delegation_name(chain.windows()[i].key),
                                        chain.notes()[i]);
                !done) {
                return done;
            }
        }
    }
    return {};
}

Result<void> Bundle::add(std::string name, std::string bytes) {
    kept_ += bytes.size();
    if (kept_ > bytes_max) {
        return fail(Problem::out_of_range, "the job has more records than fit into a bundle");
    }
    File file{std::move(name), std::move(bytes), {}, 0, false};
    file.digest = sha256(file.bytes);
    file.size = file.bytes.size();
    files_.push_back(std::move(file));
    return {};
}

Result<void> Bundle::add_records(const Wanted& wanted) {
    ATTACCA_TRY(const std::vector<std::uint64_t> positions,
                entity_positions(reader_, wanted.last_gseq, ports::no_gseq));
    for (const std::uint64_t gseq : positions) {
        // What is not signed yet is in the next bundle.
        if (gseq >= evidence_.size()) {
            break;
        }
        if (Result<void> done = add_record(gseq); !done) {
            return done;
        }
    }
    return records_.empty() ? Result<void>(fail(Problem::not_found, "no record is signed yet"))
                            : Result<void>();
}

Result<void> Bundle::add_record(std::uint64_t gseq) {
    ATTACCA_TRY(std::string bytes, record_bytes(reader_, gseq));
    ATTACCA_TRY(std::string receipt, evidence_.receipt(gseq));
    if (Result<void> done = add_named(bytes); !done) {
        return done;
    }
    if (Result<void> done = add(core::proof_name(gseq), std::move(receipt)); !done) {
        return done;
    }
    records_.emplace(gseq, bytes);
    return add(core::record_name(gseq), std::move(bytes));
}

Result<void> Bundle::add_named(std::string_view record) {
    const Result<core::StoredRecord> stored = core::decode_record(record);
    if (!stored) {
        return {};  // of a newer version: the verifier says that it does not understand it
    }
    for (const core::NamedContent& named : core::named_content(stored->record.payload)) {
        std::string name = core::artifact_name(named.digest);
        if (!named_.insert(named.digest).second) {
            continue;
        }
        if (named.is_body()) {
            ATTACCA_TRY(std::optional<std::string> body, reader_.body(named.digest));
            if (!body) {
                return fail(Problem::corrupt, name + " is missing in the store");
            }
            if (Result<void> done = add(std::move(name), std::move(*body)); !done) {
                return done;
            }
            continue;
        }
        ATTACCA_TRY(const std::uint64_t size, content_.size(named.digest));
        if (size != *named.bytes || size > core::tar_file_bytes_max) {
            return fail(Problem::corrupt, name + " has another size than its record says");
        }
        files_.push_back({std::move(name), {}, named.digest, size, true});
    }
    return {};
}

Result<void> Bundle::add_consistency(std::uint64_t old_size) {
    const std::string name = core::old_checkpoint_name(old_size);
    const bool is_there = std::any_of(files_.begin(), files_.end(),
                                      [&](const File& file) { return file.name == name; });
    if (is_there || old_size == evidence_.size()) {
        return {};  // the checkpoint itself needs no proof
    }
    if (old_size == 0) {
        return fail(Problem::not_found, "a checkpoint of no records was never signed");
    }
    ATTACCA_TRY(const std::vector<ports::SignedCheckpoint> stored,
                reader_.checkpoints(old_size - 1, 1));
    if (stored.empty() || stored.front().size != old_size) {
        return fail(Problem::not_found,
                    "the ledger never signed a checkpoint of size " + std::to_string(old_size));
    }
    ATTACCA_TRY(std::string extension, evidence_.extension(old_size));
    if (Result<void> done = add(name, stored.front().note); !done) {
        return done;
    }
    return add(core::extension_name(old_size, evidence_.size()), std::move(extension));
}

// Of a sealed job whose key was destroyed: the record that says so, and its receipt.
Result<void> Bundle::add_erasure() {
    const std::optional<core::JobId> seal = core::seal_of(records_);
    if (!seal) {
        return {};
    }
    ATTACCA_TRY(const std::optional<ports::EntityHead> head,
                reader_.entity(core::erasure_entity(*seal)));
    if (!head || head->last_gseq >= evidence_.size()) {
        return {};
    }
    const std::uint64_t gseq = head->last_gseq;
    ATTACCA_TRY(std::string bytes, record_bytes(reader_, gseq));
    ATTACCA_TRY(const core::StoredRecord stored, core::decode_record(bytes));
    if (!std::holds_alternative<core::Erased>(stored.record.payload)) {
        return {};  // it was only refused
    }
    ATTACCA_TRY(std::string receipt, evidence_.receipt(gseq));
    if (Result<void> done = add(core::erased_proof_name(gseq), std::move(receipt)); !done) {
        return done;
    }
    return add(core::erased_name(gseq), std::move(bytes));
}

// The newest time stamp, and the proof that its checkpoint is the beginning of this one.
Result<void> Bundle::add_timestamp() {
    ATTACCA_TRY(const std::optional<ports::EntityHead> head,
                reader_.entity(core::timestamps_entity));
    if (!head || head->last_gseq >= evidence_.size()) {
        return {};
    }
    ATTACCA_TRY(const std::string bytes, record_bytes(reader_, head->last_gseq));
    ATTACCA_TRY(const core::StoredRecord stored, core::decode_record(bytes));
    const auto* stamped = std::get_if<core::AnchorTimestamped>(&stored.record.payload);
    if (stamped == nullptr) {
        return fail(Problem::corrupt, "the newest record of time stamps is none");
    }
    if (Result<void> done = add_consistency(stamped->size); !done) {
        return done;
    }
    ATTACCA_TRY(const std::vector<ports::SignedCheckpoint> notes,
                reader_.checkpoints(stamped->size - 1, 1));
    ATTACCA_TRY(const std::optional<std::string> query, reader_.body(stamped->query));
    ATTACCA_TRY(const std::optional<std::string> reply, reader_.body(stamped->reply));
    if (notes.empty() || notes.front().size != stamped->size || !query || !reply) {
        return fail(Problem::corrupt, "the newest time stamp is missing in the store");
    }
    ATTACCA_TRY(const core::CheckpointNote note, core::parse_checkpoint(notes.front().note));
    for (const auto& [suffix, content] : {std::pair<std::string_view, std::string>{
                                              ".text", note.text},
                                          {".tsq", *query},
                                          {".tsr", *reply}}) {
        if (Result<void> done = add(core::timestamp_name(stamped->size, suffix), content); !done) {
            return done;
        }
    }
    return {};
}

void Bundle::finish() {
    std::sort(files_.begin(), files_.end(),
              [](const File& a, const File& b) { return a.name < b.name; });
    std::string manifest;
    for (const File& file : files_) {
        manifest += core::manifest_line(file.name, file.digest);
    }
    const std::uint64_t size = manifest.size();
    files_.insert(files_.begin(),
                  File{std::string(core::manifest_name), std::move(manifest), {}, size, false});
    for (const File& file : files_) {
        bytes_ += core::tar_block + file.size + core::tar_padding(file.size).size();
    }
    bytes_ += core::tar_end().size();
}

Result<std::string> Bundle::next() {
    if (file_ == files_.size()) {
        return std::exchange(has_ended_, true) ? std::string() : core::tar_end();
    }
    const File& file = files_[file_];
    std::string piece;
    if (!has_header_) {
        piece = core::tar_header(file.name, file.size);
        has_header_ = true;
    }
    if (!file.is_content) {
        piece += std::string_view(file.bytes).substr(offset_, piece_bytes);
        offset_ += std::min(file.size - offset_, piece_bytes);
    } else if (offset_ < file.size) {
        ATTACCA_TRY(const std::string part,
                    content_.read(file.digest, offset_,
                                  std::min(file.size - offset_, piece_bytes)));
        if (part.empty()) {
            return fail(Problem::corrupt, file.name + " is cut short in the store");
        }
        piece += part;
        offset_ += part.size();
    }
    if (offset_ == file.size) {
        piece += core::tar_padding(file.size);
        ++file_;
        offset_ = 0;
        has_header_ = false;
    }
    return piece;
}

}  // namespace attacca::engine
