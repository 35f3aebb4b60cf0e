// SPDX-License-Identifier: Apache-2.0
#include "core/ledger/proof_text.h"

#include <gtest/gtest.h>

#include "core/ledger/naive_tree_for_test.h"

namespace attacca::core {
namespace {

const std::string checkpoint = "example.org/log\n9\nroot\n\n\xE2\x80\x94 example.org/log sig\n";

TEST(ReceiptText, IsThatOfTheSpecification) {
    const std::vector<Sha256> hashes = numbered_leaves(2);
    const ReceiptText receipt{7, hashes, checkpoint};
    const std::string text = "c2sp.org/tlog-proof@v1\nindex 7\n" + base64(hashes[0].view()) + "\n" +
                             base64(hashes[1].view()) + "\n\n" + checkpoint;
    EXPECT_EQ(format_receipt(receipt), text);
    const Result<ReceiptText> read = parse_receipt(text);
    ASSERT_TRUE(read) << read.error().detail;
    EXPECT_EQ(*read, receipt);
}

TEST(ReceiptText, OfATreeOfOneLeafHasNoHashes) {
    const ReceiptText receipt{0, {}, checkpoint};
    EXPECT_EQ(format_receipt(receipt), "c2sp.org/tlog-proof@v1\nindex 0\n\n" + checkpoint);
    EXPECT_EQ(*parse_receipt(format_receipt(receipt)), receipt);
}

TEST(ReceiptText, APassedOverExtraLineMustBeBase64) {
    const std::string rest = "index 0\n\n" + checkpoint;
    EXPECT_TRUE(parse_receipt("c2sp.org/tlog-proof@v1\nextra aGk=\n" + rest));
    EXPECT_FALSE(parse_receipt("c2sp.org/tlog-proof@v1\nextra aGk\n" + rest));
    EXPECT_FALSE(parse_receipt("c2sp.org/tlog-proof@v1\nextra aGk="));
}

TEST(ReceiptText, OtherFormsAreRefused) {
    const std::string head = "c2sp.org/tlog-proof@v1\n";
    const std::string hash = base64(numbered_leaves(1)[0].view()) + "\n";
    std::string many;
    for (std::size_t i = 0; i <= proof_hashes_max; ++i) {
        many += hash;
    }
    for (const std::string& text :
         {std::string(), std::string("index 0\n\n"),
          "c2sp.org/tlog-proof@v2\nindex 0\n\n" + checkpoint, head, head + "index 0\n", 
          head + "index 00\n\n", head + "index -1\n\n",
          head + "index  1\n\n", head + "index 18446744073709551616\n\n", head + "old 0\n\n",
          head + "index 0\n" + hash, head + "index 0\nAAAA\n\n", head + "index 0\n " + hash + "\n",
          head + "index 0\n" + many + "\n", head + "index 0\r\n\n"}) {
        EXPECT_FALSE(parse_receipt(text)) << text;
    }
}

TEST(ExtensionText, ReadsWhatItWrites) {
    const ExtensionText extension{5, numbered_leaves(3), checkpoint};
    EXPECT_EQ(format_extension(extension).substr(0, 6), "old 5\n");
    EXPECT_EQ(*parse_extension(format_extension(extension)), extension);
    EXPECT_FALSE(parse_extension(format_receipt({5, {}, checkpoint})));
    EXPECT_FALSE(parse_extension("old 5"));
}

}  // namespace
}  // namespace attacca::core
