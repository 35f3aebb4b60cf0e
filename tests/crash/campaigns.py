# SPDX-License-Identifier: Apache-2.0
"""The crash campaigns: each returns a line for the report, or raises AssertionError."""

import http.client
import os
import random
import shutil
import subprocess
import sys
import tempfile
import threading
import time
import uuid

from oracle import (SCHEDULE, Checkpoints, Ledger, check_jobs, check_ledger, check_schedule,
                    drain, set_schedule)
from server import PREFIX, Refused, Server

ROTATE = "/api/v1/evidence/keys/rotate"
BROKEN = (OSError, http.client.HTTPException)


class Skipped(Exception):
    """The machine lacks what the campaign needs; never a pass."""


def progress(line):
    print(f"         {line}", file=sys.stderr, flush=True)


def noop_job(name):
    return {"name": name, "dag_definition": {
        "nodes": [{"id": "a", "type": "noop"}, {"id": "b", "type": "noop"}],
        "edges": [{"from": "a", "to": "b"}]}}


def task_job(name):
    """For a worker outside the server, which the load plays as well."""
    return {"name": name, "dag_definition": {
        "nodes": [{"id": "a", "task": {"lane": "crash", "input": name}}]}}


def work_off(client, is_over):
    """A worker: claims and completes until told to end; raises what breaks the connection.

    An answer that a kill swallowed is asked for again by the next worker, after the lease."""
    while not is_over():
        leases = client.call("POST", "/api/v1/lanes/crash/claim",
                             {"worker": "w", "max": 8, "wait_ms": 100, "ttl_ms": 1000})["leases"]
        for lease in leases:
            try:
                client.call("POST", f"/api/v1/attempts/{lease['id']}/complete",
                            {"fence": lease["fence"]})
            except Refused as refused:
                if refused.status != 409:  # the lease ran out while the machine was slow
                    raise


def process_job(name, effects):
    """Appends one line for each attempt to a file, by the token that the attempt carries."""
    script = 'echo "$ATTACCA_JOB $ATTACCA_FENCE" >> "$EFFECTS"'
    return {"name": name, "dag_definition": {
        "nodes": [{"id": "a", "run": script, "env": {"EFFECTS": effects}}]}}


def submit(client, ledger, body):
    """One submission, known to the book before it leaves and after it is acknowledged."""
    key = str(uuid.uuid4())
    ledger.intend(key)
    answer = client.call("POST", f"{PREFIX}/job", body, {"Idempotency-Key": f'"{key}"'})
    ledger.acknowledge(key, answer["id"])


class Load:
    """Threads that submit until they are told to end or the server is gone."""

    def __init__(self, server, ledger, effects, seen, threads=4):
        self.ended = threading.Event()
        self.failure = None
        self.threads = [threading.Thread(target=self.run, args=(server, ledger, effects, n))
                        for n in range(threads)]
        self.threads.append(threading.Thread(target=self.work, args=(server,)))
        self.threads.append(threading.Thread(target=self.watch, args=(server, seen)))
        self.threads.append(threading.Thread(target=self.rotate, args=(server,)))
        for thread in self.threads:
            thread.start()

    def run(self, server, ledger, effects, number):
        client = server.client()
        count = 0
        while not self.ended.is_set():
            count += 1
            is_process = number == 0 and count % 20 == 0
            body = process_job("p", effects) if is_process else noop_job(f"n{number}")
            if number == 1 and count % 5 == 0:
                body = task_job("t")
            try:
                submit(client, ledger, body)
            except BROKEN:
                return
            except Refused as refused:
                if refused.status != 503:
                    self.failure = refused
                return

    def watch(self, server, seen):
        """Notes every checkpoint that the server shows while it works."""
        try:
            client = server.client()
            while not self.ended.wait(0.02):
                seen.add(client.call("GET", "/api/v1/evidence/checkpoint"))
        except (*BROKEN, Refused):
            return

    def work(self, server):
        try:
            work_off(server.client(), self.ended.is_set)
        except BROKEN:
            return
        except Refused as refused:
            if refused.status != 503:
                self.failure = refused

    # Hand-overs of the signing key, so that kills hit those too.
    def rotate(self, server):
        client = server.client()
        try:
            while not self.ended.wait(random.uniform(0.01, 0.2)):
                client.call("POST", ROTATE)
        except BROKEN:
            return
        except Refused as refused:
            if refused.status != 503:
                self.failure = refused

    def join(self):
        self.ended.set()
        for thread in self.threads:
            thread.join()
        assert self.failure is None, f"unexpected refusal: {self.failure}"


