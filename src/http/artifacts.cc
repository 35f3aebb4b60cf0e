// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/graph/artifact_name.h"
#include "http/api.h"
#include "http/json_out.h"
#include "http/node_view.h"
#include "http/stored_file.h"

// The files that a job's attempts left. Only what a record of a job of the tenant names is found:
// the digest of a file that another tenant's job left is as unknown as one that nobody has.

namespace attacca::http {
namespace {

constexpr std::uint64_t artifacts_offset_max = 10'000'000;
constexpr std::size_t digest_letters = 64;

// Types that a browser shows without running anything. All else is bytes.
constexpr std::array<std::string_view, 6> shown_types = {
    "application/json", "text/csv", "text/plain", "image/png", "image/jpeg", "application/jsonl"};

struct LeftFile {
    const core::Artifact* artifact = nullptr;
    const AttemptView* attempt = nullptr;
};

struct ArtifactsWanted {
    std::optional<std::string> node;
    std::optional<std::uint32_t> item;
    std::optional<std::uint32_t> attempt;

    [[nodiscard]] bool selects(const core::AttemptStarted& started) const {
        return (!node || *node == started.node) && (!item || item == started.item) &&
               (!attempt || *attempt == started.attempt);
    }
};

Result<ArtifactsWanted> artifacts_wanted(Query& query) {
    constexpr std::uint64_t none = 0xFFFFFFFFU;
    ArtifactsWanted wanted;
    wanted.node = query.take("node");
    ATTACCA_TRY(const std::uint64_t item, query.take_number("item", none, 0, none));
    ATTACCA_TRY(const std::uint64_t attempt, query.take_number("attempt", none, 1, none));
    if (item != none) {
        wanted.item = static_cast<std::uint32_t>(item);
    }
    if (attempt != none) {
        wanted.attempt = static_cast<std::uint32_t>(attempt);
    }
    return wanted;
}

// In the order of nodes, items and attempts.
std::vector<LeftFile> files_of(const NodeView& view, const ArtifactsWanted& wanted) {
    std::vector<LeftFile> files;
    for (const Instance& instance : view.instances()) {
        const std::string& node = view.definition().nodes[instance.node].id;
        for (const AttemptView* attempt : view.attempts_of(node, instance.item)) {
            if (!attempt->ended || !wanted.selects(attempt->started)) {
                continue;
            }
            for (const core::Artifact& artifact : attempt->ended->artifacts) {
                files.push_back({&artifact, attempt});
            }
            if (attempt->ended->output_file) {
                files.push_back({&*attempt->ended->output_file, attempt});
            }
        }
    }
    return files;
}

void append_file(std::string& out, const std::string& job, const LeftFile& file,
                 bool is_sealed) {
    const core::Artifact& artifact = *file.artifact;
    ObjectOut one(out);
    one.text("name", artifact.name);
    one.text("node", file.attempt->started.node);
    if (file.attempt->started.item) {
        one.number("item", *file.attempt->started.item);
    }
    one.number("attempt", file.attempt->started.attempt);
    one.text("sha256", hex(artifact.digest));
    one.number("bytes", artifact.bytes);
    one.text("media_type", artifact.media_type);
    if (artifact.is_truncated) {
        one.boolean("truncated", true);
    }
    if (is_sealed) {
        one.boolean("sealed", true);  // `sha256` and `bytes` are those of the sealed form
    }
    one.text("url", "/api/v1/orchestration/jobs/" + job + "/artifacts/" + hex(artifact.digest));
    one.end();
}

Result<std::string> artifact_page(const Api& api, Call& call) {
    ATTACCA_TRY(const ArtifactsWanted wanted, artifacts_wanted(call.query));
    ATTACCA_TRY(const std::uint64_t limit, call.query.take_number("limit", page_max, 1, page_max));
    ATTACCA_TRY(const std::uint64_t offset,
                call.query.take_number("offset", 0, 0, artifacts_offset_max));
    if (Result<void> done = call.query.finish(); !done) {
        return done.error();
    }
    ATTACCA_TRY(const ports::JobRow row, api.jobs.find(call.tenant, call.path.front()));
    ATTACCA_TRY(const NodeView view, NodeView::load(api.jobs, row));
    ATTACCA_TRY(const std::optional<core::JobId> seal, api.jobs.seal_of(row));
    const std::vector<LeftFile> files = files_of(view, wanted);
    std::string body;
    ObjectOut out(body);
    ArrayOut items(out.key("items"));
    for (std::size_t i = offset; i < files.size() && i - offset < limit; ++i) {
        append_file(items.element(), row.id.text(), files[i], seal.has_value());
    }
    items.end();
    out.number("total", files.size());
    out.number("limit", limit);
    out.number("offset", offset);
    out.end();
    return body;
}

// The one with this digest or, of several attempts that left this name, the newest.
const LeftFile* find_file(const std::vector<LeftFile>& files, const std::string& name) {
    const std::optional<Sha256> digest =
        name.size() == digest_letters ? sha256_of_hex(name) : std::nullopt;
    const LeftFile* found = nullptr;
    for (const LeftFile& file : files) {
        const bool fits = (digest && file.artifact->digest == *digest) ||
                          file.artifact->name == name;
        if (fits && (found == nullptr ||
                     found->attempt->started.fence < file.attempt->started.fence)) {
            found = &file;
        }
    }
    return found;
}

std::string last_part(std::string_view name) {
    return std::string(name.substr(name.rfind('/') + 1));
}

// A name for whoever saves the file: plain ASCII, and the exact one beside it (RFC 6266).
std::string disposition_of(std::string_view name) {
    constexpr std::string_view digits = "0123456789ABCDEF";
    std::string plain;
    std::string exact;
    for (const char c : last_part(name)) {
        const auto byte = static_cast<unsigned char>(c);
        const bool is_word = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                             (c >= '0' && c <= '9') || c == '.' || c == '-' || c == '_';
        plain += is_word ? c : '_';
        if (is_word) {
            exact += c;
        } else {
            exact += '%';
            exact += digits[byte >> 4U];
            exact += digits[byte & 0xFU];
        }
    }
    return "attachment; filename=\"" + plain + "\"; filename*=UTF-8''" + exact;
}

std::string safe_type_of(const core::Artifact& artifact) {
    const bool is_shown = std::find(shown_types.begin(), shown_types.end(),
                                    artifact.media_type) != shown_types.end();
    if (!is_shown) {
        return "application/octet-stream";
    }
    const bool is_text = artifact.media_type.starts_with("text/");
    return artifact.media_type + (is_text ? "; charset=utf-8" : "");
}

StoredFile stored_of(const core::Artifact& artifact) {
    StoredFile file{artifact.digest, artifact.bytes, safe_type_of(artifact), {}};
    file.headers.push_back({"Content-Disposition", disposition_of(artifact.name)});
    file.headers.push_back({"Content-Security-Policy", "sandbox; default-src 'none'"});
    file.headers.push_back({"Cache-Control", "private, no-cache"});
    if (artifact.is_truncated) {
        file.headers.push_back({"Attacca-Truncated", "true"});
    }
    return file;
}

Result<StoredFile> artifact_of(const Api& api, Call& call) {
    const std::string& name = call.path[1];
    if (const Result<void> named = core::check_artifact_name(name); !named) {
        return named.error();
    }
    ATTACCA_TRY(const ArtifactsWanted wanted, artifacts_wanted(call.query));
    if (Result<void> done = call.query.finish(); !done) {
        return done.error();
    }
    ATTACCA_TRY(const ports::JobRow row, api.jobs.find(call.tenant, call.path.front()));
    ATTACCA_TRY(const NodeView view, NodeView::load(api.jobs, row));
    const std::vector<LeftFile> files = files_of(view, wanted);
    const LeftFile* found = find_file(files, name);
    if (found == nullptr) {
        return fail(Problem::not_found, "the job has no such artifact");
    }
    ATTACCA_TRY(const std::optional<core::JobId> seal, api.jobs.seal_of(row));
    StoredFile file = stored_of(*found->artifact);
    file.is_sealed = seal.has_value();
    return file;
}

}  // namespace

void list_artifacts(Api& api, Call call) {
    call.reply.send(call.reply.response_of(200, artifact_page(api, call)));
}

void get_artifact(Api& api, Call call) {
    Result<StoredFile> file = artifact_of(api, call);
    if (!file) {
        call.reply.refuse(file.error());
        return;
    }
    send_stored(api, call, std::move(*file));
}

}  // namespace attacca::http
