// SPDX-License-Identifier: Apache-2.0
#include "core/ledger/link_signature.h"

#include <algorithm>
#include <array>

#include "core/ledger/checkpoint.h"

namespace attacca::core {
namespace {

constexpr std::array<std::string_view, 16> types_signed_alone = {
    "approval_given",    "breaker_set",    "erase_refused",   "erased",
    "hold_placed",       "hold_released",  "job_ended",       "key_rotated",
    "ledger_restored",   "schedule_deleted", "schedule_set",  "signer_degraded",
    "signer_restored",   "tenant_set",     "workflow_applied", "workflow_disabled"};
static_assert(std::is_sorted(types_signed_alone.begin(), types_signed_alone.end()));

}  // namespace

bool is_signed_alone(std::string_view type) {
    return std::binary_search(types_signed_alone.begin(), types_signed_alone.end(), type);
}

std::string link_text(const LinkPlace& place) {
    return "attacca-link/1\n" + place.origin + "\n" + std::to_string(place.gseq) + "\n" +
           base64(place.link.view()) + "\n";
}

std::string sign_link(const Ed25519Signer& signer, std::string_view name,
                      const LinkPlace& place) {
    const std::string text = link_text(place);
    const NoteKey key{std::string(name), signer.public_key()};
    const Ed25519Signature signature = signer.sign(text);
    return text + "\n" +
           signature_line({key.name, key_id_of(key), std::string(signature.view())});
}

}  // namespace attacca::core
