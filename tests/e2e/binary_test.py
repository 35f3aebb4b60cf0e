# SPDX-License-Identifier: Apache-2.0
"""The built binary as a person uses it: a terminal's Ctrl-C, `serve --check`, `run` after a crash.

usage: binary_test.py PATH_OF_ATTACCA
"""

import json
import os
import signal
import sqlite3
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


HELLO = """attacca: v1
name: hello
nodes: {hi: {run: "echo hello | tee report.txt", artifacts: [report.txt]}}
"""
HEAD = "attacca: v1\nname: x\n"
CARETS = [
    (HEAD + "nodes:\n  a:\n    if: params.n > > 3\n    noop: true\n", ">", "expected a value"),
    (HEAD + "nodes:\n  a:\n    if: ${{ lenght(1) }}\n    noop: true\n", "lenght",
     "did you mean `length`?"),
    (HEAD + 'nodes:\n  a: {run: [echo, "${{ params.nmae }}"]}\nparams: {name: {}}\n', "nmae",
     "is not declared"),
    (HEAD + "nodes:\n  a:\n    run: |\n      echo a\n      echo ${{ job.id }}\n", "${{ job.id }}",
     "`${{ job.id }}`"),
    ("attacca: v1\nname: Bad Name\nnodes: {a: {noop: true}}\n", "Bad Name", "name"),
    (HEAD + "nodes:\n  a:\n    timeout: soon\n    noop: true\n", "soon", "duration"),
    (HEAD + "nodes:\n  a:\n    timeuot: 3s\n    noop: true\n", "timeuot", "`timeout`?"),
    (HEAD + "nodes:\n\ta:\n\t  noop: true\n", " ", "a tab indents this line"),
]


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

    def test_nothing_goes_on_where_signed_records_are_missing(self):
        self.assertEqual(attacca("run", self.quick, "--data", self.data).returncode, 0)
        with sqlite3.connect(os.path.join(self.data, "attacca.db")) as store:
            store.execute("DELETE FROM batches WHERE first_gseq = "
                          "(SELECT max(first_gseq) FROM batches)")
        # Of `run`, 4 says that the job waits for a person.
        for command, status in ((["serve", "--check"], 4),
                                (["serve", "--listen", "127.0.0.1:0"], 4),
                                (["run", self.quick], 70)):
            refused = attacca(*command, "--data", self.data)
            self.assertEqual(refused.returncode, status, refused.stdout + refused.stderr)
            self.assertIn("contradicts itself", refused.stderr)
        self.assertIn("some are missing", attacca("doctor", "--data", self.data).stdout)
        verified = attacca("verify", self.data)
        self.assertEqual(verified.returncode, 4, verified.stdout)
        self.assertIn("E_ROLLBACK", verified.stdout)

    def test_a_bundle_that_broke_off_accuses_nobody(self):
        self.assertEqual(attacca("run", self.quick, "--data", self.data).returncode, 0)
        job = self.stored()["items"][0]["id"]
        bundle = self.write("evidence.tar", "")
        exported = attacca("evidence", "export", job, "--data", self.data, "--out", bundle,
                           "--force")
        self.assertEqual(exported.returncode, 0, exported.stderr)
        with open(bundle, "rb") as file:
            whole = file.read()
        link = bundle + ".link"
        os.symlink(bundle, link)
        self.assertEqual(attacca("verify", link).returncode, 0)
        for content, status, told in ((whole[:-5000], 2, "E_MISSING"),
                                      (whole + b"more", 1, "E_FORMAT"),
                                      (whole[:900] + b"x" + whole[901:], 1, "E_")):
            with open(bundle, "wb") as file:
                file.write(content)
            verified = attacca("verify", bundle)
            self.assertEqual(verified.returncode, status, verified.stdout)
            self.assertIn(told, verified.stdout)
        missing = attacca("verify", bundle + ".none")
        self.assertEqual(missing.returncode, 66)
        self.assertIn("there is no file or directory", missing.stderr)

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

    def write(self, name, text):
        path = os.path.join(os.path.dirname(self.data), name)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        return path

    def test_what_a_run_left_is_read_without_a_server(self):
        hello = self.write("hello.yaml", HELLO)
        ran = attacca("run", hello, "--data", self.data)
        self.assertEqual(ran.returncode, 0, ran.stderr)
        self.assertEqual(ran.stdout, "hello\n")
        job = self.stored()["items"][0]["id"]
        listed = attacca("jobs", "artifacts", job, "--data", self.data, "-o", "jsonl")
        self.assertEqual(listed.returncode, 0, listed.stderr)
        names = [json.loads(line)["name"] for line in listed.stdout.splitlines()]
        self.assertIn("report.txt", names)
        fetched = attacca("jobs", "artifact", job, "report.txt", "--data", self.data, "--out", "-")
        self.assertEqual((fetched.returncode, fetched.stdout), (0, "hello\n"), fetched.stderr)
        watched = attacca("jobs", "watch", job, "--data", self.data)
        self.assertEqual((watched.returncode, watched.stdout), (0, "hello\n"), watched.stderr)
        logs = attacca("jobs", "logs", job, "--data", self.data, "-o", "json")
        self.assertEqual(json.loads(logs.stdout)["items"],
                         [{"node": "hi", "stream": "stdout", "line": "hello"}])

    def test_a_job_that_has_not_ended_is_not_watched_without_a_server(self):
        first = subprocess.Popen([BINARY, "run", self.slow, "--data", self.data],
                                 stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            wait_for(lambda: os.path.exists(self.began))
        finally:
            first.kill()
            first.wait()
        job = self.stored()["items"][0]["id"]
        watched = attacca("jobs", "watch", job, "--data", self.data)
        self.assertEqual(watched.returncode, 69, watched.stderr)
        self.assertIn("the job has not ended, and no server holds", watched.stderr)

    def test_the_caret_stands_under_the_mistake(self):
        # file text, the marked text, what is said of it
        for text, marked, said in CARETS:
            path = self.write("bad.yaml", text)
            checked = attacca("validate", path)
            self.assertEqual(checked.returncode, 65, text)
            lines = checked.stderr.splitlines()
            carets = next(i for i, line in enumerate(lines) if "^" in line)
            begin, end = lines[carets].index("^"), lines[carets].rindex("^") + 1
            self.assertEqual(lines[carets - 1][begin:end], marked, checked.stderr)
            self.assertIn(said, checked.stderr)

    def test_a_directory_is_no_pipeline_file(self):
        checked = attacca("validate", os.path.dirname(self.data))
        self.assertEqual(checked.returncode, 66, checked.stderr)
        self.assertIn("is a directory, not a file", checked.stderr)

    def test_what_is_no_bundle_is_not_called_tampered(self):
        for text in ("", "hello\n", "hello\n" * 1000):
            checked = attacca("verify", self.write("notes.txt", text))
            self.assertEqual(checked.returncode, 65, checked.stdout + checked.stderr)
            self.assertIn("is no bundle", checked.stderr)
        for zeros, status in ((100, 2), (500, 1)):  # a part of a header; one that is wrong
            checked = attacca("verify", self.write("cut.tar", "MANIFEST.txt" + "\0" * zeros))
            self.assertEqual(checked.returncode, status, checked.stdout + checked.stderr)

    def test_completion_looks_past_the_value_of_a_flag(self):
        script = attacca("completion", "bash").stdout
        for words in (["jobs"], ["--data", "/x", "jobs"], ["--data", "=", "/x", "jobs"],
                      ["-o", "json", "-q", "jobs"]):
            quoted = " ".join(f"'{word}'" for word in ["attacca", *words, "lo"])
            asked = script + f"\nCOMP_WORDS=({quoted}) COMP_CWORD={len(words) + 1}\n" \
                "_attacca; echo \"${COMPREPLY[@]}\""
            answered = subprocess.run(["bash", "-c", asked], capture_output=True, text=True,
                                      timeout=LIMIT_S)
            self.assertEqual(answered.stdout, "logs\n", answered.stderr)

    def test_init_in_a_directory_that_is_missing_says_so(self):
        wanted = os.path.join(self.data, "sub", "p.yaml")
        made = attacca("init", wanted)
        self.assertEqual(made.returncode, 66, made.stderr)
        self.assertIn("there is no directory " + os.path.dirname(wanted), made.stderr)
        self.assertFalse(os.path.exists(self.data))


if __name__ == "__main__":
    unittest.main()
