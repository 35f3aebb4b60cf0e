#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Measures the server and the command line from outside, with fsync and evidence on.

usage: serve_figures.py ATTACCA DIRECTORY [BENCH…]      prints one JSON object per line:
  http     one client that submits one job at a time over one connection; `commit_p50_ms` is what
           one 4 KiB append with fdatasync costs on the same disk in the same run
  receipt  the same, each answer with its receipt (inclusion proof and signed checkpoint), while
           another client's batches make some 20,000 records in a second
  restart  kill -9 with so many live jobs, then start until /readyz answers 200
  graph    one job of 100,000 nodes: until it is accepted, and until all of them have run
  hello    `attacca run` of the three-line file, whole process
DIRECTORY must not exist; it is made, and its disk is measured. What fails is told, the others are
measured all the same, and the exit status is 1.
"""

import json
import multiprocessing
import os
import signal
import socket
import statistics
import subprocess
import sys
import time
from pathlib import Path

SUBMISSIONS = 2000
LOAD_JOBS = 500
LIVE_JOBS = 100_000
GRAPH_NODES, GRAPH_WIDTH = 100_000, 100
PER_BATCH = 10_000
NOOP = {"name": "perf", "dag_definition": {"nodes": [{"id": "a", "type": "noop"}], "edges": []}}
LIVE = {"name": "live", "dag_definition": {"nodes": [{"id": "a", "wait": {"for": "1d"}}],
                                           "edges": []}}


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Client:
    """One connection, requests one after the other; a library would cost more than the server."""

    def __init__(self, port, token):
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=60)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.head = f"Host: 127.0.0.1:{port}\r\nAuthorization: Bearer {token}\r\n"

    def request(self, method, path, body=b"", more=""):
        """(status, body)"""
        head = f"{method} {path} HTTP/1.1\r\n{self.head}{more}Content-Length: {len(body)}\r\n"
        if body:
            head += "Content-Type: application/json\r\n"
        self.socket.sendall(head.encode() + b"\r\n" + body)
        data = b""
        while b"\r\n\r\n" not in data:
            data += self.receive()
        head, _, data = data.partition(b"\r\n\r\n")
        lines = head.decode("latin-1").lower().split("\r\n")
        length = next(int(line.split(":")[1]) for line in lines
                      if line.startswith("content-length:"))
        while len(data) < length:
            data += self.receive()
        return int(lines[0].split()[1]), data

    def receive(self):
        part = self.socket.recv(65536)
        if not part:
            raise ConnectionError("the server closed the connection")
        return part


class Server:
    running = []

    def __init__(self, attacca, data):
        self.data, self.port = data, free_port()
        self.log = open(str(data) + ".log", "ab")
        start = time.monotonic()
        self.process = subprocess.Popen(
            [attacca, "serve", "--data", str(data), "--listen", f"127.0.0.1:{self.port}"],
            stdout=self.log, stderr=self.log)
        self.running.append(self.process)
        while not self.is_ready():
            if self.process.poll() is not None or time.monotonic() - start > 120:
                sys.exit(f"the server did not start: {data}.log")
            time.sleep(0.002)
        self.ready_seconds = time.monotonic() - start

    def is_ready(self):
        try:
            return Client(self.port, "").request("GET", "/readyz")[0] == 200
        except (OSError, StopIteration):
            return False

    def client(self):
        return Client(self.port, (Path(self.data) / "admin.token").read_text().strip())

    @classmethod
    def end_all(cls):
        """Those that a measurement that failed has left."""
        for process in cls.running:
            if process.poll() is None:
                process.kill()
                process.wait()
        cls.running.clear()

    def end(self, number):
        self.process.send_signal(number)
        self.process.wait()
        self.log.close()


def percentile(values, part):
    return sorted(values)[min(len(values) - 1, int(len(values) * part))]


def milliseconds(seconds):
    return round(seconds * 1000, 3)


def fdatasync_seconds(folder, count=500):
    """What each of `count` appends of 4 KiB with fdatasync costs."""
    path = Path(folder) / "fdatasync"
    file = os.open(path, os.O_WRONLY | os.O_CREAT, 0o600)
    times = []
    for _ in range(count):
        start = time.perf_counter()
        os.write(file, b"x" * 4096)
        os.fdatasync(file)
        times.append(time.perf_counter() - start)
    os.close(file)
    path.unlink()
    return times


def measure_http(attacca, folder):
    server = Server(attacca, folder / "http")
    client, body, times = server.client(), json.dumps(NOOP).encode(), []
    for _ in range(SUBMISSIONS):
        start = time.perf_counter()
        status, answer = client.request("POST", "/api/v1/orchestration/job", body)
        times.append(time.perf_counter() - start)
        if status != 202:
            sys.exit(f"status {status}: {answer[:500]!r}")
    server.end(signal.SIGTERM)
    disk = fdatasync_seconds(folder)
    return {"bench": "http", "submissions": len(times),
            "submit_p50_ms": milliseconds(statistics.median(times)),
            "submit_p99_ms": milliseconds(percentile(times, 0.99)),
            "commit_p50_ms": milliseconds(statistics.median(disk)),
            "fdatasync_per_s": round(len(disk) / sum(disk), 1),
            "bound_p50_ms": round(1.5 * milliseconds(statistics.median(disk)) + 0.2, 3)}


def load(port, token, is_over):
    """Submits jobs of four records each, as many in each tenth of a second."""
    client, batch = Client(port, token), json.dumps([NOOP] * LOAD_JOBS).encode()
    due = time.monotonic()
    while not is_over.is_set():
        status, answer = client.request("POST", "/api/v1/orchestration/jobs:batch", batch)
        if status != 202:
            sys.exit(f"status {status}: {answer[:500]!r}")
        due += 0.1
        time.sleep(max(0, due - time.monotonic()))


def ledger_size(client):
    return int(client.request("GET", "/api/v1/evidence/checkpoint")[1].split(b"\n")[1])


def measure_receipt(attacca, folder):
    server = Server(attacca, folder / "receipt")
    client, body, times = server.client(), json.dumps(NOOP).encode(), []
    token = (folder / "receipt/admin.token").read_text().strip()
    is_over = multiprocessing.Event()
    other = multiprocessing.Process(target=load, args=(server.port, token, is_over))
    other.start()
    time.sleep(1)
    before, begin = ledger_size(client), time.monotonic()
    for _ in range(SUBMISSIONS):
        start = time.perf_counter()
        status, answer = client.request("POST", "/api/v1/orchestration/job", body,
                                        "Prefer: receipt\r\n")
        times.append(time.perf_counter() - start)
        if status != 202 or b"tlog-proof@v1" not in answer:
            sys.exit(f"status {status}: {answer[:500]!r}")
    rate = (ledger_size(client) - before) / (time.monotonic() - begin)
    is_over.set()
    other.join()
    server.end(signal.SIGTERM)
    return {"bench": "receipt", "submissions": len(times), "records_per_s": round(rate),
            "receipt_p50_ms": milliseconds(statistics.median(times)),
            "receipt_p99_ms": milliseconds(percentile(times, 0.99))}


def measure_restart(attacca, folder):
    server = Server(attacca, folder / "restart")
    client, batch = server.client(), json.dumps([LIVE] * PER_BATCH).encode()
    start = time.perf_counter()
    for _ in range(LIVE_JOBS // PER_BATCH):
        status, answer = client.request("POST", "/api/v1/orchestration/jobs:batch", batch)
        if status != 202:
            sys.exit(f"status {status}: {answer[:500]!r}")
    submit_seconds = time.perf_counter() - start
    server.end(signal.SIGKILL)
    again = Server(attacca, folder / "restart")
    rss_kb = next(int(line.split()[1]) for line in
                  Path(f"/proc/{again.process.pid}/status").read_text().splitlines()
                  if line.startswith("VmRSS"))
    again.end(signal.SIGTERM)
    return {"bench": "restart", "live_jobs": LIVE_JOBS, "submit_s": round(submit_seconds, 3),
            "ready_s": round(again.ready_seconds, 3), "rss_mb": round(rss_kb / 1024, 1)}


def measure_graph(attacca, folder):
    nodes = [{"id": f"n{number}", "type": "noop",
              **({"needs": [f"n{number - GRAPH_WIDTH}"]} if number >= GRAPH_WIDTH else {})}
             for number in range(GRAPH_NODES)]
    body = json.dumps({"name": "graph", "dag_definition": {"nodes": nodes}}).encode()
    server = Server(attacca, folder / "graph")
    client = server.client()
    start = time.perf_counter()
    status, answer = client.request("POST", "/api/v1/orchestration/job", body)
    submitted = time.perf_counter()
    if status != 202:
        sys.exit(f"status {status}: {answer[:500]!r}")
    path = "/api/v1/orchestration/jobs?status=completed&limit=1"
    while json.loads(client.request("GET", path)[1])["total"] == 0:
        if time.perf_counter() - submitted > 300:
            sys.exit("the job has not ended after 300 s")
        time.sleep(0.05)
    ended = time.perf_counter()
    server.end(signal.SIGTERM)
    return {"bench": "graph", "nodes": GRAPH_NODES, "bytes": len(body),
            "submit_s": round(submitted - start, 3),
            "complete_s": round(ended - submitted, 3)}


def measure_hello(attacca, folder):
    example = Path(__file__).resolve().parents[2] / "examples/hello.yaml"
    times = []
    for _ in range(10):
        start = time.perf_counter()
        subprocess.run([attacca, "run", str(example), "--data", str(folder / "hello")],
                       check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        times.append(time.perf_counter() - start)
    return {"bench": "hello", "first_ms": milliseconds(times[0]),
            "run_p50_ms": milliseconds(statistics.median(times))}


MEASURES = {"http": measure_http, "receipt": measure_receipt, "restart": measure_restart,
            "graph": measure_graph, "hello": measure_hello}


def main(arguments):
    if len(arguments) < 3 or not set(arguments[3:]) <= set(MEASURES):
        sys.exit(__doc__)
    folder = Path(arguments[2])
    folder.mkdir(parents=True)
    is_good = True
    for name in arguments[3:] or MEASURES:
        try:
            print(json.dumps(MEASURES[name](arguments[1], folder)), flush=True)
        except (SystemExit, OSError, subprocess.SubprocessError) as why:
            print(f"bench {name}: {why}", file=sys.stderr, flush=True)
            is_good = False
        finally:
            Server.end_all()
    return 0 if is_good else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv))
