# SPDX-License-Identifier: Apache-2.0
"""The forms of the ledger, read strictly: archive, notes, proofs, records. Written from
docs/formats/ledger.md alone; the standard library and the openssl command are all it uses."""

import base64
import binascii
import calendar
import hashlib
import json
import re
import subprocess
import tempfile
import time
from pathlib import Path


class Malformed(Exception):
    """The thing is not in its one form."""


def unbase64(text, size):
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise Malformed(str(error)) from error
    if len(data) != size or base64.b64encode(data).decode() != text:
        raise Malformed("base64")
    return data


def number(text):
    if not re.fullmatch(r"0|[1-9][0-9]{0,19}", text) or int(text) >= 1 << 64:
        raise Malformed("number")
    return int(text)


def leaf_hash(record):
    return hashlib.sha256(b"\0" + record).digest()


def node_hash(left, right):
    return hashlib.sha256(b"\1" + left + right).digest()


# --- The archive ---

def tar_header(name, size):
    header = bytearray(512)

    def put(at, data):
        header[at:at + len(data)] = data

    put(0, name.encode())
    put(100, b"0000755" if name.endswith(".sh") else b"0000644")
    put(108, b"0000000")
    put(116, b"0000000")
    put(124, b"%011o" % size)
    put(136, b"00000000000")
    put(148, b" " * 8)
    put(156, b"0")
    put(257, b"ustar\x0000")
    put(148, b"%06o\0 " % sum(header))
    return bytes(header)


def read_archive(data):
    files, at, before = {}, 0, ""
    while True:
        block = data[at:at + 512]
        if len(block) != 512:
            raise Malformed("the archive is cut off")
        if block == bytes(512):
            break
        name = block[:100].split(b"\0")[0].decode("ascii", "replace")
        if not re.fullmatch(r"[0-7]{11}", block[124:135].decode("ascii", "replace")):
            raise Malformed("a header's size")
        size = int(block[124:135], 8)
        if name <= before or not re.fullmatch(r"[A-Za-z0-9_/.-]{1,100}", name) or \
                block != tar_header(name, size):
            raise Malformed(f"the header at {at}")
        end = at + 512 + size
        padded = end + -size % 512
        if len(data) < padded or data[end:padded].strip(b"\0"):
            raise Malformed(f"{name} is cut off")
        files[name] = data[at + 512:end]
        at, before = padded, name
    if data[at:] != bytes(1024):
        raise Malformed("the archive's end")
    return files


def read_bundle(path):
    if path.is_dir():
        return {str(p.relative_to(path)): p.read_bytes() for p in path.rglob("*") if p.is_file()}
    return read_archive(path.read_bytes())


# --- Notes and proofs ---

class Note:
    def __init__(self, data):
        try:
            text = data.decode("utf-8")
        except UnicodeDecodeError as error:
            raise Malformed("not UTF-8") from error
        lines = text.split("\n")
        if len(lines) < 6 or lines[-1] != "" or lines[3] != "":
            raise Malformed("not a signed note of three lines")
        if not re.fullmatch(r"[^\s+]+", lines[0]):
            raise Malformed("origin")
        self.origin, self.size = lines[0], number(lines[1])
        self.root = unbase64(lines[2], 32)
        self.text = "\n".join(lines[:3]).encode() + b"\n"
        self.signatures = []
        for line in lines[4:-1]:
            found = re.fullmatch(r"— ([^\s+]+) ([A-Za-z0-9+/]+={0,2})", line)
            if not found:
                raise Malformed("a signature line")
            try:
                raw = base64.b64decode(found[2], validate=True)
            except binascii.Error as error:
                raise Malformed("a signature") from error
            if base64.b64encode(raw).decode() != found[2] or len(raw) < 5:
                raise Malformed("a signature")
            self.signatures.append((found[1], raw[:4], raw[4:]))


def parse_vkey(text):
    name, key_id, rest = (text.split("+", 2) + ["", ""])[:3]
    raw = unbase64(rest, 33)
    if not name or raw[0] != 1 or \
            hashlib.sha256(name.encode() + b"\n" + raw).hexdigest()[:8] != key_id:
        raise Malformed("not an Ed25519 verifier key")
    return name, bytes.fromhex(key_id), raw[1:]


