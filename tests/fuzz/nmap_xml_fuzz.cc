// SPDX-License-Identifier: Apache-2.0
#include "adapters/tools/nmap_xml.h"

#include "adapters/tools/nmap_tool.h"
#include "base/bytes.h"
#include "fuzz.h"

// What nmap wrote about hosts that may be hostile, whole or broken off. A beginning of it tells no
// more than the whole, and only a finished result counts as a success.

namespace attacca::tools {
namespace {

std::size_t services_of(const NmapResult& result) {
    std::size_t count = 0;
    for (const NmapHost& host : result.hosts) {
        count += host.open.size();
    }
    return count;
}

void check_result(const NmapResult& result) {
    for (const NmapHost& host : result.hosts) {
        ATTACCA_CHECK(!host.address.empty());
        ATTACCA_CHECK(host.address.size() <= xml_text_bytes_max && is_utf8(host.address));
        for (const NmapService& service : host.open) {
            ATTACCA_CHECK(service.port <= 65535);
            ATTACCA_CHECK(is_utf8(service.product) && is_utf8(service.version));
        }
    }
}

void check_verdict(std::string_view input, const Result<NmapResult>& result) {
    core::AttemptSpec spec;
    spec.targets = {"127.0.0.1"};
    const ports::ToolVerdict verdict =
        NmapTool().judge(spec, {false, std::int64_t{0}, std::string(input)});
    const bool is_success = verdict.outcome == core::Outcome::succeeded;
    ATTACCA_CHECK(is_success == verdict.detail.empty());
    ATTACCA_CHECK(!is_success || (result && result->is_finished && result->hosts_total >= 1));
    ATTACCA_CHECK(is_utf8(verdict.detail));
    const auto outputs = parse_json(verdict.outputs.text());
    ATTACCA_CHECK(outputs.has_value() && *outputs == verdict.outputs);
}

void test(std::string_view input) {
    const auto result = read_nmap_xml(input);
    check_verdict(input, result);
    if (!result) {
        ATTACCA_CHECK(result.error().problem == Problem::invalid_value);
        return;
    }
    check_result(*result);
    const std::size_t size = input.empty() ? 0 : static_cast<unsigned char>(input.back());
    const auto beginning = read_nmap_xml(input.substr(0, size));
    ATTACCA_CHECK(beginning.has_value());
    ATTACCA_CHECK(beginning->hosts.size() <= result->hosts.size());
    ATTACCA_CHECK(services_of(*beginning) <= services_of(*result));
}

}  // namespace
}  // namespace attacca::tools

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    attacca::tools::test(attacca::fuzz::text_of(data, size));
    return 0;
}
