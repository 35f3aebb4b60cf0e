// SPDX-License-Identifier: Apache-2.0
#include <cstddef>
#include <span>

#include "app/signals.h"
#include "app/system_environment.h"
#include "base/error.h"
#include "cli/main_cli.h"

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
