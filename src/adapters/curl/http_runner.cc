// SPDX-License-Identifier: Apache-2.0
#include "adapters/curl/http_runner.h"

#include <algorithm>
#include <array>
#include <utility>

#include <curl/curl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "adapters/curl/library.h"
#include "adapters/curl/target_guard.h"
#include "base/bytes.h"
#include "base/check.h"
#include "base/digest.h"
#include "base/json.h"
#include "ports/sealing_content.h"

namespace attacca::curl {
namespace {

constexpr int runner_poll_ms = 60'000;
constexpr std::int64_t us_per_ms = 1000;

struct FreeEasy {
    void operator()(CURL* easy) const { curl_easy_cleanup(easy); }
};

// The address's host, which is all that may be told of it.
std::string host_of(const std::string& url) {
    const std::unique_ptr<CURLU, decltype(&curl_url_cleanup)> parts(curl_url(), curl_url_cleanup);
    char* found = nullptr;
    if (curl_url_set(parts.get(), CURLUPART_URL, url.c_str(), 0) != CURLUE_OK ||
        curl_url_get(parts.get(), CURLUPART_HOST, &found, 0) != CURLUE_OK) {
        return "the address";
    }
    const std::string host = quoted(found);
    curl_free(found);
    return host;
}

// The server itself says that another try may succeed (RFC 9110, RFC 6585).
bool is_temporary(long status) {
    return status == 429 || status == 502 || status == 503 || status == 504;
}

bool is_success(const core::HttpCall& call, std::int64_t status) {
    if (call.statuses.empty()) {
        return status >= 200 && status < 300;
    }
    return std::find(call.statuses.begin(), call.statuses.end(), status) != call.statuses.end();
}

core::AttemptReport report_for(const core::AttemptSpec& spec) {
    core::AttemptReport report;
    report.job = spec.job;
    report.instance = spec.instance;
    report.fence = spec.fence;
    return report;
}

}  // namespace

struct HttpRunner::Call {
    core::AttemptSpec spec;
    std::unique_ptr<CURL, FreeEasy> easy;
    List headers;
    std::string body;
    std::size_t body_bytes_max = 0;
    bool allows_private = false;
    bool is_refused = false;    // its address is not public
    bool is_too_large = false;
    bool is_stopped = false;
};

struct HttpRunner::Multi {
    CURLM* handle = curl_multi_init();
    ~Multi() { curl_multi_cleanup(handle); }
};

namespace {

template <typename Call>
std::size_t on_body(char* bytes, std::size_t size, std::size_t count, void* to) {
    Call& call = *static_cast<Call*>(to);
    const std::size_t length = size * count;
    if (call.body.size() + length > call.body_bytes_max) {
        call.is_too_large = true;
        return length + 1;  // any other number than the size of the part makes libcurl stop
    }
    call.body.append(bytes, length);
    return length;
}

// The last moment at which the address can be judged: libcurl is about to connect to it.
template <typename Call>
curl_socket_t on_open(void* to, curlsocktype purpose, curl_sockaddr* address) {
    Call& call = *static_cast<Call*>(to);
    if (purpose != CURLSOCKTYPE_IPCXN || (!call.allows_private && !is_public(&address->addr))) {
        call.is_refused = true;
        return CURL_SOCKET_BAD;
    }
    return ::socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

}  // namespace

HttpRunner::HttpRunner(HttpRunnerOptions options, ports::Content& content, ports::ReportSink sink)
    : options_(options), content_(content), sink_(std::move(sink)) {
    ATTACCA_CHECK(start_library());
    multi_ = std::make_unique<Multi>();
    ATTACCA_CHECK(multi_->handle != nullptr);
    thread_ = std::thread([this] { run(); });
}

HttpRunner::~HttpRunner() {
    {
        const std::scoped_lock lock(mutex_);
        is_closing_ = true;
    }
    curl_multi_wakeup(multi_->handle);
    thread_.join();
    for (auto& [fence, call] : calls_) {
        curl_multi_remove_handle(multi_->handle, call->easy.get());
    }
}

void HttpRunner::start(core::AttemptSpec spec) {
    {
        const std::scoped_lock lock(mutex_);
        const bool is_new = unreported_.insert(spec.fence).second;
        ATTACCA_CHECK(is_new);
        inbox_.emplace_back(std::move(spec));
    }
    curl_multi_wakeup(multi_->handle);
}

void HttpRunner::stop(core::FenceToken fence) {
    {
        const std::scoped_lock lock(mutex_);
        if (!unreported_.contains(fence)) {
            return;
        }
        inbox_.emplace_back(fence);
    }
    curl_multi_wakeup(multi_->handle);
}

void HttpRunner::acknowledge(core::FenceToken fence) {
    const std::scoped_lock lock(mutex_);
    if (const auto node = reports_.extract(fence)) {
        ports::release_files(content_, node.mapped());
    }
}

std::vector<core::FenceToken> HttpRunner::report_again() {
    std::vector<core::AttemptReport> reports;
    std::vector<core::FenceToken> running;
    {
        const std::scoped_lock lock(mutex_);
        for (const auto& [fence, report] : reports_) {
            reports.push_back(report);
        }
        running.assign(unreported_.begin(), unreported_.end());
    }
    for (core::AttemptReport& report : reports) {
        sink_(std::move(report));
    }
    return running;
}

void HttpRunner::run() {
    for (;;) {
        std::vector<std::variant<core::AttemptSpec, core::FenceToken>> taken;
        {
            const std::scoped_lock lock(mutex_);
            if (is_closing_) {
                return;
            }
            taken.swap(inbox_);
        }
        for (auto& one : taken) {
            if (auto* spec = std::get_if<core::AttemptSpec>(&one)) {
                begin(std::move(*spec));
            } else if (const auto it = calls_.find(std::get<core::FenceToken>(one));
                       it != calls_.end()) {
                it->second->is_stopped = true;
                end(*it->second, CURLE_ABORTED_BY_CALLBACK);
            }
        }
        int running = 0;
        curl_multi_perform(multi_->handle, &running);
        int left = 0;
        while (const CURLMsg* message = curl_multi_info_read(multi_->handle, &left)) {
            if (message->msg == CURLMSG_DONE) {
                char* call = nullptr;
                const int code = static_cast<int>(message->data.result);
                curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &call);
                void* const raw = call;
                end(*static_cast<Call*>(raw), code);
            }
        }
        curl_multi_poll(multi_->handle, nullptr, 0, runner_poll_ms, nullptr);
    }
}

void HttpRunner::begin(core::AttemptSpec spec) {
    auto call = std::make_unique<Call>();
    call->spec = std::move(spec);
    call->easy.reset(curl_easy_init());
    call->allows_private = options_.allows_private;
    call->body_bytes_max = options_.body_bytes_max;
    ATTACCA_CHECK(call->easy != nullptr);
    CURL* const easy = call->easy.get();
    const core::HttpCall& http = call->spec.http;
    for (const auto& [name, value] : http.headers) {
        const std::string line = value.empty() ? name + ";" : name + ": " + value;
        call->headers.reset(curl_slist_append(call->headers.release(), line.c_str()));
    }
    call->headers.reset(curl_slist_append(call->headers.release(), "Expect:"));
    const Duration timeout = call->spec.timeout.value_or(options_.timeout);
    curl_easy_setopt(easy, CURLOPT_URL, http.url.c_str());
    curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(easy, CURLOPT_DISALLOW_USERNAME_IN_URL, 1L);
    curl_easy_setopt(easy, CURLOPT_PROXY, "");
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(easy, CURLOPT_FRESH_CONNECT, 1L);
    curl_easy_setopt(easy, CURLOPT_FORBID_REUSE, 1L);
    curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, timeout.ms());
    curl_easy_setopt(easy, CURLOPT_USERAGENT, "attacca/" ATTACCA_VERSION);
    curl_easy_setopt(easy, CURLOPT_HTTPHEADER, call->headers.get());
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, &on_body<Call>);
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, call.get());
    curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, &on_open<Call>);
    curl_easy_setopt(easy, CURLOPT_OPENSOCKETDATA, call.get());
    curl_easy_setopt(easy, CURLOPT_PRIVATE, call.get());
    if (!http.body.empty() || http.method == "POST" || http.method == "PUT" ||
        http.method == "PATCH") {
        curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE,
                         static_cast<curl_off_t>(http.body.size()));
        curl_easy_setopt(easy, CURLOPT_POSTFIELDS, http.body.c_str());
    }
    if (http.method == "HEAD") {
        curl_easy_setopt(easy, CURLOPT_NOBODY, 1L);
    } else {
        curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, http.method.c_str());
    }
    Call& kept = *calls_.emplace(call->spec.fence, std::move(call)).first->second;
    if (curl_multi_add_handle(multi_->handle, easy) != CURLM_OK) {
        end(kept, CURLE_FAILED_INIT);
    }
}