def parse_delegation(data):
    lines = data.decode("utf-8").split("\n")
    if len(lines) != 10 or lines[0] != "attacca-delegation/1" or lines[7] or lines[9]:
        raise Malformed("not a delegation")
    name, key_id, public = parse_vkey(lines[2])
    first, last = number(lines[3]), number(lines[4])
    if name != lines[1] or first >= last or \
            not re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z", lines[6]):
        raise Malformed("a delegation's lines")
    found = re.fullmatch(r"— ([^\s+]+) ([A-Za-z0-9+/]+={0,2})", lines[8])
    if not found:
        raise Malformed("a signature line")
    raw = unbase64(found[2], 68)
    return {"origin": name, "key_id": key_id, "public": public, "from": first, "to": last,
            "root": unbase64(lines[5], 32), "text": "\n".join(lines[:7]).encode() + b"\n",
            "signer": (found[1], raw[:4]), "signature": raw[4:]}


def pem_of(public):
    der = bytes.fromhex("302a300506032b6570032100") + public
    return (b"-----BEGIN PUBLIC KEY-----\n" + base64.b64encode(der) +
            b"\n-----END PUBLIC KEY-----\n")


ORDER = 2**252 + 27742317777372353535851937790883648493


def openssl_verifies(public, text, signature):
    if len(signature) != 64 or int.from_bytes(signature[32:], "little") >= ORDER:
        return False
    with tempfile.TemporaryDirectory() as folder:
        where = Path(folder)
        (where / "key").write_bytes(pem_of(public))
        (where / "text").write_bytes(text)
        (where / "sig").write_bytes(signature)
        done = subprocess.run(
            ["openssl", "pkeyutl", "-verify", "-pubin", "-inkey", where / "key", "-rawin", "-in",
             where / "text", "-sigfile", where / "sig"], capture_output=True, check=False)
        return done.returncode == 0


def stamp_is_of(text, query, reply):
    """Whether request and response (RFC 3161, DER) hold the text's digest."""
    digest = hashlib.sha256(text).digest()
    return digest in query and digest in reply


def openssl_stamped(query, reply, authorities):
    """Whether one of the authorities (a file of certificates) answered this request."""
    with tempfile.TemporaryDirectory() as folder:
        where = Path(folder)
        (where / "query").write_bytes(query)
        (where / "reply").write_bytes(reply)
        shown = subprocess.run(["openssl", "ts", "-reply", "-in", where / "reply", "-text"],
                               capture_output=True, text=True, check=False).stdout
        stated = re.search(r"^Time stamp: (.*) GMT$", shown, re.MULTILINE)
        if not stated:
            return False
        at = time.strptime(re.sub(r"\.\d+", "", stated[1]), "%b %d %H:%M:%S %Y")
        done = subprocess.run(
            ["openssl", "ts", "-verify", "-queryfile", where / "query", "-in", where / "reply",
             "-CAfile", authorities, "-partial_chain", "-attime", str(calendar.timegm(at))],
            capture_output=True, check=False)
        return done.returncode == 0


def parse_proof(data, first_line, keyword):
    lines = data.decode("utf-8", "strict").split("\n")
    if first_line is not None:
        if lines.pop(0) != first_line:
            raise Malformed("not a proof")
        if lines and lines[0].startswith("extra "):
            lines.pop(0)
    if not lines or not lines[0].startswith(keyword + " "):
        raise Malformed("no line " + keyword)
    place = number(lines[0][len(keyword) + 1:])
    if "" not in lines[1:]:
        raise Malformed("no checkpoint")
    blank = lines.index("", 1)
    path = [unbase64(line, 32) for line in lines[1:blank]]
    return place, path, "\n".join(lines[blank + 1:]).encode()


PART = re.compile(r"[1-9][0-9]{0,5}")


def is_former(origin, later):
    """Whether `origin` may have come before: a restored ledger goes on as O/2, then O/3."""
    base, slash, last = later.rpartition("/")
    if not slash or not PART.fullmatch(last) or int(last) < 2:
        return False
    before, slash, own = origin.rpartition("/")
    is_numbered = bool(slash) and bool(PART.fullmatch(own))
    if origin == base:
        return not is_numbered
    return is_numbered and before == base and int(own) < int(last)


