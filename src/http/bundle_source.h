// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "engine/bundle.h"
#include "http/message.h"
#include "http/pump.h"

namespace attacca::http {

// A bundle in pieces as the client takes them.
class BundleSource : public Source {
  public:
    BundleSource(std::unique_ptr<engine::Bundle> bundle, std::shared_ptr<Stream> stream)
        : bundle_(std::move(bundle)), stream_(std::move(stream)) {}

    bool step() override;

  private:
    std::unique_ptr<engine::Bundle> bundle_;
    std::shared_ptr<Stream> stream_;
};

}  // namespace attacca::http
