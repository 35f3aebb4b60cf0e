// SPDX-License-Identifier: Apache-2.0
#include "backend.h"

#include <utility>

#include "core/apply.h"

namespace attacca::sim {

Backend::Backend(Context& context) : context_(context) {
    if (context_.knobs.is_exact) {
        Ed25519Seed seed;
        seed.bytes[0] = 7;
        key_.signer = std::make_shared<const Ed25519Signer>(seed);
        key_.name = {"attacca.local/sim", "node-1"};
    }
}

ports::StoreReader& Backend::reader() {
    return store_.reader();
}

Result<engine::Recovered> Backend::recover(engine::Definitions& definitions) {
    if (!context_.knobs.is_exact) {
        return recover_records(definitions);
    }
    store_.recover();
    ATTACCA_TRY(engine::Recovered recovered, engine::recover(store_.reader(), definitions));
    for (const engine::Quarantine& set_aside : recovered.quarantined) {
        context_.violations.report("I01", "set aside " + set_aside.what + ": " + set_aside.why);
    }
    Result<std::unique_ptr<engine::Committer>> committer =
        engine::Committer::open(store_, context_.entropy, key_, recovered);
    if (!committer) {
        return committer.error();
    }
    committer_ = std::move(*committer);
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
    for (const auto& record : context_.durable.live_records()) {
        const Result<void> applied = core::apply(out.state, *record, bodies);
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
    out.tail.size = context_.durable.size();
    out.tail.last_fence = context_.durable.last_fence().value;
    out.tail.last_at = context_.durable.last_at();
    for (const auto& [name, records] : context_.durable.entities()) {
        if (records > 0) {
            out.entities.push_back({name, {}, records - 1, 0, {}});
        }
    }
    engine::adopt_tail(out.state, out.tail, out.entities);
    engine::adopt_tenants(out.state, context_.durable.tenants().rows());
    return out;
}

void Backend::rest() {
    if (committer_ != nullptr && context_.prng.chance(100)) {
        committer_->store_signature();
    }
}

void Backend::commit(const engine::Batch& batch, ports::CommitOutcome outcome) {
    if (!context_.knobs.is_exact) {
        return;
    }
    if (outcome != ports::CommitOutcome::committed) {
        store_.fail_next_commit(outcome);
    }
    const engine::BatchResult result = committer_->commit(batch);
    if (result.commit.outcome != outcome) {
        context_.violations.report("I26", "the store refused a batch: " + result.commit.detail);
    }
}

}  // namespace attacca::sim
