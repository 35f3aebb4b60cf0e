// SPDX-License-Identifier: Apache-2.0
#include "adapters/curl/http_witness.h"

#include <utility>

#include "base/digest.h"

namespace attacca::curl {
namespace {

constexpr Duration witness_timeout = seconds(5);

}  // namespace

HttpWitness::HttpWitness(std::string url) : url_(std::move(url)) {
    while (!url_.empty() && url_.back() == '/') {
        url_.pop_back();
    }
}

Result<ports::Witness::Answer> HttpWitness::ask(Request request) {
    request.time_max = witness_timeout;
    ATTACCA_TRY(Response response, client_.exchange(request));
    return Answer{response.status, std::move(response.body)};
}

Result<ports::Witness::Answer> HttpWitness::add_checkpoint(const std::string& request) {
    return ask({"POST", url_ + "/add-checkpoint", {{"Content-Type", "text/plain"}}, request});
}

Result<ports::Witness::Answer> HttpWitness::newest(const std::string& origin) {
    return ask({"GET", url_ + "/" + hex(sha256(origin)) + "/checkpoint", {}, {}});
}

}  // namespace attacca::curl
