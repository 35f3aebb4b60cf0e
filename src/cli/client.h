// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/json.h"
#include "base/result.h"
#include "cli/context.h"

// Asks a server's HTTP interface. Answers that say no become Errors with the server's own problem.
//
// The server is --server's, else the one that DIR/server.json names. The token of DIR/admin.token
// goes to this machine only; any other server gets a token only from a file that was named.

namespace attacca::cli {

inline constexpr std::string_view api_prefix = "/api/v1/orchestration";

class Client {
  public:
    using Headers = std::vector<std::pair<std::string, std::string>>;

    // Errors: unreachable, when no server is known; usage; forbidden, not_found for the token.
    [[nodiscard]] static Result<Client> find(const Context& context);

    // Answers of 2xx; `target` begins below the server's root. Errors: unreachable, the server's.
    [[nodiscard]] Result<Json> get(const std::string& target) const;
    [[nodiscard]] Result<Json> send(const std::string& method, const std::string& target,
                                    const std::string& body, const Headers& more = {}) const;
    [[nodiscard]] Result<std::string> get_text(const std::string& target,
                                               const Headers& more = {}) const;
    // The body goes to `take` as it arrives, nothing at least four times a second.
    [[nodiscard]] Result<void> stream(const std::string& target, const Headers& more,
                                      const std::function<bool(std::string_view)>& take) const;

    // All events of a job with a greater number than `after`, page by page; "" = from the first.
    [[nodiscard]] Result<Json::Array> events(std::string_view job, std::string after) const;

    [[nodiscard]] const std::string& server() const { return server_; }
    // What every request carries, for whoever asks by other means.
    [[nodiscard]] Headers headers() const { return request({}, {}, {}).headers; }

  private:
    Client(Environment& env, std::string server, std::string token, std::string tenant)
        : env_(&env),
          server_(std::move(server)),
          token_(std::move(token)),
          tenant_(std::move(tenant)) {}
    [[nodiscard]] HttpRequest request(std::string method, const std::string& target,
                                      const Headers& more) const;

    Environment* env_;
    std::string server_;
    std::string token_;
    std::string tenant_;  // empty: the header is not sent
};

// The error that an answer of 300 or above means.
[[nodiscard]] Error error_of_response(const HttpResponse& response);
[[nodiscard]] bool is_loopback_url(std::string_view url);
// For a part of a path or a query: everything but unreserved characters as %XX.
[[nodiscard]] std::string url_part(std::string_view text);
// `/api/v1/orchestration/jobs/ID` + rest
[[nodiscard]] std::string job_target(std::string_view job, std::string_view rest = {});

}  // namespace attacca::cli
