// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "cli/context.h"

// The commands. Each returns the exit status of the program.

namespace attacca::cli {

using Handler = int (*)(Context&);

[[nodiscard]] int run_command(Context& context);
[[nodiscard]] int init_command(Context& context);
[[nodiscard]] int validate_command(Context& context);
[[nodiscard]] int graph_command(Context& context);
[[nodiscard]] int schema_command(Context& context);

[[nodiscard]] int jobs_list_command(Context& context);
[[nodiscard]] int jobs_get_command(Context& context);
[[nodiscard]] int jobs_why_command(Context& context);
[[nodiscard]] int jobs_watch_command(Context& context);
[[nodiscard]] int jobs_logs_command(Context& context);
[[nodiscard]] int jobs_artifacts_command(Context& context);
[[nodiscard]] int jobs_artifact_command(Context& context);
[[nodiscard]] int jobs_change_command(Context& context);  // cancel, pause, resume, retry, rerun

[[nodiscard]] int tenants_list_command(Context& context);
[[nodiscard]] int tenants_get_command(Context& context);
[[nodiscard]] int tenants_set_command(Context& context);
[[nodiscard]] int top_command(Context& context);
[[nodiscard]] int jobs_verdict_command(Context& context);  // approve, reject

[[nodiscard]] int tests_list_command(Context& context);

[[nodiscard]] int evidence_checkpoint_command(Context& context);
[[nodiscard]] int keys_command(Context& context);  // list, rotate
[[nodiscard]] int evidence_show_command(Context& context);
[[nodiscard]] int evidence_verify_command(Context& context);
[[nodiscard]] int evidence_export_command(Context& context);
[[nodiscard]] int audit_list_command(Context& context);
[[nodiscard]] int audit_export_command(Context& context);
[[nodiscard]] int evidence_timestamp_command(Context& context);
[[nodiscard]] int evidence_hold_command(Context& context);  // hold, release
[[nodiscard]] int evidence_holds_command(Context& context);
[[nodiscard]] int evidence_erase_command(Context& context);
[[nodiscard]] int evidence_restore_command(Context& context);
[[nodiscard]] int witness_command(Context& context);
[[nodiscard]] int worker_run_command(Context& context);
[[nodiscard]] int workers_list_command(Context& context);
[[nodiscard]] int dispatch_command(Context& context);
[[nodiscard]] int import_orch_next_command(Context& context);
[[nodiscard]] int tasks_get_command(Context& context);
[[nodiscard]] int tasks_cancel_command(Context& context);

[[nodiscard]] int workflows_list_command(Context& context);
[[nodiscard]] int workflows_get_command(Context& context);
[[nodiscard]] int workflows_apply_command(Context& context);
[[nodiscard]] int workflows_diff_command(Context& context);
[[nodiscard]] int workflows_versions_command(Context& context);
[[nodiscard]] int workflows_start_command(Context& context);
[[nodiscard]] int workflows_switch_command(Context& context);  // disable, enable

[[nodiscard]] int breakers_list_command(Context& context);
[[nodiscard]] int breakers_set_command(Context& context);  // open, close, auto

[[nodiscard]] int letters_list_command(Context& context);
[[nodiscard]] int letters_show_command(Context& context);
[[nodiscard]] int letters_close_command(Context& context);  // replay, discard

[[nodiscard]] int schedules_list_command(Context& context);
[[nodiscard]] int schedules_get_command(Context& context);
[[nodiscard]] int schedules_set_command(Context& context);
[[nodiscard]] int schedules_next_command(Context& context);
[[nodiscard]] int schedules_switch_command(Context& context);  // pause, resume
[[nodiscard]] int schedules_trigger_command(Context& context);
[[nodiscard]] int schedules_backfill_command(Context& context);
[[nodiscard]] int schedules_delete_command(Context& context);

[[nodiscard]] int serve_command(Context& context);
[[nodiscard]] int verify_command(Context& context);
[[nodiscard]] int doctor_command(Context& context);
[[nodiscard]] int config_show_command(Context& context);
[[nodiscard]] int config_check_command(Context& context);
[[nodiscard]] int bench_command(Context& context);
[[nodiscard]] int completion_command(Context& context);
[[nodiscard]] int version_command(Context& context);
[[nodiscard]] int help_command(Context& context);

// nullptr when there is no such command.
[[nodiscard]] Handler handler_of(std::string_view name);

}  // namespace attacca::cli
