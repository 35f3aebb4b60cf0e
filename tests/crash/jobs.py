# SPDX-License-Identifier: Apache-2.0
"""The jobs that the driver submits. Each has a name of its own, which is its idempotency key too:
what the server lists can so be told apart, also where the answer never came."""

import uuid

from server import PREFIX, Refused


def named(kind, dag):
    return {"name": f"{kind}-{uuid.uuid4().hex}", "dag_definition": dag}


def noop_job(kind):
    return named(kind, {"nodes": [{"id": "a", "type": "noop"}, {"id": "b", "type": "noop"}],
                        "edges": [{"from": "a", "to": "b"}]})


def task_job(kind):
    """For a worker outside the server, which the load plays as well."""
    return named(kind, {"nodes": [{"id": "a", "task": {"lane": "crash", "input": kind}}]})


def staying_job(kind):
    """Two tasks of which the first keeps the lane for the second, against all of the others."""
    task = {"lane": "crash", "stay": True}
    return named(kind, {"nodes": [{"id": "a", "task": task},
                                  {"id": "b", "task": task, "needs": ["a"]}]})


def keyed_job(kind):
    """One at a time, and its second node holds a lock that the others want too."""
    return named(kind, {"limits": {"concurrency_key": "one"},
                        "nodes": [{"id": "a", "type": "noop"},
                                  {"id": "b", "type": "noop", "lock": "door", "needs": ["a"]}]})


def process_job(kind, effects):
    """Appends one line for each attempt to a file, by the token that the attempt carries."""
    script = 'echo "$ATTACCA_JOB $ATTACCA_FENCE" >> "$EFFECTS"'
    return named(kind, {"nodes": [{"id": "a", "run": script, "env": {"EFFECTS": effects}}]})


def file_job(kind):
    """Leaves an artifact and output that is too large for a record: both become files."""
    script = "head -c 100000 /dev/zero | tr '\\0' x; echo report > report.txt"
    return named(kind, {"nodes": [{"id": "a", "run": script, "artifacts": ["report.txt"]}]})


def filed_job(kind):
    """Leaves a file of its own, one that all of them leave, and texts too large for a record."""
    script = 'echo "of $ATTACCA_JOB"; echo shared >&2'
    job = named(kind, {"nodes": [{"id": "a", "run": script, "env": {"TEXT": uuid.uuid4().hex}}]})
    return {**job, "params": {"text": uuid.uuid4().hex * 50}}


def file_of(job_id):
    """What such a job leaves on its standard output."""
    return f"of {job_id}\n".encode()


def map_job(kind):
    """Three items, each of which fails at its first attempt, then a node that needs them."""
    return named(kind, {"nodes": [
        {"id": "m", "map": {"over": [1, 2, 3]}, "run": 'test "$ATTACCA_ATTEMPT" -gt 1',
         "retry": {"max_attempts": 2, "delay": "10ms"}},
        {"id": "join", "type": "noop", "needs": ["m"]}]})


def script_job(number):
    """The twenty jobs of the fixed script: 0 to 19."""
    if number % 5 == 3:
        return file_job("file")
    if number in (6, 14):
        return map_job("map")
    return noop_job("noop")


def instances(body):
    """(node, item) of all that a job runs; item is None but for those of a map."""
    found = []
    for node in body["dag_definition"]["nodes"]:
        items = range(len(node["map"]["over"])) if "map" in node else [None]
        found += [(node["id"], item) for item in items]
    return found


def submit(client, book, body):
    """One submission, known to the book before it leaves and after its answer."""
    book.intend(body)
    ask(client, book, body)


def ask(client, book, body):
    """True if the server says that it knew the submission already."""
    key = body["name"]
    try:
        answer = client.call("POST", f"{PREFIX}/job", body, {"Idempotency-Key": f'"{key}"'})
    except Refused as refused:
        if refused.status != 500:  # which says that something broke, not what is stored
            book.refuse(key)
        raise
    book.acknowledge(key, answer["id"])
    return client.is_replayed


def ask_again(client, book):
    """Submits anew, by their keys, what was never answered: (known to the server, new to it)."""
    known = new = 0
    for body in book.unanswered():
        if ask(client, book, body):
            known += 1
        else:
            new += 1
    return known, new
