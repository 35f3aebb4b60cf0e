#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Each check of tidy.py catches a bad sample and lets a good one pass."""

import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
import tidy  # noqa: E402
import tidy_code  # noqa: E402
import tidy_docs  # noqa: E402
from repo import code_of, prose_of  # noqa: E402
from sample_tree import SPDX_LINE, SampleTree  # noqa: E402


class Lexer(unittest.TestCase):
    def test_comments_and_literals_become_blanks(self):
        text = 'a; // "b\nc("d // e", \'"\'); /* f\n */ g;'
        self.assertEqual(code_of(text).split(), ["a;", "c(", ",", ");", "g;"])
        self.assertEqual(len(code_of(text)), len(text))
        self.assertIn("f", prose_of(text))
        self.assertNotIn("d", prose_of(text))

    def test_raw_strings_and_digit_separators_are_understood(self):
        words = code_of('x = R"q(rand() " )q" + 1\'000;').split()
        self.assertEqual(words, ["x", "=", "+", "1'000;"])


class Code(SampleTree):
    def test_a_long_file_or_line_is_found(self):
        tree = self.tree({"src/base/a.cc": "\n" * 401, "src/base/b.h": "\n" * 201,
                          "tools/c.py": "#" * 101, "src/base/d.h": "\n" * 200,
                          "notes.md": "x" * 300})
        self.assert_found(tidy_code.check_sizes(tree), "a.cc:401: [size]", "b.h:201: [size]",
                          "c.py:1: [columns]")

    def test_a_long_function_is_found(self):
        body = "    x();\n" * 71
        many = "void f() {\n}\n" * 90
        tree = self.tree({"src/base/a.cc": "namespace n {\nvoid f() {\n" + body + "}\n}\n",
                          "src/base/b.cc": "struct S {\nint v{1};\n" + many + "};\n",
                          "src/base/c.cc": "C::C() : a_{1}, b_{2} {\n" + body + "}\n",
                          "src/base/d.cc": "int t[] = {\n" + "1,\n" * 90 + "};\n"})
        self.assert_found(tidy_code.check_functions(tree), "a.cc:2: [function]",
                          "c.cc:1: [function]")

    def test_a_missing_licence_line_is_found(self):
        tree = self.tree({"src/base/a.cc": "int x;\n", "src/base/b.h": SPDX_LINE + "int y;\n",
                          "tools/c.py!": "#!/usr/bin/env python3\n" + SPDX_LINE.replace("//", "#"),
                          "scripts/d!": "#!/usr/bin/env bash\nset -e\n"})
        self.assert_found(tidy_code.check_first_lines(tree), "scripts/d:2: [spdx]",
                          "a.cc:1: [spdx]", "b.h:2: [header]")

    def test_each_impurity_of_core_is_found(self):
        for line in ["clock_gettime(0, &t);", "auto t = std::chrono::steady_clock::now();",
                     "time(nullptr);", "getenv(n);", "std::thread t;", "std::mutex m;",
                     "std::ifstream f;", "socket(1, 2, 3);", "std::unordered_map<int, int> m;",
                     "double d;", "float f;", "#include <chrono>", "rand();",
                     "std::random_device d;", "std::uniform_int_distribution<int> d;",
                     "std::shuffle(a, b, c);"]:
            tree = self.tree({"src/core/job/a.cc": "\n" + line})
            found = tidy_code.check_banned_calls(tree)
            self.assertEqual([item.line for item in found[:1]], [2], line)

    def test_what_only_looks_impure_is_not_found(self):
        tree = self.tree({
            "src/core/a.cc": "// a double, a mutex\nint operand(int brand); // rand()\n"
                             'auto s = "std::mutex"; Duration double_of(int x);\n',
            "src/core/a_test.cc": "std::ifstream golden;\n",
            "src/base/b.cc": "double d; std::mutex m;\n"})
        self.assert_found(tidy_code.check_banned_calls(tree))

    def test_what_cannot_be_repeated_is_found_in_the_engine_and_the_simulator(self):
        tree = self.tree({"src/engine/a.cc": "std::shuffle(a, b, c);",
                          "tests/sim/b.cc": "std::random_device d;",
                          "src/adapters/system/c.cc": "std::random_device d;"})
        self.assert_found(tidy_code.check_banned_calls(tree), "a.cc:1", "b.cc:1")

    def test_using_namespace_is_found(self):
        self.assert_found(tidy_code.check_banned_calls(
            self.tree({"tests/e2e/a.cc": "using namespace std;\n"
                                       "using namespace std::string_view_literals;\n"})),
                          "a.cc:1: [banned]")

    def test_synonyms_and_unfinished_words_are_found(self):
        unfinished = "// TO" + "DO: this\n"
        tree = self.tree({"src/base/a.cc": "// An executor runs.\nclass JobManager;\n" + unfinished,
                          "src/base/b.cc": 'f("task_id"); int multitasking; auto todo_list = 1;\n'})
        self.assert_found(tidy_code.check_words(tree), "a.cc:1: [word]", "a.cc:2: [word]",
                          "a.cc:3: [word]")

    def test_dangerous_constructs_are_counted(self):
        tree = self.tree({"src/base/a.cc": "reinterpret_cast<int*>(p); f(); // NOLINT\n",
                          "src/base/b.cc": "// const_cast is only named here\n"})
        allowed = tidy.parse_allowed("# why\nNOLINT src/base/a.cc 1 # reason\n"
                                     "const_cast src/base/b.cc 1\n")
        self.assert_found(tidy_code.check_counts(tree, allowed),
                          "a.cc:1: [count] reinterpret_cast 1", "b.cc:1: [count] const_cast 0")

    def test_a_missing_test_is_found(self):
        tree = self.tree({"src/base/a.cc": "", "src/base/b.cc": "", "src/base/b_test.cc": "",
                          "src/app/main.cc": "", "src/base/c.cc": "", "src/base/c_test.cc": ""})
        allowed = tidy.parse_allowed("untested src/app/main.cc\nuntested src/base/c.cc\n"
                                     "untested src/gone.cc\n")
        self.assert_found(tidy_code.check_tests_beside(tree, allowed), "a.cc:1: [untested] no",
                          "c.cc:1: [untested] has a test", "src/gone.cc is gone")


