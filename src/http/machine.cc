// SPDX-License-Identifier: Apache-2.0
#include "http/machine.h"

#include <fstream>
#include <mutex>
#include <sstream>

#include <sys/statvfs.h>
#include <unistd.h>

namespace attacca::http {
namespace {

struct Times {
    std::uint64_t total = 0;
    std::uint64_t idle = 0;
};

Times processor_times() {
    std::ifstream file("/proc/stat");
    std::string label;
    file >> label;
    Times times;
    std::uint64_t value = 0;
    for (int column = 0; column < 8 && file >> value; ++column) {
        times.total += value;
        // Columns 3 and 4 are idle time and waiting for disks.
        times.idle += column == 3 || column == 4 ? value : 0;
    }
    return times;
}

std::uint64_t percent(std::uint64_t part, std::uint64_t whole) {
    return whole == 0 ? 0 : part * 100 / whole;
}

std::uint64_t cpu_percent() {
    static std::mutex mutex;
    static Times last;
    const Times now = processor_times();
    const std::lock_guard lock(mutex);
    const std::uint64_t total = now.total - last.total;
    const std::uint64_t idle = now.idle - last.idle;
    last = now;
    return total >= idle ? percent(total - idle, total) : 0;
}

std::uint64_t memory_percent() {
    std::ifstream file("/proc/meminfo");
    std::string line;
    std::uint64_t total = 0;
    std::uint64_t available = 0;
    while (std::getline(file, line)) {
        std::istringstream words(line);
        std::string name;
        std::uint64_t kib = 0;
        words >> name >> kib;
        if (name == "MemTotal:") {
            total = kib;
        } else if (name == "MemAvailable:") {
            available = kib;
        }
    }
    return total >= available ? percent(total - available, total) : 0;
}

std::uint64_t resident_bytes() {
    std::ifstream file("/proc/self/statm");
    std::uint64_t size = 0;
    std::uint64_t resident = 0;
    file >> size >> resident;
    return resident * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
}

}  // namespace

Machine look_at_machine(const std::string& directory) {
    Machine machine;
    machine.cpu_percent = cpu_percent();
    machine.memory_percent = memory_percent();
    machine.resident_bytes = resident_bytes();
    struct statvfs disk {};
    if (::statvfs(directory.c_str(), &disk) == 0) {
        machine.disk_used_bytes = (disk.f_blocks - disk.f_bfree) * disk.f_frsize;
    }
    return machine;
}

}  // namespace attacca::http
