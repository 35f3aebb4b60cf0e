// SPDX-License-Identifier: Apache-2.0
#include "adapters/system/file_reserve.h"

#include <fcntl.h>
#include <unistd.h>

#include "adapters/system/files.h"

namespace attacca::system {
namespace {

constexpr off_t reserve_bytes = off_t{2} << 20;

}  // namespace

void FileReserve::release() {
    ::unlink(path_.c_str());
}

bool FileReserve::restore() {
    const Fd file(::open(path_.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600));
    if (!file.is_open()) {
        return false;
    }
    // Allocated, not merely sparse: the space must be there when it is needed.
    if (::posix_fallocate(file.get(), 0, reserve_bytes) != 0) {
        ::unlink(path_.c_str());
        return false;
    }
    return true;
}

}  // namespace attacca::system
