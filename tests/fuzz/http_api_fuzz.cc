// SPDX-License-Identifier: Apache-2.0
#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "adapters/memory/memory_store.h"
#include "base/json.h"
#include "fuzz.h"
#include "http/framing.h"
#include "http/log.h"
#include "http/parser.h"
#include "http/router.h"

// The policy table and every handler, on an empty store and an engine that takes nothing: paths,
// queries, cursors, idempotency keys, bodies. Each request gets one answer of a documented kind,
// and each line of the log is one JSON object.

namespace attacca::http {
namespace {

constexpr std::string_view token = "secret-of-the-test";

class NoContent final : public ports::Content {
  public:
    Result<Sha256> put(std::string_view) override { return fail(Problem::storage_full); }
    Result<Sha256> adopt(const std::string&) override { return fail(Problem::storage_full); }
    Result<std::uint64_t> size(const Sha256&) const override { return fail(Problem::not_found); }
    Result<std::string> read(const Sha256&, std::uint64_t, std::uint64_t) const override {
        return fail(Problem::not_found);
    }
};

class FixedClock final : public ports::Clock {
  public:
    Now now() const override { return {{1'772'366'400'000'000}, {0}}; }
};

class RefusingGateway final : public engine::Gateway {
  public:
    void submit_if(std::optional<engine::Condition>,
                   core::Command,
                   engine::AnswerHandler handler) override {
        handler(fail(Problem::unavailable));
    }
    core::JobId new_job_id() override { return {uuid_v7({0}, 1, 2)}; }
    engine::Status status() const override { return {}; }
    engine::Counters counters() const override { return {}; }
    ports::StoreReader& reader() override { return store_.reader(); }
    ports::Content& content() override { return content_; }
    std::shared_ptr<const engine::SignedTree> signed_tree() const override { return nullptr; }
    const ports::Clock& clock() const override { return clock_; }
    std::uint64_t add_listener(std::function<void(std::uint64_t)>) override { return 1; }
    void remove_listener(std::uint64_t) override {}
    std::string live_directory() const override { return "/nonexistent"; }

  private:
    memory::MemoryStore store_;
    NoContent content_;
    FixedClock clock_;
};

// Waits for the one answer, which may come from another thread.
class OneAnswer final : public ResponseSink {
  public:
    void answer(std::uint64_t, Response response) override { put(std::move(response)); }
    void answer_made(std::uint64_t, std::function<Response()> make) override { put(make()); }
    void begin(std::uint64_t, Response head, std::shared_ptr<Stream> stream,
               std::optional<std::uint64_t>) override {
        stream->close();
        head.body.clear();
        put(std::move(head));
    }
    Response wait() {
        std::unique_lock lock(mutex_);
        came_.wait(lock, [&] { return answer_.has_value(); });
        return *answer_;
    }

  private:
    void put(Response response) {
        const std::lock_guard lock(mutex_);
        ATTACCA_CHECK(!answer_);
        answer_ = std::move(response);
        came_.notify_all();
    }

    std::mutex mutex_;  // guards answer_
    std::condition_variable came_;
    std::optional<Response> answer_;
};

void check_log_line(std::string_view line) {
    if (line.ends_with('\n')) {
        line.remove_suffix(1);
    }
    const auto json = parse_json(line);
    ATTACCA_CHECK(json.has_value() && json->is_object());
    ATTACCA_CHECK(line.find('\n') == line.npos);
}

struct Server {
    RefusingGateway gateway;
    std::shared_ptr<Observer> observer =
        std::make_shared<Observer>(Log(LogLevel::debug, check_log_line));
    std::shared_ptr<Api> api = std::make_shared<Api>(gateway, observer, Api::Options{});
    Router router{api, token};
};

Server& server() {
    static Server one;
    return one;
}

// The head as the connection reads it; what follows is the body.
std::optional<Request> request_in(std::string_view input) {
    const Limits limits;
    HeadScanner scanner(limits);
    if (scanner.scan(input) != HeadScanner::State::complete) {
        return std::nullopt;
    }
    RequestParser parser(limits);
    auto request = parser.put_head(input.substr(0, scanner.head_bytes()));
    if (!request) {
        return std::nullopt;
    }
    request->body = std::string(input.substr(scanner.head_bytes()));
    request->has_body = !request->body.empty();
    request->remote = "127.0.0.1";
    return std::move(*request);
}

void check_answer(const Response& response) {
    const int status = response.status;
    ATTACCA_CHECK(status >= 200 && (status < 500 || status == 503));
    bool has_allow = false;
    for (const Header& field : response.headers) {
        has_allow = has_allow || field.name == "Allow";
        ATTACCA_CHECK(field.value.find_first_of(std::string_view("\r\n\0", 3)) ==
                      std::string::npos);
    }
    ATTACCA_CHECK((status == 405) == has_allow);
    ATTACCA_CHECK(status < 400 || status == 503 ||
                  response.content_type == "application/problem+json");
    if (response.content_type.ends_with("json") && !response.body.empty()) {
        const auto body = parse_json(response.body);
        ATTACCA_CHECK(body.has_value());
        const Json* told = body->find("status");
        ATTACCA_CHECK(status < 400 || status == 503 || (told != nullptr && *told == Json(status)));
    }
}

Response answer_to(Request request) {
    if (auto refusal = server().router.judge(request)) {
        return *refusal;
    }
    const auto sink = std::make_shared<OneAnswer>();
    server().router.handle(std::move(request), Responder(sink, 0));
    return sink->wait();
}

// Whether the request has exactly the token that the server knows.
bool has_token(const Request& request) {
    const std::string* field = request.header("authorization");
    return field != nullptr && field->size() == 7 + token.size() && field->ends_with(token);
}

void test(std::string_view input) {
    auto request = request_in(input);
    if (!request) {
        return;
    }
    const Response refused = answer_to(*request);
    check_answer(refused);
    const bool is_open = request->path == "/livez" || request->path == "/readyz" ||
                         request->path.ends_with("/health");
    ATTACCA_CHECK(is_open || has_token(*request) || refused.status == 401 ||
                  refused.status == 405);
    if (request->header("authorization") == nullptr) {
        request->headers.push_back({"authorization", "Bearer " + std::string(token)});
        check_answer(answer_to(std::move(*request)));
    }
}

}  // namespace
}  // namespace attacca::http

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    attacca::http::test(attacca::fuzz::text_of(data, size));
    return 0;
}
