// SPDX-License-Identifier: Apache-2.0
#include "http/submission.h"

#include <algorithm>

#include "base/bytes.h"
#include "fuzz.h"
#include "http/oversize.h"

// Bodies of submissions. Equal texts give equal jobs; a refusal names places in the body; and the
// early count of nodes agrees with the parsed document.

namespace attacca::http {
namespace {

constexpr std::size_t nodes_counted = 2;

// The recursion is as deep as the document, which is at most json_depth_max. Nodes within nodes are
// not looked for.
bool naive_more_nodes(const Json& json) {
    if (json.is_array()) {
        return std::any_of(json.as_array().begin(), json.as_array().end(), naive_more_nodes);
    }
    return json.is_object() &&
           std::any_of(json.as_object().begin(), json.as_object().end(),
                       [](const Json::Member& member) {
                           return member.key == "nodes" && member.value.is_array()
                                      ? member.value.as_array().size() > nodes_counted
                                      : naive_more_nodes(member.value);
                       });
}

void check_error(const Error& error) {
    ATTACCA_CHECK(class_of(error.problem) != ErrorClass::internal);
    ATTACCA_CHECK(is_utf8(error.detail));
    for (const FieldError& field : error.fields) {
        ATTACCA_CHECK(is_utf8(field.pointer) && is_utf8(field.detail));
        ATTACCA_CHECK(field.pointer.empty() || field.pointer.starts_with('/'));
    }
}

void check_job(const core::NewJob& job) {
    ATTACCA_CHECK(job.definition != nullptr);
    const auto loaded = core::load_definition(job.definition->body);
    ATTACCA_CHECK(loaded.has_value() && loaded->digest == job.definition->digest);
    ATTACCA_CHECK(is_utf8(job.name));
}

void test(std::string_view input) {
    const auto job = parse_job(input);
    if (job) {
        check_job(*job);
        const auto again = parse_job(input);
        ATTACCA_CHECK(again.has_value());
        ATTACCA_CHECK(again->name == job->name);
        ATTACCA_CHECK(again->definition->body == job->definition->body);
        const auto batch = parse_jobs("[" + std::string(input) + "]");
        ATTACCA_CHECK(batch ? batch->size() == 1
                            : batch.error().problem == Problem::json_depth);
    } else {
        check_error(job.error());
    }
    const auto jobs = parse_jobs(input);
    if (!jobs) {
        check_error(jobs.error());
    }
    // Escapes can hide a key from the count, which then leaves the limit to the reader behind it.
    const auto json = parse_json(input);
    if (json && input.find('\\') == input.npos) {
        ATTACCA_CHECK(has_more_nodes(input, nodes_counted) == naive_more_nodes(*json));
    }
}

}  // namespace
}  // namespace attacca::http

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    attacca::http::test(attacca::fuzz::text_of(data, size));
    return 0;
}
