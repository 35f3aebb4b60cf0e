// SPDX-License-Identifier: Apache-2.0
#include "core/ledger/proof_text.h"

#include <algorithm>
#include <optional>

namespace attacca::core {
namespace {

constexpr std::string_view receipt_line = "c2sp.org/tlog-proof@v1\n";

// A number, hashes, an empty line and the rest: what both texts have in common.
struct Parts {
    std::uint64_t number = 0;
    std::vector<Sha256> path;
    std::string checkpoint;
};

std::string format(std::string_view keyword, const Parts& parts) {
    std::string out(keyword);
    out += std::to_string(parts.number);
    out += '\n';
    for (const Sha256& hash : parts.path) {
        append_base64(out, hash.view());
        out += '\n';
    }
    out += '\n';
    out += parts.checkpoint;
    return out;
}

Error malformed_proof(std::string_view what) {
    return fail(Problem::corrupt, "the proof " + std::string(what));
}

// Takes the next line, without its end.
std::optional<std::string_view> take_line(std::string_view& text) {
    const std::size_t end = text.find('\n');
    if (end == std::string_view::npos) {
        return std::nullopt;
    }
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(end + 1);
    return line;
}

Result<Parts> parse(std::string_view keyword, std::string_view text) {
    Parts parts;
    const std::optional<std::string_view> first = take_line(text);
    const auto number = first && first->starts_with(keyword)
                            ? parse_u64(first->substr(keyword.size()))
                            : std::nullopt;
    if (!number) {
        return malformed_proof("has no line `" + std::string(keyword) + "N`");
    }
    parts.number = *number;
    for (;;) {
        const std::optional<std::string_view> line = take_line(text);
        if (!line) {
            return malformed_proof("ends before its checkpoint");
        }
        if (line->empty()) {
            break;
        }
        const std::optional<std::string> bytes = unbase64(*line);
        Sha256 hash;
        if (!bytes || bytes->size() != hash.bytes.size()) {
            return malformed_proof("has a line that is no hash");
        }
        if (parts.path.size() == proof_hashes_max) {
            return malformed_proof("has more hashes than any tree needs");
        }
        std::copy(bytes->begin(), bytes->end(), hash.bytes.begin());
        parts.path.push_back(hash);
    }
    parts.checkpoint = text;
    return parts;
}

}  // namespace

std::string format_receipt(const ReceiptText& receipt) {
    return std::string(receipt_line) +
           format("index ", {receipt.index, receipt.path, receipt.checkpoint});
}

Result<ReceiptText> parse_receipt(std::string_view text) {
    if (!text.starts_with(receipt_line)) {
        return malformed_proof("is no tlog-proof@v1");
    }
    text.remove_prefix(receipt_line.size());
    constexpr std::string_view extra = "extra ";
    if (text.starts_with(extra)) {
        const std::optional<std::string_view> line = take_line(text);
        if (!line || !unbase64(line->substr(extra.size()))) {
            return malformed_proof("has a malformed line `extra`");
        }
    }
    ATTACCA_TRY(Parts parts, parse("index ", text));
    return ReceiptText{parts.number, std::move(parts.path), std::move(parts.checkpoint)};
}

std::string format_extension(const ExtensionText& extension) {
    return format("old ", {extension.old_size, extension.path, extension.checkpoint});
}

Result<ExtensionText> parse_extension(std::string_view text) {
    ATTACCA_TRY(Parts parts, parse("old ", text));
    return ExtensionText{parts.number, std::move(parts.path), std::move(parts.checkpoint)};
}

}  // namespace attacca::core
