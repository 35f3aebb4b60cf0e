// SPDX-License-Identifier: Apache-2.0
#include "adapters/memory/memory_query.h"

#include <algorithm>
#include <string>
#include <string_view>

#include "base/json.h"

namespace attacca::memory {

namespace {

// ASCII letters only, as the port says: other scripts have no single answer.
std::string lower_case(std::string_view text) {
    std::string out(text);
    for (char& letter : out) {
        if (letter >= 'A' && letter <= 'Z') {
            letter = static_cast<char>(letter - 'A' + 'a');
        }
    }
    return out;
}

bool has_tag(std::string_view tags, std::string_view tag) {
    const Result<Json> parsed = parse_json(tags);
    if (!parsed || !parsed->is_array()) {
        return false;
    }
    return std::ranges::any_of(parsed->as_array(), [tag](const Json& item) {
        return item.is_string() && item.as_string() == tag;
    });
}

}  // namespace

bool matches(const ports::JobRow& row, const ports::JobFilter& filter) {
    if (row.tenant != filter.tenant) {
        return false;
    }
    if (!filter.states.empty() && std::ranges::find(filter.states, row.state) ==
                                      filter.states.end()) {
        return false;
    }
    if (filter.kinds != 0 && (row.kinds & filter.kinds) == 0) {
        return false;
    }
    if ((filter.awaits_approval && !row.awaits_approval) ||
        (filter.parent && row.parent != filter.parent)) {
        return false;
    }
    if (filter.created_after && row.created_at < *filter.created_after) {
        return false;
    }
    if (filter.created_before && row.created_at >= *filter.created_before) {
        return false;
    }
    if (!filter.text.empty() &&
        lower_case(row.name).find(lower_case(filter.text)) == std::string::npos) {
        return false;
    }
    return filter.tag.empty() || has_tag(row.tags, filter.tag);
}

ports::JobPage list_jobs(const JobRows& rows, const ports::JobFilter& filter) {
    ports::JobPage page;
    std::uint64_t skipped = 0;
    for (auto at = rows.rbegin(); at != rows.rend(); ++at) {
        if (!matches(at->second, filter)) {
            continue;
        }
        ++page.total;
        if (filter.after && at->first >= *filter.after) {
            continue;
        }
        if (skipped < filter.offset) {
            ++skipped;
        } else if (page.rows.size() < filter.limit) {
            page.rows.push_back(at->second);
        } else {
            page.has_more = true;
        }
    }
    return page;
}

}  // namespace attacca::memory
