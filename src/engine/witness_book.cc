// SPDX-License-Identifier: Apache-2.0
#include "engine/witness_book.h"

#include <optional>
#include <utility>

#include "base/digest.h"

namespace attacca::engine {
namespace {

WitnessBook::Answer told(int status, const std::string& text) {
    return {status, "text/plain; charset=utf-8", text + "\n"};
}

WitnessBook::Answer failed_shelf(const Error& error) {
    return told(http_status_of(class_of(error.problem)), error.text());
}

std::string_view word_of(core::WitnessVerdict verdict) {
    switch (verdict) {
        case core::WitnessVerdict::accepted: return "accepted";
        case core::WitnessVerdict::old_too_large:
            return "the old size is beyond the checkpoint's size";
        case core::WitnessVerdict::unknown_log: return "this witness does not follow this log";
        case core::WitnessVerdict::not_signed: return "no key of the log signed the checkpoint";
        case core::WitnessVerdict::other_old_size: return "the old size is another one";
        case core::WitnessVerdict::fork: return "another tree of this size was cosigned";
        case core::WitnessVerdict::not_extended:
            return "the proof does not lead from what was cosigned to this checkpoint";
    }
    return "";
}

}  // namespace

WitnessBook::WitnessBook(ports::WitnessShelf& shelf,
                         const ports::Clock& clock,
                         std::shared_ptr<const Ed25519Signer> signer,
                         std::string name,
                         std::vector<core::NoteKey> logs)
    : shelf_(shelf),
      clock_(clock),
      signer_(std::move(signer)),
      key_(core::witness_key_of({std::move(name), signer_->public_key()})),
      logs_(std::move(logs)) {}

WitnessBook::Answer WitnessBook::add_checkpoint(std::string_view body) {
    const Result<core::AddCheckpoint> request = core::parse_add_checkpoint(body);
    if (!request) {
        return told(400, request.error().detail);
    }
    const std::lock_guard lock(mutex_);
    return cosign(*request);
}

WitnessBook::Answer WitnessBook::cosign(const core::AddCheckpoint& request) {
    const core::Checkpoint& checkpoint = request.note.checkpoint;
    std::optional<core::TreeHead> held;
    // Of a log that is not followed nothing is on the shelf, and nothing is looked up.
    const core::WitnessVerdict known = core::judge_checkpoint(request, logs_, std::nullopt);
    if (known == core::WitnessVerdict::unknown_log || known == core::WitnessVerdict::not_signed ||
        known == core::WitnessVerdict::old_too_large) {
        return told(core::http_status_of(known), std::string(word_of(known)));
    }
    const Result<std::optional<std::string>> kept = shelf_.newest(checkpoint.origin);
    if (!kept) {
        return failed_shelf(kept.error());
    }
    if (*kept) {
        const Result<core::CheckpointNote> note = core::parse_checkpoint(**kept);
        // What it has signed itself must be readable, or it could sign against it.
        if (!note || !core::is_cosigned(*note, key_)) {
            return told(500, "what was cosigned of this log cannot be read");
        }
        held = core::TreeHead{note->checkpoint.size, note->checkpoint.root};
    }
    const core::WitnessVerdict verdict = core::judge_checkpoint(request, logs_, held);
    const int status = core::http_status_of(verdict);
    if (status == 409) {
        return {status, "text/x.tlog.size", std::to_string(held ? held->size : 0) + "\n"};
    }
    if (verdict != core::WitnessVerdict::accepted) {
        return told(status, std::string(word_of(verdict)));
    }
    const auto now_s = static_cast<std::uint64_t>(clock_.now().wall.us / 1'000'000);
    std::string line = core::cosign(*signer_, key_, request.note.text, now_s);
    // Only what a key of the log signed is kept with it: lines of others could be anything.
    std::string note = request.note.text + "\n";
    for (const core::NoteKey& key : logs_) {
        for (const core::NoteSignature& signature : request.note.signatures) {
            if (signature.name == key.name && signature.key_id == core::key_id_of(key) &&
                core::check_note(request.note, key) == core::NoteTrust::good) {
                note += core::signature_line(signature);
            }
        }
    }
    if (Result<void> done = shelf_.keep(checkpoint.origin, note + line); !done) {
        return failed_shelf(done.error());
    }
    return {200, "text/plain; charset=utf-8", std::move(line)};
}

WitnessBook::Answer WitnessBook::newest(std::string_view origin_hash) {
    for (const core::NoteKey& log : logs_) {
        if (hex(sha256(log.name)) != origin_hash) {
            continue;
        }
        const std::lock_guard lock(mutex_);
        Result<std::optional<std::string>> kept = shelf_.newest(log.name);
        if (!kept) {
            return failed_shelf(kept.error());
        }
        return *kept ? Answer{200, "text/plain; charset=utf-8", std::move(**kept)}
                     : told(404, "no checkpoint of this log was cosigned yet");
    }
    return told(404, "this witness does not follow this log");
}

}  // namespace attacca::engine
