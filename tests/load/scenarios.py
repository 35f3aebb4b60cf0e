# SPDX-License-Identifier: Apache-2.0
"""What is played, and what must come of it. Each returns its figures; `ok` says if they hold."""

import contextlib
import json
import os
import threading
import time

import ledger
from server import PREFIX, Refused, Server

PATIENCE = 300  # seconds, for what has no bound of its own


@contextlib.contextmanager
def serving(binary, folder, slots):
    """A server that is gone afterwards, whatever happens."""
    server = Server(binary, os.path.join(folder, "data"), slots=slots)
    server.start()
    try:
        yield server
    finally:
        if server.process.poll() is None:
            server.kill()


def run_node(*argv):
    return {"nodes": [{"id": "a", "run": list(argv)}]}


def submit(client, tenant, count, dag):
    """So many jobs, a thousand in one request."""
    ids = []
    while len(ids) < count:
        jobs = [{"name": "load", "dag_definition": dag}] * min(1000, count - len(ids))
        answer = client.call("POST", f"{PREFIX}/jobs:batch", jobs, {"X-Tenant-Id": tenant})
        ids += answer["ids"]
    return ids


def wait_until(holds, what, patience=PATIENCE):
    end = time.monotonic() + patience
    while not holds():
        if time.monotonic() > end:
            raise AssertionError(f"{what}: not within {patience} s")
        time.sleep(0.05)


def tenant_of(client, name):
    return client.call("GET", f"/api/v1/tenants/{name}")


def is_idle(client, name):
    return tenant_of(client, name)["live_jobs"] == 0


def deadlock(server, is_short):
    """Twenty slots, thirty parents that fan out over child jobs and over a map, and join them."""
    client = server.client()
    child = {"params": {"n": {"type": "integer"}}, "nodes": {"a": {"run": ["/bin/true"]}}}
    dag = {"nodes": [
        {"id": "children", "map": {"over": list(range(4))},
         "job": {"params": {"n": "${{ item }}"}, "definition": child}},
        {"id": "items", "map": {"over": list(range(10))}, "run": ["/bin/true"]},
        {"id": "join", "needs": ["children", "items"], "run": ["/bin/true"]}]}
    start = time.monotonic()
    parents = submit(client, "default", 30, dag)
    wait_until(lambda: is_idle(client, "default"), "thirty parents on twenty slots")
    seconds = time.monotonic() - start
    states = {client.job(parent)["status"] for parent in parents}
    tenant = tenant_of(client, "default")
    return {"seconds": round(seconds, 1), "jobs": tenant["jobs"], "states": sorted(states),
            "ok": states == {"completed"} and tenant["jobs"] == 30 * 5}


def starts_between(records, other, own):
    """Starts of `other` between the first and the last start of `own`."""
    started = [record["ten"] for record in records if record["typ"] == "attempt_started"]
    first = started.index(own)
    last = len(started) - 1 - started[::-1].index(own)
    return started[first:last + 1].count(other)


def flooder(server, is_short):
    """A floods the server, then B wants a little: B's ten must not wait behind A's thousands."""
    flood = 1000 if is_short else 10_000
    client = server.client()
    for name in ("a", "b"):
        client.call("PUT", f"/api/v1/tenants/{name}", {})
    submit(client, "a", flood, run_node("/bin/sleep", "0.01"))
    submit(client, "b", 10, run_node("/bin/sleep", "0.01"))
    wait_until(lambda: is_idle(client, "b"), "ten jobs beside a flood")
    left = tenant_of(client, "a")["live_jobs"]
    between = starts_between(list(ledger.entries(client)), "a", "b")
    return {"flood": flood, "left_of_a": left, "a_started_between": between,
            "ok": between <= 30 and left > 0}


WEIGHTS = {"one": 1, "two": 2, "seven": 7}


def held_slots(records, kills, begin, end):
    """Slot seconds of each tenant in [begin, end]. An attempt that a kill ended held its slot until
    then, not until the restart that found it lost."""
    open_since, held = {}, dict.fromkeys(WEIGHTS, 0.0)

    def add(tenant, since, until):
        held[tenant] += max(0.0, min(until, end) - max(since, begin))

    for record in records:
        fence = record["p"].get("fence")
        if record["typ"] == "attempt_started" and record["ten"] in WEIGHTS:
            open_since[fence] = ledger.instant(record)
        elif record["typ"] == "attempt_ended" and fence in open_since:
            since, until = open_since.pop(fence), ledger.instant(record)
            deaths = [kill for kill in kills if since <= kill < until]
            lost = record["p"].get("outcome") == "lost"
            add(record["ten"], since, deaths[0] if lost and deaths else until)
    return held


