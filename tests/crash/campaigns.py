# SPDX-License-Identifier: Apache-2.0
"""The crash campaigns: each returns a line for the report, or raises AssertionError."""

import http.client
import os
import random
import statistics
import subprocess
import sys
import tempfile
import threading
import time

from jobs import (ask_again, filed_job, keyed_job, noop_job, process_job, staying_job, submit,
                  task_job)
from oracle import (SCHEDULE, Book, Checkpoints, Files, check_effects, check_exclusion, check_jobs,
                    check_kept_lane, check_ledger, check_schedule, drain, replay_letters,
                    set_schedule, Prunings)
from server import Refused, Server
from vault import Vault

ROTATE = "/api/v1/evidence/keys/rotate"
BROKEN = (OSError, http.client.HTTPException)

# When a kill counts: it hit a server that was at work, and at work hard enough.
ACKS_MIN = 50
RATE_MIN = 100  # acknowledgements a second since the server was ready
IN_FLIGHT_MIN = 10  # requests without their answer
OPEN_PART_MIN = 0.3  # of all counted kills, those that hit an open transaction
SUBMITTERS = 16
COLLECTED_WITHIN = 120  # seconds


class Skipped(Exception):
    """The machine lacks what the campaign needs; never a pass."""


def progress(line):
    print(f"         {line}", file=sys.stderr, flush=True)


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


class Load:
    """Threads that submit until they are told to end or the server is gone."""

    def __init__(self, server, book, effects, seen, vault, threads=SUBMITTERS):
        self.ended = threading.Event()
        self.failure = None
        self.broken_promise = None
        self.threads = [threading.Thread(target=self.run, args=(server, book, effects, n))
                        for n in range(threads)]
        self.threads.append(threading.Thread(target=self.work, args=(server,)))
        self.threads.append(threading.Thread(target=self.watch, args=(server, seen)))
        self.threads.append(threading.Thread(target=self.rotate, args=(server,)))
        self.threads.append(threading.Thread(target=self.erase, args=(server, book, vault)))
        for thread in self.threads:
            thread.start()

    def run(self, server, book, effects, number):
        client = server.client()
        count = 0
        while not self.ended.is_set():
            count += 1
            is_process = number == 0 and count % 20 == 0
            body = process_job("process", effects) if is_process else noop_job("noop")
            if number == 1 and count % 5 == 0:
                body = task_job("task")
            if number == 4 and count % 20 == 0:
                body = staying_job("staying")
            if number == 2 and count % 4 == 0:
                body = keyed_job("keyed")
            if number == 3 and count % 10 == 0:
                body = filed_job("filed")
            try:
                submit(client, book, body)
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

    def erase(self, server, book, vault):
        try:
            vault.work(server.client(), book, self.ended.is_set)
        except BROKEN:
            return
        except Refused as refused:
            if refused.status != 503:
                self.failure = refused
        except AssertionError as broken:
            self.broken_promise = broken

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
        if self.broken_promise is not None:
            raise self.broken_promise
        assert self.failure is None, f"unexpected refusal: {self.failure}"


class Kills:
    """What the kills of a campaign hit, and which of them count."""

    def __init__(self):
        self.all = 0
        self.rates = []  # of the cycles with enough acknowledgements to tell
        self.counted = []  # the kills that count: was a transaction open?
        self.known = 0  # submissions whose answer a kill swallowed, and whose job was there
        self.new = 0  # the same, and it was not

    def add(self, acks, seconds, in_flight, is_open):
        self.all += 1
        if acks < ACKS_MIN:
            return
        self.rates.append(acks / seconds)
        if acks >= RATE_MIN * seconds and in_flight >= IN_FLIGHT_MIN:
            self.counted.append(is_open)

    def open_part(self):
        return sum(self.counted) / max(1, len(self.counted))

    def text(self):
        rate = statistics.median(self.rates) if self.rates else 0
        return (f"{self.all} kills ({len(self.counted)} counted, {self.open_part():.0%} of them in "
                f"an open transaction), {rate:.0f} acknowledged a second, of "
                f"{self.known + self.new} unanswered {self.known} were done")


def kill_under_load(server, book, effects, seen, vault, kills):
    """Load from now until a random moment, at which the server dies."""
    before, begin = book.count(), time.monotonic()
    load = Load(server, book, effects, seen, vault)
    time.sleep(min(1.5, max(0.05, random.expovariate(1 / 0.5))))
    in_flight = len(book.unanswered())
    is_open = server.is_in_transaction()
    acks, seconds = book.count() - before, time.monotonic() - begin
    server.kill()
    load.join()
    kills.add(acks, seconds, in_flight, is_open)


def finish_all(server):
    """Waits until every job has ended, with a worker for those that need one."""
    drained = threading.Event()
    worker = threading.Thread(target=work_off, args=(server.client(), drained.is_set))
    worker.start()
    try:
        drain(server.client())
        replay_letters(server.client())
    finally:
        drained.set()
        worker.join()


def retention_of_round(prunes, number):
    """Every other round keeps all that it finds: a start must get on with both."""
    return ["--retention", "1s"] if prunes and number % 2 == 1 else []


