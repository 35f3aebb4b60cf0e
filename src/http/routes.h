// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string_view>

#include "http/api.h"
#include "http/message.h"

// The policy table: what is served, to whom, and by which handler. What is not here is refused.

namespace attacca::http {

enum class Permission {
    open,   // without a token; the path must be spelt exactly so
    read,   // see jobs and events
    write,  // submit and change jobs
    watch,  // see the server itself
    admin,  // make and change tenants: the default tenant alone
};

enum class Place {
    here,  // on the connection's thread: quick, or answered later
    pool,  // reads much
};

enum class BodyRule {
    none,  // an empty body, or `{}`
    json,
};

struct Route {
    Method method;
    std::string_view pattern;
    Permission permission;
    Place place;
    BodyRule body;
    Handler handler;
};

[[nodiscard]] std::span<const Route> routes();

}  // namespace attacca::http