void HttpRunner::end(Call& call, int code) {
    curl_multi_remove_handle(multi_->handle, call.easy.get());
    core::AttemptReport report = report_of(call, code);
    calls_.erase(call.spec.fence);  // `call` is gone
    deliver(std::move(report));
}

core::AttemptReport HttpRunner::report_of(const Call& call, int code) const {
    core::AttemptReport report = report_for(call.spec);
    const auto result = static_cast<CURLcode>(code);
    const std::string host = host_of(call.spec.http.url);
    if (call.is_stopped) {
        report.outcome = core::Outcome::cancelled;
    } else if (call.is_refused) {
        report.outcome = core::Outcome::error;
        report.detail = host + " has an address that is not public; the server allows such "
                               "targets only with --allow-private-http=yes";
    } else if (call.is_too_large) {
        report.outcome = core::Outcome::failed;
        report.detail = "the answer is larger than " + std::to_string(call.body_bytes_max) +
                        " bytes";
    } else if (result == CURLE_OPERATION_TIMEDOUT) {
        report.outcome = core::Outcome::timeout;
        report.is_transient = true;
        report.detail = host + " did not answer in time";
    } else if (result == CURLE_URL_MALFORMAT || result == CURLE_UNSUPPORTED_PROTOCOL) {
        report.outcome = core::Outcome::error;
        report.detail = "the address is none of http or https";
    } else if (result != CURLE_OK) {
        report.outcome = core::Outcome::error;
        report.is_transient = true;
        report.detail = host + ": " + curl_easy_strerror(result);
    } else {
        add_outputs(call, report);
    }
    return report;
}

