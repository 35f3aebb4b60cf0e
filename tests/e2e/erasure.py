#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Sealed jobs of a real server: what they leave is nowhere to be read, and is forgotten for good.

usage: tests/e2e/erasure.py BINARY
"""

import json
import os
import re
import subprocess
import sys
import tempfile
import time
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
sys.path.insert(0, os.path.join(ROOT, "tests", "crash"))

import server as real  # noqa: E402

BINARY = os.path.abspath(sys.argv.pop(1)) if len(sys.argv) > 1 else ""
PATIENCE = 60
SECRET = "Wilhelmine-Musterfrau-4711"
EVIDENCE = "/api/v1/evidence"

# The secret in a parameter, on both streams, in outputs, items, files, a failure and a child job.
PIPELINE = """attacca: v1
name: sealed
seal: true
params: {who: {type: string}}
nodes:
  say:
    env: {WHO: '${{ params.who }}'}
    run: 'echo "out $WHO"; echo "err $WHO" >&2; echo "file $WHO" > kept.txt'
    artifacts: [kept.txt]
    outputs: {said: {from: stdout}}
  long:
    env: {WHO: '${{ params.who }}'}
    run: 'for i in 1 2 3 4 5 6 7 8 9; do printf "%9999s $WHO" x; done'
    outputs: {much: {from: stdout, max_bytes: 200000}}
  each:
    needs: [say]
    map: {over: '${{ [params.who, "b"] }}', as: it, key: '${{ it }}'}
    run: [echo, '${{ it }}']
  wrong:
    run: ['sh', '-c', 'exit 3']
    env: {WHO: '${{ params.who }}'}
    on_failure: skip_node
  below:
    job:
      params: {whom: '${{ params.who }}'}
      definition:
        params: {whom: {type: string}}
        nodes: {inner: {run: [echo, '${{ params.whom }}']}}
finally:
  end: {run: [echo, '${{ params.who }}']}
