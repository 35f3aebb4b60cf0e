// SPDX-License-Identifier: Apache-2.0
#include "backend.h"

#include <utility>

#include "core/apply.h"
#include "engine/history.h"

namespace attacca::sim {

Backend::Backend(Context& context) : context_(context) {
    if (context_.knobs.is_exact) {
        Ed25519Seed seed;
        seed.bytes[0] = 7;
        key_.signer = std::make_shared<const Ed25519Signer>(seed);
        key_.name = {"attacca.local/sim", "node-1"};
    }
}

Backend::~Backend() = default;

ports::StoreReader& Backend::reader() {
    return store_.reader();
}

// The store as it is, but for the records that were damaged.
class Backend::DamagedReader final : public ports::StoreReader {
  public:
    DamagedReader(ports::StoreReader& reader, const std::set<std::uint64_t>& damaged)
        : reader_(reader), damaged_(damaged) {}

    Result<std::shared_ptr<const ports::LedgerBatch>> batch_of(std::uint64_t gseq) override {
        auto read = reader_.batch_of(gseq);
        if (!read || *read == nullptr) {
            return read;
        }
        const auto from = damaged_.lower_bound((*read)->first_gseq);
        const std::uint64_t end = (*read)->first_gseq + (*read)->count;
        if (from == damaged_.end() || *from >= end) {
            return read;
        }
        auto bad = std::make_shared<ports::LedgerBatch>(**read);
        for (auto it = from; it != damaged_.end() && *it < end; ++it) {
            const auto records = engine::split_records(*bad);
            ATTACCA_CHECK(records.has_value());
            const std::string_view record = (*records)[*it - bad->first_gseq];
            bad->records[static_cast<std::size_t>(record.data() - bad->records.data())] = 'X';
        }
        return std::shared_ptr<const ports::LedgerBatch>(std::move(bad));
    }
    Result<ports::LedgerTail> tail() override { return reader_.tail(); }
    Result<std::optional<ports::Tile>> tile(std::uint32_t level, std::uint64_t index) override {
        return reader_.tile(level, index);
    }
    Result<std::vector<ports::SignedCheckpoint>> checkpoints(std::uint64_t after,
                                                             std::size_t limit) override {
        return reader_.checkpoints(after, limit);
    }
    Result<std::optional<ports::JobRow>> job(const core::JobId& id) override {
        return reader_.job(id);
    }
    Result<std::vector<ports::NodeChunk>> chunks(const core::JobId& id) override {
        return reader_.chunks(id);
    }
    Result<ports::JobPage> jobs(const ports::JobFilter& filter) override {
        return reader_.jobs(filter);
    }
    Result<std::vector<ports::JobRow>> live_jobs(
        const core::JobId& from,
        const std::function<void(std::string, std::string)>& undecodable) override {
        return reader_.live_jobs(from, undecodable);
    }
    Result<std::optional<std::string>> body(const Sha256& digest) override {
        return reader_.body(digest);
    }
    Result<std::vector<core::BodySize>> bodies_after(const Sha256& after,
                                                     std::size_t limit) override {
        return reader_.bodies_after(after, limit);
    }
    Result<std::vector<ports::EntityHead>> entities() override { return reader_.entities(); }
    Result<std::vector<ports::EntityHead>> entities_below(const std::string& prefix,
                                                          const std::string& after,
                                                          std::size_t limit) override {
        return reader_.entities_below(prefix, after, limit);
    }
    Result<std::optional<ports::EntityHead>> entity(const std::string& name) override {
        return reader_.entity(name);
    }
    Result<std::optional<ports::IdempotencyRow>> key(const Sha256& key_hash) override {
        return reader_.key(key_hash);
    }
    Result<std::optional<ports::TenantRow>> tenant(const std::string& name) override {
        return reader_.tenant(name);
    }
    Result<std::vector<ports::TenantRow>> tenants() override { return reader_.tenants(); }

  private:
    ports::StoreReader& reader_;
    const std::set<std::uint64_t>& damaged_;
};

Result<engine::Recovered> Backend::recover(engine::Definitions& definitions) {
    if (!context_.knobs.is_exact) {
        return recover_records(definitions);
    }
    store_.recover();
    damaged_reader_ = std::make_unique<DamagedReader>(store_.reader(), damaged_records_);
    search_ = std::make_unique<engine::PruningSearch>(
        *damaged_reader_, core::RetentionPolicy{Duration{context_.knobs.retention_us}, {}});
    ATTACCA_TRY(engine::Recovered recovered, engine::recover(*damaged_reader_, definitions));
    Result<std::unique_ptr<engine::Committer>> committer =
        engine::Committer::open(store_, key_, recovered);
    if (!committer) {
        return committer.error();
    }
    committer_ = std::move(*committer);
    scribe_ = std::make_unique<engine::Scribe>(recovered, context_.entropy, key_.name);
    return recovered;
}

// The texts that records name by their digest come from the simulated disk; definitions are known
// beforehand, for parsing them again would take longer than the rest of the restart.
class Backend::BodyReader final : public core::Bodies {
  public:
    BodyReader(Context& context, engine::Definitions& definitions)
        : context_(context), definitions_(definitions) {}

    Result<std::shared_ptr<const core::Definition>> definition(const Sha256& digest) override {
        return definitions_.definition(digest);
    }
    Result<std::string> text(const Sha256& digest) override {
        const std::string* stored = context_.durable.body(digest);
        if (stored == nullptr) {
            return fail(Problem::corrupt, "the body " + hex(digest) + " is missing");
        }
        return *stored;
    }

