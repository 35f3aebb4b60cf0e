// SPDX-License-Identifier: Apache-2.0
#include "core/bundle/tar.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "base/check.h"

namespace attacca::core {
namespace {

// Where the fields of a ustar header stand.
constexpr std::size_t mode_at = 100;
constexpr std::size_t owner_at = 108;
constexpr std::size_t group_at = 116;
constexpr std::size_t size_at = 124;
constexpr std::size_t time_at = 136;
constexpr std::size_t sum_at = 148;
constexpr std::size_t type_at = 156;
constexpr std::size_t magic_at = 257;
constexpr std::size_t sum_bytes = 8;
constexpr std::size_t id_digits = 7;
constexpr std::size_t long_digits = 11;

std::string octal(std::uint64_t value, std::size_t digits) {
    std::string text(digits, '0');
    for (std::size_t i = digits; i-- > 0; value /= 8) {
        text[i] = static_cast<char>('0' + value % 8);
    }
    return text;
}

std::optional<std::uint64_t> from_octal(std::string_view text) {
    std::uint64_t value = 0;
    for (const char digit : text) {
        if (digit < '0' || digit > '7') {
            return std::nullopt;
        }
        value = value * 8 + static_cast<std::uint64_t>(digit - '0');
    }
    return value;
}

void put(std::string& header, std::size_t at, std::string_view text) {
    header.replace(at, text.size(), text);
}

bool is_name_character(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           c == '.' || c == '_' || c == '-';
}

Error broken(std::uint64_t offset, std::string_view what) {
    return fail(Problem::corrupt,
                "byte " + std::to_string(offset) + " of the archive: " + std::string(what));
}

}  // namespace

bool is_tar_name(std::string_view name) {
    if (name.empty() || name.size() > tar_name_bytes_max || name.back() == '/') {
        return false;
    }
    bool is_start = true;
    for (const char c : name) {
        if (is_start && (c == '/' || c == '.')) {
            return false;
        }
        if (c != '/' && !is_name_character(c)) {
            return false;
        }
        is_start = c == '/';
    }
    return true;
}

bool is_kept(std::string_view name) {
    return !name.starts_with("artifacts/");
}

std::string tar_header(std::string_view name, std::uint64_t bytes) {
    ATTACCA_CHECK(is_tar_name(name) && bytes <= tar_file_bytes_max);
    std::string header(tar_block, '\0');
    put(header, 0, name);
    put(header, mode_at, octal(name.ends_with(".sh") ? 0755 : 0644, id_digits));
    put(header, owner_at, octal(0, id_digits));
    put(header, group_at, octal(0, id_digits));
    put(header, size_at, octal(bytes, long_digits));
    put(header, time_at, octal(0, long_digits));
    put(header, sum_at, std::string(sum_bytes, ' '));
    header[type_at] = '0';
    put(header, magic_at, std::string_view("ustar\0" "00", 8));
    std::uint64_t sum = 0;
    for (const char c : header) {
        sum += static_cast<unsigned char>(c);
    }
    put(header, sum_at, octal(sum, sum_bytes - 2) + std::string("\0 ", 2));
    return header;
}

std::string tar_padding(std::uint64_t bytes) {
    return std::string((tar_block - bytes % tar_block) % tar_block, '\0');
}

std::string tar_end() {
    return std::string(tar_end_blocks * tar_block, '\0');
}

Result<void> TarReader::add(std::string_view bytes) {
    while (!bytes.empty()) {
        std::size_t taken = 0;
        if (is_in_file_ && file_left_ > 0) {
            taken = static_cast<std::size_t>(std::min<std::uint64_t>(file_left_, bytes.size()));
            digest_.update(bytes.substr(0, taken));
            if (is_kept(name_)) {
                file_.bytes += bytes.substr(0, taken);
            }
            file_left_ -= taken;
        } else if (is_in_file_) {
            taken = std::min(padding_left_, bytes.size());
            const std::string_view part = bytes.substr(0, taken);
            if (part.find_first_not_of('\0') != std::string_view::npos) {
                return broken(offset_, "the space behind a file is not empty");
            }
            padding_left_ -= taken;
        } else {
            taken = std::min(tar_block - block_.size(), bytes.size());
            block_ += bytes.substr(0, taken);
        }
        offset_ += taken;
        bytes.remove_prefix(taken);
        if (block_.size() == tar_block) {
            if (Result<void> done = take_header(); !done) {
                return done;
            }
            block_.clear();
        }
        if (is_in_file_ && file_left_ == 0 && padding_left_ == 0) {
            end_file();
        }
    }
    return {};
}

Result<void> TarReader::take_header() {
    if (block_.front() == '\0') {
        return take_end();
    }
    if (end_blocks_ > 0) {
        return broken(offset_ - tar_block, "there is something behind the end");
    }
    const std::string_view header = block_;
    const std::string_view field = header.substr(0, tar_name_bytes_max);
    const std::string_view name = field.substr(0, field.find('\0'));
    const std::optional<std::uint64_t> bytes = from_octal(header.substr(size_at, long_digits));
    if (!is_tar_name(name) || !bytes || header != tar_header(name, *bytes)) {
        return broken(offset_ - tar_block, "this is no header of a bundle's file");
    }
    if (!files_.empty() && files_.rbegin()->first >= name) {
        return broken(offset_ - tar_block, "the names of the files do not ascend");
    }
    if (is_kept(name) && *bytes > kept_bytes_max) {
        return broken(offset_ - tar_block, "the file is larger than such files may be");
    }
    begin_file(name, *bytes);
    return {};
}

Result<void> TarReader::take_end() {
    if (block_.find_first_not_of('\0') != std::string::npos) {
        return broken(offset_ - tar_block, "this is no header of a bundle's file");
    }
    if (++end_blocks_ > tar_end_blocks) {
        return broken(offset_ - tar_block, "there is something behind the end");
    }
    return {};
}

void TarReader::begin_file(std::string_view name, std::uint64_t bytes) {
    name_ = name;
    file_ = {};
    file_.size = bytes;
    file_left_ = bytes;
    padding_left_ = tar_padding(bytes).size();
    is_in_file_ = true;
}

void TarReader::end_file() {
    file_.digest = digest_.finish();
    files_.emplace_hint(files_.end(), std::move(name_), std::move(file_));
    is_in_file_ = false;
}

Result<BundleFiles> TarReader::finish() {
    if (is_cut_off()) {
        return broken(offset_, "the archive is cut off");
    }
    if (!block_.empty()) {
        return broken(offset_ - block_.size(), "there is something behind the end");
    }
    return std::move(files_);
}

}  // namespace attacca::core
