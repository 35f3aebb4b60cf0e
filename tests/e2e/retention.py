#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Retention of a real server: words go when their time has passed, and the evidence stays whole.

usage: tests/e2e/retention.py BINARY
"""

import json
import os
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
