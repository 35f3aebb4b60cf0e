// SPDX-License-Identifier: Apache-2.0
#include <cstddef>
#include <span>

#include "app/signals.h"
#include "app/system_environment.h"
#include "base/error.h"
#include "cli/main_cli.h"

// Read by jemalloc when the program starts, where it is linked (cmake/module.cmake). By default it
// gives pieces of 8 MiB and more back to the system at once; batches take such pieces again and
// again, and the faults on new pages were a twentieth of the time of `attacca bench dag`.
extern "C" {
extern const char* malloc_conf;
const char* malloc_conf = "oversize_threshold:0";
}

int main(int argc, char** argv) {
    attacca::app::ignore_broken_pipes();
    attacca::app::SystemEnvironment environment;
    const std::span<const char* const> arguments(argv, static_cast<std::size_t>(argc));
    const int status = attacca::cli::run_cli(arguments, environment);
    if (environment.has_lost_output() && status == 0) {
        environment.write_err("attacca: standard output could not be written\n");
        return attacca::exit_status_of(attacca::ErrorClass::internal);
    }
    return status;
}
