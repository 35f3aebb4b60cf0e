// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "engine/condition.h"
#include "http/message.h"

// Conditional requests (RFC 9110, 13), and the link to the page behind this one (RFC 8288).
//
// A tag is made of an answer's bytes, so it is strong whatever they depend on: `"<hash>"`, or
// `"v<version>-<hash>"` where the resource has versions. Reads compare whole tags; writes compare
// the version, which is what the engine can judge at the very moment of the change.

namespace attacca::http {

// All fields of this name (lower case) as one list; nothing when there is none.
[[nodiscard]] std::optional<std::string> list_field(const Request& request,
                                                    std::string_view name);

[[nodiscard]] std::string version_of_tag(std::uint64_t eseq);
[[nodiscard]] std::string tag_of(const Response& response);

// What a request to change a resource wants it to be; nothing when it does not say. Weak tags and
// those of others match nothing. Whose version it is, the caller fills in.
[[nodiscard]] std::optional<engine::Condition> condition_of(const Request& request);

// The same of the entity of this name.
[[nodiscard]] std::optional<engine::Condition> condition_on(const Request& request,
                                                            std::string entity);

// Whether an `If-None-Match` names this tag, weakly compared, or is `*`.
[[nodiscard]] bool names_tag(std::string_view if_none_match, std::string_view tag);

// `<path?query>; rel="next"`: the request's own target with this parameter set to `value`, and
// without `cursor` and `offset` otherwise.
[[nodiscard]] std::string next_link(const Request& request,
                                    std::string_view parameter,
                                    std::string_view value);

}  // namespace attacca::http
