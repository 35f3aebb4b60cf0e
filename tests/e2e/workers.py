#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Workers of a real server: the guide with curl alone, `attacca worker run`, kill -9 on both sides.

usage: tests/e2e/workers.py BINARY
"""

import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import threading
import time
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
sys.path.insert(0, os.path.join(ROOT, "tests", "crash"))

import server as real  # noqa: E402

BINARY = os.path.abspath(sys.argv.pop(1)) if len(sys.argv) > 1 else ""
PATIENCE = 60


def task_job(*nodes):
    return {"name": "test", "dag_definition": {"nodes": list(nodes)}}


def task(name, lane="gpu", **more):
    return {"id": name, "task": {"lane": lane, **more}}


class Workers(unittest.TestCase):
    def setUp(self):
        self.directory = tempfile.TemporaryDirectory()
        self.data = os.path.join(self.directory.name, "data")
        self.server = real.Server(BINARY, self.data)
        self.server.start()
        self.client = self.server.client()
        self.programs = []

    def tearDown(self):
        for program in self.programs:
            if program.poll() is None:
                program.kill()
            program.wait()
        self.server.stop()
        self.directory.cleanup()

    def submit(self, *nodes):
        return self.client.call("POST", f"{real.PREFIX}/job", task_job(*nodes))["id"]

    def wait_for(self, job, *states):
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            found = self.client.job(job)
            if found["status"] in states:
                return found
            time.sleep(0.02)
        self.fail(f"job {job} is {found['status']}, not {states}")

    def node(self, job, position=0):
        return self.client.call("GET", f"{real.PREFIX}/jobs/{job}/nodes")["items"][position]

    def worker(self, *command, flags=()):
        program = subprocess.Popen(
            [BINARY, "worker", "run", "--data", self.data, "--lane", "gpu", "--ttl", "2s",
             "--name", "w1", *flags, "--", *command],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.programs.append(program)
        return program

    def test_the_guide_works_with_curl_alone(self):
        with open(os.path.join(ROOT, "docs/guides/workers.md"), encoding="utf-8") as file:
            blocks = re.findall(r"^```sh\n(.*?)^```$", file.read(), re.S | re.M)
        self.assertGreaterEqual(len(blocks), 4)
        # The last block holds both ends of an attempt: the first line is the good one.
        script = "".join(blocks[:3]) + blocks[3].splitlines()[0] + "\n"
        script = re.sub(r"(?m)^server=.*$", f"server=http://127.0.0.1:{self.server.port}", script)
        done = subprocess.run(["bash", "-eu", "-c", script], env={**os.environ, "DIR": self.data},
                              capture_output=True, text=True, timeout=PATIENCE)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        job = self.client.call("GET", f"{real.PREFIX}/jobs")["items"][0]["id"]
        self.wait_for(job, "completed")
        self.assertEqual(self.node(job)["outputs"], {"file": "picture.png"})

    def test_any_program_becomes_a_worker(self):
        self.worker("sh", "-c", 'cat; printf " %s" "$ATTACCA_TYPE" >&2')
        job = self.submit(task("a", type="copy", input={"n": [1, "ü"]}))
        self.wait_for(job, "completed")
        node = self.node(job)
        self.assertEqual(node["outputs"], {"input": {"n": [1, "ü"]}, "type": "copy"})
        self.assertEqual(node["attempts"][0]["worker"], "w1")

    def test_plain_output_and_exit_status_are_reported(self):
        self.worker("sh", "-c", 'test "$ATTACCA_NODE" = a && echo hello || { echo bad; exit 3; }')
        good = self.submit(task("a"))
        bad = self.submit(task("b"))
        self.wait_for(good, "completed")
        self.wait_for(bad, "failed")
        self.assertEqual(self.node(good)["outputs"], {"stdout": "hello"})
        attempt = self.node(bad)["attempts"][-1]
        self.assertEqual((attempt["outcome"], attempt["exit_code"]), ("failed", 3))
        self.assertEqual(self.node(bad)["outputs"], {"stdout": "bad"})

    def test_a_worker_whose_program_is_missing_takes_no_task(self):
        job = self.submit(task("a"))
        for missing in ("/no/such/program", "no-such-program"):
            self.assertEqual(self.worker(missing).wait(PATIENCE), 66)
        self.assertEqual(self.node(job)["attempts"], [])
        self.worker("true")
        self.wait_for(job, "completed")

    def test_heartbeats_keep_what_takes_longer_than_the_ttl(self):
        self.worker("sleep", "5")
        job = self.submit(task("a"))
        self.wait_for(job, "completed")
        self.assertEqual(len(self.node(job)["attempts"]), 1)

    def test_a_cancelled_job_stops_its_command(self):
        pid = os.path.join(self.directory.name, "pid")
        self.worker("sh", "-c", f"echo $$ > {pid}.new; mv {pid}.new {pid}; exec sleep 600")
        job = self.submit(task("a"))
        self.wait_for(job, "running")
        self.wait_until(lambda: os.path.exists(pid))
        self.client.call("DELETE", f"{real.PREFIX}/job/{job}")
        self.wait_for(job, "cancelled")
        with open(pid, encoding="utf-8") as file:
            number = int(file.read())
        self.wait_until(lambda: not os.path.exists(f"/proc/{number}"))

    def test_a_signal_lets_what_runs_end(self):
        gate = os.path.join(self.directory.name, "gate")
        program = self.worker("sh", "-c", f"while ! test -e {gate}; do sleep 0.05; done")
        job = self.submit(task("a"))
        self.wait_for(job, "running")
        program.send_signal(signal.SIGTERM)
        second = self.submit(task("b"))
        open(gate, "wb").close()
        self.wait_for(job, "completed")
        self.assertEqual(program.wait(PATIENCE), 0)
        self.assertEqual(self.client.job(second)["status"], "queued")

    def test_a_worker_that_is_killed_loses_its_task_to_another(self):
        first = self.worker("sleep", "20")  # nobody ends it with its worker
        job = self.submit(task("a"))
        self.wait_for(job, "running")
        first.kill()
        self.worker("true", flags=("--name", "w2"))
        self.wait_for(job, "completed")
        attempts = self.node(job)["attempts"]
        self.assertEqual([(a["worker"], a["outcome"]) for a in attempts],
                         [("w1", "lost"), ("w2", "succeeded")])
        self.assertLess(attempts[0]["fence"], attempts[1]["fence"])

    def test_a_worker_does_not_notice_that_the_server_was_killed(self):
        self.worker("sleep", "3", flags=("--ttl", "10s"))
        job = self.submit(task("a"))
        self.wait_for(job, "running")
        port = self.server.port
        self.server.kill()
        self.server.start(port=port)
        self.client = self.server.client()
        self.wait_for(job, "completed")
        self.assertEqual(len(self.node(job)["attempts"]), 1)

    def claim(self):
        return self.client.call("POST", "/api/v1/lanes/gpu/claim", {"worker": "w"})["leases"]

    def dispatch(self, user, stay):
        return self.client.call("POST", "/dispatch", {
            "coreId": "gpu", "stay": stay, "metadata": {"user_id": user}})["task_id"][5:]

    def test_whose_a_dispatch_is(self):
        owners = {}
        for lane, metadata in (("t", {"user_id": "ada"}), ("n", {"user_id": 42}), ("z", {}),
                               ("e", {"user_id": ""}), ("o", {"user_id": ["x"]})):
            self.client.call("POST", "/dispatch",
                             {"coreId": lane, "stay": True, "metadata": metadata})
            self.client.call("POST", f"/api/v1/lanes/{lane}/claim", {"worker": "w"})
        for kept in self.client.call("GET", "/api/v1/workers")["reservations"]:
            owners[kept["lane"]] = kept["owner"]
        self.assertEqual(owners, {"t": "user/ada", "n": "user/42", "z": "dispatch",
                                  "e": "dispatch", "o": "dispatch"})

    def complete(self, lease):
        self.client.call("POST", f"/api/v1/attempts/{lease['id']}/complete",
                         {"fence": lease["fence"]})

    def test_a_lane_stays_kept_over_a_kill_until_its_owner_gives_it_back(self):
        first = self.dispatch("ada", True)
        lease, = self.claim()
        self.assertEqual((lease["job"], lease["stay"]), (first, True))
        other = self.dispatch("bob", False)
        self.complete(lease)
        self.assertEqual(self.claim(), [])
        self.server.kill()
        self.server.start()
        self.client = self.server.client()
        self.assertEqual(self.claim(), [])
        why = self.client.call("GET", f"{real.PREFIX}/jobs/{other}/why")
        self.assertIn("`gpu` is kept for `user/ada`", why["waits"][0]["detail"])
        listed = subprocess.run([BINARY, "workers", "list", "--data", self.data],
                                capture_output=True, text=True, timeout=PATIENCE)
        self.assertRegex(listed.stdout, r"KEPT LANE +OWNER.*\ngpu +user/ada ")
        follower = self.dispatch("ada", False)
        lease, = self.claim()
        self.assertEqual(lease["job"], follower)
        freed, = self.claim()
        self.assertEqual(freed["job"], other)
        self.complete(lease)
        self.complete(freed)
        kept = self.client.call("GET", "/api/v1/workers")["reservations"]
        self.assertEqual(kept, [])
        self.assertEqual(self.server.stop(), 0)
        verified = subprocess.run([BINARY, "verify", self.data, "--replay"], capture_output=True,
                                  text=True, timeout=PATIENCE)
        self.assertEqual(verified.returncode, 0, verified.stdout + verified.stderr)

    def test_a_worker_that_waits_is_given_what_a_lane_is_freed_for(self):
        self.submit(task("a", stay=True))  # the lane is the job's
        lease, = self.claim()
        other = self.dispatch("bob", False)
        got = []
        waiting = threading.Thread(target=lambda: got.extend(self.server.client().call(
            "POST", "/api/v1/lanes/gpu/claim", {"worker": "w2", "wait_ms": 30000})["leases"]))
        waiting.start()
        self.wait_until(lambda: self.client.call("GET", "/api/v1/workers")["waiting"])
        self.assertEqual(got, [])
        self.complete(lease)
        waiting.join(PATIENCE)
        self.assertEqual([freed["job"] for freed in got], [other])

    def test_workers_are_listed(self):
        self.worker("sleep", "5")
        job = self.submit(task("a"))
        self.wait_for(job, "running")
        done = subprocess.run([BINARY, "workers", "list", "--data", self.data, "-o", "json"],
                              capture_output=True, text=True, timeout=PATIENCE)
        listed = json.loads(done.stdout)
        self.assertEqual([(i["worker"], i["lane"], i["job"]) for i in listed["items"]],
                         [("w1", "gpu", job)])

    def test_dispatch_and_its_commands(self):
        self.worker("cat", flags=("--lane", "WORK_AI_01"))
        done = subprocess.run([BINARY, "dispatch", "--data", self.data, "--core", "WORK_AI_01",
                               "--metadata", '{"source":"${{ x }}"}', "-o", "json"],
                              capture_output=True, text=True, timeout=PATIENCE)
        self.assertEqual(done.returncode, 0, done.stderr)
        answer = json.loads(done.stdout)
        self.wait_for(answer["task_id"].removeprefix("task-"), "completed")
        done = subprocess.run([BINARY, "tasks", "get", answer["task_id"], "--data", self.data,
                               "-o", "json"], capture_output=True, text=True, timeout=PATIENCE)
        self.assertEqual(json.loads(done.stdout)["result"],
                         {"input": {"source": "${{ x }}"}})

    def wait_until(self, holds):
        until = time.monotonic() + PATIENCE
        while not holds():
            self.assertLess(time.monotonic(), until, "it never came true")
            time.sleep(0.02)

    def test_a_thousand_tasks_are_each_done_once_by_many_claims(self):
        job = self.submit({"id": "a", "map": {"over": list(range(1000))},
                           "task": {"lane": "gpu", "input": "${{ item }}"}})
        # Deliberately more than the job's own limit of 10.
        done = []
        lock = threading.Lock()

        def work(number):
            client = self.server.client()
            while True:
                leases = client.call("POST", "/api/v1/lanes/gpu/claim",
                                     {"worker": f"w{number}", "max": 5, "wait_ms": 500})["leases"]
                for lease in leases:
                    client.call("POST", f"/api/v1/attempts/{lease['id']}/complete",
                                {"fence": lease["fence"]})
                    with lock:
                        done.append(lease["spec"]["input"])
                if len(done) >= 1000:
                    return

        threads = [threading.Thread(target=work, args=(i,)) for i in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(PATIENCE)
        self.wait_for(job, "completed")
        self.assertEqual(sorted(done), list(range(1000)))


if __name__ == "__main__":
    unittest.main(warnings="ignore")
