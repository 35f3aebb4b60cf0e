// SPDX-License-Identifier: Apache-2.0
#include "http/throttle.h"

#include <algorithm>
#include <string>
#include <utility>

#include "http/problem.h"

namespace attacca::http {

void add_limits(Response& response, const std::vector<core::LimitNotice>& notices) {
    std::string policies;
    std::string limits;
    for (const core::LimitNotice& notice : notices) {
        const std::string name = '"' + std::string(notice.policy) + '"';
        policies += (policies.empty() ? "" : ", ") + name + ";q=" + std::to_string(notice.limit);
        limits += (limits.empty() ? "" : ", ") + name + ";r=" + std::to_string(notice.left);
        if (notice.window_s > 0) {
            policies += ";w=" + std::to_string(notice.window_s);
            limits += ";t=" + std::to_string(notice.reset_s);
        }
    }
    if (!notices.empty()) {
        response.headers.push_back({"RateLimit-Policy", std::move(policies)});
        response.headers.push_back({"RateLimit", std::move(limits)});
    }
}

Response throttled_response(const Reply& reply, const core::Throttled& throttled) {
    Response response =
        problem_response(throttled.error, reply.ids(),
                         ",\"violated-policies\":[\"" + throttled.policy + "\"]");
    std::erase_if(response.headers, [](const Header& one) { return one.name == "Retry-After"; });
    if (throttled.retry_after_s > 0) {
        response.headers.push_back({"Retry-After", std::to_string(throttled.retry_after_s)});
    }
    add_limits(response, throttled.limits);
    return response;
}

}  // namespace attacca::http
