// SPDX-License-Identifier: Apache-2.0
#include "fuzz.h"

// A target that must fail: four bytes, each seen only when those before it are right. A fuzzer
// that does not find them is blind, and what it says about the other targets is worth nothing.

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    bool is_planted = false;
    if (size >= 4 && data[0] == 'l') {
        if (data[1] == 'a') {
            if (data[2] == 'r') {
                is_planted = data[3] == 'k';
            }
        }
    }
    ATTACCA_CHECK(!is_planted);
    return 0;
}
