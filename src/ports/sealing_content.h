// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/boxed.h"
#include "core/job/attempt_spec.h"
#include "core/retention/seal_key.h"
#include "ports/content.h"

namespace attacca::ports {

// What an attempt left is named by its record now, or will never be.
inline void release_files(Content& content, const core::AttemptReport& report) {
    for (const core::Artifact& artifact : report.artifacts) {
        content.release(artifact.digest);
    }
    if (report.output_file) {
        content.release(report.output_file->digest);
    }
}

// Content as the attempts of one job keep it: sealed, where the job is. The digest is then that of
// the sealed form, and no file of two jobs is the same. Files are sealed in memory: callers bound
// their size. Borrows both; lives for one call.
class SealingContent {
  public:
    struct Kept {
        Sha256 digest;
        std::uint64_t bytes = 0;  // as kept
    };
    SealingContent(Content& content, const Boxed<core::SealKey>& seal)
        : content_(content), seal_(seal) {}

    // `context` tells files of the job apart. Errors: those of Content.
    [[nodiscard]] Result<Kept> put(std::string_view context, std::string_view bytes) {
        if (!seal_) {
            ATTACCA_TRY(const Sha256 digest, content_.put(bytes));
            return Kept{digest, bytes.size()};
        }
        const std::string sealed = core::sealed_text(*seal_, context, bytes);
        ATTACCA_TRY(const Sha256 digest, content_.put(sealed));
        return Kept{digest, sealed.size()};
    }
    [[nodiscard]] bool is_sealing() const { return static_cast<bool>(seal_); }

  private:
    Content& content_;
    const Boxed<core::SealKey>& seal_;
};

}  // namespace attacca::ports
