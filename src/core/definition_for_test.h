// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "core/apply.h"
#include "core/decide.h"
#include "core/graph/definition.h"

// Test support: an engine of five lines that decides, applies, and keeps what came out.

namespace attacca::core {

// Precondition: valid JSON of a dag_definition.
inline std::shared_ptr<const Definition> definition_for_test(std::string_view json) {
    const Result<Json> parsed = parse_json(json);
    ATTACCA_CHECK(parsed.has_value());
    Result<Definition> definition = parse_definition(*parsed, "");
    ATTACCA_CHECK(definition.has_value());
    return std::make_shared<const Definition>(std::move(*definition));
}

class BenchForTest : public Bodies {
  public:
    explicit BenchForTest(std::uint32_t slots_given = 100) : slots(slots_given) {}

    JobId submit(std::string_view dag, std::string details = {}, std::string kept = {}) {
        SubmitJobs command{"default", "usr:test", {}, {}};
        NewJob job;
        job.id = next_id();
        job.definition = definition_for_test(dag);
        job.name = "test";
        job.details = std::move(details);
        job.kept = std::move(kept);
        definitions_[job.definition->digest] = job.definition;
        command.jobs.push_back(job);
        (void)run(command);
        return command.jobs.front().id;
    }

    JobId next_id() {
        return JobId{uuid_v7(now.wall, 1, ++ids_ << 8U)};
    }

    void know(const std::shared_ptr<const Definition>& definition) {
        definitions_[definition->digest] = definition;
    }

    // Decides, applies, settles; then dispatches while there are slots, unless told otherwise.
    Answer run(const Command& command, bool is_dispatching = true) {
        if (const auto* timer = std::get_if<FireTimer>(&command)) {
            note_due(state, *timer);
        }
        if (const auto* claim = std::get_if<Claim>(&command)) {
            choose_next(state, *claim, now);
        }
        Answer answer = step(command);
        if (is_dispatching) {
            dispatch_all();
        }
        return answer;
    }

    void dispatch_all() {
        for (;;) {
            const bool has_slot = state.slots_used < slots;
            choose_next(state, has_slot, now);
            if (!has_ready(state, has_slot)) {
                return;
            }
            (void)step(Dispatch{has_slot, "local", "/w"});
        }
    }

    // Ends the oldest started attempt of the node.
    void end(std::string_view node, Outcome outcome = Outcome::succeeded, std::string output = {}) {
        for (std::size_t i = 0; i < running.size(); ++i) {
            if (running[i].node == node) {
                AttemptReport report;
                report.job = running[i].job;
                report.instance = running[i].instance;
                report.fence = running[i].fence;
                report.outcome = outcome;
                report.output = std::move(output);
                running.erase(running.begin() + static_cast<std::ptrdiff_t>(i));
                (void)run(ReportAttempt{report, 7});
                return;
            }
        }
        ATTACCA_CHECK(false);
    }

    [[nodiscard]] std::vector<std::string> running_nodes() const {
        std::vector<std::string> nodes;
        for (const AttemptSpec& spec : running) {
            nodes.push_back(spec.node);
        }
        return nodes;
    }

    // Fires the armed timers of this kind.
    void fire(FireTimer::Kind kind) {
        std::vector<ArmTimer> due;
        std::swap(due, timers);
        for (const ArmTimer& timer : due) {
            if (timer.timer.kind == kind) {
                now.wall.us += std::max<std::int64_t>(0, (timer.at - now.mono).us);
                now.mono = std::max(now.mono, timer.at);
                (void)run(timer.timer);
            } else {
                timers.push_back(timer);
            }
        }
    }

    // The final state of a job that ended, by its record.
    [[nodiscard]] std::optional<JobEnded> end_of(const JobId& id) const {
        for (const Record& record : records) {
            const auto* ended = std::get_if<JobEnded>(&record.payload);
            if (ended != nullptr && record.entity.job == id) {
                return *ended;
            }
        }
        return std::nullopt;
    }

    template <typename P>
    [[nodiscard]] std::vector<P> all() const {
        std::vector<P> found;
        for (const Record& record : records) {
            if (const P* payload = std::get_if<P>(&record.payload)) {
                found.push_back(*payload);
            }
        }
        return found;
    }

    Result<std::shared_ptr<const Definition>> definition(const Sha256& digest) override {
        const auto known = definitions_.find(digest);
        if (known != definitions_.end()) {
            return known->second;
        }
        ATTACCA_TRY(Definition loaded, load_definition(bodies_.at(digest)));
        return std::make_shared<const Definition>(std::move(loaded));
    }
    Result<std::string> text(const Sha256& digest) override { return bodies_.at(digest); }

    std::uint32_t slots;
    State state;
    Now now{WallTime{1'700'000'000'000'000}, MonoTime{1'000'000}};
    std::vector<Record> records;
    std::vector<AttemptSpec> running;
    std::vector<FenceToken> stopped;
    std::vector<ArmTimer> timers;

  private:
    Answer step(const Command& command) {
        Decision decision = decide(state, command, now);
        for (const Body& body : decision.bodies) {
            bodies_[body.digest] = body.bytes;
        }
        std::vector<JobId> touched;
        for (const Record& record : decision.records) {
            ATTACCA_CHECK(apply(state, record, *this).has_value());
            records.push_back(record);
            if (record.entity.job) {
                touched.push_back(*record.entity.job);
            }
        }
        for (Effect& effect : decision.effects) {
            if (auto* start = std::get_if<StartAttempt>(&effect)) {
                running.push_back(std::move(start->spec));
            } else if (const auto* stop = std::get_if<StopAttempt>(&effect)) {
                stopped.push_back(stop->fence);
            } else if (const auto* arm = std::get_if<ArmTimer>(&effect)) {
                timers.push_back(*arm);
            }
        }
        for (const JobId& id : touched) {
            const Job* job = state.find(id);
            if (job != nullptr && job->is_to_settle()) {
                (void)step(SettleJob{id, may_begin_again(*job) ? next_id() : JobId{}});
            }
        }
        return decision.answer;
    }

    std::uint64_t ids_ = 0;
    std::map<Sha256, std::shared_ptr<const Definition>> definitions_;
    std::map<Sha256, std::string> bodies_;
};

}  // namespace attacca::core
