// SPDX-License-Identifier: Apache-2.0
#include <string>
#include <utility>

#include "core/ledger/profile.h"
#include "core/ledger/scalar.h"

namespace attacca::core {
namespace {

constexpr std::array<std::pair<Member, std::string_view>, 4> text_members = {
    {{Member::act, "act"}, {Member::res, "res"}, {Member::src, "src"}, {Member::tgt, "tgt"}}};

Error malformed(std::string_view what) {
    return fail(Problem::corrupt, "record: member `" + std::string(what) + "` is malformed");
}

// Of a value that is a string of the profile; empty for every other.
std::string_view inside_quotes(std::string_view raw) {
    const bool is_text = raw.size() >= 2 && raw.front() == '"';
    return is_text ? std::string_view(raw.data() + 1, raw.size() - 2) : std::string_view{};
}

}  // namespace

Result<void> header_of(const RawRecord& raw, RecordHeader& header) {
    if (raw[Member::at] != "\"attacca-evidence/1\"") {
        return fail(Problem::corrupt, "record: not of the format attacca-evidence/1");
    }
    const auto set_plain = [&raw](Member member, std::string_view& out) {
        out = inside_quotes(raw[member]);
        return !out.empty() && (raw.escaped >> static_cast<unsigned>(member) & 1U) == 0;
    };
    const auto set_number = [&raw](Member member, std::uint64_t& out) {
        const std::optional<std::uint64_t> number = number_of(raw[member]);
        out = number.value_or(0);
        return number.has_value();
    };
    if (!set_plain(Member::ent, header.entity)) {
        return malformed("ent");
    }
    if (!set_plain(Member::org, header.origin)) {
        return malformed("org");
    }
    if (!set_plain(Member::ten, header.tenant)) {
        return malformed("ten");
    }
    if (!set_plain(Member::typ, header.type)) {
        return malformed("typ");
    }
    if (!set_number(Member::eseq, header.eseq)) {
        return malformed("eseq");
    }
    if (!set_number(Member::gseq, header.gseq)) {
        return malformed("gseq");
    }
    // What these three may hold has no escape in it.
    if (!read_base64(inside_quotes(raw[Member::prev]), header.prev.bytes.data(),
                     header.prev.bytes.size())) {
        return malformed("prev");
    }
    const std::optional<WallTime> at = instant_of(inside_quotes(raw[Member::t]));
    if (!at) {
        return malformed("t");
    }
    header.at = *at;
    header.payload = raw[Member::p];
    if (header.payload.empty() || header.payload.front() != '{') {
        return malformed("p");
    }
    header.artifacts = raw[Member::art];
    if (!header.artifacts.empty() && header.artifacts.front() != '[') {
        return malformed("art");
    }
    header.is_final = raw.is_final;
    if (!read_base64(inside_quotes(raw[Member::n]), header.nonce.data(), header.nonce.size())) {
        return malformed("n");
    }
    for (const auto& [member, name] : text_members) {
        if (raw[member].empty() || raw[member].front() != '"') {
            return malformed(name);
        }
    }
    return {};
}

Result<RecordHeader> header_of(const RawRecord& raw) {
    RecordHeader header;
    if (Result<void> done = header_of(raw, header); !done) {
        return done.error();
    }
    return header;
}

Result<RecordHeader> read_header(std::string_view bytes) {
    const Result<RawRecord> raw = read_raw_record(bytes);
    return raw ? header_of(*raw) : Result<RecordHeader>(raw.error());
}

}  // namespace attacca::core
