// SPDX-License-Identifier: Apache-2.0
#include "adapters/tools/nmap_tool.h"

#include <algorithm>
#include <cstdint>
#include <string>
#include <utility>

#include "adapters/tools/nmap_xml.h"
#include "base/check.h"
#include "base/error.h"
#include "core/scan/nmap_options.h"

namespace attacca::tools {
namespace {

constexpr std::string_view result_file = "nmap.xml";

enum class Coverage { complete, partial, none };

std::string_view name_of(Coverage coverage) {
    switch (coverage) {
        case Coverage::complete:
            return "complete";
        case Coverage::partial:
            return "partial";
        case Coverage::none:
            break;
    }
    return "none";
}

Json host_json(const NmapHost& host) {
    Json names = Json::array();
    for (const std::string& name : host.names) {
        names.push(Json(name));
    }
    Json json = Json::object();
    json.set("address", Json(host.address));
    json.set("state", Json(host.state));
    json.set("hostnames", std::move(names));
    return json;
}

Json service_json(const NmapHost& host, const NmapService& service) {
    Json json = Json::object();
    json.set("address", Json(host.address));
    json.set("port", Json(std::int64_t{service.port}));
    json.set("protocol", Json(service.protocol));
    json.set("name", Json(service.name));
    json.set("tls", Json(service.has_tls));
    json.set("product", Json(service.product));
    json.set("version", Json(service.version));
    return json;
}

Json outputs_of(const NmapResult& result, Coverage coverage) {
    Json hosts = Json::array();
    Json services = Json::array();
    for (const NmapHost& host : result.hosts) {
        hosts.push(host_json(host));
        for (const NmapService& service : host.open) {
            services.push(service_json(host, service));
        }
    }
    const auto open_ports = static_cast<std::int64_t>(services.as_array().size());
    Json outputs = Json::object();
    outputs.set("hosts", std::move(hosts));
    outputs.set("services", std::move(services));
    outputs.set("open_ports", Json(open_ports));
    outputs.set("coverage", Json(name_of(coverage)));
    return outputs;
}

// What keeps the coverage from being complete; empty when nothing does.
std::string gap_in(const NmapResult& result, std::size_t targets) {
    if (!result.is_finished) {
        return result.error_message.empty() ? "nmap did not finish: its result is cut off"
                                            : "nmap failed: " + quoted(result.error_message);
    }
    if (result.hosts_total == 0) {
        return "nmap scanned no host: no target could be resolved";
    }
    if (result.hosts_total < targets) {
        return "nmap scanned " + std::to_string(result.hosts_total) + " hosts for " +
               std::to_string(targets) + " targets: some could not be resolved";
    }
    const auto late = std::find_if(result.hosts.begin(), result.hosts.end(),
                                   [](const NmapHost& host) { return host.is_timed_out; });
    return late == result.hosts.end() ? "" : "nmap gave up on " + quoted(late->address) +
                                                 ": it took too long";
}

}  // namespace

Result<ports::ToolCommand> NmapTool::command(const core::AttemptSpec& spec) const {
    ATTACCA_TRY(std::vector<std::string> argv, core::nmap_argv(spec.options, spec.targets));
    // The XML goes to a file, so that what a person follows live is nmap's own text.
    const auto format = std::find(argv.begin(), argv.end(), "-oX");
    ATTACCA_CHECK(format != argv.end() && std::next(format) != argv.end());
    *std::next(format) = result_file;
    return ports::ToolCommand{std::move(argv), std::string(result_file), "application/xml"};
}

ports::ToolVerdict NmapTool::judge(const core::AttemptSpec& spec,
                                   const ports::ToolRun& run) const {
    NmapResult result;
    std::string gap = "nmap left no result";
    if (run.result) {
        Result<NmapResult> read = read_nmap_xml(*run.result);
        if (read) {
            result = std::move(*read);
            gap = gap_in(result, spec.targets.size());
        } else {
            gap = read.error().detail;
        }
    }
    Coverage coverage = Coverage::complete;
    if (run.was_stopped || !gap.empty()) {
        coverage = result.hosts.empty() ? Coverage::none : Coverage::partial;
    }
    ports::ToolVerdict verdict;
    verdict.outcome = coverage == Coverage::complete ? core::Outcome::succeeded
                                                     : core::Outcome::failed;
    verdict.detail = std::move(gap);
    verdict.outputs = outputs_of(result, coverage);
    return verdict;
}

}  // namespace attacca::tools
