// SPDX-License-Identifier: Apache-2.0
#include "base/libraries.h"

#include <boost/version.hpp>
#include <openssl/crypto.h>
#include <sodium.h>

namespace attacca {

std::vector<Library> base_libraries() {
    constexpr int boost = BOOST_VERSION;
    return {
        {"openssl", OpenSSL_version(OPENSSL_VERSION_STRING)},
        {"libsodium", sodium_version_string()},
        // Header-only here, so the version is that of the build.
        {"boost", std::to_string(boost / 100'000) + "." + std::to_string(boost / 100 % 1000) + "." +
                      std::to_string(boost % 100)},
    };
}

}  // namespace attacca
