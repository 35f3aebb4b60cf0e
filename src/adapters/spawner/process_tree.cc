// SPDX-License-Identifier: Apache-2.0
#include "adapters/spawner/process_tree.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <string>
#include <string_view>

#include <dirent.h>
#include <fcntl.h>
#include <unistd.h>

#include "adapters/spawner/fd.h"
#include "base/bytes.h"

namespace attacca::spawner {
namespace {

// A process that makes its environment larger than this is killed as one without an owner.
constexpr std::size_t proc_file_bytes_max = std::size_t{4} << 20U;

std::optional<std::string> read_proc(const std::string& path) {
    const Fd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    if (!fd.is_open()) {
        return std::nullopt;
    }
    std::string text;
    std::array<char, 16384> block;
    ssize_t count = 0;
    while (text.size() < proc_file_bytes_max &&
           (count = ::read(fd.get(), block.data(), block.size())) > 0) {
        text.append(block.data(), static_cast<std::size_t>(count));
    }
    return text;
}

std::optional<pid_t> pid_of(std::string_view text) {
    pid_t pid = 0;
    const auto parsed = std::from_chars(text.data(), text.data() + text.size(), pid);
    if (parsed.ec != std::errc{} || parsed.ptr != text.data() + text.size()) {
        return std::nullopt;
    }
    return pid;
}

// The fourth field of `stat`. The second one, the name, may hold any character, even ")".
std::optional<pid_t> parent_of(pid_t pid) {
    const std::optional<std::string> stat = read_proc("/proc/" + std::to_string(pid) + "/stat");
    const std::size_t name_end = stat ? stat->rfind(") ") : std::string::npos;
    if (name_end == std::string::npos || name_end + 4 >= stat->size()) {
        return std::nullopt;
    }
    const std::string_view rest = std::string_view(*stat).substr(name_end + 4);
    return pid_of(rest.substr(0, rest.find(' ')));
}

// For kernels without the list of children.
std::vector<pid_t> search_children() {
    std::vector<pid_t> children;
    DIR* const directory = ::opendir("/proc");
    if (directory == nullptr) {
        return children;
    }
    while (const dirent* entry = ::readdir(directory)) {
        const std::optional<pid_t> pid = pid_of(entry->d_name);
        if (pid && parent_of(*pid) == ::getpid()) {
            children.push_back(*pid);
        }
    }
    ::closedir(directory);
    return children;
}

}  // namespace

std::vector<pid_t> children_of_self() {
    const std::optional<std::string> list = read_proc("/proc/thread-self/children");
    if (!list) {
        return search_children();
    }
    std::vector<pid_t> children;
    std::string_view rest = *list;
    while (!rest.empty()) {
        const std::size_t space = std::min(rest.find(' '), rest.size());
        if (const std::optional<pid_t> pid = pid_of(rest.substr(0, space))) {
            children.push_back(*pid);
        }
        rest.remove_prefix(std::min(rest.size(), space + 1));
    }
    return children;
}

EnvironmentMark environment_mark(pid_t pid) {
    constexpr std::string_view name = "ATTACCA_FENCE=";
    const std::optional<std::string> text = read_proc("/proc/" + std::to_string(pid) + "/environ");
    std::string_view rest = text ? std::string_view(*text) : std::string_view();
    EnvironmentMark mark{!rest.empty(), std::nullopt};
    while (!rest.empty() && !mark.fence) {
        const std::string_view entry = rest.substr(0, rest.find('\0'));
        if (entry.starts_with(name)) {
            mark.fence = parse_u64(entry.substr(name.size()));
        }
        rest.remove_prefix(std::min(rest.size(), entry.size() + 1));
    }
    return mark;
}

}  // namespace attacca::spawner
