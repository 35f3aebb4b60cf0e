#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Counts what a run of CTest tested, test case by test case.

usage: tools/tally.py CTEST_JUNIT GTEST_FOLDER      prints `<passed> <failed> <skipped>`, and to
                                                    stderr what failed, and why

A program made with GoogleTest counts by the cases of its own report (GTEST_OUTPUT=xml:FOLDER/);
any other test of CTest counts as one. A program that CTest calls failed although its report names
no failed case (a leak, a crash before the report) counts as one failure more.
"""

import sys
import xml.etree.ElementTree as ElementTree
from pathlib import Path


def say(case, why):
    """A failed case with the first lines of its message: the log around it may be long."""
    name = f"{case.get('classname')}.{case.get('name')}"
    print(f"FAILED {name}", *why.splitlines()[:8], sep="\n    ", file=sys.stderr)


def count_report(path):
    """(passed, failed, skipped) of one GoogleTest report; None when it cannot be read."""
    try:
        root = ElementTree.parse(path).getroot()
    except (ElementTree.ParseError, OSError):
        return None
    passed = failed = skipped = 0
    for case in root.iter("testcase"):
        faults = case.findall("failure") + case.findall("error")
        if faults:
            failed += 1
            say(case, "\n".join(fault.text or fault.get("message") or "" for fault in faults))
        elif case.get("status") == "notrun" or case.get("result") in ("skipped", "suppressed"):
            skipped += 1
        else:
            passed += 1
    return passed, failed, skipped


def report_of(folder, name):
    for candidate in (name, name + "_test"):
        path = Path(folder) / (candidate + ".xml")
        if path.exists():
            return count_report(path)
    return None


def tally(junit, folder):
    passed = failed = skipped = 0
    for test in ElementTree.parse(junit).getroot().iter("testcase"):
        is_failed = test.get("status") == "fail"
        is_skipped = test.get("status") in ("notrun", "disabled")
        counts = None if is_skipped else report_of(folder, test.get("name"))
        if counts is None:
            counts = (not is_failed and not is_skipped, is_failed, is_skipped)
        elif is_failed and counts[1] == 0:
            counts = (counts[0], 1, counts[2])
        passed, failed, skipped = passed + counts[0], failed + counts[1], skipped + counts[2]
    return int(passed), int(failed), int(skipped)


if __name__ == "__main__":
    print(*tally(sys.argv[1], sys.argv[2]))
