// SPDX-License-Identifier: Apache-2.0
#include "base/digest.h"

#include <openssl/evp.h>

#include "base/check.h"

namespace attacca {
namespace {

struct FreeContext {
    void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};
using ContextPointer = std::unique_ptr<EVP_MD_CTX, FreeContext>;

// Fetched once for the life of the process: an implicit fetch at each start costs more than the
// digest of a short record.
const EVP_MD* algorithm() {
    static const EVP_MD* const fetched = EVP_MD_fetch(nullptr, "SHA256", nullptr);
    ATTACCA_CHECK(fetched != nullptr);
    return fetched;
}

void start(EVP_MD_CTX* context) {
    ATTACCA_CHECK(EVP_DigestInit_ex2(context, algorithm(), nullptr) == 1);
}

void add(EVP_MD_CTX* context, std::string_view bytes) {
    ATTACCA_CHECK(EVP_DigestUpdate(context, bytes.data(), bytes.size()) == 1);
}

Sha256 end(EVP_MD_CTX* context) {
    Sha256 digest;
    unsigned length = 0;
    ATTACCA_CHECK(EVP_DigestFinal_ex(context, digest.bytes.data(), &length) == 1);
    ATTACCA_CHECK(length == digest.bytes.size());
    return digest;
}

EVP_MD_CTX* context_of_thread() {
    thread_local const ContextPointer context{EVP_MD_CTX_new()};
    ATTACCA_CHECK(context != nullptr);
    return context.get();
}

}  // namespace

Sha256 sha256(std::string_view bytes) {
    EVP_MD_CTX* const context = context_of_thread();
    start(context);
    add(context, bytes);
    return end(context);
}

Sha256 sha256(std::initializer_list<std::string_view> parts) {
    EVP_MD_CTX* const context = context_of_thread();
    start(context);
    for (const std::string_view part : parts) {
        add(context, part);
    }
    return end(context);
}

struct Sha256Stream::Context {
    ContextPointer pointer{EVP_MD_CTX_new()};
};

Sha256Stream::Sha256Stream() : context_(std::make_unique<Context>()) {
    ATTACCA_CHECK(context_->pointer != nullptr);
    start(context_->pointer.get());
}

Sha256Stream::~Sha256Stream() = default;
Sha256Stream::Sha256Stream(Sha256Stream&&) noexcept = default;
Sha256Stream& Sha256Stream::operator=(Sha256Stream&&) noexcept = default;

void Sha256Stream::update(std::string_view bytes) {
    ATTACCA_CHECK(context_ != nullptr);
    add(context_->pointer.get(), bytes);
}

Sha256 Sha256Stream::finish() {
    ATTACCA_CHECK(context_ != nullptr);
    const Sha256 digest = end(context_->pointer.get());
    start(context_->pointer.get());
    return digest;
}

}  // namespace attacca
