// SPDX-License-Identifier: Apache-2.0
#pragma once

// Disk space kept aside, so that reports and cancels can still be stored on a full disk.
// Used by the engine's thread only.

namespace attacca::ports {

class Reserve {
  public:
    virtual ~Reserve() = default;
    // Gives the space back to the file system.
    virtual void release() = 0;
    // Takes it again; false while there is not enough.
    [[nodiscard]] virtual bool restore() = 0;
};

}  // namespace attacca::ports
