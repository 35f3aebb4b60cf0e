// SPDX-License-Identifier: Apache-2.0
#include "app/verify/fork_proof.h"

#include "engine/evidence.h"
#include "engine/history.h"

namespace attacca::verify {

std::vector<std::pair<std::string, std::string>> fork_proof(sqlite::SqliteReader& reader,
                                                            const core::NoteKey& key,
                                                            const std::vector<std::string>& texts,
                                                            const core::Checkpoint& anchor) {
    std::vector<std::pair<std::string, std::string>> proof;
    for (const std::string& text : texts) {
        const Result<core::CheckpointNote> note = core::parse_checkpoint(text);
        if (note && note->checkpoint == anchor) {
            proof.emplace_back("a.checkpoint", text);
            break;
        }
    }
    const auto same = reader.checkpoints(anchor.size - 1, 1);
    if (same && !same->empty() && same->front().size == anchor.size) {
        proof.emplace_back("b.checkpoint", same->front().note);
        return proof;
    }
    const auto signed_tree = engine::load_signed_tree(reader, key);
    if (!signed_tree || *signed_tree == nullptr) {
        return proof;
    }
    engine::Evidence evidence(reader, *signed_tree);
    const Result<std::string> extension = evidence.extension(anchor.size);
    proof.emplace_back("b.checkpoint", (*signed_tree)->note);
    if (extension) {
        proof.emplace_back("b.extension", *extension);
    }
    return proof;
}

}  // namespace attacca::verify
