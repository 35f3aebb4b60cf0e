// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include <curl/curl.h>

// What the client and the runner have in common. Private to this folder.

namespace attacca::curl {

struct FreeList {
    void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};
using List = std::unique_ptr<curl_slist, FreeList>;

// libcurl wants its own start before the first handle, once in a process. Safe from any thread.
inline bool start_library() {
    static const bool is_started = curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK;
    return is_started;
}

}  // namespace attacca::curl
