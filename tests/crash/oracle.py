# SPDX-License-Identifier: Apache-2.0
"""What must be true of all that was submitted, whatever happened in between.

With A what was acknowledged, U what was submitted without an answer, and S what the server has:
A is in S, S is in A and U together, and nothing that was submitted is there twice."""

import hashlib
import json
import os
import sqlite3
import threading
import time
import uuid
from bisect import bisect_left
from collections import Counter, defaultdict
from datetime import datetime

from jobs import file_of, instances
from server import PREFIX, Refused


class Book:
    """The driver's own: intents before each request, answers after it. Keys are jobs' names."""

    def __init__(self):
        self.lock = threading.Lock()
        self.intents = {}
        self.acknowledged = {}
        self.refused = set()

    def intend(self, body):
        with self.lock:
            self.intents[body["name"]] = body

    def acknowledge(self, key, job_id):
        with self.lock:
            known = self.acknowledged.setdefault(key, job_id)
        assert known == job_id, f"key {key} was answered with {known}, then with {job_id}"

    def refuse(self, key):
        with self.lock:
            self.refused.add(key)

    def count(self):
        with self.lock:
            return len(self.acknowledged)

    def unanswered(self):
        with self.lock:
            return [body for key, body in self.intents.items()
                    if key not in self.acknowledged and key not in self.refused]


class Checkpoints:
    """Every checkpoint that was served or stored: never two roots for one size of an origin."""

    def __init__(self):
        self.lock = threading.Lock()
        self.roots = {}

    def add(self, note):
        origin, size, root = note.split("\n")[:3]
        with self.lock:
            self.roots.setdefault((origin, int(size)), set()).add(root)

    def add_stored(self, data):
        """Of a data directory that no server holds."""
        with sqlite3.connect(f"file:{data}/attacca.db?mode=ro", uri=True) as base:
            for (note,) in base.execute("SELECT note FROM checkpoints"):
                self.add(note)

    def contradictions(self):
        with self.lock:
            return {place: roots for place, roots in self.roots.items() if len(roots) > 1}

    def count(self):
        with self.lock:
            return len(self.roots)


def drain(client, timeout=120):
    """Waits until no job is live."""
    end = time.monotonic() + timeout
    live = None
    while time.monotonic() < end:
        live = 0
        for state in ("queued", "scheduled", "running", "paused"):
            live += client.call("GET", f"{PREFIX}/jobs?status={state}&limit=1")["total"]
        if live == 0:
            return
        time.sleep(0.05)
    raise AssertionError(f"{live} jobs are still live after {timeout} s")


def all_jobs(client):
    items = []
    cursor = ""
    while cursor is not None:
        page = client.call("GET", f"{PREFIX}/jobs?limit=1000{cursor}")
        items += page["items"]
        cursor = f"&cursor={page['next_cursor']}" if page.get("next_cursor") else None
    return items


LETTERS = "/api/v1/dead-letters"


def replay_letters(client):
    """Jobs that one kill too many has parked run again, once all kills are over."""
    while client.call("POST", f"{LETTERS}/replay", {"limit": 1000})["ids"]:
        drain(client)


SCHEDULE = "/api/v1/schedules/tick"


def set_schedule(client):
    """A job for every second, those of the time without a server included."""
    client.call("PUT", SCHEDULE, {
        "every": "1s", "overlap": "allow", "catch_up": {"policy": "all", "window": "1h"},
        "job": {"name": "tick", "dag_definition": {"nodes": [{"id": "a", "type": "noop"}]}}})


def is_occurrence(job):
    return job["name"] == "tick" and "nominal_at" in job and "retry_of" not in job


def check_schedule(client):
    """Every second from the first to the last has one job, and no job is without its second.

    Returns how many there were. The schedule is paused and its jobs have ended."""
    shown = client.call("GET", SCHEDULE)
    nominal = [job["nominal_at"] for job in all_jobs(client) if is_occurrence(job)]
    seconds = sorted(datetime.fromisoformat(at.replace("Z", "+00:00")) for at in nominal)
    steps = {(b - a).total_seconds() for a, b in zip(seconds, seconds[1:])}
    assert steps <= {1.0}, f"occurrences are missing or double: steps of {sorted(steps)} s"
    assert len(seconds) == shown["started"], f"{len(seconds)} jobs, {shown['started']} started"
    assert shown["missed"] == 0 and shown["skipped"] == 0, shown
    return len(seconds)


