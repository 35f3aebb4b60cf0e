// SPDX-License-Identifier: Apache-2.0
#include "core/graph/priority.h"

#include "base/error.h"

namespace attacca::core {

Result<Priority> parse_priority(const Json& value) {
    if (value.is_string()) {
        const auto priority = priority_of(value.as_string());
        if (!priority) {
            return fail(Problem::out_of_range,
                        "`" + quoted(value.as_string()) + "` is none of high, medium, low");
        }
        return *priority;
    }
    if (value.is_decimal()) {
        return fail(Problem::json_number, "expected an integer, found " + value.text());
    }
    if (!value.is_integer()) {
        return fail(Problem::wrong_type, "a priority is high, medium, low or an integer");
    }
    const std::int64_t number = value.as_integer();
    if (number < 1 || number > 10) {
        return fail(Problem::out_of_range, "a priority is from 1, the highest, to 10");
    }
    if (number <= 3) {
        return Priority::high;
    }
    return number <= 7 ? Priority::medium : Priority::low;
}

}  // namespace attacca::core
