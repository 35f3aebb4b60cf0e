// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <fstream>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "adapters/memory/memory_store.h"
#include "adapters/system/file_content.h"
#include "adapters/system/noop_runner.h"
#include "adapters/system/temporary_directory_for_test.h"
#include "adapters/system/zone_files.h"
#include "base/json.h"
#include "e2e/engine_harness.h"
#include "http/raw_client_for_test.h"
#include "http/service.h"

// The whole service on a real engine: noop nodes run, others wait until the test ends them.

namespace attacca::e2e {

using http::RawAnswer;
using http::RawClient;

inline constexpr std::string_view token = "0123456789abcdef";
inline const std::string auth = "Authorization: Bearer " + std::string(token) + "\r\n";
inline const std::string api = "/api/v1/orchestration";

// Noop attempts succeed at once; the others stand in `held` until somebody reports for them.
class PartlyHeldRunner final : public ports::Runner {
  public:
    explicit PartlyHeldRunner(ports::ReportSink sink) : noop_(sink) {}
    void start(core::AttemptSpec spec) override {
        if (spec.kind == core::NodeKind::noop) {
            noop_.start(std::move(spec));
        } else {
            held.start(std::move(spec));
        }
    }
    void stop(core::FenceToken fence) override { held.stop(fence); }
    void acknowledge(core::FenceToken fence) override { noop_.acknowledge(fence); }
    std::vector<core::FenceToken> report_again() override { return noop_.report_again(); }

    HeldRunner held;

  private:
    system::NoopRunner noop_;
};

class HttpHarness {
  public:
    // `given`: the store, where it is to outlive the harness or is not a plain one.
    explicit HttpHarness(http::ServiceOptions options = {}, ports::Store* given = nullptr) {
        content_ = std::move(*system::FileContent::open(directory_.path() + "/cas"));
        live = directory_.path() + "/live";
        std::filesystem::create_directory(live);
        engine::HostOptions host_options;
        host_options.engine.slots = 64;
        host_options.key = key_for_test();
        host_options.live_directory = live;
        host_options.engine.fires_schedules = true;
        host_options.engine.zones = &zones_;
        options.zones = &zones_;
        host = std::make_unique<engine::Host>(std::move(host_options),
                                              given == nullptr ? store : *given, *content_, clock_,
                                              entropy_, reserve);
        runner = std::make_unique<PartlyHeldRunner>(
            [this](core::AttemptReport report) { host->report(std::move(report)); });
        ATTACCA_CHECK(host->start(*runner).has_value());
        options.listen = {"127.0.0.1:0"};
        options.token = token;
        options.limits.tick = milliseconds(5);
        options.limits.linger = milliseconds(50);
        if (!options.log_sink) {
            options.log_sink = [](std::string_view) {};
        }
        auto started = http::Service::start(*host, std::move(options));
        ATTACCA_CHECK(started.has_value());
        service = std::move(*started);
    }
    ~HttpHarness() {
        service->stop(seconds(1));
        host->stop(Duration{0});
    }

    [[nodiscard]] std::uint16_t port() const { return service->port(); }

    // Ends a held attempt.
    void end(const core::AttemptSpec& spec,
             core::Outcome outcome = core::Outcome::succeeded,
             std::string output = {}) {
        core::AttemptReport report;
        report.job = spec.job;
        report.instance = spec.instance;
        report.fence = spec.fence;
        report.outcome = outcome;
        report.exit_code = outcome == core::Outcome::succeeded ? 0 : 1;
        report.output = std::move(output);
        const std::string name = live_file(spec, "stdout");
        if (std::filesystem::exists(name)) {
            std::ifstream file(name, std::ios::binary);
            const std::string bytes{std::istreambuf_iterator<char>(file), {}};
            report.artifacts.push_back(
                {"stdout", *content_->put(bytes), bytes.size(), "text/plain", false});
        }
        host->report(std::move(report));
    }
    [[nodiscard]] std::string live_file(const core::AttemptSpec& spec,
                                        const std::string& name) const {
        return live + "/" + std::to_string(spec.fence.value) + "/" + name;
    }
    [[nodiscard]] std::string content_directory() const { return directory_.path() + "/cas"; }
    void write_live(const core::AttemptSpec& spec, const std::string& text) const {
        std::filesystem::create_directories(live + "/" + std::to_string(spec.fence.value));
        std::ofstream file(live_file(spec, "stdout"), std::ios::binary | std::ios::app);
        file << text;
    }

    memory::MemoryStore store;
    CountingReserve reserve;
    std::string live;
    std::unique_ptr<engine::Host> host;
    std::unique_ptr<PartlyHeldRunner> runner;
    std::unique_ptr<http::Service> service;

  private:
    system::TemporaryDirectory directory_;
    std::unique_ptr<system::FileContent> content_;
    system::SystemClock clock_;
    system::SystemEntropy entropy_;
    system::ZoneFiles zones_;
};

// A client that has the token.
class ApiClient {
  public:
    explicit ApiClient(const HttpHarness& harness) : raw(harness.port()) {}

    RawAnswer get(const std::string& path, const std::string& fields = {}) {
        return raw.get(path, auth + fields);
    }
    RawAnswer post(const std::string& path,
                   const std::string& body,
                   const std::string& fields = {}) {
        return raw.post(path, body, auth + fields);
    }
    RawAnswer remove(const std::string& path, const std::string& fields = {}) {
        raw.send("DELETE " + path + " HTTP/1.1\r\nHost: h\r\n" + auth + fields + "\r\n");
        return raw.read();
    }
    RawAnswer put(const std::string& path, const std::string& body,
                  const std::string& fields = {}) {
        raw.send("PUT " + path + " HTTP/1.1\r\nHost: h\r\n" + auth + fields +
                 "Content-Type: application/json\r\nContent-Length: " +
                 std::to_string(body.size()) + "\r\n\r\n" + body);
        return raw.read();
    }
    // The id of a new job.
    std::string create(const std::string& dag, const std::string& more = {}) {
        const RawAnswer answer =
            post(api + "/job", R"({"name":"test")" + more + R"(,"dag_definition":)" + dag + "}");
        ATTACCA_CHECK(answer.status == 202);
        return parse_json(answer.body)->find("id")->as_string();
    }
    // Waits until the job has this status; states are read, not slept for.
    Json wait_for(const std::string& id, std::string_view status) {
        for (;;) {
            Json job = *parse_json(get(api + "/job/" + id).body);
            if (job.find("status")->as_string() == status) {
                return job;
            }
        }
    }

    RawClient raw;
};

// What several suites submit.
inline const std::string one_noop = R"({"nodes":[{"id":"a","type":"noop"}]})";
inline const std::string one_run = R"({"nodes":[{"id":"a","run":["/bin/true"]}]})";

// Null when the body is no JSON.
inline Json body_of(const http::RawAnswer& answer) {
    Result<Json> json = parse_json(answer.body);
    return json ? std::move(*json) : Json();
}

// A member that is a text, or the empty one.
inline std::string text(const Json& json, std::string_view key) {
    const Json* value = json.find(key);
    return value != nullptr && value->is_string() ? value->as_string() : std::string();
}

}  // namespace attacca::e2e