def random_kills(binary, root, cycles, seed, prunes=False):
    """kill -9 at random moments under load; nothing that was acknowledged may be lost.

    `prunes`: and in some rounds records go, a second after the end of their jobs."""
    random.seed(seed)
    server = Server(binary, os.path.join(root, "data"))
    effects = os.path.join(root, "effects")
    anchor = os.path.join(root, "newest.checkpoint")
    book, seen, vault, kills, prunings = Book(), Checkpoints(), Vault(), Kills(), Prunings()
    # A machine that is too slow for the load still gets the kills, and the checks.
    while len(kills.counted) < cycles and kills.all < 3 * cycles + 20:
        server.flags = ["--anchor-file", anchor, *retention_of_round(prunes, kills.all)]
        assert server.start(), "the server did not start"
        anchors = ["--anchor", anchor] if os.path.exists(anchor) else []
        prunings.add(check_ledger(server, *anchors))
        client = server.client()
        if kills.all == 0:
            set_schedule(client)
        ask_again_all(client, book, kills)
        vault.check(client, server.data)
        kill_under_load(server, book, effects, seen, vault, kills)
        if os.path.exists(anchor):  # the first may come a second after the start
            with open(anchor, encoding="utf-8") as file:
                seen.add(file.read())
        if kills.all % 10 == 0:
            progress(kills.text())
    server.flags = ["--anchor-file", anchor]  # what is not pruned yet tells all that it can
    assert server.start(), "the server did not start"
    client = server.client()
    ask_again_all(client, book, kills)
    client.call("POST", SCHEDULE + "/pause")
    finish_all(server)
    erased = vault.check(client, server.data, are_all=True)
    raw = check_effects(effects, check_jobs(client, book))
    keyed = check_exclusion(client, book)
    staying = check_kept_lane(client)
    occurrences = check_schedule(client)
    assert server.stop() == 0, "the orderly stop failed"
    prunings.add(check_ledger(server, "--replay", "--anchor", anchor))
    assert prunes == (prunings.records > 0), f"{prunings.records} records were pruned"
    vault.check_files(server.data)
    seen.add_stored(server.data)
    collected = collect_all(server, book) if prunes else 0
    assert not seen.contradictions(), f"two roots for one size: {seen.contradictions()}"
    line = (f"{kills.text()}, {book.count()} acknowledged, 0 lost, 0 without a cause, "
            f"{raw} effects of attempts, {seen.count()} checkpoints, one root each, "
            f"{occurrences} occurrences, each once, "
            f"{len(vault.entries)} sealed jobs, {erased} of them erased for good, "
            f"{keyed} jobs of one key one after the other, {staying} kept a lane for themselves, "
            f"{prunings.records} records pruned, "
            f"{collected} files went "
            f"(at 95 %: at most {3 / kills.all:.4f} a kill)")
    if len(kills.counted) < cycles or kills.open_part() < OPEN_PART_MIN:
        raise Skipped(f"nothing found, but too little load to count: {line}")
    return line


def collect_all(server, book):
    """Everything that can be pruned is, and then no file is left that only pruned records named.

    Returns how many files went."""
    server.flags = ["--retention", "1s"]
    assert server.start(), "the server did not start"
    client = server.client()
    files = Files(server.data, book)
    end = time.monotonic() + COLLECTED_WITHIN
    while (left := files.look()) > 0 or files.gone == 0:
        assert time.monotonic() < end, f"{left} files do not go, {files.gone} went"
        submit(client, Book(), noop_job("filler"))  # fills tiles, and is something to prune
        time.sleep(0.05)
    assert server.stop() == 0, "the orderly stop failed"
    check_ledger(server)
    return files.gone


def ask_again_all(client, book, kills):
    known, new = ask_again(client, book)
    kills.known += known
    kills.new += new


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
        book = Book()
        submit(client, book, noop_job("noop"))
        filler = os.path.join(place, "filler")
        free = os.statvfs(place)
        with open(filler, "wb") as file:
            file.write(b"x" * (free.f_bavail * free.f_bsize - 512 * 1024))
        refused = None
        for _ in range(20000):
            try:
                submit(client, book, noop_job("noop"))
            except Refused as answer:
                refused = answer
                break
        assert refused is not None, "the disk never filled"
        assert refused.status == 503 and "storage-full" in refused.body, str(refused)
        first = next(iter(book.acknowledged.values()))
        assert client.job(first)["id"] == first, "reads must go on"
        os.unlink(filler)
        assert server.wait_ready(30), "not ready again after space was freed"
        submit(client, book, noop_job("noop"))
        drain(client)
        check_jobs(client, book)
        assert server.stop() == 0
        check_ledger(server, "--replay")
        return f"{book.count()} acknowledged around a full disk, 0 lost"
    finally:
        subprocess.run(["umount", "-l", place], check=False)


def in_place(campaign, *arguments):
    with tempfile.TemporaryDirectory(prefix="attacca-crash-") as root:
        try:
            return campaign(*arguments[:1], root, *arguments[1:])
        finally:
            Server.kill_all()
