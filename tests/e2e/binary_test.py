# SPDX-License-Identifier: Apache-2.0
"""The built binary as a person uses it: a terminal's Ctrl-C, `serve --check`, `run` after a crash.

usage: binary_test.py PATH_OF_ATTACCA
"""

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
import unittest

BINARY = sys.argv.pop(1)
LIMIT_S = 120  # for anything at all: a sanitizer's build on a busy machine is slow

SLOW = """attacca: v1
name: slow
nodes:
  a: {run: [sh, -c, "touch '%s'; sleep 2; echo done"]}
"""
QUICK = """attacca: v1
name: quick
nodes:
  a: {noop: true}
"""


def wait_for(condition):
    end = time.monotonic() + LIMIT_S
    while not condition():
        if time.monotonic() > end:
            raise TimeoutError("nothing happened")
        time.sleep(0.02)


def attacca(*arguments):
    return subprocess.run([BINARY, *arguments], capture_output=True, text=True, timeout=LIMIT_S)


class Binary(unittest.TestCase):
    def setUp(self):
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.data = os.path.join(scratch.name, "data")
        self.began = os.path.join(scratch.name, "began")
        self.slow = os.path.join(scratch.name, "slow.yaml")
        self.quick = os.path.join(scratch.name, "quick.yaml")
        with open(self.slow, "w", encoding="utf-8") as file:
            file.write(SLOW % self.began)
        with open(self.quick, "w", encoding="utf-8") as file:
            file.write(QUICK)

    def stored(self):
        page = attacca("jobs", "list", "--data", self.data, "-o", "json")
        self.assertEqual(page.returncode, 0, page.stderr)
        return json.loads(page.stdout)

    def test_ctrl_c_in_a_terminal_lets_what_runs_come_to_its_end(self):
        # A terminal sends the signal to the whole process group: server and spawner alike.
        server = subprocess.Popen(
            [BINARY, "serve", "--data", self.data, "--listen", "127.0.0.1:0"],
            stderr=subprocess.PIPE, text=True, process_group=0)
        try:
            announced = os.path.join(self.data, "server.json")
            wait_for(lambda: os.path.exists(announced))
            sent = attacca("run", self.slow, "--data", self.data, "--detach")
            self.assertEqual(sent.returncode, 0, sent.stderr)
            wait_for(lambda: os.path.exists(self.began))
            os.killpg(server.pid, signal.SIGINT)
            _, log = server.communicate(timeout=LIMIT_S)
        finally:
            server.kill()
        self.assertEqual(server.returncode, 0, log)
        self.assertIn('"message":"stopped"', log)
        self.assertEqual(self.stored()["items"][0]["status"], "completed")
        verified = attacca("verify", self.data, "--replay")
        self.assertEqual(verified.returncode, 0, verified.stdout + verified.stderr)

    def test_check_says_what_it_looked_at(self):
        self.assertEqual(attacca("run", self.quick, "--data", self.data).returncode, 0)
        checked = attacca("serve", "--check", "--data", self.data)
        self.assertEqual(checked.returncode, 0, checked.stderr)
        self.assertRegex(checked.stdout, r"ledger +\d+ records")
        self.assertRegex(checked.stdout, r"jobs +0 live")
        self.assertFalse(os.path.exists(os.path.join(self.data, "server.json")))

    def test_run_tells_of_older_jobs_that_go_on(self):
        first = subprocess.Popen([BINARY, "run", self.slow, "--data", self.data],
                                 stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            wait_for(lambda: os.path.exists(self.began))
        finally:
            first.kill()
            first.wait()
        second = attacca("run", self.quick, "--data", self.data)
        self.assertEqual(second.returncode, 0, second.stderr)
        self.assertIn("1 older job that had not ended goes on in " + self.data, second.stderr)
        page = self.stored()
        self.assertEqual([page["total"], page["limit"], page["offset"]], [2, 50, 0])

    def test_init_in_a_directory_that_is_missing_says_so(self):
        wanted = os.path.join(self.data, "sub", "p.yaml")
        made = attacca("init", wanted)
        self.assertEqual(made.returncode, 66, made.stderr)
        self.assertIn("there is no directory " + os.path.dirname(wanted), made.stderr)
        self.assertFalse(os.path.exists(self.data))


if __name__ == "__main__":
    unittest.main()
