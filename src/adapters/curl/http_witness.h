// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "adapters/curl/http_client.h"
#include "ports/anchor.h"

namespace attacca::curl {

// A witness at a URL, the prefix of C2SP tlog-witness.
class HttpWitness final : public ports::Witness {
  public:
    explicit HttpWitness(std::string url);
    [[nodiscard]] Result<Answer> add_checkpoint(const std::string& request) override;
    [[nodiscard]] Result<Answer> newest(const std::string& origin) override;

  private:
    [[nodiscard]] Result<Answer> ask(Request request);

    std::string url_;
    HttpClient client_;
};

}  // namespace attacca::curl