def check_listing(listed, book):
    """Nothing is lost, nothing is there without a cause, nothing twice."""
    found = {}
    for job in listed:
        if is_occurrence(job) or "retry_of" in job:
            continue
        name = job["name"]
        assert name in book.intents, f"phantom: job {job['id']} ({name}) was never submitted"
        assert name not in found, f"{name} became two jobs: {found[name]} and {job['id']}"
        assert name not in book.refused, f"{name} was refused, and is job {job['id']}"
        found[name] = job["id"]
    for name, job_id in book.acknowledged.items():
        assert name in found, f"acknowledged job {job_id} ({name}) is lost"
        assert found[name] == job_id, f"{name} was acknowledged as {job_id}, is {found[name]}"


class Attempts:
    """What a job's events tell of its attempts: fence tokens in their order, and the accepted."""

    def __init__(self, job_id, events):
        self.started = []
        self.accepted = defaultdict(list)
        numbers = Counter()
        for event in events:
            data = event["data"]
            place = (data.get("node"), data.get("item"))
            if event["type"] == "attempt_started":
                numbers[place] += 1
                assert data["attempt"] == numbers[place], f"job {job_id}: a gap at {data}"
                assert not self.started or data["fence"] > self.started[-1], \
                    f"job {job_id}: fence tokens {self.started}, then {data['fence']}"
                self.started.append(data["fence"])
            elif event["type"] == "attempt_ended" and data["outcome"] == "succeeded":
                assert data["fence"] in self.started, f"job {job_id}: {data} never started"
                self.accepted[place].append(data["fence"])


def attempts_of(job_id, events):
    """What it tells of its attempts: no instance succeeded by more than one completion."""
    kinds = [event["type"] for event in events]
    assert kinds[0] == "job_created" and kinds[-1] == "job_ended", kinds
    assert kinds.count("job_ended") == 1, kinds
    attempts = Attempts(job_id, events)
    counts = {place: len(fences) for place, fences in attempts.accepted.items()}
    assert all(count == 1 for count in counts.values()), f"job {job_id}: completions {counts}"
    return attempts


def events_of(client, job_id):
    """None when they are pruned: a job that has ended can be without its events, and only so."""
    try:
        return client.call("GET", f"{PREFIX}/jobs/{job_id}/events")["items"]
    except Refused as refused:
        if refused.status == 410 and ":pruned" in refused.body:
            return None
        raise


def check_pruned(job):
    """What the row of a job without its words must say."""
    assert job["status"] in ("completed", "failed"), f"job {job['id']} lives, and is pruned: {job}"
    counts = job["counts"]
    assert counts["done"] == counts["total"] and counts["running"] == 0, f"pruned, and {job}"


def check_job(client, job_id, body):
    """It is completed, or what its dead letter was replayed as is, and every instance succeeded.

    Returns the attempts by job: of the job itself, and of its replays; None for one whose events
    are pruned."""
    told = {}
    newest = job_id
    while True:
        try:
            job = client.job(newest)
        except Refused as refused:
            raise AssertionError(f"acknowledged job {newest} is lost: {refused}") from refused
        events = events_of(client, newest)
        told[newest] = None if events is None else attempts_of(newest, events)
        if events is None:
            check_pruned(job)
        if job["status"] != "failed":
            break
        parked = [event["data"] for event in events or () if "parked" in event["data"]]
        assert parked or events is None, f"job {newest} failed of nothing that is parked: {events}"
        newest = client.call("GET", f"{LETTERS}/{newest}")["replayed_as"]
    assert job["status"] == "completed", f"job {newest} is {job['status']}: {events}"
    if None not in told.values():
        done = {place for attempts in told.values() for place in attempts.accepted}
        expected = set(instances(body))
        assert done == expected, f"job {job_id}: completions of {done}, expected {expected}"
    return told


def check_effects(effects, attempts):
    """What attempts did by themselves, line by line `job token`, against what the ledger says.

    `attempts` is by job, of all jobs that have effects. Returns how many effects there were."""
    tokens = defaultdict(list)
    with open(effects, encoding="ascii") as file:
        for line in file:
            assert line.endswith("\n") and len(line.split()) == 2, f"effect {line!r}"
            job_id, token = line.split()
            tokens[job_id].append(int(token))
    for job_id, seen in tokens.items():
        assert job_id in attempts, f"an effect of job {job_id}, which nobody submitted"
        assert all(a < b for a, b in zip(seen, seen[1:])), \
            f"job {job_id}: an effect by an older token, or by one twice: {seen}"
        if attempts[job_id] is not None:  # else nobody can tell any more
            started = attempts[job_id].started
            assert set(seen) <= set(started), f"job {job_id}: effects {seen}, started {started}"
    for job_id, told in attempts.items():
        if told is None:
            continue
        for fences in told.accepted.values():
            assert fences[0] in tokens[job_id], \
                f"job {job_id}: {fences[0]} was accepted, effects are of {tokens[job_id]}"
    return sum(len(seen) for seen in tokens.values())


