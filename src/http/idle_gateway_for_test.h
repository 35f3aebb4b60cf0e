// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <utility>

#include "base/check.h"
#include "engine/gateway.h"

// An engine that does nothing, for what only reads its numbers.

namespace attacca::http {

class IdleGateway : public engine::Gateway {
  public:
    void submit_if(std::optional<engine::Condition>,
                   core::Command,
                   engine::AnswerHandler handler) override {
        handler(fail(Problem::unavailable));
    }
    core::JobId new_job_id() override { return {}; }
    engine::Status status() const override { return {}; }
    engine::Counters counters() const override { return {}; }
    ports::StoreReader& reader() override { check_failed("no store", __FILE__, __LINE__); }
    ports::Content& content() override { check_failed("no content", __FILE__, __LINE__); }
    std::shared_ptr<const engine::SignedTree> signed_tree() const override { return nullptr; }
    const ports::Clock& clock() const override { check_failed("no clock", __FILE__, __LINE__); }
    std::uint64_t add_listener(std::function<void(std::uint64_t)>) override { return 1; }
    void remove_listener(std::uint64_t) override {}
    std::string live_directory() const override { return "/"; }
};

}  // namespace attacca::http
