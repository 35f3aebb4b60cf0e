#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0

import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

import bounds  # noqa: E402


def kept():
    """Benches that are just within every bound."""
    found = {}
    for bench, figure, _, bound in bounds.BOUNDS:
        found.setdefault(bench, {"bench": bench})[figure] = 1 if isinstance(bound, str) else bound
        if isinstance(bound, str):
            found[bench][bound] = 1
    return found


def verdicts(benches):
    return {f"{row[0]} {row[1]}": row[4] for row in bounds.rows_of(benches) if row[4]}


class Bounds(unittest.TestCase):
    def test_all_are_kept_at_their_edge(self):
        told = verdicts(kept().values())
        self.assertEqual(len(told), len(bounds.BOUNDS))
        self.assertEqual(set(told.values()), {"yes"})

    def test_each_is_missed_beyond_it(self):
        for bench, figure, direction, _ in bounds.BOUNDS:
            benches = kept()
            benches[bench][figure] *= 0.99 if direction == ">=" else 1.01
            missed = [name for name, word in verdicts(benches.values()).items() if word == "NO"]
            self.assertEqual(missed, [f"{bench} {figure}"])

    def test_of_a_part_only_what_ran_is_judged(self):
        evidence = {"bench": "evidence", "evidence_cost_percent": 26}
        rows = {f"{row[0]} {row[1]}": row[4] for row in bounds.rows_of([evidence], True) if row[4]}
        self.assertEqual(rows, {"evidence evidence_cost_percent": "NO"})
        rows = [row[4] for row in bounds.rows_of([{"bench": "evidence"}], True)]
        self.assertEqual(rows, ["NO"])

    def test_what_did_not_run_has_missed_its_bounds(self):
        benches = kept()
        del benches["hello"]
        self.assertEqual(verdicts(benches.values())["hello run_p50_ms"], "NO")

    def test_a_figure_without_a_value_has_missed_its_bound(self):
        benches = kept()
        benches["overload"]["recovered_within_s"] = None
        self.assertEqual(verdicts(benches.values())["overload recovered_within_s"], "NO")

    def test_a_scenario_that_is_not_ok_is_told(self):
        benches = kept()
        benches["shares"]["ok"] = False
        self.assertEqual(verdicts(benches.values())["shares ok"], "NO")

    def test_speeds_stand_beside_that_of_the_disk(self):
        rows = list(bounds.rows_of([{"bench": "x", "jobs_per_s": 500, "fdatasync_per_s": 200}]))
        self.assertEqual(rows[0], ("x", "jobs_per_s", "500", "", "", "2.5"))
        self.assertEqual(rows[1], ("x", "fdatasync_per_s", "200", "", "", ""))


if __name__ == "__main__":
    unittest.main()
