// SPDX-License-Identifier: Apache-2.0
#include "contract/store_samples.h"

#include <algorithm>
#include <iterator>

#include "base/digest.h"
#include "base/json.h"

namespace attacca::contract {

using core::JobReason;
using core::JobState;
using ports::JobRow;
using ports::StoreBatch;

namespace {

constexpr std::int64_t first_second = 1'772'000'000LL * 1'000'000;

std::string record_bytes(std::uint64_t gseq, std::size_t length) {
    std::string text = "{\"gseq\":" + std::to_string(gseq) + ",\"pad\":\"";
    text.resize(std::max(length, text.size()), static_cast<char>('a' + gseq % 26));
    return text + "\"}";
}

}  // namespace

core::JobId job_id(std::uint64_t number) {
    const WallTime at{first_second + static_cast<std::int64_t>(number) * 1000};
    return {uuid_v7(at, number * 7919, number * 104729)};
}

Sha256 digest_of(std::uint64_t number) { return sha256(std::to_string(number)); }

JobRow sample_row(std::uint64_t number) {
    JobRow row;
    row.id = job_id(number);
    row.is_new = true;
    row.tenant = "tenant";
    row.name = "job " + std::to_string(number);
    row.priority = core::Priority::low;
    row.definition = digest_of(number);
    row.details.text = R"({"params":{"n":)" + std::to_string(number) + "}}";
    row.details.body = digest_of(number + 1);
    row.tags = R"(["red","blue green"])";
    row.kinds = 5;
    row.created_at = {first_second + static_cast<std::int64_t>(number)};
    row.retry_of = job_id(number + 1000000);
    row.parent = job_id(number + 2000000);
    row.state = JobState::running;
    row.reason = JobReason::none;
    row.is_cancelling = false;
    row.started_at = {first_second + 2};
    row.total = 11;
    row.done = 12;
    row.failed = 13;
    row.running = 14;
    row.instances = std::string("\x00\x01instances", 11);
    row.eseq = 15;
    row.last_gseq = 16;
    row.last_link = digest_of(number + 2);
    return row;
}

JobRow changed_row(std::uint64_t number) {
    JobRow row = sample_row(number);
    row.is_new = false;
    row.state = JobState::cancelled;
    row.reason = JobReason::user;
    row.is_cancelling = true;
    row.awaits_approval = true;
    row.started_at = {first_second + 22};
    row.ended_at = {first_second + 23};
    row.total = 0xFFFFFFFFU;
    row.done = 32;
    row.failed = 33;
    row.running = 34;
    row.instances = "";
    row.eseq = (std::uint64_t{1} << 62U) + 1;
    row.last_gseq = 36;
    row.last_link = digest_of(number + 3);
    return row;
}

StoreBatch sample_batch(std::uint64_t first_gseq, std::uint32_t count) {
    StoreBatch batch;
    ports::LedgerBatch& ledger = batch.ledger;
    ledger.first_gseq = first_gseq;
    ledger.count = count;
    for (std::uint64_t gseq = first_gseq; gseq < first_gseq + count; ++gseq) {
        const std::string record = record_bytes(gseq, 40 + gseq % 300);
        append_u16(ledger.records, static_cast<std::uint16_t>(record.size()));
        ledger.records += record;
        // All kinds of distance: none, the record before, far back.
        const std::uint64_t far = gseq / 3;
        ledger.previous.push_back(gseq % 5 == 0 ? ports::no_gseq : gseq % 5 == 1 ? gseq - 1 : far);
    }
    ledger.root = digest_of(first_gseq + count);
    ledger.last_fence = first_gseq * 3;
    ledger.last_at = {first_second + static_cast<std::int64_t>(first_gseq)};
    return batch;
}

std::string noise(std::size_t size, std::uint64_t seed) {
    std::mt19937_64 random(seed);
    std::string bytes;
    while (bytes.size() < size) {
        append_u64(bytes, random());
    }
    bytes.resize(size);
    return bytes;
}

std::string RandomBatches::short_text() {
    static const std::vector<std::string> words = {
        "Scan", "scan of A%", "under_score", "back\\slash", "quote\"d", "Ünïcode Straße", "a,b",
        "",     "['x']",      "per%cent",    "tab\there",   "null"};
    return words[draw(words.size())];
}

JobRow RandomBatches::new_row() {
    JobRow row;
    row.id = job_id(ids_.size() * 3 + draw(3));
    row.is_new = true;
    row.tenant = draw(3) == 0 ? "other" : "tenant";
    row.name = short_text() + std::to_string(draw(20));
    row.priority = static_cast<core::Priority>(draw(3));
    row.definition = digest_of(draw(5));
    if (draw(3) == 0) {
        row.details.text = "{\"description\":\"" + std::to_string(random_()) + "\"}";
    } else if (draw(5) == 0) {
        row.details.body = digest_of(draw(50));
    }
    if (draw(2) == 0) {
        row.tags = "[";
        append_json_string(row.tags, short_text());
        row.tags += ",";
        append_json_string(row.tags, short_text());
        row.tags += "]";
    }
    row.kinds = static_cast<std::uint32_t>(draw(16));
    row.created_at = {first_second + static_cast<std::int64_t>(ids_.size() * 1000 + draw(3000))};
    if (draw(4) == 0 && !ids_.empty()) {
        row.retry_of = ids_[draw(ids_.size())];
    }
    if (draw(4) == 0 && !ids_.empty()) {
        row.parent = ids_[draw(ids_.size())];
    }
    row.total = 1 + static_cast<std::uint32_t>(draw(100));
    return row;
}

void RandomBatches::change(JobRow& row) {
    row.state = static_cast<JobState>(draw(core::job_state_count));
    row.reason = static_cast<JobReason>(draw(4));
    row.is_cancelling = draw(2) == 0;
    row.awaits_approval = draw(3) == 0;
    row.started_at = {first_second + static_cast<std::int64_t>(draw(1000000))};
    row.ended_at = {draw(2) == 0 ? 0 : first_second + static_cast<std::int64_t>(draw(1000000))};
    row.done = static_cast<std::uint32_t>(random_());
    row.failed = static_cast<std::uint32_t>(draw(300));
    row.running = static_cast<std::uint32_t>(draw(70000));
    row.instances = noise(draw(200), random_());
    row.eseq += 1 + draw(5);
    row.last_gseq = random_() >> draw(64);
    row.last_link = digest_of(random_());
}

void RandomBatches::add_rows(StoreBatch& batch) {
    const std::uint64_t fresh = draw(20);
    for (std::uint64_t i = 0; i < fresh; ++i) {
        JobRow row = new_row();
        if (draw(2) == 0) {
            change(row);
        }
        ids_.push_back(row.id);
        batch.jobs.push_back(row);
    }
    // Live jobs as they were before this batch: a batch has at most one row of a job.
    for (auto at = live_.begin(); at != live_.end();) {
        if (draw(3) != 0) {
            ++at;
            continue;
        }
        JobRow& row = at->second;
        change(row);
        row.is_new = false;
        batch.jobs.push_back(row);
        at = core::is_final(row.state) ? live_.erase(at) : std::next(at);
    }
    for (const JobRow& row : batch.jobs) {
        if (row.is_new && !core::is_final(row.state)) {
            live_[row.id] = row;
        }
    }
    std::shuffle(batch.jobs.begin(), batch.jobs.end(), random_);
}

void RandomBatches::add_others(StoreBatch& batch) {
    for (std::uint64_t i = draw(3); i > 0; --i) {
        batch.tiles.push_back({static_cast<std::uint32_t>(tiles_ % 2), tiles_ / 2,
                               noise(8192, random_())});
        ++tiles_;
    }
    for (std::uint64_t i = draw(4); i > 0 && !ids_.empty(); --i) {
        batch.chunks.push_back({ids_[draw(ids_.size())],
                                1 + static_cast<std::uint32_t>(draw(1600)),
                                noise(draw(400), random_())});
    }
    for (std::uint64_t i = draw(3); i > 0; --i) {
        const std::string bytes = noise(draw(9000), draw(50));
        batch.bodies.push_back({sha256(bytes), bytes});
        bodies_.push_back(batch.bodies.back().digest);
    }
    for (std::uint64_t i = draw(3); i > 0 && !bodies_.empty(); --i) {
        batch.collected.push_back(bodies_[draw(bodies_.size())]);
    }
    if (draw(2) == 0) {
        batch.entities.push_back({short_text() + std::to_string(draw(4)), "tenant", draw(1000),
                                  random_() >> 1U, digest_of(random_()), short_text()});
    }
    if (draw(2) == 0) {
        ports::IdempotencyRow key{digest_of(draw(30)), digest_of(random_()), {},
                                  {first_second + static_cast<std::int64_t>(size_) * 60'000'000}};
        for (std::uint64_t i = draw(4); i > 0 && !ids_.empty(); --i) {
            key.ids.push_back(ids_[draw(ids_.size())]);
        }
        batch.keys.push_back(std::move(key));
    }
    if (draw(2) == 0) {
        ports::TenantRow tenant;
        tenant.name = "tenant-" + std::to_string(draw(5));
        tenant.created_at = {first_second + static_cast<std::int64_t>(draw(1000000))};
        tenant.changed_at = {tenant.created_at.us + static_cast<std::int64_t>(draw(1000000))};
        tenant.settings.weight = 1 + static_cast<std::uint32_t>(draw(1000));
        if (draw(2) == 0) {
            tenant.settings.max_concurrency = 1 + static_cast<std::uint32_t>(draw(9));
            tenant.settings.rate_limit = core::RateLimit{5, 90'000, 2};
            tenant.settings.jobs_per_day = 1 + draw(1000000000);
        }
        tenant.usage = {random_(), random_(), -5, draw(9), random_(), 1 - first_second, 7};
        batch.tenants.push_back(std::move(tenant));
    }
    if (draw(3) == 0) {
        core::FairLedger& ledger = batch.fair_ledger.emplace();
        ledger.at = {first_second + static_cast<std::int64_t>(draw(1000000))};
        for (std::uint64_t i = draw(4); i < 4; ++i) {
            ledger.lags.push_back({"tenant-" + std::to_string(i),
                                   1 + static_cast<std::int64_t>(draw(1000000000))});
        }
    }
    if (size_ > 0 && draw(4) != 0) {
        batch.previous_checkpoint = ports::SignedCheckpoint{size_, "note " + std::to_string(size_)};
    }
}

StoreBatch RandomBatches::next() {
    StoreBatch batch = sample_batch(size_, 1 + static_cast<std::uint32_t>(draw(40)));
    add_rows(batch);
    add_others(batch);
    batch.ledger.oldest_live = live_.empty() ? core::JobId{} : live_.begin()->first;
    size_ += batch.ledger.count;
    return batch;
}

ports::JobFilter RandomBatches::filter() {
    ports::JobFilter filter;
    filter.tenant = draw(4) == 0 ? "other" : "tenant";
    for (std::uint64_t i = draw(3); i > 0; --i) {
        filter.states.push_back(static_cast<JobState>(draw(core::job_state_count)));
    }
    filter.kinds = draw(3) == 0 ? static_cast<std::uint32_t>(draw(16)) : 0;
    filter.awaits_approval = draw(4) == 0;
    if (draw(6) == 0 && !ids_.empty()) {
        filter.parent = ids_[draw(ids_.size())];
    }
    filter.tag = draw(3) == 0 ? short_text() : "";
    filter.text = draw(3) == 0 ? short_text() : "";
    const auto span = static_cast<std::int64_t>(ids_.size() * 1000 + 1);
    if (draw(3) == 0) {
        filter.created_after =
            WallTime{first_second + static_cast<std::int64_t>(random_() >> 1U) % span};
    }
    if (draw(3) == 0) {
        filter.created_before =
            WallTime{first_second + static_cast<std::int64_t>(random_() >> 1U) % span};
    }
    if (draw(3) == 0 && !ids_.empty()) {
        filter.after = ids_[draw(ids_.size())];
    }
    filter.limit = static_cast<std::uint32_t>(draw(60));
    filter.offset = draw(3) == 0 ? static_cast<std::uint32_t>(draw(30)) : 0;
    return filter;
}

}  // namespace attacca::contract