def shares(server, is_short, kill_every=None):
    """Ten slots, three tenants with weights 1:2:7 and more work than there is time."""
    seconds = 6 if is_short else 60
    client = server.client()
    jobs = 10 * seconds * 20  # so many could run if nothing cost anything
    for name, weight in WEIGHTS.items():
        client.call("PUT", f"/api/v1/tenants/{name}", {"weight": weight})
    for name, weight in WEIGHTS.items():
        submit(client, name, jobs * weight // 10 * 2, run_node("/bin/sleep", "0.05"))
    begin, kills = time.time() + 1, []
    while time.time() < begin + seconds:
        step = kill_every or seconds
        time.sleep(max(0.0, min(begin + seconds, begin + step * (len(kills) + 1)) - time.time()))
        if kill_every and time.time() < begin + seconds - 1:
            kills.append(time.time())
            server.kill()
            server.start()
    client = server.client()
    left = {name: tenant_of(client, name)["queued"] for name in WEIGHTS}
    server.stop()
    server.start()
    held = held_slots(list(ledger.entries(server.client())), kills, begin, begin + seconds)
    server.stop()
    total, weights = sum(held.values()), sum(WEIGHTS.values())
    found = {name: held[name] / total for name in WEIGHTS}
    errors = {name: found[name] / (WEIGHTS[name] / weights) - 1 for name in WEIGHTS}
    worst = max(abs(error) for error in errors.values())
    return {"seconds": seconds, "kills": len(kills), "slot_seconds": round(total, 1),
            "shares": {name: round(share, 4) for name, share in found.items()},
            "worst_error": round(worst, 4), "left": left,
            "ok": worst <= 0.03 and min(left.values()) > 0}


def shares_with_kills(server, is_short):
    return shares(server, is_short, kill_every=2 if is_short else 10)


def resident_kib(pid):
    with open(f"/proc/{pid}/status", encoding="ascii") as status:
        for line in status:
            if line.startswith("VmRSS:"):
                return int(line.split()[1])
    raise AssertionError("the server is gone")


class Watch(threading.Thread):
    """Asks /health again and again, and looks at the server's memory."""

    def __init__(self, server):
        super().__init__(daemon=True)
        self.server, self.client = server, server.client()
        self.waits_ms, self.resident = [], []
        self.is_over = threading.Event()

    def run(self):
        while not self.is_over.wait(0.02):
            start = time.monotonic()
            self.client.call("GET", "/health")
            self.waits_ms.append((time.monotonic() - start) * 1000)
            self.resident.append(resident_kib(self.server.process.pid))


class Load(threading.Thread):
    """Submits at a fixed rate, whatever comes of it; what is refused is not tried again."""

    def __init__(self, client, rate, seconds, dag):
        super().__init__(daemon=True)
        self.client, self.rate, self.seconds, self.dag = client, rate, seconds, dag
        self.accepted, self.refused = [], []  # instants, with the job's id

    def run(self):
        body = {"name": "load", "dag_definition": self.dag}
        begin = time.time()
        for number in range(int(self.rate * self.seconds)):
            due = begin + number / self.rate
            time.sleep(max(0.0, due - time.time()))
            try:
                answer = self.client.call("POST", f"{PREFIX}/job", body, {"X-Tenant-Id": "load"})
                self.accepted.append((due, answer["id"]))
            except Refused as refused:
                if refused.status not in (429, 503):
                    raise
                self.refused.append(due)


def goodput(load, ended, begin, end, patience):
    """Of what was offered in [begin, end], the part that was let in and completed in time."""
    offered = [at for at in load.refused if begin <= at < end]
    good = 0
    for at, job in load.accepted:
        if begin <= at < end:
            offered.append(at)
            good += job in ended and ended[job] - at <= patience
    return good / max(1, len(offered)), len(offered)


def capacity_of(client, dag, jobs):
    """Jobs a second, when there are always some."""
    start = time.monotonic()
    submit(client, "load", jobs, dag)
    wait_until(lambda: is_idle(client, "load"), "jobs to measure the capacity by")
    return jobs / (time.monotonic() - start)


def overload(server, is_short):
    """Five times what the slots can do, then four fifths of it."""
    seconds, length = 5 if is_short else 60, 0.2
    client = server.client()
    dag = run_node("/bin/sleep", str(length))
    client.call("PUT", "/api/v1/tenants/load", {})
    capacity = capacity_of(client, dag, int(seconds / 5 * server.slots / length))
    # Two seconds of work may wait: more would only be late.
    client.call("PUT", "/api/v1/tenants/load", {"max_queued": int(capacity * 2)})
    before = resident_kib(server.process.pid)
    watch = Watch(server)
    watch.start()
    loads = [Load(server.client(), capacity * part, seconds, dag) for part in (5, 0.8)]
    for load in loads:
        load.start()
        load.join()
    switch = loads[1].accepted[0][0] if loads[1].accepted else time.time()
    client = server.client()  # the server has closed the other, which said nothing for so long
    wait_until(lambda: is_idle(client, "load"), "the load to end")
    watch.is_over.set()
    watch.join()
    ended = {}
    for record in ledger.entries(client):
        if record["typ"] == "job_ended" and record["p"]["state"] == "completed":
            ended[record["ent"].removeprefix("job/")] = ledger.instant(record)
    server.stop()
    window, patience = seconds / 6, 5
    recovered = None
    for number in range(6):
        part, _ = goodput(loads[1], ended, switch + number * window,
                          switch + (number + 1) * window, patience)
        if part >= 0.95 and recovered is None:
            recovered = round((number + 1) * window, 1)
        elif part < 0.95:
            recovered = None
    done = sum(switch - seconds <= at < switch for at in ended.values())
    worst = max(watch.waits_ms)
    grown = max(watch.resident) - before
    return {"capacity_per_s": round(capacity, 1), "seconds": seconds,
            "offered_per_s": round(sum(len(x) for x in (loads[0].accepted, loads[0].refused))
                                   / seconds, 1),
            "refused": len(loads[0].refused),
            "done_of_capacity": round(done / seconds / capacity, 3),
            "recovered_within_s": recovered, "health_worst_ms": round(worst, 1),
            "health_asked": len(watch.waits_ms), "memory_grown_kib": grown,
            "ok": recovered is not None and worst <= 100 and grown < 256 * 1024}


# By name: what is played, and the slots of the server.
ALL = {"deadlock": (deadlock, 20), "flooder": (flooder, 4), "shares": (shares, 10),
       "shares-kill": (shares_with_kills, 10), "overload": (overload, 16)}


def play(name, binary, folder, is_short):
    function, slots = ALL[name]
    with serving(binary, folder, slots) as server:
        figures = function(server, is_short)
    print(json.dumps({"bench": name, **figures}), flush=True)
    return figures["ok"]
