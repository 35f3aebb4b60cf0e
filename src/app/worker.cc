// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <atomic>
#include <chrono>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "adapters/curl/http_client.h"
#include "app/commands.h"
#include "app/program_probe.h"
#include "app/signals.h"
#include "app/system_environment.h"
#include "app/task_process.h"
#include "base/bytes.h"
#include "base/json.h"
#include "cli/client.h"

// `attacca worker run`: as many slots as were asked for, each a thread with a connection of its own
// that claims one task, runs the command, sends heartbeats meanwhile, and reports.
//
// The first signal lets what runs end, and a claim that is under way; the second one stops it.

namespace attacca::app {
namespace {

constexpr Duration claim_wait = seconds(5);     // so long a stop may take
constexpr Duration poll_interval = milliseconds(200);
constexpr Duration kill_grace = seconds(8);     // within the ten that the server gives
constexpr Duration pause_first = milliseconds(200);
constexpr Duration pause_max = seconds(5);
constexpr int exit_try_again = 75;              // EX_TEMPFAIL of sysexits.h
constexpr std::size_t env_bytes_max = 65536;    // one variable may not be much longer

using Clock = std::chrono::steady_clock;

struct Task {
    std::string id;
    std::string lane;
    std::int64_t fence = 0;
    Duration ttl;
    TaskCommand command;
};

std::string text_of(const Json& object, std::string_view key) {
    const Json* value = object.find(key);
    return value != nullptr && value->is_string() ? value->as_string() : std::string();
}

std::int64_t number_of(const Json& object, std::string_view key) {
    const Json* value = object.find(key);
    return value != nullptr && value->is_integer() ? value->as_integer() : 0;
}

Task task_of(const Json& lease, const std::vector<std::string>& argv) {
    Task task;
    task.id = text_of(lease, "id");
    task.lane = text_of(lease, "lane");
    task.fence = number_of(lease, "fence");
    task.ttl = milliseconds(number_of(lease, "ttl_ms"));
    const Json* spec = lease.find("spec");
    task.command.argv = argv;
    task.command.input = spec == nullptr ? "{}" : spec->text();
    auto& env = task.command.env;
    env = {{"ATTACCA_JOB", text_of(lease, "job")},
           {"ATTACCA_NODE", text_of(lease, "node")},
           {"ATTACCA_LANE", task.lane},
           {"ATTACCA_TYPE", spec == nullptr ? std::string() : text_of(*spec, "type")},
           {"ATTACCA_ATTEMPT", std::to_string(number_of(lease, "attempt"))},
           {"ATTACCA_FENCE", std::to_string(task.fence)}};
    const Json* stay = lease.find("stay");
    if (stay != nullptr) {
        env.emplace_back("ATTACCA_STAY", "1");
    }
    const Json* item = lease.find("item");
    if (item != nullptr && item->is_integer()) {
        env.emplace_back("ATTACCA_ITEM", std::to_string(item->as_integer()));
        env.emplace_back("ATTACCA_KEY", text_of(lease, "key"));
    }
    if (task.command.input.size() <= env_bytes_max) {
        env.emplace_back("ATTACCA_SPEC", task.command.input);
    }
    return task;
}

// Bytes that are no UTF-8 become question marks: outputs are JSON.
std::string valid_utf8(std::string_view text) {
    std::string out;
    while (!text.empty()) {
        const std::size_t good = utf8_prefix(text);
        out += text.substr(0, good);
        out += good < text.size() ? "?" : "";
        text.remove_prefix(std::min(text.size(), good + 1));
    }
    return out;
}

// A JSON object is the outputs; anything else is one output, `stdout`.
Json outputs_of(const TaskEnd& end) {
    Result<Json> json = end.is_cut ? Result<Json>(fail(Problem::json_syntax))
                                   : parse_json(end.output);
    if (json && json->is_object()) {
        return std::move(*json);
    }
    Json outputs = Json::object();
    std::string text = valid_utf8(end.output);
    while (text.ends_with('\n')) {
        text.pop_back();
    }
    if (!text.empty()) {
        outputs.set("stdout", std::move(text));
    }
    return outputs;
}

class WorkerSlot {
  public:
    WorkerSlot(const cli::WorkerOptions& options, std::mutex& note_mutex,
               const std::atomic<int>& signals)
        : options_(options), note_mutex_(note_mutex), signals_(signals) {}