def random_kills(binary, root, cycles, seed):
    """kill -9 at random moments under load; nothing that was acknowledged may be lost."""
    random.seed(seed)
    server = Server(binary, os.path.join(root, "data"))
    effects = os.path.join(root, "effects")
    anchor = os.path.join(root, "newest.checkpoint")
    server.flags = ["--anchor-file", anchor]
    ledger = Ledger()
    seen = Checkpoints()
    valid = 0
    kills = 0
    while valid < cycles:
        assert server.start(), "the server did not start"
        check_ledger(server, *(["--anchor", anchor] if os.path.exists(anchor) else []))
        if kills == 0:
            set_schedule(server.client())
        before = ledger.count()
        load = Load(server, ledger, effects, seen)
        time.sleep(min(1.5, max(0.05, random.expovariate(1 / 0.5))))
        server.kill()
        load.join()
        kills += 1
        if os.path.exists(anchor):  # the first may come a second after the start
            with open(anchor, encoding="utf-8") as file:
                seen.add(file.read())
        # A cycle counts only when the kill hit a server that was at work.
        valid += 1 if ledger.count() - before >= 50 else 0
        if kills % 10 == 0:
            progress(f"{kills} kills, {ledger.count()} acknowledged")
        assert kills < 5 * cycles + 20, "too few cycles reach 50 acknowledgements"
    assert server.start(), "the server did not start"
    client = server.client()
    client.call("POST", SCHEDULE + "/pause")
    drained = threading.Event()
    worker = threading.Thread(target=work_off, args=(server.client(), drained.is_set))
    worker.start()
    drain(client)
    drained.set()
    worker.join()
    check_jobs(client, list(ledger.acknowledged.values()))
    occurrences = check_schedule(client)
    assert server.stop() == 0, "the orderly stop failed"
    check_ledger(server, "--replay", "--anchor", anchor)
    seen.add_stored(server.data)
    assert not seen.contradictions(), f"two roots for one size: {seen.contradictions()}"
    acknowledged = ledger.count()
    return (f"{kills} kills ({valid} counted), {acknowledged} acknowledged, 0 lost, "
            f"{seen.count()} checkpoints, one root each, "
            f"{occurrences} occurrences, each once "
            f"(at 95 %: at most {3 / kills:.4f} a kill)")


def run_script(server, ledger):
    """Twenty jobs, one after another; ends early when the server dies."""
    try:
        client = server.client()
        for number in range(20):
            submit(client, ledger, noop_job(f"s{number}"))
            if number == 9:
                client.call("POST", ROTATE)
    except (*BROKEN, FileNotFoundError, Refused):
        pass


def enumerated(binary, root, fault, step, limit):
    """The fault at every `step`-th call of one system call of a fixed script."""
    if shutil.which("strace") is None:
        raise Skipped("strace is not installed")
    call, effect = fault
    points = 0
    for when in range(1, limit + 1, step):
        place = os.path.join(root, f"{call}-{effect.split('=')[0]}-{when}")
        os.makedirs(place)
        server = Server(binary, os.path.join(place, "data"))
        ledger = Ledger()
        wrap = ("strace", "-f", "-qq", "-o", "/dev/null", "-e", f"trace={call}", "-e",
                f"inject={call}:{effect}:when={when}")
        if points % 10 == 9:
            progress(f"{call} {effect}: at call {when} of {limit}")
        if server.start(wrap):
            run_script(server, ledger)
        if server.process.poll() is None:
            try:
                drain(server.client(), 20)
            except (*BROKEN, AssertionError, FileNotFoundError, Refused):
                pass
            server.stop()
        else:
            points += 1
        assert server.start(), f"no start after {call} {effect} at {when}"
        client = server.client()
        drain(client)
        check_jobs(client, list(ledger.acknowledged.values()))
        assert server.stop() == 0
        check_ledger(server, "--replay")
        shutil.rmtree(place)
    assert points > 0, f"{call} {effect} never ended the server: the points are not reached"
    return f"{call} {effect}: {points} points hit, 0 lost"


def full_disk(binary, root):
    """A small disk fills up: refusals, then work again without a restart."""
    place = os.path.join(root, "small")
    os.makedirs(place)
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=24m", "tmpfs", place],
                             capture_output=True, check=False)
    if mounted.returncode != 0:
        raise Skipped("mounting a tmpfs is not permitted")
    try:
        server = Server(binary, os.path.join(place, "data"))
        assert server.start()
        client = server.client()
        ledger = Ledger()
        submit(client, ledger, noop_job("first"))
        filler = os.path.join(place, "filler")
        free = os.statvfs(place)
        with open(filler, "wb") as file:
            file.write(b"x" * (free.f_bavail * free.f_bsize - 512 * 1024))
        refused = None
        for number in range(20000):
            try:
                submit(client, ledger, noop_job(f"f{number}"))
            except Refused as answer:
                refused = answer
                break
        assert refused is not None, "the disk never filled"
        assert refused.status == 503 and "storage-full" in refused.body, str(refused)
        first = next(iter(ledger.acknowledged.values()))
        assert client.job(first)["id"] == first, "reads must go on"
        os.unlink(filler)
        assert server.wait_ready(30), "not ready again after space was freed"
        submit(client, ledger, noop_job("after"))
        drain(client)
        check_jobs(client, list(ledger.acknowledged.values()))
        assert server.stop() == 0
        check_ledger(server, "--replay")
        return f"{ledger.count()} acknowledged around a full disk, 0 lost"
    finally:
        subprocess.run(["umount", "-l", place], check=False)


def in_place(campaign, *arguments):
    with tempfile.TemporaryDirectory(prefix="attacca-crash-") as root:
        return campaign(*arguments[:1], root, *arguments[1:])
