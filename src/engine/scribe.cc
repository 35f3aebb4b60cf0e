// SPDX-License-Identifier: Apache-2.0
#include "engine/scribe.h"

#include <algorithm>
#include <utility>
#include <variant>

#include "base/bytes.h"
#include "core/dead_letter/dead_letter.h"
#include "core/ledger/hash.h"

namespace attacca::engine {
namespace {

bool is_last_of_entity(const core::Payload& payload) {
    return std::holds_alternative<core::DeadLetterReplayed>(payload) ||
           std::holds_alternative<core::DeadLetterDiscarded>(payload);
}

}  // namespace

Scribe::Scribe(const Recovered& recovered, ports::Entropy& entropy, core::LedgerName name)
    : entropy_(entropy), name_(std::move(name)), size_(recovered.tail.size) {
    for (const Recovered::JobHead& head : recovered.heads) {
        if (job_heads_.size() <= head.slot) {
            job_heads_.resize(head.slot + 1);
        }
        job_heads_[head.slot] = {head.last_gseq, head.last_link};
    }
    for (const ports::EntityHead& entity : recovered.entities) {
        if (core::is_closed_dead_letter(entity.entity, entity.image)) {
            continue;
        }
        entity_heads_[entity.entity] = {entity.last_gseq, entity.last_link};
    }
}

Scribe::Head& Scribe::head_of(const PlacedRecord& placed) {
    if (placed.head == core::no_index) {
        return entity_heads_[placed.record.entity.name];
    }
    if (job_heads_.size() <= placed.head) {
        job_heads_.resize(std::max<std::size_t>(placed.head + 1, job_heads_.size() * 2));
    }
    return job_heads_[placed.head];
}

void Scribe::write(Batch& batch) {
    Written& out = batch.written;
    if (out.links.empty()) {
        out.first_gseq = size_;
    }
    for (std::size_t i = out.links.size(); i < batch.records.size(); ++i) {
        write_record(batch.records[i], out);
    }
}

void Scribe::write_record(const PlacedRecord& placed, Written& out) {
    Head& head = head_of(placed);
    core::Place place;
    place.gseq = size_;
    place.eseq = placed.eseq;
    if (placed.eseq == 0) {
        // A slot is used again by a later job: its chain begins anew.
        head.last_gseq = ports::no_gseq;
        place.prev =
            core::genesis_hash(name_.origin, placed.record.tenant, placed.record.entity.text());
    } else {
        place.prev = head.last_link;
    }
    const std::uint64_t high = entropy_.draw();
    const std::uint64_t low = entropy_.draw();
    for (std::size_t i = 0; i < 8; ++i) {
        place.nonce[i] = static_cast<std::uint8_t>(high >> (8 * i));
        place.nonce[i + 8] = static_cast<std::uint8_t>(low >> (8 * i));
    }
    const std::size_t begin = out.records.size();
    append_u16(out.records, 0);
    core::encode_record(out.records, placed.record, place, name_);
    const std::size_t length = out.records.size() - begin - 2;
    out.records[begin] = static_cast<char>(length >> 8U);
    out.records[begin + 1] = static_cast<char>(length & 0xFFU);

    const Sha256 link = core::leaf_hash(std::string_view(out.records).substr(begin + 2, length));
    out.previous.push_back(head.last_gseq);
    out.links.push_back(link);
    head.last_gseq = size_++;
    head.last_link = link;
    if (placed.head == core::no_index) {
        out.entities.insert_or_assign(
            placed.record.entity.name,
            ports::EntityHead{placed.record.entity.name, placed.record.tenant, placed.eseq,
                              head.last_gseq, head.last_link});
        if (is_last_of_entity(placed.record.payload)) {
            entity_heads_.erase(placed.record.entity.name);
        }
    }
}

}  // namespace attacca::engine
