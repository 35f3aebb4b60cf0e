// SPDX-License-Identifier: Apache-2.0
#include "base/digest.h"

#include <array>

#include <openssl/evp.h>
#include <openssl/sha.h>

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

// A digest of a tree's node takes 80 ns here, and 105 behind EVP. OpenSSL keeps these functions for
// as long as libcrypto is 3, and calls them deprecated.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"

template <typename Parts>
Sha256 digest_of(const Parts& parts) {
    SHA256_CTX context;
    SHA256_Init(&context);
    for (const std::string_view part : parts) {
        SHA256_Update(&context, part.data(), part.size());
    }
    Sha256 digest;
    SHA256_Final(digest.bytes.data(), &context);
    return digest;
}

#pragma GCC diagnostic pop

}  // namespace

Sha256 sha256(std::string_view bytes) {
    return digest_of(std::array{bytes});
}

Sha256 sha256(std::initializer_list<std::string_view> parts) {
    return digest_of(parts);
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
