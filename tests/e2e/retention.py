#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Retention of a real server: words go when their time has passed, and the evidence stays whole.

usage: tests/e2e/retention.py BINARY
"""

import hashlib
import json
import os
import re
import shutil
import sqlite3
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
PATIENCE = 120
EVIDENCE = "/api/v1/evidence"
JOBS = 200  # of four records each: three full tiles


class Retention(unittest.TestCase):
    def setUp(self):
        self.directory = tempfile.TemporaryDirectory()
        self.data = os.path.join(self.directory.name, "data")
        self.server = real.Server(BINARY, self.data)

    def tearDown(self):
        self.server.stop()
        self.directory.cleanup()

    def start(self, retention, *flags):
        self.server.flags = ["--retention", retention, *flags]
        self.assertTrue(self.server.start())
        self.client = self.server.client()

    def restart(self, retention, *flags):
        self.client.connection.close()
        self.server.stop()
        self.start(retention, *flags)

    def until(self, what):
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            if what():
                return
            time.sleep(0.05)
        self.fail("waited in vain")

    def submit(self, node=None, **more):
        nodes = [node or {"id": "a", "type": "noop"}]
        return self.client.call("POST", f"{real.PREFIX}/job",
                                {"name": "n", "dag_definition": {"nodes": nodes, **more}})["id"]

    def run_jobs(self, **more):
        jobs = [self.submit(**more) for _ in range(JOBS)]
        self.until(lambda: all(self.client.job(job)["status"] == "completed"
                               for job in jobs[-10:]))
        return jobs

    def status(self, path):
        try:
            self.client.call("GET", EVIDENCE + path)
            return 200, ""
        except real.Refused as refused:
            return refused.status, json.loads(refused.body)["type"].split(":")[-1]

    def first_of(self, job):
        page = self.client.call("GET", f"{EVIDENCE}/records?entity=job/{job}")
        return page["items"][0]["gseq"]

    def verify(self, data=None, *words):
        done = subprocess.run([BINARY, "verify", data or self.data, "-o", "json", *words],
                              capture_output=True, text=True, timeout=PATIENCE, check=False)
        report = json.loads(done.stdout)
        codes = {failure["code"] for failure in report["failures"]}
        return done.returncode, codes, report

    def must_be_whole(self, *words):
        status, codes, report = self.verify(None, *words)
        self.assertEqual((status, codes), (0, set()), report)
        return report

    def pruned_ledger(self):
        self.start("forever")
        jobs = self.run_jobs(outputs={"given": "yes"})
        held, early, live = jobs[100], jobs[50], self.submit({"id": "w", "wait": {"for": "1h"}})
        places = {job: self.first_of(job) for job in (held, early, live)}
        self.client.call("POST", f"{EVIDENCE}/holds",
                         {"job": held, "matter": "Doe v. Acme", "by": "counsel"})
        self.run_jobs()
        self.assertEqual(self.must_be_whole("--replay")["pruned"], 0)
        self.proof = self.client.call("GET", f"{EVIDENCE}/records/{places[early]}/proof")
        self.restart("1s")
        self.until(lambda: self.status(f"/records/{places[early]}")[0] == 410)
        return held, early, live, places

    def test_words_go_and_hashes_stay(self):
        held, early, live, places = self.pruned_ledger()
        gone = places[early]
        self.assertEqual(self.status(f"/records/{gone}"), (410, "pruned"))
        self.assertEqual(self.status("/tile/entries/000"), (410, "pruned"))
        self.assertEqual(self.status(f"/job/{early}/verify"), (410, "pruned"))
        self.assertEqual(self.status(f"/job/{early}/bundle"), (410, "pruned"))
        # The row of its job tells the rest.
        told = self.client.job(early)
        self.assertEqual((told["status"], told.get("outputs")), ("completed", None))
        self.assertEqual(self.client.job(held)["outputs"], {"given": "yes"})
        # Its receipt still holds, and so do the tiles.
        receipt = self.client.call("GET", f"{EVIDENCE}/records/{gone}/proof")
        self.assertIn(f"index {gone}\n", receipt)
        self.assertEqual(receipt.splitlines()[2], self.proof.splitlines()[2])
        # What is held, and what lives, is all there.
        for job in (held, live):
            self.assertEqual(self.status(f"/records/{places[job]}")[0], 200, job)
            self.assertTrue(self.client.call("GET", f"{EVIDENCE}/job/{job}/verify")["ok"])
        # A look finds what is old enough by then, so it takes several.
        self.until(lambda: self.must_be_whole()["pruned"] > 400)
        report = self.must_be_whole()
        self.assertFalse(self.must_be_whole("--replay")["replayed"])
        # A start reads nothing of what is gone.
        self.restart("forever")
        self.assertEqual(self.client.job(live)["status"], "running")
        self.assertEqual(self.status(f"/records/{gone}"), (410, "pruned"))
        self.assertGreaterEqual(self.must_be_whole()["pruned"], report["pruned"])
        for path in ("/records?entity=retention", "/records?entity=keys",
                     "/records?entity=ledger"):
            self.assertEqual(self.status(path)[0], 200, path)
        audit = self.client.call("GET", "/api/v1/audit?tenant=*&type=entries_pruned")
        self.assertIn("entries_pruned", {row["type"] for row in audit["items"]})
        bundle = os.path.join(self.directory.name, "held.tar")
        done = subprocess.run([BINARY, "evidence", "export", held, "--out", bundle, "--data",
                               self.data], capture_output=True, text=True, check=False)
        self.assertEqual(done.returncode, 0, done.stderr)
        for command in ([BINARY, "verify", bundle],
                        [sys.executable, os.path.join(ROOT, "tests/verifier/verify_bundle.py"),
                         bundle]):
            done = subprocess.run(command, capture_output=True, text=True, check=False)
            self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

        # When the hold is released, the rest goes too.
        self.client.call("POST", f"{EVIDENCE}/holds/release",
                         {"job": held, "matter": "Doe v. Acme", "by": "counsel"})
        self.restart("1s")
        self.until(lambda: self.status(f"/records/{places[held]}")[0] == 410)
        self.must_be_whole()

    def test_a_job_may_ask_for_more_and_within_bounds_for_less(self):
        child = {"id": "c", "job": {"definition": {"nodes": [{"id": "a", "type": "noop"}]}}}
        self.start("forever")
        # So many that they have batches and tiles of their own.
        usual = self.run_jobs()[JOBS // 2]
        parent = self.submit(child, retention="forever")
        self.until(lambda: self.client.job(parent)["status"] == "completed")
        short = self.run_jobs(retention="2s")[JOBS // 2]
        self.run_jobs()
        inner = self.client.call("GET", f"{real.PREFIX}/jobs?parent={parent}")["items"][0]["id"]
        places = {job: self.first_of(job) for job in (usual, parent, inner, short)}

        def there(job):
            return self.status(f"/records/{places[job]}")[0]

        self.restart("1h", "--retention-least", "1s")
        self.until(lambda: there(short) == 410)
        self.assertEqual([there(job) for job in (usual, parent, inner)], [200, 200, 200])
        self.restart("1s")
        self.until(lambda: there(usual) == 410)
        self.assertEqual([there(job) for job in (parent, inner)], [200, 200])
        self.must_be_whole()

    def file_of(self, job):
        name = hashlib.sha256(f"of {job}\n".encode()).hexdigest()
        return os.path.join(self.data, "cas", "sha256", name[:2], name[2:4], name)

    def metric(self, name):
        text = self.client.call("GET", "/metrics")
        return int(re.search(rf"^{name} (\d+)$", text, re.MULTILINE).group(1))

    def refusal(self, method, path, body=None):
        with self.assertRaises(real.Refused, msg=path) as caught:
            self.client.call(method, path, body)
        return caught.exception.status, json.loads(caught.exception.body)

    def cli(self, *words):
        done = subprocess.run([BINARY, *words], capture_output=True, text=True, check=False,
                              timeout=PATIENCE)
        return done.returncode, done.stdout + done.stderr

    def test_what_only_pruned_records_named_goes(self):
        self.start("forever")
        node = {"id": "own", "run": 'echo "of $ATTACCA_JOB"; echo shared >&2'}
        text = "t" * 3000  # too large for a record

        def left():
            job = self.client.call("POST", f"{real.PREFIX}/job", {
                "name": "n", "params": {"text": text}, "dag_definition": {"nodes": [node]}})["id"]
            self.until(lambda: self.client.job(job)["status"] == "completed")
            return job

        early = left()
        sealed = self.submit({"id": "s", "run": "echo secret"}, seal=True)
        self.until(lambda: self.client.job(sealed)["status"] == "completed")
        self.run_jobs()
        held = left()
        self.client.call("POST", f"{EVIDENCE}/holds",
                         {"job": held, "matter": "Doe v. Acme", "by": "counsel"})
        self.run_jobs()
        self.assertTrue(os.path.exists(self.file_of(early)))
        page = f"{real.PREFIX}/jobs/{early}"
        self.assertEqual(self.client.call("GET", f"{page}/nodes/own/logs"), f"of {early}\n")

        self.restart("1s")
        self.until(lambda: not os.path.exists(self.file_of(early)))
        self.must_be_whole()
        # What a kept record names is there: the same definition and parameters, and an equal file.
        told = self.client.job(held)
        self.assertEqual((told["params"], told["nodes"][0]["id"]), ({"text": text}, "own"))
        logs = f"{real.PREFIX}/jobs/{held}/nodes/own/logs"
        self.assertEqual(self.client.call("GET", logs), f"of {held}\n")
        self.assertEqual(self.client.call("GET", logs + "?stream=stderr"), "shared\n")
        self.client.call("POST", f"{EVIDENCE}/holds/release",
                         {"job": held, "matter": "Doe v. Acme", "by": "counsel"})
        self.until(lambda: not os.path.exists(self.file_of(held)))
        self.until(lambda: "nodes" not in self.client.job(early))

        self.assertGreaterEqual(self.metric("attacca_collected_files_total"), 3)
        self.assertGreaterEqual(self.metric("attacca_collected_bodies_total"), 2)
        self.assertGreater(self.metric("attacca_collected_bytes_total"), 3000)
        audit = self.client.call("GET", "/api/v1/audit?tenant=*&type=content_collected")
        self.assertIn("content_collected", {row["type"] for row in audit["items"]})
        # The row tells what it can; whatever else is asked for is gone, and that is said.
        told = self.client.job(early)
        self.assertEqual((told["id"], told["status"], told["counts"]["done"]),
                         (early, "completed", 1))
        self.assertNotIn("params", told)
        listed = self.client.call("GET", f"{real.PREFIX}/jobs?limit=1000")["items"]
        self.assertIn(early, [job["id"] for job in listed])
        for method, path in (("GET", "/nodes/own/logs"), ("GET", "/artifacts"),
                             ("GET", "/definition"), ("GET", "/nodes"), ("GET", "/events"),
                             ("POST", "/retry")):
            status, problem = self.refusal(method, page + path)
            self.assertEqual((path, status, problem["type"].split(":")[-1]), (path, 410, "pruned"))
            self.assertIn("retention", problem["detail"])
        where = ["--server", f"http://127.0.0.1:{self.server.port}",
                 "--token-file", os.path.join(self.data, "admin.token")]
        for words in (["jobs", "logs", early, "--node", "own"], ["jobs", "retry", early]):
            status, said = self.cli(*words, *where)
            self.assertEqual(status, 65, said)
            self.assertIn("retention", said)
        self.assertEqual(self.cli("jobs", "get", early, *where)[0], 0)
        # For the sake of copies a sealed job can be erased long after.
        self.assertEqual(self.refusal("GET", f"{real.PREFIX}/jobs/{sealed}/nodes/s/logs")[0], 410)
        self.client.call("POST", f"{EVIDENCE}/job/{sealed}/erase", {"reason": "asked for"})
        self.assertEqual(self.client.job(sealed)["erased"]["reason"], "asked for")
        # The same definition and parameters come again, and are stored again.
        again = left()
        self.assertEqual(self.client.job(again)["params"], {"text": text})
        self.must_be_whole()
        self.client.connection.close()
        self.server.stop()
        status, said = self.cli("jobs", "get", early, "--data", self.data)
        self.assertEqual(status, 0, said)
        status, said = self.cli("jobs", "logs", early, "--node", "own", "--data", self.data)
        self.assertEqual(status, 65, said)
        self.assertIn("retention", said)
        self.must_be_whole()

    def changed(self, *statements):
        copy = os.path.join(self.directory.name, "copy")
        shutil.rmtree(copy, ignore_errors=True)
        shutil.copytree(self.data, copy)
        with sqlite3.connect(os.path.join(copy, "attacca.db")) as store:
            for statement in statements:
                self.assertEqual(store.execute(statement).rowcount, 1, statement)
        store.close()
        return self.verify(copy)[:2]

    def test_nobody_else_takes_words_away(self):
        self.pruned_ledger()
        self.server.stop()
        with sqlite3.connect(os.path.join(self.data, "attacca.db")) as store:
            gone = store.execute("SELECT first_gseq FROM batches WHERE length(records) = 0 "
                                 "AND first_gseq > 20 ORDER BY 1 LIMIT 1").fetchone()[0]
            there = store.execute("SELECT first_gseq FROM batches WHERE length(records) > 0 "
                                  "AND first_gseq > 20 AND first_gseq + count < "
                                  "(SELECT 256 * max(position) FROM tiles WHERE level = 0) "
                                  "ORDER BY 1 LIMIT 1").fetchone()[0]
            marks = store.execute("SELECT count(*) FROM entities WHERE entity = 'retention'")
            self.assertEqual(marks.fetchone()[0], 1)
        store.close()
        prune = "UPDATE batches SET raw_bytes = 0, previous = x'', records = x'' "
        self.assertEqual(self.changed(prune + f"WHERE first_gseq = {there}"), (2, {"E_GAP"}))
        self.assertEqual(self.changed(f"DELETE FROM batches WHERE first_gseq = {gone}"),
                         (2, {"E_GAP"}))
        self.assertEqual(self.changed(f"DELETE FROM batches WHERE first_gseq = {there}"),
                         (2, {"E_GAP"}))
        status, codes = self.changed("UPDATE batches SET root = zeroblob(32) "
                                     f"WHERE first_gseq = {gone}")
        self.assertEqual(status, 1)
        self.assertIn("E_ROOT", codes)
        at = gone % 256 * 32
        status, codes = self.changed(
            f"UPDATE tiles SET hashes = CAST(substr(hashes, 1, {at}) || zeroblob(32) || "
            f"substr(hashes, {at + 33}) AS BLOB) WHERE level = 0 AND position = {gone // 256}")
        self.assertEqual(status, 1)
        self.assertIn("E_ROOT", codes)
        status, codes = self.changed("DELETE FROM tiles WHERE level = 0 "
                                     f"AND position = {gone // 256}")
        self.assertEqual(status, 2)
        self.assertIn("E_MISSING", codes)
        self.server.start()


if __name__ == "__main__":
    unittest.main()
