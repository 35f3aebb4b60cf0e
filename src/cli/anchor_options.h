// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace attacca::cli {

// What is kept outside of a data directory: see app/anchoring.h.
struct AnchorPlaces {
    std::string file;                    // empty: none
    std::vector<std::string> witnesses;  // `URL#VKEY`, or `URL`
    std::optional<std::string> policy;   // text of a C2SP tlog-policy file
};

struct WitnessOptions {
    std::string data;
    std::string listen;             // ADDRESS:PORT
    std::string name;               // of its key; empty: made up at the first start
    std::vector<std::string> logs;  // verifier keys of those that it follows
};

struct RestoreOptions {
    std::string data;
    std::string by;
    std::string reason;
    AnchorPlaces anchors;
};

}  // namespace attacca::cli
