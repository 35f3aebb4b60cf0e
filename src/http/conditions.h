// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "http/message.h"

// Two small fields of HTTP: entity tags that a client knows (RFC 9110, 13.1.2), and the link to the
// page behind this one (RFC 8288).

namespace attacca::http {

// Whether an `If-None-Match` names this tag, weakly compared, or is `*`.
[[nodiscard]] bool names_tag(std::string_view if_none_match, std::string_view tag);

// `<path?query>; rel="next"`: the request's own target with this parameter set to `value`, and
// without `cursor` and `offset` otherwise.
[[nodiscard]] std::string next_link(const Request& request,
                                    std::string_view parameter,
                                    std::string_view value);

}  // namespace attacca::http
