// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

// The outside of a stored record as views into its bytes, for answers that pass its texts on
// without understanding them: streams and listings of events. Whoever needs the meaning decodes
// the record (core/ledger/codec.h).

namespace attacca::http {

struct RecordView {
    std::uint64_t gseq = 0;
    std::string_view type;    // `job_created`
    std::string_view entity;  // `job/<id>`, or a name
    std::string_view job;     // the id, empty when the entity is no job
    std::string_view tenant;
    std::string_view time;     // RFC 3339 with six decimals
    std::string_view actor;    // JSON literal
    std::string_view payload;  // JSON object
    std::uint64_t kind = 0;    // one bit of event_kinds_of()
};

// The views live as long as `bytes`. Errors: corrupt.
[[nodiscard]] Result<RecordView> view_record(std::string_view bytes);

// The type of the CloudEvent: `attacca.job.completed`.
[[nodiscard]] std::string_view event_type_of(const RecordView& record);

// The kinds that a name stands for, of a record type (`job_ended`: three kinds) or of an event type
// (`attacca.job.failed`: one). 0 when there is no such name.
[[nodiscard]] std::uint64_t event_kinds_of(std::string_view name);

// `2026-03-01T12:00:00.123Z`, from a record's time.
void append_time_ms(std::string& out, std::string_view time);

// The record as a CloudEvent 1.0 in JSON.
void append_cloud_event(std::string& out, const RecordView& record);
// {id, type, time, actor, job, data}: the API's form.
void append_event(std::string& out, const RecordView& record);
// The form of the source system N, by its names for the same things.
void append_plain_event(std::string& out, const RecordView& record);

}  // namespace attacca::http