def included(leaf, index, size, path, root):
    fn, sn, r = index, size - 1, leaf
    for p in path:
        if sn == 0:
            return False
        if fn & 1 or fn == sn:
            r = node_hash(p, r)
            while fn and not fn & 1:
                fn, sn = fn >> 1, sn >> 1
        else:
            r = node_hash(r, p)
        fn, sn = fn >> 1, sn >> 1
    return sn == 0 and r == root


def extends(first, first_root, second, second_root, path):
    if first == 0:
        return not path
    if first == second:
        return not path and first_root == second_root
    if first & (first - 1) == 0:
        path = [first_root] + path
    if not path:
        return False
    fn, sn = first - 1, second - 1
    while fn & 1:
        fn, sn = fn >> 1, sn >> 1
    fr = sr = path[0]
    for c in path[1:]:
        if sn == 0:
            return False
        if fn & 1 or fn == sn:
            fr, sr = node_hash(c, fr), node_hash(c, sr)
            while fn and not fn & 1:
                fn, sn = fn >> 1, sn >> 1
        else:
            sr = node_hash(sr, c)
        fn, sn = fn >> 1, sn >> 1
    return fr == first_root and sr == second_root and sn == 0


# --- Records ---

class Pairs(list):
    """An object's members as they stand."""


ESCAPES = {'"': '\\"', "\\": "\\\\", "\b": "\\b", "\t": "\\t", "\n": "\\n", "\f": "\\f",
           "\r": "\\r"}


def canonical(value, depth=1):
    if depth > 16:
        raise Malformed("nested too deeply")
    if isinstance(value, Pairs):
        keys = [key for key, _ in value]
        if keys != sorted(set(keys)) or \
                any(not re.fullmatch(r"[@a-z0-9_]{1,32}", key) for key in keys):
            raise Malformed("keys")
        return "{" + ",".join(f'"{k}":{canonical(v, depth + 1)}' for k, v in value) + "}"
    if isinstance(value, list):
        return "[" + ",".join(canonical(v, depth + 1) for v in value) + "]"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        if abs(value) > 2**53 - 1:
            raise Malformed("a number")
        return str(value)
    if isinstance(value, str):
        return '"' + "".join(
            ESCAPES.get(c) or (f"\\u{ord(c):04x}" if c < " " else c) for c in value) + '"'
    raise Malformed("a value")


def parse_record(data):
    if len(data) > 65535:
        raise Malformed("too long")
    try:
        value = json.loads(data.decode("utf-8"), object_pairs_hook=Pairs,
                           parse_float=lambda _: None)
        if not isinstance(value, Pairs) or canonical(value).encode() != data:
            raise Malformed("not in the one form")
    except (UnicodeDecodeError, UnicodeEncodeError, ValueError, RecursionError) as error:
        raise Malformed(str(error)) from error
    record = dict(value)
    plain = re.compile(r'[^"\\\x00-\x1f]+')
    for key in ("ent", "org", "ten", "typ"):
        if not isinstance(record.get(key), str) or not plain.fullmatch(record[key]):
            raise Malformed(key)
    for key in ("act", "res", "src", "tgt"):
        if not isinstance(record.get(key), str):
            raise Malformed(key)
    for key in ("eseq", "gseq"):
        if type(record.get(key)) is not int or record[key] < 0:
            raise Malformed(key)
    if record.get("@") != "attacca-evidence/1" or not isinstance(record.get("p"), Pairs):
        raise Malformed("@ or p")
    if not isinstance(record.get("n"), str) or not isinstance(record.get("prev"), str):
        raise Malformed("n or prev")
    unbase64(record["n"], 16)
    unbase64(record["prev"], 32)
    if not re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z", str(record.get("t"))):
        raise Malformed("t")
    return record


def named_content(record):
    """(hash, bytes or None) of everything that the record names."""
    payload = dict(record["p"])
    for artifact in list(record.get("art") or []) + [payload.get("output_file")]:
        if isinstance(artifact, Pairs):
            one = dict(artifact)
            yield str(one.get("d", "")).removeprefix("sha256:"), one.get("s")
    members = {"job_created": ("definition", "details_body", "kept_body"),
               "map_expanded": ("body",),
               "attempt_ended": ("output_body",), "job_ended": ("output_body",)}
    for key in members.get(record["typ"], ()):
        if key in payload:
            yield payload[key], None
