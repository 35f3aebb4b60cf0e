# SPDX-License-Identifier: Apache-2.0
"""Sealed jobs that are erased while the server is killed, and what must be true of each.

An erasure that was answered has happened for good; one that was not has happened as a whole or not
at all; under a hold none happens; and what nobody asked to erase can still be read."""

import json
import os
import threading
import time
import uuid

from jobs import named, submit
from oracle import events_of
from server import Refused

EVIDENCE = "/api/v1/evidence"
MATTER = "Doe v. Acme"
CHECKED_EACH_TIME = 40  # the newest; at the end all


def sealed_job(secret):
    body = named("sealed", {
        "seal": True, "params": {"who": {"type": "string"}},
        "nodes": [{"id": "a", "run": ["echo", "${{ params.who }}"],
                   "outputs": {"said": {"from": "stdout"}}}]})
    body["params"] = {"who": secret}
    return body


class Entry:
    def __init__(self, secret):
        self.secret = secret
        self.is_held = False
        self.must_stay = False  # it was held before its retention had passed
        self.is_asked = False
        self.is_erased = False  # as was answered


def judge(job, entry, told, has_key, is_pruned=False):
    """`told` is what the server says of the job, `has_key` whether its key is there.

    Of a job that is pruned, what only its records named may be gone."""
    is_erased = "erased" in told
    assert is_erased != has_key, f"job {job}: erased {is_erased}, its key there {has_key}"
    assert not entry.is_erased or is_erased, f"job {job} was erased, and is there again"
    assert entry.is_asked or not is_erased, f"job {job} was erased, and nobody asked"
    assert not (entry.is_held and is_erased), f"job {job} was erased under a hold"
    if is_erased:
        assert entry.secret not in json.dumps(told), f"job {job} is erased, and can be read"
    elif "params" in told or not is_pruned:
        assert told.get("params") == {"who": entry.secret}, f"job {job} cannot be read: {told}"


class Vault:
    """The driver's own book of sealed jobs, by their ids."""

    def __init__(self):
        self.lock = threading.Lock()
        self.entries = {}

    def work(self, client, book, is_over):
        """Submits, holds and erases until told to end; raises what breaks the connection."""
        while not is_over():
            secret = "secret-" + uuid.uuid4().hex
            body = sealed_job(secret)
            submit(client, book, body)
            job = book.acknowledged[body["name"]]
            entry = Entry(secret)
            with self.lock:
                self.entries[job] = entry
                number = len(self.entries)
            while client.job(job)["status"] not in ("completed", "failed"):
                if is_over():
                    return
                time.sleep(0.005)
            if number % 4 == 0:
                self.hold(client, job, entry)
            elif number % 4 != 1:  # of some nobody asks anything
                entry.is_asked = True
                client.call("POST", f"{EVIDENCE}/job/{job}/erase", {"reason": "asked for"})
                entry.is_erased = True

    def hold(self, client, job, entry):
        client.call("POST", f"{EVIDENCE}/holds",
                    {"job": job, "matter": MATTER, "by": "counsel"})
        entry.is_held = True
        entry.must_stay = events_of(client, job) is not None
        try:
            client.call("POST", f"{EVIDENCE}/job/{job}/erase", {"reason": "asked for"})
        except Refused as refused:
            if refused.status == 503:  # it is going down
                raise
            assert "under-hold" in refused.body, refused
            return
        raise AssertionError(f"job {job} was erased under a hold")

    def check(self, client, data, are_all=False):
        """Of a server that has just started: every promise, and nothing half done."""
        with self.lock:
            entries = list(self.entries.items())
        for job, entry in entries if are_all else entries[-CHECKED_EACH_TIME:]:
            has_key = os.path.exists(os.path.join(data, "keys", "sealed", job + ".seal"))
            told = client.job(job)
            is_pruned = events_of(client, job) is None
            judge(job, entry, told, has_key, is_pruned)
            assert not entry.must_stay or not is_pruned, f"job {job} was pruned under a hold"
        return sum(entry.is_erased for _, entry in entries)

    def check_files(self, data):
        """No secret stands anywhere in plain, erased or not. No server writes meanwhile."""
        secrets = [entry.secret.encode() for entry in self.entries.values()]
        for at, _, names in os.walk(data):
            for name in names:
                with open(os.path.join(at, name), "rb") as file:
                    content = file.read()
                if b"secret-" in content:
                    found = [secret for secret in secrets if secret in content]
                    assert not found, f"{name} holds {found[0]}"
