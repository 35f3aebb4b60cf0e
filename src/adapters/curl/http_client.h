// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "base/time.h"

// HTTP and HTTPS exchanges with one server after another. Connections are kept for the next
// exchange. What the server answers, of whatever status, is a value; that there is no whole answer
// is an error.
//
// Redirects are answers. A proxy of the environment is used, but never for this machine itself.
//
// One thread at a time. A call returns at the latest 60 s after the last byte; connecting has 5 s.

namespace attacca::curl {

inline constexpr std::size_t response_bytes_max = std::size_t{64} << 20U;

using Headers = std::vector<std::pair<std::string, std::string>>;

struct Request {
    std::string method;
    std::string url;
    Headers headers = {};
    std::string body = {};
    Duration time_max = {};  // for the whole exchange; 0: none but those above
};

struct Response {
    int status = 0;
    Headers headers;  // names in lower case; those of the final answer only
    std::string body;
};

// Gets bytes of a body, or nothing at least four times a second; false ends the exchange.
using Take = std::function<bool(std::string_view)>;

// The version of libcurl that this program runs with.
[[nodiscard]] std::string library_version();

class HttpClient {
  public:
    HttpClient();
    ~HttpClient();
    HttpClient(const HttpClient&) = delete;
    HttpClient& operator=(const HttpClient&) = delete;

    // Errors: unreachable; invalid_value for a method or header that no request may carry.
    [[nodiscard]] Result<Response> exchange(const Request& request);

    // The body of a 2xx goes to `take` and not into the answer; it may be silent as long as it
    // likes. When `take` ends the exchange, the answer is what has arrived: status 0 before the
    // first line. Errors: as above.
    [[nodiscard]] Result<Response> stream(const Request& request, const Take& take);

  private:
    struct Handles;
    [[nodiscard]] Result<Response> run(const Request& request, const Take* take);

    std::unique_ptr<Handles> handles_;
};

}  // namespace attacca::curl