def check_jobs(client, book):
    """All of the above but the effects, once nothing is live and every intent has its answer.

    Returns the attempts of the jobs of processes, by job."""
    assert not book.unanswered(), "ask again first"
    check_listing(all_jobs(client), book)
    attempts = {}
    for key, job_id in book.acknowledged.items():
        told = check_job(client, job_id, book.intents[key])
        if key.startswith("process-"):
            attempts.update(told)
    return attempts


def check_spans(spans):
    """(where it began, where it ended, job) of each: none began before another had ended."""
    spans = sorted(spans)
    for (_, end, one), (begin, _, other) in zip(spans, spans[1:]):
        assert end < begin, f"job {other} began at {begin}, before job {one} ended at {end}"
    return len(spans)


def check_exclusion(client, book):
    """Of the jobs of one key each had ended before the next began. Returns how many there were."""
    spans = []
    ids = {job_id for key, job_id in book.acknowledged.items() if key.startswith("keyed-")}
    for job in all_jobs(client):
        if job["id"] not in ids and not job["name"].startswith("keyed-"):
            continue
        events = events_of(client, job["id"])
        if events is None:
            continue
        started = [int(event["id"]) for event in events if event["type"] == "attempt_started"]
        ended = [int(event["id"]) for event in events if event["type"] == "job_ended"]
        spans.append((started[0], ended[0], job["id"]))
    return check_spans(spans)


def check_alone(spans, starts):
    """(begin, end, job) of each that keeps a lane, (where, job) of all that starts in the lane."""
    starts = sorted(starts)
    for begin, end, job in spans:
        for where, other in starts[bisect_left(starts, (begin,)):]:
            if where > end:
                break
            assert other == job, f"a task of {other} began at {where}, in a lane kept for {job}"
    return len(spans)


def check_kept_lane(client):
    """While the lane was kept for a job, no other's task started. Returns for how many it was."""
    spans, starts = [], []
    for job in all_jobs(client):
        is_staying = job["name"].startswith("staying-")
        is_there = is_staying or job["name"].startswith("task-")
        events = events_of(client, job["id"]) if is_there else None
        if events is None:
            continue
        began = [int(event["id"]) for event in events if event["type"] == "attempt_started"]
        starts += [(where, job["id"]) for where in began]
        if is_staying:
            ended = [int(event["id"]) for event in events if event["type"] == "job_ended"]
            spans.append((began[0], ended[0], job["id"]))
    return check_alone(spans, starts)


class Files:
    """Of jobs that leave a file of their own: when the record that names it is pruned, it goes.

    That is the one before the job's last, of the same batch. That no file is missing which a kept
    record names, `attacca verify` says."""

    def __init__(self, data, book):
        self.data = data
        self.jobs = [job for key, job in book.acknowledged.items() if key.startswith("filed-")]
        self.gone = 0  # of those whose records are

    def path(self, job):
        name = hashlib.sha256(file_of(job)).hexdigest()
        return os.path.join(self.data, "cas", "sha256", name[:2], name[2:4], name)

    def look(self):
        """How many files are still there that only pruned records named."""
        left = self.gone = 0
        with sqlite3.connect(f"file:{self.data}/attacca.db?mode=ro", uri=True) as base:
            for job in self.jobs:
                image, = base.execute("SELECT image FROM jobs WHERE id = ?",
                                      (uuid.UUID(job).bytes,)).fetchone()
                words, = base.execute(
                    "SELECT length(records) FROM batches WHERE first_gseq <= ? "
                    "ORDER BY first_gseq DESC LIMIT 1",
                    (int.from_bytes(image[8:16], "big"),)).fetchone()
                is_there = os.path.exists(self.path(job))
                left += words == 0 and is_there
                self.gone += words == 0 and not is_there
        base.close()
        return left


class Prunings:
    """What `attacca verify` says was pruned: never less than before."""

    def __init__(self):
        self.records = 0

    def add(self, report):
        pruned = report["pruned"]
        assert pruned >= self.records, f"{self.records} records were pruned, then {pruned}"
        self.records = pruned


def check_ledger(server, *flags):
    """The report of `attacca verify`."""
    status, text = server.verify(*flags)
    assert status == 0, f"verify {' '.join(flags)} exited with {status}: {text[:2000]}"
    return json.loads(text)
