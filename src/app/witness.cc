// SPDX-License-Identifier: Apache-2.0
#include <unistd.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "adapters/system/system_clock.h"
#include "adapters/system/system_entropy.h"
#include "adapters/system/witness_shelf.h"
#include "app/commands.h"
#include "app/signals.h"
#include "app/user_files.h"
#include "base/uuid.h"
#include "engine/witness_book.h"
#include "http/witness_service.h"

// `attacca witness`: cosigns checkpoints of the logs that it follows, until a signal.

namespace attacca::app {
namespace {

constexpr Duration witness_grace = seconds(3);

// The name goes into the key for good: a later start keeps it, whatever it is called with.
Result<std::string> name_of_witness(system::FileWitnessShelf& shelf,
                                    const Ed25519Signer& signer,
                                    const std::string& wanted) {
    ATTACCA_TRY(const std::optional<std::string> text, shelf.vkey());
    if (text) {
        ATTACCA_TRY(const core::WitnessKey known, core::parse_witness_vkey(*text));
        if (known.key.key != signer.public_key() || (!wanted.empty() && known.key.name != wanted)) {
            return fail(Problem::bad_configuration,
                        "witness.vkey is of another key or name: " + quoted(*text));
        }
        return known.key.name;
    }
    system::SystemEntropy entropy;
    const Uuid id =
        uuid_v7(system::SystemClock().now().wall, entropy.draw(), entropy.draw());
    const std::string name = wanted.empty() ? "attacca.local/witness/" + id.text() : wanted;
    if (!core::is_key_name(name)) {
        return fail(Problem::bad_configuration, quoted(name) + " cannot be the name of a key");
    }
    const core::WitnessKey key = core::witness_key_of({name, signer.public_key()});
    if (Result<void> written = shelf.write_vkey(core::format_witness_vkey(key)); !written) {
        return written.error();
    }
    return name;
}

}  // namespace

Result<int> witness(const cli::WitnessOptions& options) {
    catch_signals();
    std::vector<core::NoteKey> logs;
    for (const std::string& text : options.logs) {
        Result<core::NoteKey> key = core::parse_vkey(text);
        if (!key) {
            return fail(Problem::bad_configuration, "--log: " + key.error().detail);
        }
        logs.push_back(std::move(*key));
    }
    ATTACCA_TRY(const std::unique_ptr<system::FileWitnessShelf> shelf,
                system::FileWitnessShelf::open(options.data));
    ATTACCA_TRY(const Ed25519Seed seed, shelf->load_or_create_key());
    auto signer = std::make_shared<const Ed25519Signer>(seed);
    ATTACCA_TRY(std::string name, name_of_witness(*shelf, *signer, options.name));
    const system::SystemClock clock;
    const std::size_t followed = logs.size();
    engine::WitnessBook book(*shelf, clock, std::move(signer), std::move(name), std::move(logs));
    const std::string host = options.listen.substr(0, options.listen.rfind(':'));
    const auto tell = [&](std::uint16_t port) -> Result<void> {
        (void)write_text(STDERR_FILENO,
                         "witness " + core::format_witness_vkey(book.key()) + "\nfollows " +
                             std::to_string(followed) + (followed == 1 ? " log" : " logs") +
                             (followed == 0 ? ": name them with --log VKEY" : "") +
                             "\nlistening on http://" + host + ":" + std::to_string(port) + "\n");
        return {};
    };
    ATTACCA_TRY(const std::unique_ptr<http::WitnessService> service,
                http::WitnessService::start(book, options.listen, http::witness_limits(), tell));
    while (caught_signals() == 0) {
        sleep_until_signal(seconds(60));
    }
    service->stop(witness_grace);
    return 0;
}

}  // namespace attacca::app
