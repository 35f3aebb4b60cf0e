#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The report says what was found, and what a hostile service says stays text."""

import contextlib
import io
import json
import os
import sys
import tempfile
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
import make_report  # noqa: E402

SSLSCAN = """<document><ssltest host="127.0.0.1" port="1">
<protocol type="tls" version="1.2" enabled="1"/><protocol type="tls" version="1.0" enabled="0"/>
<cipher cipher="AES" strength="strong"/><cipher cipher="NULL-MD5" strength="null"/>
<certificates><certificate type="short"><subject>demo</subject><self-signed>true</self-signed>
<not-valid-after>tomorrow</not-valid-after></certificate></certificates></ssltest></document>"""
WHATWEB = '[{"http_status": 200, "plugins": {"Title": {"string": ["%s"]}, "HTML5": {}}}]'


class Report(unittest.TestCase):
    def make(self, services, tls=(), web=()):
        """(Markdown, HTML, summary) of a report made in a folder of its own."""
        before = os.getcwd()
        with tempfile.TemporaryDirectory() as folder:
            os.chdir(folder)
            self.addCleanup(os.chdir, before)
            environment = {"SERVICES": json.dumps(services)}
            for name, results in (("TLS_RESULTS", tls), ("WEB_RESULTS", web)):
                environment[name] = name
                Path(name).write_text("".join(json.dumps(one) + "\n" for one in results))
            printed = io.StringIO()
            with contextlib.redirect_stdout(printed):
                self.assertEqual(make_report.main(environment), 0)
            texts = Path("report.md").read_text("utf-8"), Path("report.html").read_text("utf-8")
            os.chdir(before)
        return *texts, printed.getvalue()

    def result(self, found, status="succeeded"):
        return {"item": {}, "key": "127.0.0.1:1", "status": status, "outputs": {"found": found}}

    def test_what_was_found_is_told(self):
        text, page, summary = self.make(
            [{"address": "127.0.0.1", "port": 8443, "name": "http", "tls": True}],
            [self.result(SSLSCAN)], [self.result(WHATWEB % "Welcome")])
        self.assertEqual(summary, "1 open ports, 2 of 2 services checked\n")
        for part in ("8443", "TLS 1.2", "NULL", "signed by itself", "tomorrow", "Welcome"):
            self.assertIn(part.replace("-", "\\-"), text)
            self.assertIn(part, page)
        self.assertNotIn("TLS 1.0", page)

    def test_hostile_text_stays_text(self):
        attack = "<script>alert(1)</script> | [x](javascript:y) `z` \\u202e \\u001b[2J"
        text, page, _ = self.make([{"name": attack}], (), [self.result(WHATWEB % attack)])
        self.assertNotIn("<script", page)
        self.assertNotIn("<script", text)
        self.assertNotIn("](", text)
        for hidden in ("\u202e", "\u001b"):
            self.assertNotIn(hidden, text + page)

    def test_output_that_does_not_parse_is_no_finding(self):
        tls = [self.result(text) for text in ("<document><ssl", "<document/>")]
        web = [self.result(text) for text in ("[{}]", "{", "[1]")]
        text, _, summary = self.make([], tls, web)
        self.assertEqual(summary, "0 open ports, 0 of 5 services checked\n")
        self.assertEqual(text.count("unreadable output"), 5)

    def test_a_failed_check_is_told(self):
        text, _, summary = self.make([], [self.result("", "failed")])
        self.assertEqual(summary, "0 open ports, 0 of 1 services checked\n")
        self.assertIn("not checked", text)


if __name__ == "__main__":
    unittest.main()
