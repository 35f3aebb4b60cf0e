#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Measures `attacca verify` on a ledger of small batches, which has most to check for each record.

usage: verify_figures.py ATTACCA DIRECTORY [JOBS]      prints one JSON object
DIRECTORY must not exist. JOBS (60,000) jobs of four records each are made with two of them at a
time, so that a batch holds a handful of records; then three times as many, thousands at a time.
"""

import json
import resource
import shutil
import sqlite3
import subprocess
import sys
import time
from pathlib import Path


def verify(attacca, data, *more):
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    start = time.perf_counter()
    done = subprocess.run([attacca, "verify", data, "-o", "json", *more], capture_output=True,
                          text=True, check=False)
    seconds = time.perf_counter() - start
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode != 0:
        sys.exit(f"verify: {done.returncode} {done.stdout[:500]}{done.stderr[:500]}")
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return json.loads(done.stdout)["records"], seconds, cpu


def main(arguments):
    if len(arguments) not in (3, 4):
        sys.exit(__doc__)
    attacca, data = arguments[1], Path(arguments[2])
    jobs = int(arguments[3]) if len(arguments) == 4 else 60_000
    out = {"bench": "verify"}
    for name, count, window in (("small", jobs, "2"), ("large", 3 * jobs, "12000")):
        subprocess.run([attacca, "bench", "lifecycle", "--jobs", str(count), "--window", window,
                        "--data", data], check=True, stdout=subprocess.DEVNULL)
        with sqlite3.connect(data / "attacca.db") as store:
            out[f"{name}_batches"] = store.execute("SELECT count(*) FROM batches").fetchone()[0]
        records, seconds, cpu = verify(attacca, data)
        out[f"{name}_records"] = records
        out[f"{name}_records_per_s"] = round(records / seconds)
        out[f"{name}_records_per_cpu_s"] = round(records / cpu)
        records, seconds, _ = verify(attacca, data, "--strict")
        out[f"{name}_strict_records_per_s"] = round(records / seconds)
        shutil.rmtree(data)
    print(json.dumps(out))


if __name__ == "__main__":
    main(sys.argv)
