#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Each rule of layers.py catches a bad sample and lets a good one pass."""

import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
import layers  # noqa: E402
from sample_tree import SampleTree  # noqa: E402

LAW = layers.Law("""
base: -
core: base
adapters/*: base core   # a comment
app: *
library boost/json: base
library boost/: adapters/web
testing gtest/
""")


class Layers(SampleTree):
    def check(self, files):
        return layers.check(self.tree(files), LAW)

    def test_a_lawful_tree_has_no_findings(self):
        self.assert_found(self.check({
            "src/base/a.h": "#include <vector>\n#include <sys/stat.h>\n#include <boost/json.hpp>\n",
            "src/core/job/b.h": '#include "base/a.h"\n',
            "src/adapters/web/c.cc": '#include "core/job/b.h"\n#include <boost/beast.hpp>\n',
            "src/app/main.cc": '#include "adapters/web/d.h"\n',
            "src/adapters/web/d.h": "",
        }))

    def test_a_lower_folder_may_not_include_a_higher_one(self):
        self.assert_found(self.check({"src/base/a.h": '#include "core/b.h"\n', "src/core/b.h": ""}),
                          "base may not include core")

    def test_adapters_do_not_know_each_other(self):
        self.assert_found(self.check({"src/adapters/x/a.h": '#  include "adapters/y/b.h"\n',
                                      "src/adapters/y/b.h": ""}),
                          "adapters/x may not include adapters/y")

    def test_a_library_is_included_in_its_folder_only(self):
        self.assert_found(self.check({"src/core/a.h": "#include <boost/json/value.hpp>\n"}),
                          "may be included in base only")

    def test_an_unknown_library_is_refused(self):
        self.assert_found(self.check({"src/core/a.h": "\n#include <curl/curl.h>\n"}),
                          "src/core/a.h:2: [layers] <curl/curl.h> is no library")

    def test_test_libraries_are_for_tests(self):
        self.assert_found(self.check({"src/base/a.h": "#include <gtest/gtest.h>\n",
                                      "src/base/a_test.cc": "#include <gtest/gtest.h>\n"}),
                          "belongs to tests only")

    def test_an_include_names_a_file_below_src(self):
        self.assert_found(self.check({"src/base/a.h": '#include "b.h"\n', "src/base/b.h": ""}),
                          "no such file below src/")

    def test_a_folder_without_a_line_in_the_law_is_refused(self):
        self.assert_found(self.check({"src/misc/a.h": ""}), "folder misc is not in")

    def test_a_cycle_of_files_is_named(self):
        self.assert_found(self.check({"src/base/a.h": '#include "base/b.h"\n',
                                      "src/base/b.h": '#include "base/c.h"\n',
                                      "src/base/c.h": '#include "base/b.h"\n'}),
                          "cycle of files: base/b.h -> base/c.h -> base/b.h")

    def test_a_cycle_of_folders_is_named(self):
        findings = self.check({"src/base/a.h": '#include "core/d.h"\n', "src/core/d.h": "",
                               "src/core/c.h": '#include "base/e.h"\n', "src/base/e.h": ""})
        self.assertIn("cycle of folders: base -> core -> base", [item.text for item in findings])

    def test_the_law_itself_has_no_cycle(self):
        root = Path(__file__).resolve().parent
        law = layers.Law((root / "layers.txt").read_text(encoding="utf-8"))
        graph = {name: [other for other in others if other != "*"]
                 for name, others in law.layers.items()}
        self.assertIsNone(layers.find_cycle(graph))
        self.assertTrue(all(other in law.layers for others in graph.values() for other in others))


if __name__ == "__main__":
    unittest.main()
