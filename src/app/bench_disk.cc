// SPDX-License-Identifier: Apache-2.0
#include "app/bench_disk.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>

#include "adapters/system/files.h"
#include "adapters/system/system_clock.h"

namespace attacca::app {

Result<std::int64_t> fdatasyncs_per_second(const std::string& directory) {
    const std::string path = directory + "/bench.tmp";
    const system::Fd file(::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600));
    if (!file.is_open()) {
        return system::error_of(errno, "creating", path);
    }
    ::unlink(path.c_str());
    const system::SystemClock clock;
    const std::string block(4096, 'x');
    const MonoTime begin = clock.now().mono;
    std::int64_t count = 0;
    std::int64_t us = 0;
    while (us < 500'000) {
        Result<void> written = system::write_all(file.get(), block, path);
        if (!written) {
            return written.error();
        }
        if (::fdatasync(file.get()) != 0) {
            return system::error_of(errno, "syncing", path);
        }
        ++count;
        us = (clock.now().mono - begin).us;
    }
    return count * 1'000'000 / us;
}

std::int64_t resident_megabytes() {
    std::int64_t pages = 0;
    std::FILE* file = std::fopen("/proc/self/statm", "re");
    if (file != nullptr) {
        std::int64_t size = 0;
        if (std::fscanf(file, "%ld %ld", &size, &pages) != 2) {
            pages = 0;
        }
        std::fclose(file);
    }
    return pages * ::sysconf(_SC_PAGESIZE) / (1 << 20);
}

}  // namespace attacca::app
