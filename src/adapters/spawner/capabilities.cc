// SPDX-License-Identifier: Apache-2.0
#include "adapters/spawner/capabilities.h"

#include <array>
#include <cerrno>

#include <fcntl.h>
#include <linux/capability.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace attacca::spawner {
namespace {

using CapabilityMask = std::uint64_t;

constexpr CapabilityMask read_search = CapabilityMask{1} << CAP_DAC_READ_SEARCH;
constexpr unsigned long last_possible = 63;

struct CapabilitySets {
    CapabilityMask effective = 0;
    CapabilityMask permitted = 0;
};

__user_cap_header_struct this_process() {
    __user_cap_header_struct header{};
    header.version = _LINUX_CAPABILITY_VERSION_3;
    return header;
}

bool read_sets(CapabilitySets& out) {
    __user_cap_header_struct header = this_process();
    std::array<__user_cap_data_struct, _LINUX_CAPABILITY_U32S_3> halves{};
    if (::syscall(SYS_capget, &header, halves.data()) != 0) {
        return false;
    }
    out.effective = halves[0].effective | CapabilityMask{halves[1].effective} << 32U;
    out.permitted = halves[0].permitted | CapabilityMask{halves[1].permitted} << 32U;
    return true;
}

// Nothing is inheritable.
bool write_sets(const CapabilitySets& sets) {
    __user_cap_header_struct header = this_process();
    std::array<__user_cap_data_struct, _LINUX_CAPABILITY_U32S_3> halves{};
    halves[0].effective = static_cast<std::uint32_t>(sets.effective);
    halves[0].permitted = static_cast<std::uint32_t>(sets.permitted);
    halves[1].effective = static_cast<std::uint32_t>(sets.effective >> 32U);
    halves[1].permitted = static_cast<std::uint32_t>(sets.permitted >> 32U);
    return ::syscall(SYS_capset, &header, halves.data()) == 0;
}

// The bounding set is what exec gives to root. It cannot be changed without CAP_SETPCAP.
bool bound_to(CapabilityMask kept) {
    for (unsigned long one = 0; one <= last_possible; ++one) {
        const int state = ::prctl(PR_CAPBSET_READ, one, 0, 0, 0);
        if (state < 0) {
            return true;  // the kernel knows no more
        }
        const bool is_kept = (kept >> one & 1U) != 0;
        if (state == 1 && !is_kept && ::prctl(PR_CAPBSET_DROP, one, 0, 0, 0) != 0 &&
            errno != EPERM) {
            return false;
        }
    }
    return true;
}

// Asked without any capability in effect.
bool is_closed(const char* path) {
    const int fd = ::open(path, O_PATH | O_CLOEXEC);
    if (fd >= 0) {
        ::close(fd);
        return false;
    }
    return errno == EACCES;
}

}  // namespace

bool drop_capabilities(const char* path) {
    CapabilitySets sets;
    if (!read_sets(sets)) {
        return false;
    }
    CapabilityMask kept = 0;
    if (sets.permitted != 0) {
        if (!write_sets({0, sets.permitted})) {
            return false;
        }
        kept = is_closed(path) ? sets.permitted & read_search : 0;
        if (!write_sets({sets.permitted, sets.permitted})) {
            return false;
        }
    }
    // A kernel without ambient capabilities has none to clear.
    if (::prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0) != 0 && errno != EINVAL) {
        return false;
    }
    return bound_to(kept) && write_sets({kept, kept});
}

}  // namespace attacca::spawner
