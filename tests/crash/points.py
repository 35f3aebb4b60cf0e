# SPDX-License-Identifier: Apache-2.0
"""Faults at the N-th call of one system call, by strace, which counts for each thread by itself.

A run without a fault tells how often the busiest thread makes the call; the points lie between 1
and that. They are of three kinds: in the work of a fixed script, in the making of a data directory,
and in a start over the work that a kill left."""

import os
import re
import shutil
import subprocess
import time
from collections import Counter

from campaigns import BROKEN, ROTATE, Skipped, progress
from jobs import ask_again, noop_job, script_job, submit
from oracle import Book, check_jobs, check_ledger, drain, replay_letters
from server import Refused, Server

KILL = "signal=KILL"
EIO = "error=EIO"
FAIL_STOP = 70  # what the server exits with when it does not know what the disk holds
SERVER, SPAWNER = "server", "spawner"
STATUS = {(SERVER, KILL): -9, (SERVER, EIO): FAIL_STOP, (SPAWNER, KILL): FAIL_STOP}
REACHED_MIN = 0.5  # of the points: runs differ a little, so the last may not be reached
UNDER_FIRE_MIN = 0.7  # of those that ended the server, but the first: something was acknowledged


def spread(limit, count):
    """So many points from 1 to `limit`, evenly; all of them if count is None."""
    if count is None or count >= limit:
        return list(range(1, limit + 1))
    return sorted({1 + (limit - 1) * index // max(1, count - 1) for index in range(count)})


class Trace:
    """strace on what runs already, or before a command."""

    def __init__(self, log, call, effect=None, when=0):
        if shutil.which("strace") is None:
            raise Skipped("strace is not installed")
        self.log = log
        self.process = None
        self.command = ["strace", "-ttt", "-y", "-o", log, "-e", f"trace={call}"]
        if effect is not None:
            self.command += ["-e", f"inject={call}:{effect}:when={when}"]

    def before(self):
        """To stand before a command; follows threads and children."""
        return [*self.command, "-f"]

    def attach(self, server, victim):
        """Returns when it is traced: all threads of the server, or the spawner by itself."""
        pid = server.process.pid
        whom = ["-f", "-p", str(pid)]
        if victim == SPAWNER:
            with open(f"/proc/{pid}/task/{pid}/children", encoding="ascii") as file:
                whom = ["-p", file.read().split()[0]]
        self.process = subprocess.Popen([*self.command, *whom], text=True,
                                        stderr=subprocess.PIPE)
        said = self.process.stderr.readline()
        if "attached" not in said:
            self.process.wait()
            raise Skipped(f"strace cannot attach: {said.strip()}")

    def wait(self):
        if self.process is not None:
            self.process.communicate(timeout=60)

    def lines(self):
        """(thread, instant, call and the rest) of each call's begin."""
        with open(self.log, encoding="utf-8", errors="replace") as file:
            for line in file:
                found = re.match(r"(?:(\d+) +)?(\d+\.\d+) (\w+\(.*)", line)
                if found:
                    yield found[1], float(found[2]), found[3]

    def busiest(self, until=None):
        """How often the thread calls that calls most; each call of a set counts by itself."""
        counts = Counter((thread, text.split("(")[0]) for thread, at, text in self.lines()
                         if until is None or at <= until)
        return max(counts.values(), default=0)

    def failed_at(self):
        """The instant at which a call on the database was made to fail."""
        return min((at for _, at, text in self.lines()
                    if "INJECTED" in text and "/attacca.db" in text), default=None)


class Script:
    """Twenty jobs and a hand-over of the signing key, one after another, until it breaks."""

    def __init__(self, client, book):
        self.accepted = []  # when each that was acknowledged had been sent
        self.refusals = []
        self.is_complete = False
        self.stopped_at = None  # when the server was told to stop, where it was still there
        for number in range(20):
            sent = time.time()
            try:
                submit(client, book, script_job(number))
                self.accepted.append(sent)
                if number == 9:
                    client.call("POST", ROTATE)
            except Refused as refused:
                self.refusals.append(refused)
            except BROKEN:
                return
        try:
            drain(client, 30)
            self.is_complete = not self.refusals
        except (*BROKEN, Refused):
            return


def check_failure(script, trace, status):
    """After a failed write or fsync of the database nothing is accepted any more.

    Who was waiting for it may be told 500, and the server is gone; 503 may be said at any time.
    Once it is told to stop nobody waits: what fails then may be the signature of what is stored
    already, which the next start makes again."""
    expected = (500, 503) if status == FAIL_STOP else (503,)
    for refused in script.refusals:
        assert refused.status in expected, f"status {status}, and a client was told {refused}"
    failed_at = trace.failed_at()
    late = [sent for sent in script.accepted if failed_at is not None and sent > failed_at]
    assert not late, f"{len(late)} submissions were accepted after the database had failed"
    is_at_work = failed_at is not None and (script.stopped_at is None or
                                            failed_at < script.stopped_at)
    assert not is_at_work or status == FAIL_STOP or script.refusals, \
        f"the database failed, and the server went on: status {status}, no refusal"


class Prepared:
    """A data directory that is copied for each point."""

    def __init__(self, binary, root):
        self.binary = binary
        self.root = root
        self.data = os.path.join(root, "prepared", "data")
        os.makedirs(os.path.dirname(self.data))
        self.book = Book()

    def initialise(self):
        server = Server(self.binary, self.data)
        assert server.start() and server.stop() == 0, "no data directory could be made"

    def leave_work(self):
        """What a kill left: jobs that are live, and a WAL that was not checkpointed."""
        server = Server(self.binary, self.data)
        assert server.start(), "the server did not start"
        client = server.client()
        for number in range(20):
            submit(client, self.book, script_job(number))
        server.kill()

    def at(self, name):
        """A server on a copy of its own, and a book that knows what it holds."""
        place = os.path.join(self.root, name)
        os.makedirs(place)
        if os.path.exists(self.data):
            shutil.copytree(self.data, os.path.join(place, "data"))
        book = Book()
        book.intents.update(self.book.intents)
        book.acknowledged.update(self.book.acknowledged)
        return place, Server(self.binary, os.path.join(place, "data")), book


def play_script(server, place, book, victim, fault):
    """Attaches strace to a server that is ready; returns its exit status and the script."""
    assert server.start(), "the server did not start"
    trace = Trace(os.path.join(place, "trace"), *fault)
    trace.attach(server, victim)
    script = Script(server.client(), book)
    # A server that was ended may take a moment to be gone; it looks after its spawner at times.
    is_alive = server.survives(0.2 if script.is_complete else 5)
    script.stopped_at = time.time() if is_alive else None
    status = server.stop() if is_alive else server.process.returncode
    trace.wait()
    return status, script, trace


def check_after(server, book, what):
    """Starts without a fault; everything must be there, and go on."""
    assert server.start(), f"no start after {what}"
    client = server.client()
    ask_again(client, book)
    submit(client, book, noop_job("noop"))
    drain(client)
    replay_letters(client)
    check_jobs(client, book)
    assert server.stop() == 0, f"no orderly stop after {what}"
    check_ledger(server, "--replay")


def in_script(binary, root, victim, fault, count):
    """The fault at `count` calls (None: at each) of a fixed script, start and stop apart."""
    call, effect = fault
    prepared = Prepared(binary, root)
    prepared.initialise()
    place, server, book = prepared.at("count")
    status, _, trace = play_script(server, place, book, victim, (call,))
    assert status == 0 and book.count() == 20, "the script does not pass without a fault"
    check_after(server, book, "no fault")
    limit = trace.busiest()
    assert limit > 0, f"the script never calls {call}"
    points = spread(limit, count)
    hit = under_fire = 0
    for number, when in enumerate([*points, 4 * limit + 100]):
        what = f"{call} {effect} at {when} of {limit}"
        if number % 10 == 9:
            progress(what)
        place, server, book = prepared.at(str(when))
        status, script, trace = play_script(server, place, book, victim, (call, effect, when))
        assert status in (0, STATUS[victim, effect]), f"status {status} by {what}"
        if effect == EIO:
            check_failure(script, trace, status)
        if status != 0:
            hit += 1
            under_fire += 1 if script.accepted else 0
        if when > limit + 100:
            assert status == 0 and book.count() == 20, f"status {status} without a fault: {what}"
        check_after(server, book, what)
        shutil.rmtree(place)
    line = (f"{hit} of {len(points)} points ended the server, {under_fire} of them after an "
            f"acknowledgement; the busiest thread makes {limit} calls; 0 lost")
    assert hit >= REACHED_MIN * len(points), f"too few points are reached: {line}"
    # The first call of all comes before anybody could be answered.
    assert under_fire >= UNDER_FIRE_MIN * (hit - 1), f"too few points are under fire: {line}"
    return line


def in_start(binary, root, calls, count, is_new):
    """A kill at `count` calls of each kind (None: at each) while a server starts."""
    prepared = Prepared(binary, root)
    if not is_new:
        prepared.leave_work()
    told = []
    for call in calls:
        place, server, _ = prepared.at(f"{call.strip('/^')}-count")
        trace = Trace(os.path.join(place, "trace"), call)
        assert server.start(trace.before()), "the server did not start"
        ready_at = time.time()
        server.kill_traced()
        limit = trace.busiest(ready_at)
        points = spread(limit, count)
        hit = 0
        for when in points:
            what = f"{call} {KILL} at {when} of {limit}"
            place, server, book = prepared.at(f"{call.strip('/^')}-{when}")
            trace = Trace(os.path.join(place, "trace"), call, KILL, when)
            # The last points are where it becomes ready, so it may have said so.
            if server.start(trace.before()) and server.survives(0.3):
                server.kill_traced()
            else:
                hit += 1
                assert server.process.returncode == STATUS[SERVER, KILL], what
            check_after(server, book, what)
            shutil.rmtree(place)
        told.append(f"{call} {hit} of {len(points)}")
        assert hit >= REACHED_MIN * len(points), f"too few points are reached: {told}"
    return f"kills before /readyz: {', '.join(told)}; 0 lost"
