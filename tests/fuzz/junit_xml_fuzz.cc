// SPDX-License-Identifier: Apache-2.0
#include "adapters/tools/junit_xml.h"

#include "adapters/tools/junit_tool.h"
#include "base/bytes.h"
#include "fuzz.h"

// A report that what was tested has written. Every text of a case is bounded UTF-8, a report that
// breaks off is refused, and only a complete one without failures is a success.

namespace attacca::tools {
namespace {

void check_case(const TestCase& one) {
    for (const std::string* name : {&one.suite, &one.name, &one.class_name}) {
        ATTACCA_CHECK(name->size() <= junit_name_bytes_max && is_utf8(*name));
    }
    ATTACCA_CHECK(one.message.size() <= junit_text_bytes_max && is_utf8(one.message));
    ATTACCA_CHECK(one.text.size() <= junit_text_bytes_max && is_utf8(one.text));
    ATTACCA_CHECK(one.duration_ms >= 0);
}

void test(std::string_view input) {
    const auto cases = read_junit_xml(input);
    core::AttemptSpec spec;
    spec.junit = "r.xml";
    const ports::ToolVerdict verdict =
        JunitTool().judge(spec, {false, std::int64_t{0}, std::string(input)});
    const bool is_success = verdict.outcome == core::Outcome::succeeded;
    ATTACCA_CHECK(is_success == verdict.detail.empty());
    ATTACCA_CHECK(!is_success || (cases && !cases->empty()));
    ATTACCA_CHECK(is_utf8(verdict.detail));
    const auto outputs = parse_json(verdict.outputs.text());
    ATTACCA_CHECK(outputs.has_value() && *outputs == verdict.outputs);
    if (!cases) {
        ATTACCA_CHECK(cases.error().problem == Problem::invalid_value);
        return;
    }
    for (const TestCase& one : *cases) {
        check_case(one);
    }
}

}  // namespace
}  // namespace attacca::tools

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    attacca::tools::test(attacca::fuzz::text_of(data, size));
    return 0;
}
