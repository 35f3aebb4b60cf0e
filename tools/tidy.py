#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""House style as a test: prints every violation of the tree.

usage: tools/tidy.py [ROOT]      exit status: 0 = clean, 1 = violations were printed
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
import tidy_code  # noqa: E402
import tidy_docs  # noqa: E402
from repo import Tree  # noqa: E402

CHECKS = [
    tidy_code.check_sizes,
    tidy_code.check_functions,
    tidy_code.check_first_lines,
    tidy_code.check_banned_calls,
    tidy_code.check_words,
    tidy_docs.check_blobs,
    tidy_docs.check_modes,
    tidy_docs.check_folder_names,
    tidy_docs.check_readmes,
    tidy_docs.check_headings,
    tidy_docs.check_links,
    tidy_docs.check_map,
]
CHECKS_WITH_LIST = [tidy_code.check_counts, tidy_code.check_tests_beside]


def parse_allowed(text):
    """{(what, path): count} of allowed.txt; `untested` needs no count."""
    allowed = {}
    for line in text.splitlines():
        words = line.split("#", 1)[0].split()
        if words:
            allowed[(words[0], words[1])] = int(words[2]) if len(words) > 2 else 1
    return allowed


def check(tree, allowed):
    findings = []
    for one in CHECKS:
        findings += one(tree)
    for one in CHECKS_WITH_LIST:
        findings += one(tree, allowed)
    return sorted(findings)


def main(arguments):
    root = Path(arguments[1] if len(arguments) > 1 else Path(__file__).resolve().parent.parent)
    allowed = parse_allowed((root / "tools/allowed.txt").read_text(encoding="utf-8"))
    findings = check(Tree(root), allowed)
    for finding in findings:
        print(finding)
    print(f"tidy: {len(findings)} violations")
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv))
