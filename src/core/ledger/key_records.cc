// SPDX-License-Identifier: Apache-2.0
#include <span>

#include "core/ledger/named_records.h"
#include "core/ledger/scalar.h"

// `p` of the records about keys.

namespace attacca::core {
namespace {

void write_octets(MemberWriter& members, std::string_view key, std::string_view bytes) {
    std::string& out = members.raw(key);
    out += '"';
    append_base64(out, bytes);
    out += '"';
}

void read_octets(MemberReader& members, std::string_view key, std::span<std::uint8_t> out) {
    std::string text;
    members.text(key, text);
    if (!read_base64(text, out.data(), out.size())) {
        members.refuse(key);
    }
}

}  // namespace

void write_named(std::string& out, const KeyRotated& payload) {
    MemberWriter members(out);
    members.text("\"delegation\":", payload.delegation);
    write_octets(members, "\"key\":", payload.key.view());
    members.digest("\"next\":", payload.next);
    write_octets(members, "\"old_key\":", payload.old_key.view());
    write_octets(members, "\"old_signature\":", payload.old_signature.view());
    write_octets(members, "\"signature\":", payload.signature.view());
    members.end();
}

void write_named(std::string& out, const SignerDegraded& payload) {
    MemberWriter members(out);
    members.text("\"why\":", payload.why);
    members.end();
}

void write_named(std::string& out, const SignerRestored&) { out += "{}"; }

void read_named(MemberReader& members, KeyRotated& out) {
    members.text("\"delegation\":", out.delegation);
    read_octets(members, "\"key\":", out.key.bytes);
    members.digest("\"next\":", out.next);
    read_octets(members, "\"old_key\":", out.old_key.bytes);
    read_octets(members, "\"old_signature\":", out.old_signature.bytes);
    read_octets(members, "\"signature\":", out.signature.bytes);
}

void read_named(MemberReader& members, SignerDegraded& out) { members.text("\"why\":", out.why); }

void read_named(MemberReader&, SignerRestored&) {}

}  // namespace attacca::core
