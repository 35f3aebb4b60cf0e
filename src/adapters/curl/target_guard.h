// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

struct sockaddr;

// Where requests of pipelines may go. A pipeline's author chooses the address, so by default it may
// not lead to what only this machine or its private network can reach (server-side request
// forgery). The address that is about to be connected to is judged, not the name: what a name
// resolves to may change between two looks.

namespace attacca::curl {

// Loopback, private, link-local, multicast and other special ranges, also inside IPv6 addresses
// that lead to IPv4 ones. What is no IP address is not public.
[[nodiscard]] bool is_public(const sockaddr* address);

}  // namespace attacca::curl