outputs: {said: '${{ nodes.say.outputs.said }}'}
"""


def files_below(folder):
    for at, _, names in os.walk(folder):
        for name in names:
            yield os.path.join(at, name)


class Erasure(unittest.TestCase):
    def setUp(self):
        self.directory = tempfile.TemporaryDirectory()
        self.data = os.path.join(self.directory.name, "data")
        self.server = real.Server(BINARY, self.data)
        self.server.start()
        self.client = self.server.client()

    def tearDown(self):
        if self.client.connection is not None:
            self.client.connection.close()
        self.server.stop()
        self.directory.cleanup()

    def attacca(self, *words):
        return subprocess.run([BINARY, *words, "--data", self.data], capture_output=True,
                              text=True, timeout=PATIENCE, check=False,
                              cwd=self.directory.name)

    def must(self, *words):
        done = self.attacca(*words)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        return done.stdout

    def run_sealed(self):
        file = os.path.join(self.directory.name, "sealed.yaml")
        with open(file, "w", encoding="utf-8") as out:
            out.write(PIPELINE)
        self.must("run", file, "-p", "who=" + SECRET)
        jobs = self.client.call("GET", f"{real.PREFIX}/jobs?limit=9")["items"]
        return next(job["id"] for job in jobs if "parent" not in job)

    def get(self, path):
        return self.client.call("GET", f"{real.PREFIX}/jobs/{path}")

    def refusal(self, method, path, body=None):
        with self.assertRaises(real.Refused) as caught:
            self.client.call(method, path, body)
        return caught.exception.status, json.loads(caught.exception.body)["type"].split(":")[-1]

    # Every place: the files as they are, and what the store keeps compressed.
    def places_with_secret(self):
        found = []
        for path in files_below(self.data):
            with open(path, "rb") as file:
                if SECRET.encode() in file.read():
                    found.append(path)
        events = self.client.call("GET", "/api/v1/audit?tenant=*&limit=1000")
        if SECRET in json.dumps(events):
            found.append("the audit")
        for record in self.client.call(
                "GET", f"{EVIDENCE}/records?entity=job/{self.job}")["items"]:
            if SECRET in record["record"]:
                found.append(record["record"])
        return found

    def wait_until_attempts_are_cleared(self):
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            left = [name for place in ("live", "work")
                    for name in os.listdir(os.path.join(self.data, place))]
            if not left:
                return
            time.sleep(0.02)
        self.fail(f"attempts left {left}")

    def export(self, is_erased=False):
        bundle = os.path.join(self.directory.name, "bundle.tar")
        self.must("evidence", "export", self.job, "--out", bundle, "--force")
        folder = os.path.join(self.directory.name, "bundle")
        subprocess.run(["rm", "-rf", folder], check=True)
        os.mkdir(folder)
        subprocess.run(["tar", "-xf", bundle, "-C", folder], check=True)
        for path in files_below(folder):
            with open(path, "rb") as file:
                self.assertNotIn(SECRET.encode(), file.read(), path)
        for command in ([BINARY, "verify", bundle], ["bash", folder + "/verify.sh", folder],
                        [sys.executable, os.path.join(ROOT, "tests/verifier/verify_bundle.py"),
                         bundle]):
            done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE,
                                  check=False)
            self.assertEqual(done.returncode, 0, f"{command}: {done.stdout}{done.stderr}")
            self.assertEqual("erased" in done.stdout.replace('"erased": 0', ""), is_erased,
                             done.stdout)
        self.assertEqual(os.path.isdir(os.path.join(folder, "erased")), is_erased)

    def verified(self):
        status, text = self.server.verify("--replay")
        self.assertEqual(status, 0, text)
        return json.loads(text)

    def test_a_sealed_job_is_read_until_it_is_erased(self):
        self.job = self.run_sealed()
        job = self.client.job(self.job)
        self.assertEqual(job["status"], "completed", job)
        self.assertTrue(job["sealed"])
        self.assertEqual(job["params"], {"who": SECRET})
        self.assertIn(SECRET, job["outputs"]["said"])
        nodes = {(n["id"], n.get("item")): n for n in self.get(f"{self.job}/nodes")["items"]}
        self.assertIn(SECRET, nodes["say", None]["outputs"]["said"])
        self.assertEqual(nodes["each", 0]["key"], SECRET)
        self.assertEqual(self.get(f"{self.job}/nodes/say/logs"), f"out {SECRET}\n")
        self.assertEqual(self.get(f"{self.job}/nodes/say/logs?stream=stderr"), f"err {SECRET}\n")
        self.assertEqual(self.get(f"{self.job}/nodes/say/logs?follow=true"), f"out {SECRET}\n")
        self.assertEqual(self.get(f"{self.job}/artifacts/kept.txt"), f"file {SECRET}\n")
        self.assertEqual(self.must("jobs", "artifact", self.job, "kept.txt", "--out", "-"),
                         f"file {SECRET}\n")
        child = nodes["below", None]["child"]
        self.assertEqual(self.get(f"{child}/nodes/inner/logs"), f"{SECRET}\n")
        self.wait_until_attempts_are_cleared()
        self.assertEqual(self.places_with_secret(), [])
        self.export()
        self.assertEqual(self.verified()["erased"], 0)

        # Restarts find the key; a hold is stronger than the wish to erase.
        self.server.stop()
        self.assertEqual(self.must("jobs", "artifact", self.job, "kept.txt", "--out", "-"),
                         f"file {SECRET}\n", "without a server")
        self.server.start()
        self.client = self.server.client()
        self.assertIn(SECRET, self.client.job(self.job)["outputs"]["said"])
        self.assertEqual(self.refusal("POST", f"{EVIDENCE}/job/{child}/erase", {"reason": "r"}),
                         (422, "state-conflict"))
        self.must("evidence", "hold", self.job, "--matter", "Doe v. Acme")
        refused = self.attacca("evidence", "erase", self.job, "--reason", "asked for")
        self.assertNotEqual(refused.returncode, 0)
        self.assertIn("Doe v. Acme", refused.stderr)
        self.assertEqual(self.types(), ["erase_refused"])
        self.assertIn(SECRET, self.client.job(self.job)["outputs"]["said"])
        self.must("evidence", "release", self.job, "--matter", "Doe v. Acme")

        self.must("evidence", "erase", self.job, "--reason", "asked for", "--by", "the officer")
        self.assertEqual(self.types(), ["erase_refused", "erased"])
        self.must("evidence", "erase", self.job, "--reason", "asked for again")
        self.assertEqual(self.types(), ["erase_refused", "erased"])
        self.check_erased(child)
        self.server.stop()
        self.server.start()
        self.client = self.server.client()
        self.check_erased(child)

    def types(self):
        page = self.client.call("GET", f"{EVIDENCE}/records?entity=erasure%2F{self.job}")
        return [record["type"] for record in page["items"]]

    def check_erased(self, child):
        job = self.client.job(self.job)
        self.assertEqual(job["erased"]["by"], "the officer")
        self.assertEqual(job["erased"]["reason"], "asked for")
        self.assertNotIn("params", job)
        self.assertNotIn("outputs", job)
        self.assertIn("erased", self.client.job(child))
        nodes = {(n["id"], n.get("item")): n for n in self.get(f"{self.job}/nodes")["items"]}
        self.assertTrue(nodes["say", None]["erased"])
        self.assertNotIn(SECRET, json.dumps(list(nodes.values())))
        for path in ("nodes/say/logs", "artifacts/kept.txt"):
            self.assertEqual(self.refusal("GET", f"{real.PREFIX}/jobs/{self.job}/{path}"),
                             (410, "erased"), path)
        self.assertEqual(self.refusal("GET", f"{real.PREFIX}/jobs/{child}/nodes/inner/logs"),
                         (410, "erased"))
        self.assertEqual(self.refusal("POST", f"{real.PREFIX}/jobs/{self.job}/retry", {}),
                         (410, "erased"))
        self.assertEqual(self.places_with_secret(), [])
        keys = os.path.join(self.data, "keys", "sealed")
        self.assertEqual(os.listdir(keys), [])
        self.export(is_erased=True)
        self.assertEqual(self.verified()["erased"], 1)
        check = self.client.call("GET", f"{EVIDENCE}/job/{self.job}/verify")
        self.assertTrue(check["ok"], check)

    def test_what_is_not_sealed_is_not_erased(self):
        job = self.client.call("POST", f"{real.PREFIX}/job",
                               {"name": "n", "dag_definition": {"nodes": [{"id": "a",
                                                                           "type": "noop"}]}})["id"]
        until = time.monotonic() + PATIENCE
        while self.client.job(job)["status"] != "completed" and time.monotonic() < until:
            time.sleep(0.02)
        path = f"{EVIDENCE}/job/{job}/erase"
        self.assertEqual(self.refusal("POST", path, {"reason": "r"}), (422, "state-conflict"))
        self.assertEqual(self.refusal("POST", path, {}), (422, "missing-field"))
        self.assertEqual(self.refusal("POST", path, {"reason": "r", "x": 1}),
                         (422, "unknown-field"))
        other = f"{EVIDENCE}/job/{job[:-1]}{'0' if job[-1] != '0' else '1'}/erase"
        self.assertEqual(self.refusal("POST", other, {"reason": "r"}), (404, "not-found"))

    def test_a_key_that_is_gone_without_a_record_is_told(self):
        self.job = self.run_sealed()
        self.assertEqual(self.verified()["erased"], 0)
        self.server.stop()
        os.remove(os.path.join(self.data, "keys", "sealed", self.job + ".seal"))
        status, text = self.server.verify("--replay")
        self.assertEqual(status, 2, text)
        self.assertRegex(text, re.compile("E_MISSING.*key of the sealed job", re.S))
        self.server.start()

    def test_a_key_that_a_crash_left_goes_at_the_next_start(self):
        self.job = self.run_sealed()
        key = os.path.join(self.data, "keys", "sealed", self.job + ".seal")
        with open(key, "rb") as file:
            secret = file.read()
        self.must("evidence", "erase", self.job, "--reason", "asked for")
        self.assertFalse(os.path.exists(key))
        self.server.stop()
        with open(key, "wb") as file:  # as if the process had been killed before
            file.write(secret)
        self.server.start()
        self.assertFalse(os.path.exists(key))

    def test_an_idempotent_submission_has_one_key(self):
        body = {"name": "n", "dag_definition": {"seal": True,
                                                "nodes": [{"id": "a", "type": "noop"}]}}
        headers = {"Idempotency-Key": "k-1"}
        first = self.client.call("POST", f"{real.PREFIX}/job", body, headers)["id"]
        again = self.client.call("POST", f"{real.PREFIX}/job", body, headers)["id"]
        self.assertEqual(first, again)
        keys = os.path.join(self.data, "keys", "sealed")
        self.assertEqual(os.listdir(keys), [first + ".seal"])
        self.assertEqual(self.refusal("POST", f"{real.PREFIX}/job?deduplicate=content", body),
                         (422, "not-supported"))


if __name__ == "__main__":
    unittest.main()
