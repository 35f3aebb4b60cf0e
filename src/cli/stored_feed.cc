// SPDX-License-Identifier: Apache-2.0
#include <utility>

#include "cli/job_source.h"

// A job that has ended, told from what is stored of it.

namespace attacca::cli {
namespace {

class StoredFeed final : public JobFeed {
  public:
    StoredFeed(JobSource& source, std::string job, ProgressModel& model)
        : source_(source), job_(std::move(job)), model_(model) {}

    Result<void> follow(const Take& take, const Tick& tick) override {
        ATTACCA_TRY(const std::vector<Instance> all, source_.instances(job_));
        for (const Instance& instance : all) {
            if (instance.item && !instance.key.empty()) {
                model_.name_item(instance.node, *instance.item, instance.key);
            }
        }
        ATTACCA_TRY(const Json events, source_.events(job_));
        const Json* items = events.find("items");
        for (const Json& item : items == nullptr ? Json::Array{} : items->as_array()) {
            ATTACCA_TRY(const JobEvent event, event_of_wire(item));
            take(event);
        }
        static_cast<void>(tick());
        return {};
    }

    std::string log_tail(const LogWanted& wanted, std::uint64_t bytes_max) override {
        const Result<std::string> text = source_.log(job_, wanted);
        if (!text || text->size() <= bytes_max) {
            return text ? *text : std::string{};
        }
        return text->substr(text->size() - bytes_max);
    }

    Result<void> cancel() override {
        return fail(Problem::state_conflict, "the job has ended");
    }
    Result<Json> job() override { return source_.job(job_); }

  private:
    JobSource& source_;
    std::string job_;
    ProgressModel& model_;
};

}  // namespace

std::unique_ptr<JobFeed> stored_feed(JobSource& source, std::string job, ProgressModel& model) {
    return std::make_unique<StoredFeed>(source, std::move(job), model);
}

}  // namespace attacca::cli
