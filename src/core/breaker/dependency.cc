// SPDX-License-Identifier: Apache-2.0
#include "core/breaker/dependency.h"

#include <algorithm>
#include <utility>

#include "core/graph/node_extras.h"
#include "core/job/names.h"

namespace attacca::core {
namespace {

bool is_name_byte(char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '-' ||
           c == ':';
}

char folded(char c) {
    const char lower = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    return is_name_byte(lower) ? lower : '_';
}

// Names that differ only in what is folded here share a breaker, which does no harm.
std::optional<std::string> named(std::string_view kind, std::string_view name) {
    if (name.empty()) {
        return std::nullopt;
    }
    std::string out(kind);
    out += ':';
    for (const char c : name.substr(0, dependency_bytes_max - out.size())) {
        out += folded(c);
    }
    return out;
}

std::optional<std::string> rendered(const Template& text, const Names& names) {
    if (text.is_literal()) {
        return text.text();
    }
    Result<std::string> value = text.render(names);
    return value ? std::optional(std::move(*value)) : std::nullopt;
}

// The authority of an address without its user part.
std::string_view host_of(std::string_view url) {
    const std::size_t scheme = url.find("://");
    if (scheme == std::string_view::npos) {
        return {};
    }
    std::string_view rest = url.substr(scheme + 3);
    rest = rest.substr(0, rest.find_first_of("/?#\\"));
    const std::size_t user = rest.rfind('@');
    return user == std::string_view::npos ? rest : rest.substr(user + 1);
}

std::optional<std::string> scanned(const NodeDef& node, const Names& names) {
    if (node.scan.targets.size() == 1) {
        const Result<Json> value = node.scan.targets.front().value(names);
        if (!value) {
            return std::nullopt;
        }
        if (value->is_string()) {
            return named("scan", value->as_string());
        }
        if (value->is_array() && value->as_array().size() == 1 &&
            value->as_array().front().is_string()) {
            return named("scan", value->as_array().front().as_string());
        }
    }
    return named("scan", node.scan.tool);
}

std::optional<std::string> called(const Template& url, const Names& names) {
    const std::optional<std::string> text = rendered(url, names);
    return text ? named("http", host_of(*text)) : std::nullopt;
}

std::optional<std::string> program(const NodeDef& node, const Names& names) {
    const std::optional<std::string> text = rendered(node.run.argv.front(), names);
    return text ? named("run", std::string_view(*text).substr(text->rfind('/') + 1))
                : std::nullopt;
}

}  // namespace

std::optional<std::string> dependency_of(const Job& job, InstanceIndex instance) {
    const NodeDef& node = job.node_of(job.instances[instance]);
    if (!may_depend(node) || job.is_map(job.instances[instance])) {
        return std::nullopt;
    }
    if (node.kind == NodeKind::task) {
        return named("lane", node.task->lane);
    }
    const JobNames names(job, instance);
    switch (node.kind) {
        case NodeKind::scan: return scanned(node, names);
        case NodeKind::http: return called(node.extras->http.url, names);
        case NodeKind::notify: return called(node.extras->notify.url, names);
        case NodeKind::run:
        case NodeKind::test: return program(node, names);
        case NodeKind::noop:
        case NodeKind::wait:
        case NodeKind::task:
        case NodeKind::approve:
        case NodeKind::group:
        case NodeKind::condition:
        case NodeKind::checkpoint:
        case NodeKind::job: return std::nullopt;
    }
    ATTACCA_CHECK(false);
}

bool is_dependency_name(std::string_view name) {
    const std::size_t colon = name.find(':');
    const std::string_view kind = name.substr(0, colon);
    const bool has_kind = colon != std::string_view::npos && colon > 0 &&
                          std::all_of(kind.begin(), kind.end(),
                                      [](char c) { return c >= 'a' && c <= 'z'; });
    return has_kind && colon + 1 < name.size() && name.size() <= dependency_bytes_max &&
           std::all_of(name.begin(), name.end(), is_name_byte);
}

// A program that takes long has much to do; what answers over a wire, or ought to, is in trouble.
bool counts_against(const NodeDef& node, FailureClass failure) {
    const bool is_program = node.kind == NodeKind::run || node.kind == NodeKind::test;
    const bool is_asked_for = node.retry.strategy == RetryStrategy::circuit_breaker;
    switch (failure) {
        case FailureClass::unavailable:
        case FailureClass::temporary: return true;
        case FailureClass::timeout: return !is_program || is_asked_for;
        case FailureClass::lost: return node.kind == NodeKind::task;
        case FailureClass::failed: return is_asked_for;
        case FailureClass::none:
        case FailureClass::permanent: return false;
    }
    ATTACCA_CHECK(false);
}

}  // namespace attacca::core
