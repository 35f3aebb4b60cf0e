#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The count of passed and failed tests neither hides a failure nor invents a success."""

import sys
import tempfile
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
from tally import tally  # noqa: E402

REPORT = """<testsuites><testsuite>
<testcase name="A" status="run" result="completed"/>
<testcase name="B" status="run" result="completed">{}</testcase>
<testcase name="C" status="run" result="skipped"><skipped/></testcase>
<testcase name="D" status="notrun" result="suppressed"/>
</testsuite></testsuites>"""


class Tally(unittest.TestCase):
    def count(self, statuses, reports):
        with tempfile.TemporaryDirectory() as folder:
            junit = Path(folder) / "ctest.junit"
            junit.write_text("<testsuite>" + "".join(
                f'<testcase name="{name}" status="{status}"/>'
                for name, status in statuses.items()) + "</testsuite>", encoding="utf-8")
            for name, text in reports.items():
                (Path(folder) / (name + ".xml")).write_text(text, encoding="utf-8")
            return tally(junit, folder)

    def test_cases_of_a_report_are_counted_one_by_one(self):
        self.assertEqual(self.count({"core": "run", "tidy": "run"},
                                    {"core_test": REPORT.format("")}), (3, 0, 2))

    def test_a_failed_case_is_a_failure(self):
        self.assertEqual(self.count({"core": "fail"}, {"core_test": REPORT.format("<failure/>")}),
                         (1, 1, 2))

    def test_a_leak_after_passing_cases_is_a_failure(self):
        self.assertEqual(self.count({"core": "fail"}, {"core_test": REPORT.format("")}), (2, 1, 2))

    def test_a_crash_without_a_report_is_a_failure(self):
        self.assertEqual(self.count({"core": "fail", "http": "fail"}, {"http_test": "<testsu"}),
                         (0, 2, 0))

    def test_what_did_not_run_is_no_success(self):
        self.assertEqual(self.count({"core": "notrun"}, {"core_test": REPORT.format("")}),
                         (0, 0, 1))


if __name__ == "__main__":
    unittest.main()
