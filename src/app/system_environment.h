// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "adapters/curl/http_client.h"
#include "adapters/system/system_clock.h"
#include "cli/environment.h"

// The process's own terminal, files, clock, signals and network, as the command line sees them, and
// the commands of app/commands.h. One thread, the main one.

namespace attacca::app {

class SystemEnvironment final : public cli::Environment {
  public:
    [[nodiscard]] cli::Terminal terminal() const override;
    [[nodiscard]] std::optional<std::string> variable(const std::string& name) const override;
    [[nodiscard]] Now now() const override { return clock_.now(); }
    [[nodiscard]] Duration local_offset(WallTime at) const override;
    void sleep(Duration duration) override;
    [[nodiscard]] int interrupts() override;
    [[nodiscard]] bool was_terminated() const override;
    // Nobody reading is no error: what is left is dropped. Any other failure is kept.
    void write_out(std::string_view text) override;
    void write_err(std::string_view text) override;
    [[nodiscard]] bool is_out_closed() const override;
    [[nodiscard]] bool is_err_closed() const override;
    // Standard output took less than it was given, and somebody would have read it.
    [[nodiscard]] bool has_lost_output() const { return has_lost_output_; }

    [[nodiscard]] Result<std::string> read_file(const std::string& path) override;
    [[nodiscard]] Result<void> write_file(const std::string& path,
                                          std::string_view text,
                                          bool is_replacing) override;
    [[nodiscard]] Result<std::unique_ptr<cli::OutputFile>> create_file(
        const std::string& path, bool is_replacing) override;
    [[nodiscard]] std::variant<cli::Located, cli::LoadError> parse_yaml(
        std::string_view text) override;

    [[nodiscard]] Result<cli::HttpResponse> http(const cli::HttpRequest& request) override;
    [[nodiscard]] Result<cli::HttpResponse> http_stream(
        const cli::HttpRequest& request,
        const std::function<bool(std::string_view)>& take) override;

    [[nodiscard]] Result<int> serve(const cli::ServeOptions& options) override;
    [[nodiscard]] Result<std::unique_ptr<cli::Embedded>> run_embedded(
        const std::string& data, std::uint32_t slots,
        const std::function<void()>& on_wait) override;
    [[nodiscard]] Result<std::unique_ptr<cli::Stored>> open_stored(
        const std::string& data) override;
    [[nodiscard]] Result<cli::VerifyReport> verify(const std::string& path,
                                                   const cli::VerifyOptions& options) override;
    [[nodiscard]] std::vector<cli::DoctorFact> doctor(const std::string& data) override;
    [[nodiscard]] Result<int> run_worker(const cli::WorkerOptions& options) override;
    [[nodiscard]] Result<Json> read_orch_next(const std::string& path) override;
    [[nodiscard]] Result<Json> bench(const cli::BenchOptions& options) override;
    [[nodiscard]] Result<void> make_directory(const std::string& path) override;
    [[nodiscard]] Result<int> witness(const cli::WitnessOptions& options) override;
    [[nodiscard]] Result<Json> restore(const cli::RestoreOptions& options) override;

  private:
    [[nodiscard]] curl::HttpClient& client();

    system::SystemClock clock_;
    std::unique_ptr<curl::HttpClient> client_;  // most commands ask no server
    bool is_out_closed_ = false;
    bool is_err_closed_ = false;
    bool is_err_unread_ = false;
    bool has_lost_output_ = false;
};

}  // namespace attacca::app
