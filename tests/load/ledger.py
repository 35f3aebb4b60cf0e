# SPDX-License-Identifier: Apache-2.0
"""The records of a running server, read from its tiles of entries."""

import datetime
import http.client
import json

TILE = 256


def tile_name(index):
    """The index as the path of a tile: 1234 is x001/234."""
    parts = [f"{index % 1000:03d}"]
    while index >= 1000:
        index //= 1000
        parts.append(f"x{index % 1000:03d}")
    return "/".join(reversed(parts))


def fetch(client, path):
    connection = http.client.HTTPConnection("127.0.0.1", client.port, timeout=60)
    connection.request("GET", "/api/v1/evidence/" + path, headers={
        "Authorization": f"Bearer {client.token}"})
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    if answer.status != 200:
        raise AssertionError(f"{path}: {answer.status} {body[:200]}")
    return body


def size_of(client):
    """How many records the newest signed checkpoint covers."""
    return int(fetch(client, "checkpoint").decode().split("\n")[1])


def entries(client):
    """All records, in order."""
    size = size_of(client)
    for index in range((size + TILE - 1) // TILE):
        width = min(TILE, size - index * TILE)
        partial = "" if width == TILE else f".p/{width}"
        bundle = fetch(client, f"tile/entries/{tile_name(index)}{partial}")
        at = 0
        while at < len(bundle):
            length = int.from_bytes(bundle[at:at + 2], "big")
            yield json.loads(bundle[at + 2:at + 2 + length])
            at += 2 + length


def instant(record):
    """The record's time, in seconds since 1970."""
    moment = datetime.datetime.strptime(record["t"], "%Y-%m-%dT%H:%M:%S.%fZ")
    return moment.replace(tzinfo=datetime.timezone.utc).timestamp()