void HttpRunner::add_outputs(const Call& call, core::AttemptReport& report) const {
    long status = 0;
    curl_off_t duration_us = 0;
    curl_easy_getinfo(call.easy.get(), CURLINFO_RESPONSE_CODE, &status);
    curl_easy_getinfo(call.easy.get(), CURLINFO_TOTAL_TIME_T, &duration_us);
    Json outputs = Json::object();
    outputs.set("status", std::int64_t{status});
    outputs.set("bytes", static_cast<std::int64_t>(call.body.size()));
    outputs.set("duration_ms", std::int64_t{duration_us} / us_per_ms);
    if (is_utf8(call.body)) {
        outputs.set("body", call.body);
    }
    if (!is_success(call.spec.http, status)) {
        report.outcome = core::Outcome::failed;
        report.is_transient = is_temporary(status);
        report.detail = "status " + std::to_string(status);
    }
    std::string text = outputs.text();
    if (text.size() <= core::body_bytes_max) {
        report.output = std::move(text);
        return;
    }
    const auto kept = ports::SealingContent(content_, call.spec.seal)
                          .put("outputs/" + std::to_string(call.spec.fence.value), text);
    if (kept) {
        report.output_file =
            core::Artifact{"outputs", kept->digest, kept->bytes, "application/json", false};
    } else {
        report.outcome = core::Outcome::error;
        report.is_transient = true;
        report.detail = "the answer cannot be kept: " + kept.error().detail;
    }
}

void HttpRunner::deliver(core::AttemptReport report) {
    {
        const std::scoped_lock lock(mutex_);
        unreported_.erase(report.fence);
        reports_[report.fence] = report;
    }
    sink_(std::move(report));
}

}  // namespace attacca::curl
