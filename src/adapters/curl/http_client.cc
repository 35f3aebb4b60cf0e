// SPDX-License-Identifier: Apache-2.0
#include "adapters/curl/http_client.h"

#include <algorithm>
#include <array>
#include <cctype>

#include <curl/curl.h>

#include "adapters/curl/library.h"
#include "base/check.h"

namespace attacca::curl {
namespace {

constexpr long connect_ms = 5000;
constexpr long silence_s = 60;
constexpr int client_poll_ms = 200;  // below the quarter of a second that is promised

std::string_view trimmed(std::string_view text) {
    constexpr std::string_view space = " \t\r\n";
    const std::size_t first = text.find_first_not_of(space);
    if (first == std::string_view::npos) {
        return {};
    }
    return text.substr(first, text.find_last_not_of(space) - first + 1);
}

std::string lower(std::string_view text) {
    std::string out(text);
    std::transform(out.begin(), out.end(), out.begin(), [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    });
    return out;
}

bool is_token(std::string_view text) {
    return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
        const auto byte = static_cast<unsigned char>(c);
        return std::isalnum(byte) != 0 || c == '-' || c == '_';
    });
}

// A line end in a header would begin another header, or the body.
bool is_header_text(std::string_view text) {
    return text.find_first_of(std::string_view("\r\n\0", 3)) == std::string_view::npos;
}

bool is_loopback(const std::string& url) {
    const std::unique_ptr<CURLU, decltype(&curl_url_cleanup)> parts(curl_url(), curl_url_cleanup);
    char* found = nullptr;
    if (curl_url_set(parts.get(), CURLUPART_URL, url.c_str(), 0) != CURLUE_OK ||
        curl_url_get(parts.get(), CURLUPART_HOST, &found, 0) != CURLUE_OK) {
        return false;
    }
    const std::string host = lower(found);
    curl_free(found);
    return host == "localhost" || host == "[::1]" || host.rfind("127.", 0) == 0;
}

// What one exchange gathers; libcurl's callbacks get its address.
struct Exchange {
    CURL* easy = nullptr;
    const Take* take = nullptr;
    Response response;
    std::array<char, CURL_ERROR_SIZE> error{};
    bool is_ended = false;      // by `take`
    bool is_too_large = false;

    [[nodiscard]] int status() const {
        long code = 0;
        curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &code);
        return static_cast<int>(code);
    }
    [[nodiscard]] bool tell(std::string_view bytes) {
        is_ended = is_ended || !(*take)(bytes);
        return !is_ended;
    }
};

std::size_t on_header(char* bytes, std::size_t size, std::size_t count, void* to) {
    Exchange& exchange = *static_cast<Exchange*>(to);
    const std::string_view line(bytes, size * count);
    if (line.rfind("HTTP/", 0) == 0) {
        exchange.response.headers.clear();  // an interim answer came before
    } else if (const std::size_t colon = line.find(':'); colon != std::string_view::npos) {
        exchange.response.headers.emplace_back(lower(line.substr(0, colon)),
                                               trimmed(line.substr(colon + 1)));
    }
    return line.size();
}

std::size_t on_body(char* bytes, std::size_t size, std::size_t count, void* to) {
    Exchange& exchange = *static_cast<Exchange*>(to);
    const std::string_view part(bytes, size * count);
    const int status = exchange.status();
    if (exchange.take != nullptr && status >= 200 && status < 300) {
        // Any other number than the size of the part makes libcurl stop.
        return part.empty() || exchange.tell(part) ? part.size() : part.size() + 1;
    }
    if (exchange.response.body.size() + part.size() > response_bytes_max) {
        exchange.is_too_large = true;
        return part.size() + 1;
    }
    exchange.response.body += part;
    return part.size();
}

Result<List> header_list(const Request& request) {
    // libcurl would add these two by itself: the first costs a round trip, the second is not true.
    List list(curl_slist_append(nullptr, "Expect:"));
    bool has_type = false;
    for (const auto& [name, value] : request.headers) {
        if (!is_token(name) || !is_header_text(value)) {
            return fail(Problem::invalid_value,
                        "the header " + quoted(name) + " cannot be part of a request");
        }
        has_type = has_type || lower(name) == "content-type";
        // A header without a value is written with a semicolon, or libcurl leaves it out.
        const std::string line = value.empty() ? name + ";" : name + ": " + value;
        list.reset(curl_slist_append(list.release(), line.c_str()));
    }
    if (!has_type) {
        list.reset(curl_slist_append(list.release(), "Content-Type:"));
    }
    ATTACCA_CHECK(list != nullptr);
    return list;
}

