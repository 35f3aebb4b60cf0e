#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Prints the figures of a run of scripts/bench, and holds them against what was promised.

usage: bounds.py [--partial] FILE      FILE: build/bench.json
The exit status is 1 when a bound is missed. A bench that did not run has missed its bounds; with
--partial only the benches of the file are judged.
"""

import json
import sys
from pathlib import Path

# (bench, figure, direction, bound): a number, or the name of another figure of the same bench.
BOUNDS = [
    ("lifecycle", "jobs_per_s", ">=", 50_000),
    ("dag", "nodes_per_s", ">=", 50_000),
    ("enqueue", "rss_mb", "<=", 953),  # a million jobs in 10^9 bytes
    ("dispatch", "dispatch_p99_ms", "<=", 5),
    ("schedule", "enqueue_ns", "<=", 100),
    ("schedule", "dispatch_p50_ns", "<=", 300),
    ("schedule", "complete_ns", "<=", 150),
    ("schedule", "bytes_per_job", "<=", 64),
    ("evidence", "evidence_cost_percent", "<=", 25),
    ("limits", "limits_cost_percent", "<=", 5),
    ("verify", "small_records_per_cpu_s", ">=", 500_000),
    ("verify", "large_records_per_cpu_s", ">=", 500_000),
    ("http", "submit_p50_ms", "<=", "bound_p50_ms"),  # 1.5 fdatasync and 0.2 ms
    ("receipt", "records_per_s", ">=", 20_000),
    ("receipt", "receipt_p99_ms", "<=", 5),
    ("restart", "ready_s", "<=", 2),
    ("graph", "submit_s", "<=", 2),
    ("hello", "run_p50_ms", "<=", 300),
    ("flooder", "a_started_between", "<=", 30),
    ("shares", "worst_error", "<=", 0.03),
    ("shares-kill", "worst_error", "<=", 0.03),
    ("overload", "recovered_within_s", "<=", 60),
    ("overload", "health_worst_ms", "<=", 100),
    ("overload", "memory_grown_kib", "<=", 256 * 1024),
]


def is_number(value):
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def text_of(value):
    if not is_number(value):
        return "-"
    return f"{value:.0f}" if abs(value) >= 100 else f"{value:.4g}"


def judged(bench, figure, value, direction, bound):
    """(bench, figure, value, bound, ok) as texts."""
    if not is_number(value) or not is_number(bound):
        is_kept = False
    else:
        is_kept = value >= bound if direction == ">=" else value <= bound
    return (bench, figure, text_of(value), f"{direction} {text_of(bound)}",
            "yes" if is_kept else "NO")


def rows_of(benches, is_partial=False):
    """All figures in their order; what has a bound says whether it is kept."""
    benches = list(benches)
    names = {bench["bench"] for bench in benches}
    bounds = {(bench, figure): (direction, bound) for bench, figure, direction, bound in BOUNDS
              if not is_partial or bench in names}
    missing = dict(bounds)
    for bench in benches:
        name = bench["bench"]
        syncs = bench.get("fdatasync_per_s")
        for figure, value in bench.items():
            ratio = ""
            if figure.endswith("_per_s") and figure != "fdatasync_per_s" and syncs:
                ratio = text_of(value / syncs)
            if missing.pop((name, figure), None) is not None:
                direction, bound = bounds[name, figure]
                bound = bench.get(bound) if isinstance(bound, str) else bound
                yield (*judged(name, figure, value, direction, bound), ratio)
            elif figure == "ok":
                yield (name, figure, str(value).lower(), "true", "yes" if value else "NO", "")
            elif is_number(value):
                yield (name, figure, text_of(value), "", "", ratio)
    for (name, figure), (direction, bound) in missing.items():
        yield (*judged(name, figure, None, direction, bound), "")


def main(arguments):
    is_partial = arguments[1:2] == ["--partial"]
    if len(arguments) != (3 if is_partial else 2):
        sys.exit(__doc__)
    rows = list(rows_of(json.loads(Path(arguments[-1]).read_text())["benches"], is_partial))
    form = "{:11} {:29} {:>12} {:>14} {:4} {:>13}"
    print(form.format("bench", "figure", "value", "bound", "ok", "per fdatasync"))
    for row in rows:
        print(form.format(*row).rstrip())
    missed = [f"{row[0]} {row[1]}" for row in rows if row[4] == "NO"]
    if missed:
        print(f"{len(missed)} out of bounds: {', '.join(missed)}")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv))