    void run() {
        Duration pause = pause_first;
        while (signals_ == 0) {
            const Result<Json> answer = claim();
            if (!answer) {
                note(answer.error().text());
                if (is_hopeless(answer.error())) {
                    error_ = answer.error();
                    return;
                }
                sleep(pause);
                pause = std::min(Duration{2 * pause.us}, pause_max);
                continue;
            }
            pause = pause_first;
            const Json* leases = answer->find("leases");
            if (leases != nullptr && leases->is_array() && !leases->as_array().empty()) {
                work(task_of(leases->as_array().front(), options_.argv));
            }
        }
    }
    [[nodiscard]] const std::optional<Error>& error() const { return error_; }

  private:
    void note(const std::string& line) {
        const std::lock_guard lock(note_mutex_);
        options_.note(line);
    }

    // Asking again would be answered in the same way.
    static bool is_hopeless(const Error& error) {
        const ErrorClass of = class_of(error.problem);
        return of == ErrorClass::unauthenticated || of == ErrorClass::forbidden ||
               of == ErrorClass::unprocessable || of == ErrorClass::not_found ||
               of == ErrorClass::bad_request;
    }

    void sleep(Duration length) const {
        const auto until = Clock::now() + std::chrono::microseconds(length.us);
        while (signals_ < 2 && Clock::now() < until) {
            std::this_thread::sleep_for(std::chrono::microseconds(poll_interval.us));
        }
    }

    Result<Json> post(const std::string& target, const Json& body) {
        curl::Request request;
        request.method = "POST";
        request.url = options_.server + target;
        request.headers = options_.headers;
        request.headers.emplace_back("Content-Type", "application/json");
        request.body = body.text();
        ATTACCA_TRY(const curl::Response response, client_.exchange(request));
        if (response.status < 200 || response.status >= 300) {
            return cli::error_of_response({response.status, {}, response.body});
        }
        return parse_json(response.body);
    }

    Result<Json> claim() {
        Json body = Json::object();
        body.set("worker", options_.name);
        body.set("max", 1);
        body.set("wait_ms", claim_wait.ms());
        body.set("ttl_ms", options_.ttl.ms());
        Json more = Json::array();
        for (std::size_t i = 1; i < options_.lanes.size(); ++i) {
            more.push(options_.lanes[i]);
        }
        body.set("lanes", std::move(more));
        Json capabilities = Json::array();
        for (const std::string& capability : options_.capabilities) {
            capabilities.push(capability);
        }
        body.set("capabilities", std::move(capabilities));
        return post("/api/v1/lanes/" + options_.lanes.front() + "/claim", body);
    }

    static Json body_with_fence(const Task& task) {
        Json body = Json::object();
        body.set("fence", task.fence);
        return body;
    }

    void work(const Task& task) {
        if (signals_ > 0) {
            // It came with the last claim: somebody else gets it at once.
            report_failure(task, "transient", "the worker is stopping", {});
            return;
        }
        note(task.id + " begins");
        Result<std::unique_ptr<TaskProcess>> process = TaskProcess::start(task.command);
        if (!process) {
            report_failure(task, "permanent", process.error().detail, {});
            return;
        }
        if (watch(task, **process)) {
            report(task, (*process)->end());
        }
    }

    // Until it has ended. False when nobody wants its report.
    bool watch(const Task& task, TaskProcess& process) {
        bool is_wanted = true;
        std::optional<Clock::time_point> stopped_at;
        const std::chrono::microseconds interval(std::max<std::int64_t>(1, task.ttl.us / 3));
        auto beat_at = Clock::now() + interval;
        while (!process.wait(poll_interval)) {
            const auto now = Clock::now();
            bool must_stop = signals_ >= 2;
            if (is_wanted && now >= beat_at) {
                const Result<Json> answer =
                    post("/api/v1/attempts/" + task.id + "/heartbeat", body_with_fence(task));
                const Json* cancel = answer ? answer->find("cancel") : nullptr;
                is_wanted = answer || !is_over(answer.error());
                must_stop = must_stop || !is_wanted ||
                            (cancel != nullptr && cancel->is_bool() && cancel->as_bool());
                beat_at = now + interval;
            }
            if (must_stop && !stopped_at) {
                note(task.id + (is_wanted ? " is told to stop" : " is not ours any more"));
                process.stop(false);
                stopped_at = now;
            } else if (stopped_at &&
                       now > *stopped_at + std::chrono::microseconds(kill_grace.us)) {
                process.stop(true);
            }
        }
        return is_wanted;
    }

