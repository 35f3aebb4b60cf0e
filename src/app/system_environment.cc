// SPDX-License-Identifier: Apache-2.0
#include "app/system_environment.h"

#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <system_error>
#include <utility>

#include <sys/ioctl.h>
#include <unistd.h>

#include "adapters/sqlite/orch_next_file.h"
#include "app/commands.h"
#include "app/signals.h"
#include "app/output_file.h"
#include "app/user_files.h"
#include "app/verify/verify_path.h"
#include "app/yaml_file.h"
#include "base/bytes.h"

namespace attacca::app {
namespace {

constexpr std::size_t default_width = 80;

curl::Request request_of(const cli::HttpRequest& request) {
    std::string server = request.server;
    while (!server.empty() && server.back() == '/') {
        server.pop_back();
    }
    return {request.method, server + request.target, request.headers, request.body};
}

Result<cli::HttpResponse> response_of(Result<curl::Response> response) {
    if (!response) {
        return response.error();
    }
    return cli::HttpResponse{response->status, std::move(response->headers),
                             std::move(response->body)};
}

}  // namespace

cli::Terminal SystemEnvironment::terminal() const {
    cli::Terminal found;
    found.is_out_tty = ::isatty(STDOUT_FILENO) == 1;
    found.is_err_tty = ::isatty(STDERR_FILENO) == 1;
    found.width = default_width;
    winsize size{};
    if (::ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) {
        found.width = size.ws_col;
    }
    const std::optional<std::uint64_t> columns = parse_u64(variable("COLUMNS").value_or(""));
    if (columns && *columns > 0 && *columns < 10'000) {
        found.width = static_cast<std::size_t>(*columns);
    }
    return found;
}

std::optional<std::string> SystemEnvironment::variable(const std::string& name) const {
    const char* const value = std::getenv(name.c_str());
    return value == nullptr ? std::nullopt : std::optional<std::string>(value);
}

Duration SystemEnvironment::local_offset(WallTime at) const {
    const std::time_t seconds = at.us / 1'000'000;
    std::tm local{};
    ::tzset();  // localtime_r alone need not look at TZ
    return ::localtime_r(&seconds, &local) == nullptr ? Duration{}
                                                      : milliseconds(local.tm_gmtoff * 1000);
}

void SystemEnvironment::sleep(Duration duration) {
    if (duration.us > 0) {
        sleep_until_signal(duration);
    }
}

int SystemEnvironment::interrupts() {
    catch_signals();
    return caught_signals();
}

bool SystemEnvironment::was_terminated() const { return was_terminate_caught(); }

void SystemEnvironment::write_out(std::string_view text) {
    if (is_out_closed_) {
        return;
    }
    const Written written = write_text(STDOUT_FILENO, text);
    is_out_closed_ = written != Written::all;
    has_lost_output_ = written == Written::failed;
}

void SystemEnvironment::write_err(std::string_view text) {
    if (is_err_closed_) {
        return;
    }
    const Written written = write_text(STDERR_FILENO, text);
    is_err_closed_ = written != Written::all;
    is_err_unread_ = written == Written::nobody_reads;
}

bool SystemEnvironment::is_out_closed() const {
    return is_out_closed_ || has_no_reader(STDOUT_FILENO);
}

bool SystemEnvironment::is_err_closed() const {
    return is_err_unread_ || has_no_reader(STDERR_FILENO);
}

Result<std::string> SystemEnvironment::read_file(const std::string& path) {
    return read_user_file(path);
}

Result<void> SystemEnvironment::write_file(const std::string& path,
                                           std::string_view text,
                                           bool is_replacing) {
    return write_user_file(path, text, is_replacing);
}

Result<std::unique_ptr<cli::OutputFile>> SystemEnvironment::create_file(const std::string& path,
                                                                        bool is_replacing) {
    return create_user_file(path, is_replacing);
}

std::variant<cli::Located, cli::LoadError> SystemEnvironment::parse_yaml(std::string_view text) {
    return load_yaml(text);
}

curl::HttpClient& SystemEnvironment::client() {
    if (client_ == nullptr) {
        client_ = std::make_unique<curl::HttpClient>();
    }
    return *client_;
}

Result<cli::HttpResponse> SystemEnvironment::http(const cli::HttpRequest& request) {
    return response_of(client().exchange(request_of(request)));
}

Result<cli::HttpResponse> SystemEnvironment::http_stream(
    const cli::HttpRequest& request, const std::function<bool(std::string_view)>& take) {
    return response_of(client().stream(request_of(request), take));
}

Result<int> SystemEnvironment::serve(const cli::ServeOptions& options) {
    return app::serve(options);
}

Result<std::unique_ptr<cli::Embedded>> SystemEnvironment::run_embedded(
    const std::string& data, std::uint32_t slots, const std::function<void()>& on_wait) {
    return app::run_embedded(data, slots, on_wait);
}

Result<std::unique_ptr<cli::Stored>> SystemEnvironment::open_stored(const std::string& data) {
    return app::open_stored(data);
}

Result<cli::VerifyReport> SystemEnvironment::verify(const std::string& path,
                                                    const cli::VerifyOptions& options) {
    return verify::verify_path(path, options);
}

std::vector<cli::DoctorFact> SystemEnvironment::doctor(const std::string& data) {
    return app::doctor(data);
}

Result<int> SystemEnvironment::run_worker(const cli::WorkerOptions& options) {
    return app::run_worker(options);
}

Result<Json> SystemEnvironment::read_orch_next(const std::string& path) {
    return sqlite::read_orch_next(path);
}

Result<Json> SystemEnvironment::bench(const cli::BenchOptions& options) {
    return app::bench(options);
}

Result<void> SystemEnvironment::make_directory(const std::string& path) {
    std::error_code error;
    std::filesystem::create_directory(path, error);
    return error ? Result<void>(fail(Problem::io_error, quoted(path) + ": " + error.message()))
                 : Result<void>();
}

Result<int> SystemEnvironment::witness(const cli::WitnessOptions& options) {
    return app::witness(options);
}

Result<Json> SystemEnvironment::restore(const cli::RestoreOptions& options) {
    return app::restore(options);
}

}  // namespace attacca::app