class Documents(SampleTree):
    def test_a_large_file_is_found(self):
        tree = self.tree({"a.bin": "x" * (256 * 1024 + 1), "b.bin": "x"})
        self.assert_found(tidy_docs.check_blobs(tree), "a.bin")

    def test_a_wrong_file_mode_is_found(self):
        tree = self.tree({"scripts/a": "#!/bin/sh\n", "b.cc!": "", "scripts/c!": "#!/bin/sh\n"})
        self.assert_found(tidy_docs.check_modes(tree), "b.cc", "scripts/a")

    def test_a_folder_without_meaning_is_found(self):
        tree = self.tree({"src/base/util/a.h": "", "src/utility/b.h": ""})
        self.assert_found(tidy_docs.check_folder_names(tree), "src/base/util")

    def test_a_missing_or_long_readme_is_found(self):
        tree = self.tree({"src/base/a.h": "", "src/adapters/sqlite/b.h": "",
                          "src/adapters/sqlite/README.md": "x\n" * 16,
                          "src/core/job/c.h": "", "src/core/README.md": "x\n" * 15})
        self.assert_found(tidy_docs.check_readmes(tree), "sqlite/README.md", "base/README.md")

    def test_a_document_has_one_title(self):
        tree = self.tree({"a.md": "# A\n```\n# comment\n```\n## B\n", "b.md": "# A\n# B\n",
                          "c.md": "text\n"})
        self.assert_found(tidy_docs.check_headings(tree), "b.md:2", "c.md:1")

    def test_a_broken_link_is_found(self):
        tree = self.tree({
            "README.md": "# R\n[a](docs/a.md) [b](docs/b.md) [c](https://x.example/) [d](#gone)\n"
                         "[e](docs/a.md#two-words) [f](docs/a.md#three) `scripts/no` `docs/a.md`\n",
            "docs/a.md": "# A\n## Two `words`\n[up](../README.md#r)\n"})
        self.assert_found(tidy_docs.check_links(tree), "#gone", "docs/b.md", "`scripts/no`",
                          "docs/a.md#three")

    def test_the_folder_map_equals_the_tree(self):
        files = {"ARCHITECTURE.md": "# A\n## Folder map\n| `src/` | x |\n| `src/base/` | x |\n"
                                    "| `src/gone/` | x |\n## Next\n| `elsewhere/` | x |\n",
                 "src/base/a.h": "", "src/core/b.h": "", "src/core/job/golden/c.txt": ""}
        self.assert_found(tidy_docs.check_map(self.tree(files)),
                          "src/core/ is missing", "src/core/job/ is missing", "src/gone/ does not")


class Lists(unittest.TestCase):
    def test_every_check_is_registered(self):
        registered = tidy.CHECKS + tidy.CHECKS_WITH_LIST
        for module in (tidy_code, tidy_docs):
            for name in dir(module):
                if name.startswith("check_"):
                    self.assertIn(getattr(module, name), registered)


if __name__ == "__main__":
    unittest.main()