    // The attempt, or its job, is not there for us any more.
    static bool is_over(const Error& error) {
        return error.problem == Problem::fenced || error.problem == Problem::not_found ||
               error.problem == Problem::not_live;
    }

    void report(const Task& task, const TaskEnd& end) {
        if (end.exit_code != 0) {
            const bool is_transient = end.signal != 0 || end.exit_code == exit_try_again;
            const std::string message = end.signal != 0
                                            ? "ended by signal " + std::to_string(end.signal)
                                            : "exit status " + std::to_string(*end.exit_code);
            report_failure(task, is_transient ? "transient" : "", message, end);
            return;
        }
        Json body = body_with_fence(task);
        body.set("outputs", outputs_of(end));
        body.set("exit_code", 0);
        send(task, "complete", body, "is done");
    }

    void report_failure(const Task& task, const std::string& kind, const std::string& message,
                        const TaskEnd& end) {
        Json body = body_with_fence(task);
        if (!kind.empty()) {
            body.set("class", kind);
        }
        body.set("message", message);
        body.set("outputs", outputs_of(end));
        if (end.exit_code) {
            body.set("exit_code", std::int64_t{*end.exit_code});
        }
        send(task, "fail", body, "failed: " + message);
    }

    // Sent again until it is answered: the same report twice is one report.
    void send(const Task& task, const std::string& act, const Json& body,
              const std::string& said) {
        Duration pause = pause_first;
        for (;;) {
            const Result<Json> answer = post("/api/v1/attempts/" + task.id + "/" + act, body);
            if (answer) {
                note(task.id + " " + said);
                return;
            }
            const ErrorClass of = class_of(answer.error().problem);
            const bool may_help = of == ErrorClass::unreachable || of == ErrorClass::unavailable ||
                                  of == ErrorClass::rate_limited || of == ErrorClass::internal;
            if (!may_help || signals_ >= 2) {
                note(task.id + " could not be reported: " + answer.error().text());
                return;
            }
            sleep(pause);
            pause = std::min(Duration{2 * pause.us}, pause_max);
        }
    }

    const cli::WorkerOptions& options_;
    std::mutex& note_mutex_;
    const std::atomic<int>& signals_;
    curl::HttpClient client_;
    std::optional<Error> error_;
};

// One misspelt word would otherwise fail every task of the lane, one after the other.
Result<void> check_program(const std::string& name) {
    const std::size_t slash = name.rfind('/');
    // A path is looked for as it stands: below its own directory.
    const std::string where =
        slash == std::string::npos
            ? SystemEnvironment().variable("PATH").value_or("/usr/bin:/bin")
            : name.substr(0, std::max<std::size_t>(slash, 1));
    const std::string file = slash == std::string::npos ? name : name.substr(slash + 1);
    return find_program(file, where) ? Result<void>{}
                    : fail(Problem::not_found,
                           "there is no program `" + quoted(name) + "` that this user may run");
}

}  // namespace

Result<int> run_worker(const cli::WorkerOptions& options) {
    if (Result<void> checked = check_program(options.argv.front()); !checked) {
        return checked.error();
    }
    catch_signals();
    std::mutex note_mutex;
    std::atomic<int> signals{0};
    std::atomic<std::uint32_t> running{options.slots};
    std::vector<std::unique_ptr<WorkerSlot>> slots;
    std::vector<std::thread> threads;
    for (std::uint32_t i = 0; i < options.slots; ++i) {
        slots.push_back(std::make_unique<WorkerSlot>(options, note_mutex, signals));
        threads.emplace_back([slot = slots.back().get(), &running] {
            slot->run();
            --running;
        });
    }
    while (running > 0) {
        sleep_until_signal(poll_interval);
        signals = caught_signals();
    }
    for (std::thread& thread : threads) {
        thread.join();
    }
    for (const auto& slot : slots) {
        if (slot->error()) {
            return *slot->error();
        }
    }
    return 0;
}

}  // namespace attacca::app
