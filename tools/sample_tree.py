# SPDX-License-Identifier: Apache-2.0
"""A small tree in a temporary folder, for the tests of the checks."""

import tempfile
import unittest
from pathlib import Path

from repo import Tree

SPDX_LINE = "// SPDX-License-Identifier: Apache-2.0\n"


class SampleTree(unittest.TestCase):
    def tree(self, files):
        """A Tree of {path: text}; a path that ends in `!` becomes executable."""
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        for name, text in files.items():
            path = Path(folder.name) / name.rstrip("!")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
            path.chmod(0o755 if name.endswith("!") else 0o644)
        return Tree(folder.name)

    def assert_found(self, findings, *expected):
        """Each finding contains its expected text, in order, and there are no others."""
        texts = [str(finding) for finding in sorted(findings)]
        self.assertEqual(len(texts), len(expected), texts)
        for text, part in zip(texts, expected):
            self.assertIn(part, text)
