// SPDX-License-Identifier: Apache-2.0
#include "engine/entity_check.h"

#include <algorithm>
#include <array>
#include <set>
#include <utility>

#include "base/digest.h"
#include "core/ledger/codec.h"
#include "core/ledger/named_content.h"
#include "engine/assurance.h"
#include "engine/entity_records.h"
#include "engine/evidence.h"
#include "engine/history.h"
#include "engine/ledger_keys.h"

namespace attacca::engine {
namespace {

constexpr std::uint64_t digest_piece_bytes = 1024 * 1024;

class Check {
  public:
    Check(ports::StoreReader& reader, const ports::Content& content,
          std::shared_ptr<const SignedTree> signed_tree)
        : reader_(reader), content_(content), evidence_(reader, std::move(signed_tree)) {}

    Result<EntityCheck> run(std::string_view entity, std::uint64_t last_gseq) {
        out_.summary.entity = entity;
        if (!open_checkpoint()) {
            return std::move(out_);
        }
        ATTACCA_TRY(const std::vector<std::uint64_t> positions,
                    entity_positions(reader_, last_gseq, ports::no_gseq));
        core::EntityVerifier verifier(
            out_.checkpoint, std::string(entity),
            [this](core::Fault fault, std::optional<std::uint64_t> gseq, std::string detail) {
                fail_with(fault, gseq, std::move(detail));
            });
        std::uint64_t newest = 0;
        for (const std::uint64_t gseq : positions) {
            if (gseq >= evidence_.size()) {
                ++out_.unsigned_records;
                continue;
            }
            newest = gseq;
            if (Result<void> done = check_record(verifier, gseq); !done) {
                return done.error();
            }
        }
        out_.summary = verifier.finish();
        ATTACCA_TRY(out_.assurance, assurance_of(reader_, evidence_.signed_tree(), newest));
        return std::move(out_);
    }

  private:
    void fail_with(core::Fault fault, std::optional<std::uint64_t> gseq, std::string detail) {
        out_.verdict = core::worse_of(out_.verdict, core::verdict_of(fault, false));
        if (out_.failures.size() < failures_kept) {
            out_.failures.push_back({fault, gseq, std::move(detail)});
        } else {
            ++out_.failures_omitted;
        }
    }

    // The note again, as a stranger reads it. False when nothing can be checked against it.
    bool open_checkpoint() {
        const SignedTree& signed_tree = evidence_.signed_tree();
        const Result<core::CheckpointNote> note = core::parse_checkpoint(signed_tree.note);
        if (!note) {
            fail_with(core::Fault::format, std::nullopt, note.error().detail);
            return false;
        }
        out_.checkpoint = note->checkpoint;
        for (const core::NoteSignature& signature : note->signatures) {
            out_.signatures.push_back(signature.name);
        }
        const Result<core::NoteTrust> trust = trust_of(*note, signed_tree.key, reader_);
        if (!trust || *trust != core::NoteTrust::good) {
            fail_with(core::Fault::sig, std::nullopt, "the ledger's key did not sign this");
            return false;
        }
        return true;
    }

    Result<void> check_record(core::EntityVerifier& verifier, std::uint64_t gseq) {
        Result<std::string> bytes = record_bytes(reader_, gseq);
        if (!bytes && bytes.error().problem == Problem::io_error) {
            return bytes.error();
        }
        if (!bytes) {
            verifier.add_missing(gseq);
            return {};
        }
        Result<std::vector<Sha256>> path = evidence_.path(gseq);
        if (!path && path.error().problem == Problem::io_error) {
            return path.error();
        }
        if (!path) {
            fail_with(core::Fault::missing, gseq, path.error().detail);
            verifier.add(gseq, *bytes, std::nullopt);
        } else {
            verifier.add(gseq, *bytes, *path);
        }
        const Result<core::StoredRecord> stored = core::decode_record(*bytes);
        if (!stored) {
            ++out_.not_understood;
            return {};
        }
        return check_content(*stored);
    }

    Result<void> check_content(const core::StoredRecord& stored) {
        for (const core::NamedContent& named : core::named_content(stored.record.payload)) {
            if (!checked_.insert({named.digest, named.bytes.value_or(0)}).second) {
                continue;
            }
            const std::string what = "`" + quoted(named.name) + "`, " + hex(named.digest);
            ATTACCA_TRY(const std::optional<Sha256> found,
                        named.is_body() ? digest_of_body(named.digest) : digest_of_file(named));
            if (!found) {
                fail_with(core::Fault::missing, stored.place.gseq, what + " is missing");
            } else if (*found != named.digest) {
                fail_with(core::Fault::artifact, stored.place.gseq, what + " was changed");
            }
        }
        return {};
    }

