// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "cli/environment.h"
#include "cli/main_cli.h"

// For tests: an Environment in memory. Files are a map, time stands still unless it is moved, the
// server is a function. YAML is read as JSON, of which it is a superset; every value stands in
// line 1 of its file.

namespace attacca::cli {

class FakeEnvironment final : public Environment {
  public:
    Terminal terminal_facts;
    std::map<std::string, std::string> variables = {{"HOME", "/home/ada"}};
    std::map<std::string, std::string> files;
    Now time{{1'772'366'400'000'000}, {0}};  // 2026-03-01T12:00:00Z
    Duration local = milliseconds(3'600'000);  // so far is the wall ahead of UTC
    std::string out;
    std::string err;
    bool is_nobody_reading = false;
    std::atomic<int> interrupt_count = 0;  // a test may write it from another thread
    bool is_terminated = false;
    std::vector<HttpRequest> requests;
    std::function<Result<HttpResponse>(const HttpRequest&)> server;
    std::function<Result<HttpResponse>(const HttpRequest&,
                                       const std::function<bool(std::string_view)>&)>
        stream;
    std::function<Result<std::unique_ptr<Embedded>>(const std::string&)> embed;
    std::function<Result<std::unique_ptr<Stored>>(const std::string&)> store;
    std::optional<ServeOptions> served;
    std::optional<WitnessOptions> witnessing;
    std::optional<RestoreOptions> restoring;
    std::optional<BenchOptions> benched;
    std::optional<WorkerOptions> worked;
    Result<VerifyReport> report = fail(Problem::not_found, "there is no ledger");
    VerifyOptions verified;
    std::string verified_data;
    std::vector<DoctorFact> facts;
    Result<Json> orch_next = fail(Problem::not_found, "there is no such file");

    // Runs the program and returns its exit status; `out` and `err` hold what this run wrote.
    int run(const std::vector<std::string>& words) {
        out.clear();
        err.clear();
        std::vector<const char*> argv = {"attacca"};
        for (const std::string& word : words) {
            argv.push_back(word.c_str());
        }
        return run_cli(argv, *this);
    }

    Terminal terminal() const override { return terminal_facts; }
    std::optional<std::string> variable(const std::string& name) const override {
        const auto found = variables.find(name);
        return found == variables.end() ? std::nullopt : std::optional{found->second};
    }
    Now now() const override { return time; }
    Duration local_offset(WallTime) const override { return local; }
    void sleep(Duration duration) override {
        time = {time.wall + duration, time.mono + duration};
    }
    int interrupts() override { return interrupt_count; }
    bool was_terminated() const override { return is_terminated; }
    void write_out(std::string_view text) override { out += text; }
    void write_err(std::string_view text) override { err += text; }
    bool is_out_closed() const override { return is_nobody_reading; }
    bool is_err_closed() const override { return is_nobody_reading; }

    Result<std::string> read_file(const std::string& path) override {
        const auto found = files.find(path);
        if (found == files.end()) {
            return fail(Problem::not_found, "there is no file " + path);
        }
        return found->second;
    }
    Result<void> write_file(const std::string& path, std::string_view text,
                            bool is_replacing) override {
        if (files.count(path) > 0 && !is_replacing) {
            return fail(Problem::exists, path + " exists");
        }
        files[path] = text;
        return {};
    }
    Result<std::unique_ptr<OutputFile>> create_file(const std::string& path,
                                                    bool is_replacing) override {
        class File final : public OutputFile {
          public:
            File(FakeEnvironment& env, std::string path) : env_(env), path_(std::move(path)) {}
            Result<void> write(std::string_view bytes) override {
                bytes_ += bytes;
                return {};
            }
            Result<void> commit() override {
                env_.files[path_] = bytes_;
                return {};
            }

          private:
            FakeEnvironment& env_;
            std::string path_;
            std::string bytes_;
        };
        if (files.count(path) > 0 && !is_replacing) {
            return fail(Problem::exists, path + " exists");
        }
        return std::unique_ptr<OutputFile>(std::make_unique<File>(*this, path));
    }
    std::variant<Located, LoadError> parse_yaml(std::string_view text) override {
        Result<Json> document = parse_json(text);
        if (!document) {
            return LoadError{document.error(), Position{1, 1}};
        }
        Located located{std::move(*document), {{"", {1, 1}}}};
        if (located.document.is_object()) {
            for (const Json::Member& member : located.document.as_object()) {
                const std::size_t at = text.find("\"" + member.key + "\"");
                located.positions["/" + member.key] = {1, at + 1};
            }
        }
        return located;
    }

    Result<HttpResponse> http(const HttpRequest& request) override {
        requests.push_back(request);
        if (!server) {
            return fail(Problem::unreachable, request.server + " does not answer");
        }
        return server(request);
    }
    Result<HttpResponse> http_stream(
        const HttpRequest& request,
        const std::function<bool(std::string_view)>& take) override {
        requests.push_back(request);
        if (!stream) {
            return fail(Problem::unreachable, request.server + " does not answer");
        }
        return stream(request, take);
    }

    Result<int> serve(const ServeOptions& options) override {
        served = options;
        if (options.is_check && options.on_checked) {
            options.on_checked({options.data, 12, 3, false});
        }
        return 0;
    }
    Result<std::unique_ptr<Embedded>> run_embedded(const std::string& data, std::uint32_t,
                                                   const std::function<void()>& on_wait) override {
        if (embed) {
            return embed(data);
        }
        on_wait();
        return fail(Problem::locked, "another process holds " + data);
    }
    Result<std::unique_ptr<Stored>> open_stored(const std::string& data) override {
        if (store) {
            return store(data);
        }
        return fail(Problem::not_found, "there is no ledger");
    }
    Result<VerifyReport> verify(const std::string& data, const VerifyOptions& options) override {
        verified = options;
        verified_data = data;
        return report;
    }
    std::vector<DoctorFact> doctor(const std::string&) override { return facts; }
    Result<int> run_worker(const WorkerOptions& options) override {
        worked = options;
        return 0;
    }
    Result<Json> read_orch_next(const std::string&) override { return orch_next; }
    Result<void> make_directory(const std::string&) override { return {}; }
    Result<int> witness(const WitnessOptions& options) override {
        witnessing = options;
        return 0;
    }
    Result<Json> restore(const RestoreOptions& options) override {
        restoring = options;
        return parse_json(R"({"origin":"a.example/x/2","lost_records":7})");
    }
    Result<Json> bench(const BenchOptions& options) override {
        benched = options;
        Json figures = Json::object();
        figures.set("jobs_per_s", 60'000);
        figures.set("commit_p50_ms", Json::Decimal{"0.4"});
        return figures;
    }
};

}  // namespace attacca::cli
