// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "http/api.h"
#include "http/message.h"
#include "http/routes.h"

// Who may do what: every request passes here before its handler, and most before their body is
// read. The order of the questions: is the method one that is never served, is there a valid token,
// is there such a resource, does it take this method, for which tenant does the caller act and may
// he do this, is the body of a kind that is read.

namespace attacca::http {

class Router {
  public:
    Router(std::shared_ptr<Api> api, std::string_view token);

    // A refusal by the head alone, or nothing.
    [[nodiscard]] std::optional<Response> judge(const Request& request) const;
    // Runs the handler. Judges nothing again but the path, so judge() comes first.
    void handle(Request request, const Responder& responder) const;

  private:
    struct Pattern {
        const Route* route;
        std::vector<std::string_view> parts;
    };
    struct Match {
        const Route* route = nullptr;  // null: no such path, or not with this method
        std::vector<std::string> values;
        std::string allow;  // methods of the path, when only the method did not fit
        bool is_malformed = false;
    };

    [[nodiscard]] Match match(const Request& request) const;
    [[nodiscard]] bool is_open(const Request& request) const;
    [[nodiscard]] std::optional<Error> authenticate(const Request& request) const;
    [[nodiscard]] static std::optional<Error> judge_tenant(const std::string& tenant,
                                                           const Route& route);
    [[nodiscard]] static std::optional<Error> judge_body(const Request& request,
                                                         const Route& route);
    [[nodiscard]] Response refusal(const Request& request,
                                   std::string_view endpoint,
                                   const Error& error,
                                   std::string_view allow = {}) const;
    void run(const Route& route, Call call) const;

    std::shared_ptr<Api> api_;
    Sha256 token_digest_;
    std::vector<Pattern> patterns_;
};

}  // namespace attacca::http