void set_up(Exchange& exchange, const Request& request, curl_slist* headers) {
    CURL* const easy = exchange.easy;
    const bool has_body = !request.body.empty() || request.method == "POST" ||
                          request.method == "PUT" || request.method == "PATCH";
    curl_easy_reset(easy);
    curl_easy_setopt(easy, CURLOPT_URL, request.url.c_str());
    curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(easy, CURLOPT_PATH_AS_IS, 1L);
    curl_easy_setopt(easy, CURLOPT_DISALLOW_USERNAME_IN_URL, 1L);
    curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, long{CURL_HTTP_VERSION_1_1});
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, connect_ms);
    curl_easy_setopt(easy, CURLOPT_USERAGENT, "attacca/" ATTACCA_VERSION);
    curl_easy_setopt(easy, CURLOPT_HTTPHEADER, headers);
    curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, exchange.error.data());
    curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, on_header);
    curl_easy_setopt(easy, CURLOPT_HEADERDATA, &exchange);
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, on_body);
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, &exchange);
    if (exchange.take == nullptr) {
        curl_easy_setopt(easy, CURLOPT_LOW_SPEED_LIMIT, 1L);
        curl_easy_setopt(easy, CURLOPT_LOW_SPEED_TIME, silence_s);
    }
    if (request.time_max.us > 0) {
        curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, long{request.time_max.ms()});
    }
    if (is_loopback(request.url)) {
        curl_easy_setopt(easy, CURLOPT_PROXY, "");
    }
    if (has_body) {
        curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE,
                         static_cast<curl_off_t>(request.body.size()));
        curl_easy_setopt(easy, CURLOPT_POSTFIELDS, request.body.c_str());
    }
    if (request.method == "HEAD") {
        curl_easy_setopt(easy, CURLOPT_NOBODY, 1L);
    } else {
        curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, request.method.c_str());
    }
}

// Not a switch: of about a hundred codes these few have another remedy than the rest.
std::string reason_of(CURLcode code, const Exchange& exchange) {
    if (exchange.is_too_large) {
        return "the answer is larger than 64 MiB";
    }
    if (code == CURLE_COULDNT_CONNECT) {
        return "nothing accepts connections there; is the server running?";
    }
    if (code == CURLE_COULDNT_RESOLVE_HOST) {
        return "there is no host of this name";
    }
    if (code == CURLE_UNSUPPORTED_PROTOCOL || code == CURLE_URL_MALFORMAT) {
        return "an address has the form http://HOST:PORT";
    }
    if (code == CURLE_OPERATION_TIMEDOUT) {
        return "it does not answer in time";
    }
    if (code == CURLE_PEER_FAILED_VERIFICATION) {
        return "its certificate is not trusted";
    }
    if (code == CURLE_GOT_NOTHING || code == CURLE_PARTIAL_FILE || code == CURLE_RECV_ERROR) {
        return "the connection ended before the whole answer was there";
    }
    return exchange.error[0] != '\0' ? exchange.error.data() : curl_easy_strerror(code);
}

// The address without query, which may be long.
std::string place_of(const std::string& url) {
    const std::size_t scheme = url.find("://");
    const std::size_t from = scheme == std::string::npos ? 0 : scheme + 3;
    return url.substr(0, url.find_first_of("/?#", from));
}

}  // namespace

struct HttpClient::Handles {
    CURLM* multi = nullptr;
    CURL* easy = nullptr;
    ~Handles() {
        curl_easy_cleanup(easy);
        curl_multi_cleanup(multi);
    }
    // Runs the exchange to its end, or until `take` ends it.
    CURLcode drive(Exchange& exchange) const {
        int running = 1;
        CURLMcode code = curl_multi_add_handle(multi, easy);
        while (code == CURLM_OK && running > 0) {
            code = curl_multi_perform(multi, &running);
            if (exchange.is_ended ||
                (running > 0 && exchange.take != nullptr && !exchange.tell({}))) {
                break;
            }
            if (code == CURLM_OK && running > 0) {
                code = curl_multi_poll(multi, nullptr, 0, client_poll_ms, nullptr);
            }
        }
        CURLcode result = code == CURLM_OK ? CURLE_OK : CURLE_FAILED_INIT;
        int left = 0;
        while (const CURLMsg* message = curl_multi_info_read(multi, &left)) {
            result = message->msg == CURLMSG_DONE ? message->data.result : result;
        }
        exchange.response.status = exchange.status();
        curl_multi_remove_handle(multi, easy);
        return result;
    }
};

std::string library_version() { return curl_version_info(CURLVERSION_NOW)->version; }

HttpClient::HttpClient() {
    if (start_library()) {
        handles_ = std::make_unique<Handles>();
        handles_->multi = curl_multi_init();
        handles_->easy = curl_easy_init();
    }
}

HttpClient::~HttpClient() = default;

Result<Response> HttpClient::exchange(const Request& request) { return run(request, nullptr); }

Result<Response> HttpClient::stream(const Request& request, const Take& take) {
    return run(request, &take);
}

Result<Response> HttpClient::run(const Request& request, const Take* take) {
    if (handles_ == nullptr || handles_->multi == nullptr || handles_->easy == nullptr) {
        return fail(Problem::unreachable, "the HTTP library cannot start");
    }
    if (!is_token(request.method)) {
        return fail(Problem::invalid_value, quoted(request.method) + " is no HTTP method");
    }
    ATTACCA_TRY(const List headers, header_list(request));
    Exchange exchange;
    exchange.easy = handles_->easy;
    exchange.take = take;
    set_up(exchange, request, headers.get());
    const CURLcode code = handles_->drive(exchange);
    if (code != CURLE_OK && !exchange.is_ended) {
        return fail(Problem::unreachable,
                    quoted(place_of(request.url)) + ": " + reason_of(code, exchange));
    }
    return std::move(exchange.response);
}

}  // namespace attacca::curl
