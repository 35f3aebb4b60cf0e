// SPDX-License-Identifier: Apache-2.0
#include "core/ledger/entity_verify.h"

#include <algorithm>
#include <utility>

#include "core/ledger/hash.h"
#include "core/ledger/origin.h"
#include "core/ledger/proof.h"

namespace attacca::core {

EntityVerifier::EntityVerifier(Checkpoint checkpoint, std::string entity, FailureSink sink)
    : checkpoint_(std::move(checkpoint)), sink_(std::move(sink)) {
    summary_.entity = std::move(entity);
}

// The record before was not proven. When the next one names its hash, the record is right and its
// proof is not; otherwise it is the record.
void EntityVerifier::settle(bool is_vouched) {
    if (!unproven_) {
        return;
    }
    if (is_vouched) {
        sink_(Fault::proof, unproven_, "the proof does not lead to the signed root");
    } else {
        sink_(Fault::leaf, unproven_, "the record is not the one that was signed");
    }
    // A changed record gives another link: that would say the same again.
    has_link_ = has_link_ && is_vouched;
    unproven_.reset();
}

void EntityVerifier::add(std::uint64_t gseq,
                         std::string_view record,
                         std::optional<std::span<const Sha256>> path) {
    const Sha256 link = leaf_hash(record);
    const Result<RecordHeader> header = read_header(record);
    settle(header && header->prev == link_);
    if (path && !verify_inclusion(link, {gseq, checkpoint_.size}, *path, checkpoint_.root)) {
        unproven_ = gseq;
    }
    ++summary_.records;
    if (!header) {
        sink_(Fault::format, gseq, header.error().detail);
        has_link_ = false;
        ++next_eseq_;
        return;
    }
    check_place(gseq, *header);
    check_chain(gseq, *header);
    link_ = link;
    has_link_ = true;
}

void EntityVerifier::add_missing(std::uint64_t gseq) {
    settle(false);
    sink_(Fault::gap, gseq, "the record is missing");
    has_link_ = false;
    is_gap_told_ = true;
}

// Origins follow each other where the ledger was restored; none comes back.
bool EntityVerifier::take_origin(std::string_view origin) {
    const bool is_of_ledger =
        origin == checkpoint_.origin || is_former_origin(origin, checkpoint_.origin);
    if (!is_of_ledger || (!origin_.empty() && !is_former_origin(origin_, origin))) {
        return false;
    }
    origin_ = origin;
    return true;
}

void EntityVerifier::check_place(std::uint64_t gseq, const RecordHeader& header) {
    if (header.origin != origin_ && !take_origin(header.origin)) {
        sink_(Fault::origin, gseq, "the record is of another ledger, " + quoted(header.origin));
    }
    if (header.gseq != gseq) {
        // A smaller number, while records came before, was there before.
        const bool is_dup = summary_.records > 1 && header.gseq <= summary_.last_gseq;
        sink_(is_dup ? Fault::dup : Fault::seq, gseq,
              "the record says that it is number " + std::to_string(header.gseq));
    }
    if (header.entity != summary_.entity) {
        sink_(Fault::seq, gseq, "the record is of another entity, " + quoted(header.entity));
    }
    if (summary_.records == 1) {
        summary_.tenant = header.tenant;
        summary_.first_eseq = header.eseq;
    } else if (header.tenant != summary_.tenant) {
        sink_(Fault::tenant, gseq, "the records of the entity are of another tenant");
    }
    if (header.at < last_at_) {
        sink_(Fault::time, gseq, "the record is older than the one before it");
    }
    last_at_ = std::max(last_at_, header.at);
    summary_.last_gseq = gseq;
}

void EntityVerifier::check_chain(std::uint64_t gseq, const RecordHeader& header) {
    if (summary_.is_final) {
        sink_(Fault::final, gseq, "a record after the end of its entity");
    }
    check_order(gseq, header);
    next_eseq_ = header.eseq + 1;
    is_gap_told_ = false;
    summary_.last_eseq = header.eseq;
    summary_.is_final = summary_.is_final || header.is_final;
}

void EntityVerifier::check_order(std::uint64_t gseq, const RecordHeader& header) {
    if (header.eseq > next_eseq_) {
        if (!is_gap_told_) {
            sink_(Fault::gap, gseq,
                  "between it and the record before it " +
                      std::to_string(header.eseq - next_eseq_) + " records of its entity are "
                      "missing");
        }
        return;
    }
    if (header.eseq < next_eseq_) {
        sink_(Fault::chain, gseq,
              "it says that it is the entity's record number " + std::to_string(header.eseq) +
                  ", as one before it did");
        return;
    }
    const bool is_first = header.eseq == 0;
    const Sha256 expected =
        is_first ? genesis_hash(header.origin, header.tenant, header.entity) : link_;
    if ((is_first || has_link_) && header.prev != expected) {
        sink_(Fault::chain, gseq, "it does not follow the record before it of its entity");
    }
}

const EntitySummary& EntityVerifier::finish() {
    settle(false);
    if (summary_.records == 0) {
        sink_(Fault::gap, std::nullopt, "there are no records");
    }
    return summary_;
}

}  // namespace attacca::core
