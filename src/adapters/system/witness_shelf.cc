// SPDX-License-Identifier: Apache-2.0
#include "adapters/system/witness_shelf.h"

#include <algorithm>
#include <filesystem>
#include <utility>

#include "adapters/system/data_dir.h"
#include "adapters/system/system_entropy.h"
#include "base/bytes.h"
#include "base/digest.h"

namespace attacca::system {
namespace {

constexpr std::size_t shelf_file_bytes_max = 65'536;

}  // namespace

Result<std::unique_ptr<FileWitnessShelf>> FileWitnessShelf::open(const std::string& root) {
    const DataDir directory = DataDir::at(root);
    std::unique_ptr<FileWitnessShelf> shelf(new FileWitnessShelf(directory.root()));
    if (file_exists(directory.database())) {
        return fail(Problem::bad_configuration,
                    quoted(root) + " is the data directory of a ledger; a witness has its own, "
                                   "on another machine if it is to prove anything");
    }
    if (Result<void> made = make_directory(directory.root() + "/logs"); !made) {
        return made.error();
    }
    ATTACCA_TRY(shelf->lock_, directory.lock(Duration{0}));
    return shelf;
}

Result<Ed25519Seed> FileWitnessShelf::load_or_create_key() {
    const std::string path = root_ + "/witness.key";
    Ed25519Seed seed;
    if (!file_exists(path)) {
        std::error_code error;
        if (!std::filesystem::is_empty(root_ + "/logs", error) || file_exists(root_ +
                                                                              "/witness.vkey")) {
            return fail(Problem::bad_configuration,
                        quoted(path) + " is missing beside what it signed");
        }
        if (Result<void> created = create_file(path, random_bytes(seed.bytes.size())); !created) {
            return created.error();
        }
    }
    ATTACCA_TRY(const std::string bytes, read_secret(path));
    if (bytes.size() != seed.bytes.size()) {
        return fail(Problem::bad_configuration, quoted(path) + " is not 32 bytes long");
    }
    std::transform(bytes.begin(), bytes.end(), seed.bytes.begin(),
                   [](char c) { return static_cast<std::uint8_t>(c); });
    return seed;
}

Result<std::optional<std::string>> FileWitnessShelf::read_small(const std::string& path) const {
    if (!file_exists(path)) {
        return std::optional<std::string>();
    }
    ATTACCA_TRY(std::string text, read_file(path, shelf_file_bytes_max));
    return std::optional<std::string>(std::move(text));
}

Result<std::optional<std::string>> FileWitnessShelf::vkey() {
    ATTACCA_TRY(std::optional<std::string> text, read_small(root_ + "/witness.vkey"));
    while (text && text->ends_with('\n')) {
        text->pop_back();
    }
    return text;
}

Result<void> FileWitnessShelf::write_vkey(const std::string& text) {
    return write_file(root_ + "/witness.vkey", text + "\n");
}

std::string FileWitnessShelf::log_file(const std::string& origin) const {
    return root_ + "/logs/" + hex(sha256(origin));
}

Result<std::optional<std::string>> FileWitnessShelf::newest(const std::string& origin) {
    return read_small(log_file(origin));
}

Result<void> FileWitnessShelf::keep(const std::string& origin, const std::string& note) {
    return write_file(log_file(origin), note);
}

}  // namespace attacca::system