    Result<std::optional<Sha256>> digest_of_body(const Sha256& digest) {
        ATTACCA_TRY(const std::optional<std::string> body, reader_.body(digest));
        return body ? std::optional<Sha256>(sha256(*body)) : std::nullopt;
    }

    Result<std::optional<Sha256>> digest_of_file(const core::NamedContent& file) {
        const Result<std::uint64_t> size = content_.size(file.digest);
        if (!size || *size != file.bytes) {
            const bool is_missing = !size && size.error().problem == Problem::not_found;
            return is_missing ? std::optional<Sha256>() : std::optional<Sha256>(Sha256{});
        }
        Sha256Stream stream;
        for (std::uint64_t at = 0; at < *size;) {
            ATTACCA_TRY(const std::string piece,
                        content_.read(file.digest, at, std::min(*size - at, digest_piece_bytes)));
            if (piece.empty()) {
                return std::optional<Sha256>(Sha256{});
            }
            stream.update(piece);
            at += piece.size();
        }
        return std::optional<Sha256>(stream.finish());
    }

    ports::StoreReader& reader_;
    const ports::Content& content_;
    Evidence evidence_;
    EntityCheck out_;
    std::set<std::pair<Sha256, std::uint64_t>> checked_;
};

// What a reader asks, and the faults that answer it with no.
struct Question {
    std::string_view name;
    std::vector<core::Fault> faults;
};

const std::vector<Question>& questions() {
    using core::Fault;
    static const std::vector<Question> all = {
        {"signature", {Fault::sig, Fault::untrusted, Fault::origin, Fault::quorum}},
        {"inclusion", {Fault::leaf, Fault::root, Fault::proof}},
        {"format", {Fault::format}},
        {"place", {Fault::seq, Fault::dup}},
        {"time", {Fault::time}},
        {"chain", {Fault::chain, Fault::tenant, Fault::final}},
        {"completeness", {Fault::gap, Fault::missing}},
        {"content", {Fault::artifact}},
    };
    return all;
}

Json checks_of(const EntityCheck& check) {
    Json list = Json::array();
    for (const Question& question : questions()) {
        const bool is_ok = std::none_of(
            check.failures.begin(), check.failures.end(), [&](const core::Failure& failure) {
                return std::find(question.faults.begin(), question.faults.end(), failure.fault) !=
                       question.faults.end();
            });
        Json entry = Json::object();
        entry.set("name", question.name);
        entry.set("ok", is_ok);
        list.push(std::move(entry));
    }
    return list;
}

Json failures_of(const EntityCheck& check) {
    Json list = Json::array();
    for (const core::Failure& failure : check.failures) {
        Json entry = Json::object();
        entry.set("code", core::code_of(failure.fault));
        if (failure.gseq) {
            entry.set("gseq", static_cast<std::int64_t>(*failure.gseq));
        }
        entry.set("detail", failure.detail);
        list.push(std::move(entry));
    }
    return list;
}

}  // namespace

Result<EntityCheck> check_entity(ports::StoreReader& reader,
                                 const ports::Content& content,
                                 std::shared_ptr<const SignedTree> signed_tree,
                                 std::string_view entity,
                                 std::uint64_t last_gseq) {
    return Check(reader, content, std::move(signed_tree)).run(entity, last_gseq);
}

Json json_of(const EntityCheck& check) {
    const auto number = [](std::uint64_t value) { return static_cast<std::int64_t>(value); };
    const bool is_ok = check.verdict == core::Verdict::good;
    Json out = Json::object();
    out.set("ok", is_ok);
    out.set("verdict", core::name_of(check.verdict));
    out.set("entity", check.summary.entity);
    out.set("records", number(check.summary.records));
    out.set("first_eseq", number(check.summary.first_eseq));
    out.set("last_eseq", number(check.summary.last_eseq));
    out.set("final", check.summary.is_final);
    Json checkpoint = Json::object();
    checkpoint.set("origin", check.checkpoint.origin);
    checkpoint.set("size", number(check.checkpoint.size));
    checkpoint.set("root", base64(check.checkpoint.root.view()));
    out.set("checkpoint", std::move(checkpoint));
    Json signatures = Json::array();
    for (const std::string& name : check.signatures) {
        signatures.push(name);
    }
    out.set("signatures", std::move(signatures));
    out.set("assurance", is_ok ? check.assurance : "none");
    out.set("unsigned_records", number(check.unsigned_records));
    out.set("records_not_understood", number(check.not_understood));
    out.set("checks", checks_of(check));
    out.set("failures", failures_of(check));
    out.set("failures_omitted", number(check.failures_omitted));
    return out;
}

}  // namespace attacca::engine
