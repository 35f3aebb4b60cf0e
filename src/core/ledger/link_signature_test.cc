// SPDX-License-Identifier: Apache-2.0
#include "core/ledger/link_signature.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "core/job/record.h"
#include "core/ledger/checkpoint.h"
#include "core/ledger/golden_key_for_test.h"

namespace attacca::core {
namespace {

TEST(LinkSignature, IsASignedNoteOfTheRecordsPlaceAndHash) {
    const LinkPlace place{"evidence.example/ledger/1", 7, Sha256{}};
    EXPECT_EQ(link_text(place), "attacca-link/1\nevidence.example/ledger/1\n7\n" +
                                    std::string(43, 'A') + "=\n");
    const Ed25519Signer& signer = golden_signer();
    const std::string note = sign_link(signer, "evidence.example/ledger/1", place);
    EXPECT_EQ(note, sign_link(signer, "evidence.example/ledger/1", place));
    const std::size_t end = note.find("\n\n");
    ASSERT_NE(end, std::string::npos);
    EXPECT_EQ(note.substr(0, end + 1), link_text(place));
    NoteSignature line;
    ASSERT_TRUE(read_signature_line(
        std::string_view(note).substr(end + 2, note.size() - end - 3), line));
    EXPECT_EQ(line.name, "evidence.example/ledger/1");
    EXPECT_EQ(line.key_id, key_id_of({"evidence.example/ledger/1", signer.public_key()}));
    Ed25519Signature signature;
    ASSERT_EQ(line.bytes.size(), signature.bytes.size());
    std::copy(line.bytes.begin(), line.bytes.end(), signature.bytes.begin());
    EXPECT_TRUE(ed25519_verify(signer.public_key(), link_text(place), signature));
    // It is no checkpoint, whatever the record is.
    EXPECT_FALSE(parse_checkpoint(note));
}

TEST(LinkSignature, IsForWhatIsRareAndWeighsMuch) {
    for (const Payload& payload :
         {Payload(HoldPlaced{}), Payload(HoldReleased{}), Payload(Erased{}),
          Payload(EraseRefused{}), Payload(KeyRotated{}), Payload(SignerDegraded{}),
          Payload(JobEnded{}), Payload(TenantSet{}), Payload(LedgerRestored{})}) {
        EXPECT_TRUE(is_signed_alone(type_name_of(payload))) << type_name_of(payload);
    }
    EXPECT_FALSE(is_signed_alone(type_name_of(AttemptStarted{})));
    EXPECT_FALSE(is_signed_alone(""));
}

}  // namespace
}  // namespace attacca::core
