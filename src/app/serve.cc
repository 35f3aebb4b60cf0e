// SPDX-License-Identifier: Apache-2.0
#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <string>
#include <thread>
#include <utility>

#include "adapters/system/files.h"
#include "app/commands.h"
#include "app/local_engine.h"
#include "app/signals.h"
#include "http/service.h"

// `attacca serve`: an engine on a data directory, with HTTP in front of it, until a signal.
//
// Start: lock, spawner, store and recovery, runners, then HTTP. Stop: HTTP takes no more, running
// attempts get time to end, the ledger notes the stop, everything closes; 30 s at most.

namespace attacca::app {
namespace {

constexpr Duration http_grace = seconds(3);
constexpr Duration attempt_grace = seconds(20);

std::string url_of(const std::string& listen, std::uint16_t port) {
    return "http://" + listen.substr(0, listen.rfind(':')) + ":" + std::to_string(port);
}

// Where clients on this machine find the server; removed at an orderly stop.
Result<void> announce(const system::DataDir& directory, const std::string& url) {
    Json json = Json::object();
    json.set("url", url);
    json.set("pid", std::int64_t{::getpid()});
    json.set("version", ATTACCA_VERSION);
    return system::write_file(directory.server_file(), json.text() + "\n");
}

void note(const http::Log& log,
          http::LogLevel level,
          std::string_view message,
          std::string_view job = {}) {
    http::LogLine line;
    line.level = level;
    line.logger = "server";
    line.message = message;
    line.job = job;
    log.write(line);
}

// What opening and recovering has shown, for `--check`.
cli::ServeCheck found_by_check(LocalEngine& engine) {
    const engine::Status status = engine.host().status();
    return {engine.directory().root(), status.ledger_size, status.live_jobs,
            status.is_storage_full};
}

}  // namespace

Result<int> serve(const cli::ServeOptions& options) {
    std::string level_name = options.log_level;
    std::transform(level_name.begin(), level_name.end(), level_name.begin(),
                   [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
    const std::optional<http::LogLevel> level = http::log_level_of(level_name);
    if (!level) {
        return fail(Problem::bad_configuration,
                    "`" + quoted(options.log_level) + "` is no log level");
    }
    catch_signals();
    const http::Log log(*level);
    LocalEngineOptions local;
    local.data = options.data;
    local.slots = options.slots;
    local.breakers.error_threshold = options.error_threshold;
    local.breakers.error_window = options.error_window;
    local.breakers.open_for = options.breaker_delay;
    local.lane_quiet = options.lane_quiet;
    local.fires_schedules = !options.is_check;
    if (!options.is_check) {
        local.retention = options.retention;
        local.keys = engine::KeyPolicy{};
    }
    local.allows_private_http = options.allows_private_http;
    local.anchors = options.anchors;
    local.log = [&log](std::string_view severity, const std::string& message,
                       std::string_view job) {
        note(log, severity == "warning" ? http::LogLevel::warning : http::LogLevel::info, message,
             job);
    };
    local.on_lock_wait = [&log, &options] {
        note(log, http::LogLevel::info,
             "waiting for " + options.data + ", which another process holds");
    };
    ATTACCA_TRY(std::unique_ptr<LocalEngine> engine, LocalEngine::open(local));
    if (options.is_check) {
        options.on_checked(found_by_check(*engine));
        engine->stop(Duration{0});
        return 0;
    }
    http::ServiceOptions service_options;
    service_options.listen = {options.listen};
    service_options.log_level = *level;
    service_options.zones = &engine->zones();
    ATTACCA_TRY(service_options.token, engine->directory().load_or_create_token());
    // Whoever sees the server ready finds its file.
    std::string url;
    service_options.on_bound = [&](std::uint16_t port) {
        url = url_of(options.listen, port);
        return announce(engine->directory(), url);
    };
    ATTACCA_TRY(std::unique_ptr<http::Service> service,
                http::Service::start(engine->host(), service_options));
    note(log, http::LogLevel::info, "listening on " + url);
    while (caught_signals() == 0) {
        sleep_until_signal(seconds(1));
        if (!engine->is_healthy()) {
            // Without the spawner nothing can run; a new start makes a new one.
            note(log, http::LogLevel::critical, "the spawner has ended");
            return 70;
        }
    }
    note(log, http::LogLevel::info, "stopping: running attempts get time to end");
    (void)system::remove_file(engine->directory().server_file());
    service->stop(http_grace);
    engine->stop(attempt_grace);
    service.reset();
    note(log, http::LogLevel::info, "stopped");
    return 0;
}

}  // namespace attacca::app
