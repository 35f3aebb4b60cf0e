# SPDX-License-Identifier: Apache-2.0
"""A real server in a data directory of its own, and a client for it."""

import http.client
import json
import os
import signal
import socket
import subprocess
import time

PREFIX = "/api/v1/orchestration"


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Refused(Exception):
    """The server answered with an error."""

    def __init__(self, status, body):
        super().__init__(f"{status} {body[:200]}")
        self.status = status
        self.body = body


class Client:
    """One connection; errors of the transport come out as OSError or HTTPException."""

    def __init__(self, port, token):
        self.port = port
        self.token = token
        self.connection = None
        self.is_replayed = False  # the last answer said that its key was known

    def call(self, method, path, body=None, headers=None):
        if self.connection is None:
            self.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        send = {"Authorization": f"Bearer {self.token}", **(headers or {})}
        data = None
        if body is not None:
            data = json.dumps(body)
            send["Content-Type"] = "application/json"
        try:
            self.connection.request(method, path, data, send)
            answer = self.connection.getresponse()
            text = answer.read().decode()
            self.is_replayed = answer.headers.get("Idempotency-Replayed") == "true"
        except (OSError, http.client.HTTPException):
            self.connection = None
            raise
        if answer.status >= 400:
            raise Refused(answer.status, text)
        return json.loads(text) if text.startswith(("{", "[")) else text

    def job(self, job_id):
        return self.call("GET", f"{PREFIX}/job/{job_id}")


class Server:
    """`attacca serve`, ended by its pid and nothing else."""

    started = []  # every process, for who must leave none behind

    def __init__(self, binary, data, slots=8, flags=()):
        self.flags = list(flags)
        self.binary = binary
        self.data = data
        self.slots = slots
        self.port = None
        self.process = None

    def start(self, wrap=(), timeout=30, port=None):
        """Starts it and waits for /readyz. `wrap` stands before the command, for strace."""
        self.port = port or free_port()
        command = [*wrap, self.binary, "serve", "--data", self.data, "--listen",
                   f"127.0.0.1:{self.port}", "--slots", str(self.slots), *self.flags]
        self.log = open(os.path.join(os.path.dirname(self.data), "server.log"), "ab")
        self.process = subprocess.Popen(command, stdout=self.log, stderr=self.log)
        self.log.close()
        self.started.append(self.process)
        return self.wait_ready(timeout)

    def wait_ready(self, timeout=30):
        end = time.monotonic() + timeout
        while time.monotonic() < end:
            if self.process.poll() is not None:
                return False
            try:
                probe = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
                probe.request("GET", "/readyz")
                if probe.getresponse().status == 200:
                    return True
            except (OSError, http.client.HTTPException):
                pass
            time.sleep(0.01)
        raise AssertionError(f"not ready after {timeout} s: see {self.log.name}")

    def client(self):
        with open(os.path.join(self.data, "admin.token"), encoding="ascii") as file:
            return Client(self.port, file.read().strip())

    @classmethod
    def kill_all(cls):
        """Those that a campaign that failed has left."""
        for process in cls.started:
            if process.poll() is None:
                process.kill()
                process.wait()
        cls.started.clear()

    def survives(self, seconds):
        """False if it ends within so long."""
        try:
            self.process.wait(timeout=seconds)
        except subprocess.TimeoutExpired:
            return True
        return False

    def is_in_transaction(self):
        """Stops it where it is, and says whether it held SQLite's lock for writing to the WAL.

        That lock is on byte 120 of the shared memory, from BEGIN until COMMIT has returned."""
        self.process.send_signal(signal.SIGSTOP)
        end = time.monotonic() + 5
        while time.monotonic() < end:
            with open(f"/proc/{self.process.pid}/stat", encoding="ascii") as file:
                if file.read().rsplit(")", 1)[1].split()[0] == "T":
                    break
        with open("/proc/locks", encoding="ascii") as file:
            # number, kind, ADVISORY, mode, pid, file, first, last; who only waits has an arrow
            locks = [line.split()[1:] for line in file]
        held = ["POSIX", "WRITE", str(self.process.pid), "120", "120"]
        return any([*lock[0:1], *lock[2:4], *lock[5:7]] == held for lock in locks)

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def kill_traced(self):
        """The same where strace stands before the command."""
        os.kill(self.pid(), signal.SIGKILL)
        self.process.wait()

    def stop(self):
        """An orderly stop; returns the exit status."""
        if self.process.poll() is None:
            try:
                os.kill(self.pid(), signal.SIGTERM)
            except ProcessLookupError:
                pass  # it has just ended by itself
        return self.process.wait(timeout=60)

    def pid(self):
        """The server's own pid: under strace the process that was started is strace's."""
        with open(os.path.join(self.data, "server.json"), encoding="utf-8") as file:
            return json.load(file)["pid"]

    def verify(self, *flags):
        """The exit status and report of `attacca verify`."""
        run = subprocess.run([self.binary, "verify", self.data, "-o", "json", *flags],
                             capture_output=True, text=True, timeout=600, check=False)
        return run.returncode, run.stdout + run.stderr
