// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/digest.h"
#include "engine/witness_book.h"
#include "ports/anchor.h"

// A witness without HTTP and files: the real book on a shelf in memory.

namespace attacca::engine {

class MemoryShelf final : public ports::WitnessShelf {
  public:
    Result<std::optional<std::string>> newest(const std::string& origin) override {
        const auto found = notes.find(origin);
        return found == notes.end() ? std::optional<std::string>() : found->second;
    }
    Result<void> keep(const std::string& origin, const std::string& note) override {
        if (is_full) {
            return fail(Problem::storage_full, "no space");
        }
        notes[origin] = note;
        return {};
    }
    std::map<std::string, std::string> notes;
    bool is_full = false;
};

class WallAt final : public ports::Clock {
  public:
    explicit WallAt(WallTime wall) : wall_(wall) {}
    [[nodiscard]] Now now() const override { return {wall_, {}}; }

  private:
    WallTime wall_;
};

struct WitnessForTest {
    WitnessForTest(std::uint8_t number, std::vector<core::NoteKey> logs) {
        Ed25519Seed seed;
        seed.bytes.fill(number);
        book = std::make_unique<WitnessBook>(shelf, clock,
                                             std::make_shared<const Ed25519Signer>(seed),
                                             "w" + std::to_string(number) + ".example",
                                             std::move(logs));
    }
    MemoryShelf shelf;
    WallAt clock{WallTime{1'700'000'000'000'000}};
    std::unique_ptr<WitnessBook> book;
    std::atomic<bool> is_away{false};
    std::atomic<int> requests{0};
};

// The way to it, as long as it is not away.
class WitnessLinkForTest final : public ports::Witness {
  public:
    explicit WitnessLinkForTest(WitnessForTest& witness) : witness_(witness) {}
    Result<Answer> add_checkpoint(const std::string& request) override {
        ++witness_.requests;
        return answer([&] { return witness_.book->add_checkpoint(request); });
    }
    Result<Answer> newest(const std::string& origin) override {
        return answer([&] { return witness_.book->newest(hex(sha256(origin))); });
    }

  private:
    template <typename Ask>
    Result<Answer> answer(Ask ask) const {
        if (witness_.is_away) {
            return fail(Problem::unreachable, "it is away");
        }
        WitnessBook::Answer given = ask();
        return Answer{given.status, std::move(given.body)};
    }
    WitnessForTest& witness_;
};

}  // namespace attacca::engine
