// SPDX-License-Identifier: Apache-2.0
#include "core/ledger/hash.h"

#include <algorithm>
#include <array>
#include <cstring>

#include "base/digest.h"
#include "base/seeded_bug.h"

namespace attacca::core {
namespace {

constexpr std::string_view leaf_prefix{"\x00", 1};
constexpr char node_prefix = '\x01';

}  // namespace

// BUG_NO_EVIDENCE measures what evidence costs (tests/perf/README.md): a build with it has no other
// use, and its program refuses every command but `bench`.
Sha256 leaf_hash(std::string_view record) {
    if (ATTACCA_BUG(BUG_NO_EVIDENCE)) {
        return {};
    }
    return sha256({leaf_prefix, record});
}

Sha256 node_hash(const Sha256& left, const Sha256& right) {
    if (ATTACCA_BUG(BUG_NO_EVIDENCE)) {
        return {};
    }
    // One update of 65 bytes costs less than three: the tree's speed is this function's.
    constexpr std::size_t hash_size = 32;
    std::array<char, 1 + 2 * hash_size> preimage;
    preimage[0] = node_prefix;
    std::memcpy(preimage.data() + 1, left.bytes.data(), hash_size);
    std::memcpy(preimage.data() + 1 + hash_size, right.bytes.data(), hash_size);
    return sha256(std::string_view(preimage.data(), preimage.size()));
}

Sha256 empty_root() {
    return sha256(std::string_view{});
}

Sha256 genesis_hash(std::string_view origin, std::string_view tenant, std::string_view entity) {
    if (ATTACCA_BUG(BUG_NO_EVIDENCE)) {
        return {};
    }
    // Names are short, and one update costs less than seven.
    constexpr std::string_view title = "attacca-evidence/1 genesis\n";
    std::array<char, 256> preimage;
    if (title.size() + origin.size() + tenant.size() + entity.size() + 3 > preimage.size()) {
        return sha256({title, origin, "\n", tenant, "\n", entity, "\n"});
    }
    char* end = std::copy(title.begin(), title.end(), preimage.data());
    for (const std::string_view name : {origin, tenant, entity}) {
        end = std::copy(name.begin(), name.end(), end);
        *end++ = '\n';
    }
    return sha256({preimage.data(), static_cast<std::size_t>(end - preimage.data())});
}

}  // namespace attacca::core
