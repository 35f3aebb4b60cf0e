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

}  // namespace

Result<RecordHeader> header_of(const RawRecord& raw) {
    if (raw[Member::at] != "\"attacca-evidence/1\"") {
        return fail(Problem::corrupt, "record: not of the format attacca-evidence/1");
    }
    RecordHeader header;
    const auto set_plain = [&raw](Member member, std::string_view& out) {
        const std::optional<std::string_view> text = plain_text_of(raw[member]);
        out = text.value_or(std::string_view{});
        return text.has_value() && !text->empty();
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
    const std::optional<std::string_view> prev = plain_text_of(raw[Member::prev]);
    if (!prev || !read_base64(*prev, header.prev.bytes.data(), header.prev.bytes.size())) {
        return malformed("prev");
    }
    const std::optional<std::string_view> text = plain_text_of(raw[Member::t]);
    const std::optional<WallTime> at = text ? instant_of(*text) : std::nullopt;
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
    const std::optional<std::string_view> n = plain_text_of(raw[Member::n]);
    if (!n || !read_base64(*n, header.nonce.data(), header.nonce.size())) {
        return malformed("n");
    }
    for (const auto& [member, name] : text_members) {
        if (raw[member].empty() || raw[member].front() != '"') {
            return malformed(name);
        }
    }
    return header;
}

Result<RecordHeader> read_header(std::string_view bytes) {
    const Result<RawRecord> raw = read_raw_record(bytes);
    return raw ? header_of(*raw) : Result<RecordHeader>(raw.error());
}

}  // namespace attacca::core