  private:
    Context& context_;
    engine::Definitions& definitions_;
};

Result<engine::Recovered> Backend::recover_records(engine::Definitions& definitions) {
    core::Command known = core::SubmitJobs{};
    for (const Blueprint& blueprint : context_.blueprints) {
        core::NewJob job;
        job.definition = blueprint.definition;
        std::get<core::SubmitJobs>(known).jobs.push_back(std::move(job));
    }
    definitions.know_command(known);

    engine::Recovered out;
    BodyReader bodies(context_, definitions);
    for (const Durable::Logged& logged : context_.durable.live_records()) {
        const Result<void> applied = core::apply(out.state, *logged.record, bodies);
        if (!applied) {
            return applied.error();
        }
    }
    for (const auto& [id, slot] : out.state.slot_of) {
        const core::Job& job = *out.state.slots[slot];
        for (core::InstanceIndex i = 0; i < job.instances.size(); ++i) {
            if (job.instances[i].state == core::NodeState::running) {
                out.running.emplace_back(id, i);
            }
        }
    }
    for (const core::JobId& id : context_.durable.newly_set_aside()) {
        out.quarantined.push_back({"job/" + id.text(), "damaged"});
    }
    out.was_stopped_in_order = context_.durable.is_stop_noted();
    out.tail.size = context_.durable.size();
    out.tail.last_fence = context_.durable.last_fence().value;
    out.tail.last_at = context_.durable.last_at();
    for (const auto& [name, records] : context_.durable.entities()) {
        if (records > 0) {
            const auto image = context_.durable.images().find(name);
            out.entities.push_back({name, {}, records - 1, 0, {}, {}});
            if (image != context_.durable.images().end()) {
                out.entities.back().image = image->second;
                const Result<void> loaded = out.state.registry.load(name, image->second, bodies);
                if (!loaded) {
                    return loaded.error();
                }
            }
        }
    }
    for (const auto& [entity, image] : context_.durable.images()) {
        const Result<void> loaded = out.state.registry.load(entity, image, bodies);
        if (!loaded) {
            return loaded.error();
        }
    }
    engine::adopt_tail(out.state, out.tail, out.entities);
    engine::adopt_tenants(out.state, context_.durable.tenants().rows());
    out.state.fair_ledger = context_.durable.fair_ledger();
    return out;
}

void Backend::rest() {
    if (committer_ != nullptr && context_.prng.chance(100)) {
        committer_->store_signature();
    }
}

void Backend::stop() {
    if (committer_ == nullptr) {
        return;
    }
    committer_->store_signature();
    const auto tail = store_.reader().tail();
    const bool is_signed = tail.has_value() && tail->checkpoint.has_value() &&
                           tail->checkpoint->size == context_.durable.size();
    if (!is_signed) {
        context_.violations.report("I26", "an orderly stop left a batch unsigned");
    }
}

void Backend::damage(const core::JobId& id, bool is_row) {
    if (!context_.knobs.is_exact) {
        return;
    }
    if (is_row) {
        store_.poison_job(id);
        return;
    }
    const auto row = store_.reader().job(id);
    ATTACCA_CHECK(row.has_value() && row->has_value());
    damaged_records_.insert((*row)->last_gseq);
}

void Backend::forget_keys(WallTime wall) {
    if (context_.knobs.is_exact) {
        store_.maintain(wall);
    }
}

std::optional<core::PruneEntries> Backend::look_for_prunable(WallTime now) {
    if (!context_.knobs.is_exact) {
        const WallTime before = now + Duration{-context_.knobs.retention_us};
        return context_.durable.prunings().look(before, 1 + context_.prng.below(64));
    }
    const auto tree = committer_->signed_tree();
    if (tree == nullptr || !search_->begin(now, tree->tree.size())) {
        return std::nullopt;
    }
    Result<std::optional<core::PruneEntries>> found = search_->next();
    if (!found) {
        context_.violations.report("I26", "a look for what may be pruned failed: " +
                                              found.error().text());
        return std::nullopt;
    }
    return std::move(*found);
}

std::optional<core::CollectContent> Backend::look_for_unnamed() {
    core::CollectContent unnamed;
    if (!context_.knobs.is_exact) {
        unnamed.marked = context_.durable.size();
        unnamed.bodies = context_.durable.prunings().bodies().look(context_.durable.images());
        return unnamed.bodies.empty() ? std::nullopt : std::optional(std::move(unnamed));
    }
    engine::Marking marking(*damaged_reader_, context_.prng.below(1'000'000), [] { return true; });
    if (!marking.run()) {
        return std::nullopt;  // a damaged record may name anything
    }
    unnamed.marked = marking.size();
    const auto bodies = damaged_reader_->bodies_after({}, 1'000'000);
    ATTACCA_CHECK(bodies.has_value());
    for (const core::BodySize& body : *bodies) {
        if (!marking.is_needed(body.digest)) {
            unnamed.bodies.push_back(body);
        }
    }
    return unnamed.bodies.empty() ? std::nullopt : std::optional(std::move(unnamed));
}

void Backend::commit(const engine::Batch& batch, ports::CommitOutcome outcome) {
    if (!context_.knobs.is_exact) {
        return;
    }
    if (outcome != ports::CommitOutcome::committed) {
        store_.fail_next_commit(outcome);
    }
    engine::Batch written = batch;
    scribe_->write(written);
    const std::vector<Sha256> links = written.written.links;
    const engine::BatchResult result = committer_->commit(std::move(written));
    if (result.commit.outcome != outcome) {
        context_.violations.report("I26", "the store refused a batch: " + result.commit.detail);
    } else if (outcome == ports::CommitOutcome::committed) {
        committer_->sign();
        links_.insert(links_.end(), links.begin(), links.end());
        for (const engine::PlacedRecord& placed : batch.records) {
            entities_.push_back(placed.record.entity.text());
        }
    }
}

}  // namespace attacca::sim
