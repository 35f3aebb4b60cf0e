// SPDX-License-Identifier: Apache-2.0
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "fuzz.h"

// Drives one target where there is no libFuzzer: each seed as it is, then mutations of the seeds
// from a fixed start, so that every run of the tests does exactly the same.
//
// usage: fuzz_<target> FOLDER-OR-FILE MUTATIONS LAST
//   LAST   holds the input under way; it is left when the target fails

namespace {

constexpr std::size_t input_bytes_max = 4096;

// Knuth's MMIX generator; the upper bits are the good ones.
class Lcg {
  public:
    std::size_t below(std::size_t limit) {
        state_ = state_ * 6364136223846793005U + 1442695040888963407U;
        return (state_ >> 33U) % limit;
    }

  private:
    std::uint64_t state_ = 20260301;
};

void mutate_once(std::string& text, const std::string& other, Lcg& lcg) {
    const std::size_t at = lcg.below(text.size() + 1);
    const std::size_t size = 1 + lcg.below(8);
    switch (lcg.below(7)) {
        case 0:
            if (at < text.size()) {
                text[at] = static_cast<char>(text[at] ^ static_cast<char>(1U << lcg.below(8)));
            }
            break;
        case 1:
            if (at < text.size()) {
                text[at] = static_cast<char>(lcg.below(256));
            }
            break;
        case 2:
            text.insert(at, 1, static_cast<char>(lcg.below(256)));
            break;
        case 3:
            text.erase(at, size);
            break;
        case 4:
            text.insert(at, text.substr(lcg.below(text.size() + 1), size));
            break;
        case 5:  // a word of another seed
            text.insert(at, other.substr(lcg.below(other.size() + 1), size));
            break;
        default:  // the rest of another seed
            text = text.substr(0, at) + other.substr(lcg.below(other.size() + 1));
            break;
    }
}

std::vector<std::string> read_seeds(const std::filesystem::path& place) {
    std::vector<std::filesystem::path> paths;
    if (std::filesystem::is_directory(place)) {
        for (const auto& entry : std::filesystem::directory_iterator(place)) {
            paths.push_back(entry.path());
        }
        std::sort(paths.begin(), paths.end());
    } else {
        paths.push_back(place);
    }
    std::vector<std::string> seeds;
    for (const auto& path : paths) {
        std::ifstream file(path, std::ios::binary);
        ATTACCA_CHECK(file.good());
        seeds.emplace_back(std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>());
    }
    return seeds;
}

class Replay {
  public:
    explicit Replay(const char* last)
        : last_(last), file_(open(last, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600)) {
        ATTACCA_CHECK(file_ >= 0);
    }
    ~Replay() {
        close(file_);
        unlink(last_);
    }
    Replay(const Replay&) = delete;
    Replay& operator=(const Replay&) = delete;

    void run(const std::string& input) {
        const bool is_kept =
            pwrite(file_, input.data(), input.size(), 0) ==
                static_cast<ssize_t>(input.size()) &&
            ftruncate(file_, static_cast<off_t>(input.size())) == 0;
        ATTACCA_CHECK(is_kept);
        // A copy of exact size: reading one byte too far is seen.
        const std::vector<std::uint8_t> bytes(input.begin(), input.end());
        LLVMFuzzerTestOneInput(bytes.data(), bytes.size());
    }

  private:
    const char* last_;
    int file_;
};

}  // namespace

int main(int argc, char** argv) {
    if (argc != 4) {
        std::fprintf(stderr, "usage: %s FOLDER-OR-FILE MUTATIONS LAST\n", argv[0]);
        return 64;
    }
    const std::vector<std::string> seeds = read_seeds(argv[1]);
    ATTACCA_CHECK(!seeds.empty());
    const std::size_t mutations = std::stoul(argv[2]);
    Replay replay(argv[3]);
    replay.run("");
    for (const std::string& seed : seeds) {
        replay.run(seed);
    }
    Lcg lcg;
    for (std::size_t i = 0; i < mutations; ++i) {
        std::string input = seeds[i % seeds.size()];
        for (std::size_t count = 1 + lcg.below(4); count > 0; --count) {
            mutate_once(input, seeds[lcg.below(seeds.size())], lcg);
        }
        input.resize(std::min(input.size(), input_bytes_max));
        replay.run(input);
    }
    std::printf("%zu seeds, %zu mutations\n", seeds.size(), mutations);
    return 0;
}
