# SPDX-License-Identifier: Apache-2.0
"""What must be true of every job that was acknowledged, whatever happened in between."""

import sqlite3
import threading
import time
from datetime import datetime

from server import PREFIX, Refused

FINAL = ("completed", "failed", "cancelled")


class Ledger:
    """The driver's own book: intents before each request, acknowledgements after it."""

    def __init__(self):
        self.lock = threading.Lock()
        self.intents = set()
        self.acknowledged = {}

    def intend(self, key):
        with self.lock:
            self.intents.add(key)

    def acknowledge(self, key, job_id):
        with self.lock:
            known = self.acknowledged.setdefault(key, job_id)
        assert known == job_id, f"key {key} was answered with {known}, then with {job_id}"

    def count(self):
        with self.lock:
            return len(self.acknowledged)


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


SCHEDULE = "/api/v1/schedules/tick"


def set_schedule(client):
    """A job for every second, those of the time without a server included."""
    client.call("PUT", SCHEDULE, {
        "every": "1s", "overlap": "allow", "catch_up": {"policy": "all", "window": "1h"},
        "job": {"name": "tick", "dag_definition": {"nodes": [{"id": "a", "type": "noop"}]}}})


def check_schedule(client):
    """Every second from the first to the last has one job, and no job is without its second.

    Returns how many there were. The schedule is paused and its jobs have ended."""
    shown = client.call("GET", SCHEDULE)
    nominal = []
    cursor = ""
    while cursor is not None:
        page = client.call("GET", f"{PREFIX}/jobs?text=tick&limit=1000{cursor}")
        nominal += [job["nominal_at"] for job in page["items"]]
        cursor = f"&cursor={page['next_cursor']}" if page.get("next_cursor") else None
    seconds = sorted(datetime.fromisoformat(at.replace("Z", "+00:00")) for at in nominal)
    steps = {(b - a).total_seconds() for a, b in zip(seconds, seconds[1:])}
    assert steps <= {1.0}, f"occurrences are missing or double: steps of {sorted(steps)} s"
    assert len(seconds) == shown["started"], f"{len(seconds)} jobs, {shown['started']} started"
    assert shown["missed"] == 0 and shown["skipped"] == 0, shown
    return len(seconds)


def check_jobs(client, job_ids):
    """Each exists and is completed, every node succeeded by exactly one accepted completion."""
    for job_id in job_ids:
        try:
            job = client.job(job_id)
        except Refused as refused:
            raise AssertionError(f"acknowledged job {job_id} is lost: {refused}") from refused
        assert job["status"] == "completed", f"job {job_id} is {job['status']}"
        events = client.call("GET", f"{PREFIX}/jobs/{job_id}/events")["items"]
        accepted = {}
        for event in events:
            if event["type"] == "attempt_ended" and event["data"]["outcome"] == "succeeded":
                node = event["data"]["node"]
                accepted[node] = accepted.get(node, 0) + 1
        expected = {node["id"]: 1 for node in job["nodes"]}
        assert accepted == expected, f"job {job_id}: completions {accepted}"
        kinds = [event["type"] for event in events]
        assert kinds[0] == "job_created" and kinds[-1] == "job_ended", kinds


def check_ledger(server, *flags):
    status, text = server.verify(*flags)
    assert status == 0, f"verify {' '.join(flags)} exited with {status}: {text[:2000]}"
