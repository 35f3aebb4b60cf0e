// SPDX-License-Identifier: Apache-2.0
#include "core/graph/artifact_name.h"

#include <algorithm>
#include <string>

#include "base/bytes.h"

namespace attacca::core {
namespace {

Error unfit(std::string_view name, std::string_view why) {
    return fail(Problem::artifact_name, "`" + quoted(name) + "` " + std::string(why));
}

bool is_control(char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte < 0x20 || byte == 0x7f;
}

char lower(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
}

// A dot, a slash or a backslash that somebody might decode once more.
bool has_escape(std::string_view name) {
    for (std::size_t at = name.find('%'); at != std::string_view::npos;
         at = name.find('%', at + 1)) {
        if (at + 2 >= name.size()) {
            return false;
        }
        const std::string code{lower(name[at + 1]), lower(name[at + 2])};
        if (code == "2e" || code == "2f" || code == "5c" || code == "00" || code == "25") {
            return true;
        }
    }
    return false;
}

}  // namespace

Result<void> check_artifact_name(std::string_view name) {
    if (name.empty() || name.size() > artifact_name_bytes_max) {
        return unfit(name, "has not 1 to " + std::to_string(artifact_name_bytes_max) + " bytes");
    }
    if (!is_utf8(name) || std::any_of(name.begin(), name.end(), is_control)) {
        return unfit(name, "holds bytes that are no text");
    }
    if (name.find('\\') != std::string_view::npos || has_escape(name)) {
        return unfit(name, "holds a backslash or an encoded part of a path");
    }
    for (std::size_t at = 0; at <= name.size();) {
        const std::size_t end = std::min(name.find('/', at), name.size());
        const std::string_view part = name.substr(at, end - at);
        if (part.empty() || part == "." || part == "..") {
            return unfit(name, "is no relative path without `.` and `..`");
        }
        at = end + 1;
    }
    return {};
}

}  // namespace attacca::core
