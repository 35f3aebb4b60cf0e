// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <thread>
#include <variant>
#include <vector>

#include "core/job/attempt_spec.h"
#include "ports/content.h"
#include "ports/runner.h"

// Runs `http` and `notify` nodes: one request each, all of them on one thread.
//
// Only http and https; redirects are answers, no proxy is asked, and an address that is not public
// is refused unless the options allow it (target_guard.h). The report's outputs are
// {"status", "body", "bytes", "duration_ms"}, where `body` is the answer as text, when it is UTF-8.
// Nothing of a request is told in a detail but its host: an address may hold a secret.
//
// Reports are kept until acknowledged. A runner that is destroyed drops what is under way. Safe
// from any thread.

namespace attacca::curl {

struct HttpRunnerOptions {
    bool allows_private = false;
    std::size_t body_bytes_max = std::size_t{1} << 20U;
    Duration timeout = seconds(30);  // of a node that says nothing
};

class HttpRunner final : public ports::Runner {
  public:
    HttpRunner(HttpRunnerOptions options, ports::Content& content, ports::ReportSink sink);
    ~HttpRunner() override;
    HttpRunner(const HttpRunner&) = delete;
    HttpRunner& operator=(const HttpRunner&) = delete;

    void start(core::AttemptSpec spec) override;
    void stop(core::FenceToken fence) override;
    void acknowledge(core::FenceToken fence) override;
    [[nodiscard]] std::vector<core::FenceToken> report_again() override;

  private:
    struct Call;   // one request under way
    struct Multi;  // libcurl's handle for all of them

    void run();
    void begin(core::AttemptSpec spec);
    void end(Call& call, int code);
    void deliver(core::AttemptReport report);
    [[nodiscard]] core::AttemptReport report_of(const Call& call, int code) const;
    void add_outputs(const Call& call, core::AttemptReport& report) const;

    const HttpRunnerOptions options_;
    ports::Content& content_;
    ports::ReportSink sink_;
    std::unique_ptr<Multi> multi_;
    std::map<core::FenceToken, std::unique_ptr<Call>> calls_;  // of the thread

    std::mutex mutex_;  // guards what follows
    bool is_closing_ = false;
    std::vector<std::variant<core::AttemptSpec, core::FenceToken>> inbox_;  // starts and stops
    std::set<core::FenceToken> unreported_;
    std::map<core::FenceToken, core::AttemptReport> reports_;

    std::thread thread_;
};

}  // namespace attacca::curl
