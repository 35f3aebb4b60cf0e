#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Verifies a bundle of evidence. Written from docs/formats/ledger.md alone: nothing of the program
is used, only the standard library and the openssl command.

usage: verify_bundle.py [--key VKEY] [--anchor FILE]... [--tsa-ca PEM] BUNDLE
       BUNDLE is the archive or the directory that it was unpacked to
prints JSON {verdict, records, size, erased, failures: [{code, gseq, detail}]}
exit status: 0 good, 1 tampered, 2 incomplete, 3 untrusted, 4 rolled back or forked, 64 usage,
65 no bundle at all
"""

import argparse
import base64
import hashlib
import json
import re
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
sys.dont_write_bytecode = True
from erasure import check_erased  # noqa: E402
from forms import (Malformed, Note, extends, included, is_former, leaf_hash,  # noqa: E402
                   named_content, openssl_stamped, openssl_verifies, parse_delegation,
                   parse_proof, parse_record,
                   parse_vkey, pem_of, read_bundle, stamp_is_of)

TAMPERED, INCOMPLETE, UNTRUSTED, ROLLED_BACK = 1, 2, 3, 4
STATUS = {
    **dict.fromkeys("E_LEAF E_ROOT E_SIG E_SEQ E_DUP E_CHAIN E_TENANT E_FORMAT E_FINAL E_STATE "
                    "E_ARTIFACT E_PROOF E_MANIFEST".split(), TAMPERED),
    **dict.fromkeys("E_GAP E_MISSING E_TIME".split(), INCOMPLETE),
    **dict.fromkeys("E_ORIGIN E_UNTRUSTED E_QUORUM E_KEYWINDOW E_TSA".split(), UNTRUSTED),
    **dict.fromkeys("E_ROLLBACK E_FORK".split(), ROLLED_BACK),
}
WORDS = {0: "ok", 1: "tampered", 2: "incomplete", 3: "untrusted", 4: "rollback"}
SINGLE = {"MANIFEST.txt", "VERIFY.md", "checkpoint", "custody.html", "custody.json", "policy.txt",
          "verify.sh"}
NAMES = re.compile(r"records/(0|[1-9]\d*)\.json|proofs/(0|[1-9]\d*)\.tlog-proof|"
                   r"erased/(0|[1-9]\d*)\.(json|tlog-proof)|"
                   r"artifacts/[0-9a-f]{64}|keys/[A-Za-z0-9_-][A-Za-z0-9._-]*\.(?:pem|delegation)|"
                   r"timestamps/(0|[1-9]\d*)\.(text|tsq|tsr)|"
                   r"consistency/(0|[1-9]\d*)(\.checkpoint|-(0|[1-9]\d*))")


class Bundle:
    def __init__(self, files, key, authorities=None):
        self.files, self.key, self.authorities = files, key, authorities
        self.failures, self.late = [], []
        self.note = None
        self.records = {}
        self.erased = False

    def fail(self, code, detail, gseq=None):
        self.failures.append({"code": code, **({} if gseq is None else {"gseq": gseq}),
                              "detail": detail})

    def status(self):
        found = {STATUS[failure["code"]] for failure in self.failures}
        return next((s for s in (TAMPERED, ROLLED_BACK, UNTRUSTED, INCOMPLETE) if s in found), 0)

    def check(self, anchors):
        self.check_manifest()
        if self.find_key() and self.read_delegations() and self.read_checkpoint():
            self.check_windows()
            self.check_records()
            check_erased(self)
            self.check_content()
            self.check_consistency()
            self.check_timestamps()
            for data in anchors:
                self.check_anchor(data)
        if not self.failures:
            self.check_custody()
        self.failures += self.late

    def check_manifest(self):
        for name in sorted(SINGLE - set(self.files)):
            self.fail("E_MISSING", name + " is missing")
        listed, before = {}, ""
        text = self.files.get("MANIFEST.txt", b"").decode("ascii", "replace")
        for line in text.split("\n")[:-1] if text.endswith("\n") else [text]:
            found = re.fullmatch(r"([0-9a-f]{64})  ([A-Za-z0-9_/.-]+)", line)
            if not found or found[2] <= before:
                self.late.append({"code": "E_MANIFEST", "detail": "a line of MANIFEST.txt"})
                break
            before = found[2]
            listed[found[2]] = found[1]
        for name, digest in listed.items():
            if name not in self.files:
                gseq = re.fullmatch(r"records/(\d+)\.json", name)
                self.fail("E_GAP" if gseq else "E_MISSING", name + " is missing",
                          int(gseq[1]) if gseq else None)
            elif hashlib.sha256(self.files[name]).hexdigest() != digest:
                self.late.append({"code": "E_MANIFEST", "detail": name + " was changed"})
        for name in self.files:
            if name != "MANIFEST.txt" and name not in listed or \
                    name not in SINGLE and not NAMES.fullmatch(name):
                self.late.append({"code": "E_MANIFEST", "detail": "unexpected " + name})

    def find_key(self):
        try:
            if self.key is None:
                lines = self.files.get("policy.txt", b"").decode("utf-8").splitlines()
                words = [line.split() for line in lines]
                if not all(w and w[0] in ("log", "quorum") and len(w) in (2, 3) for w in words) or \
                        [w[1] for w in words if w[0] == "quorum"] != ["none"]:
                    raise Malformed("a policy that this verifier does not know")
                self.key = next(w[1] for w in words if w[0] == "log")
            self.name, self.key_id, self.public = parse_vkey(self.key)
        except (Malformed, StopIteration, UnicodeDecodeError) as error:
            self.fail("E_FORMAT", f"policy.txt: {error}")
            return False
        pem = f"keys/ledger-{self.key_id.hex()}.pem"
        if pem not in self.files:
            self.fail("E_MISSING", pem + " is missing")
        elif self.files[pem] != pem_of(self.public):
            self.fail("E_UNTRUSTED", pem + " is another key")
        return True

    def opened(self, data, what, gseq=None):
        try:
            note = Note(data)
        except Malformed as error:
            self.fail("E_FORMAT", f"{what}: {error}", gseq)
            return None
        if note.origin != self.name:
            self.fail("E_ORIGIN", f"{what} is of {note.origin}", gseq)
            return None
        has_signed = False
        for key_id, public, window in [(self.key_id, self.public, None), *self.windows]:
            lines = [s for n, i, s in note.signatures if n == self.name and i == key_id]
            if not lines:
                continue
            if len(lines) > 1 or not openssl_verifies(public, note.text, lines[0]):
                self.fail("E_SIG", f"the signature of {what}", gseq)
                return None
            if window and not window["from"] < note.size <= window["to"]:
                self.fail("E_KEYWINDOW", f"{what} is outside of the window of its key", gseq)
                return None
            has_signed = True
        if not has_signed:
            self.fail("E_UNTRUSTED", f"the key did not sign {what}", gseq)
            return None
        return note

    def read_delegations(self):
        self.windows = []
        for name, data in self.files.items():
            if not re.fullmatch(r"keys/.*\.delegation", name):
                continue
            try:
                window = parse_delegation(data)
            except (Malformed, UnicodeDecodeError) as error:
                self.fail("E_FORMAT", f"{name}: {error}")
                continue
            if window["origin"] != self.name or window["signer"] != (self.name, self.key_id) or \
                    name != f"keys/{window['key_id'].hex()}.delegation" or \
                    not openssl_verifies(self.public, window["text"], window["signature"]):
                self.fail("E_UNTRUSTED", name + " is no delegation by the key")
                continue
            self.windows.append((window["key_id"], window["public"], window))
        return True

    def check_windows(self):
        for _, _, window in self.windows:
            if window["from"] > self.note.size:
                self.fail("E_ROLLBACK", "a key was delegated later than the bundle's end")
            elif window["from"] == self.note.size and window["root"] != self.note.root:
                self.fail("E_FORK", "the root saw another tree when it delegated a key")

    def read_checkpoint(self):
        if "checkpoint" in self.files:
            self.note = self.opened(self.files["checkpoint"], "the checkpoint")
        return self.note is not None

    def path_of(self, gseq, folder="proofs"):
        name = f"{folder}/{gseq}.tlog-proof"
        if name not in self.files:
            self.fail("E_MISSING", name + " is missing", gseq)
            return None
        try:
            index, path, note = parse_proof(self.files[name], "c2sp.org/tlog-proof@v1", "index")
        except (Malformed, UnicodeDecodeError) as error:
            self.fail("E_PROOF", f"{name}: {error}", gseq)
            return None
        if index != gseq or index >= self.note.size:
            self.fail("E_PROOF", name + " is of another record", gseq)
            return None
        if note != self.files["checkpoint"]:
            other = self.opened(note, "the checkpoint in " + name, gseq)
            if other is not None and other.text != self.note.text:
                self.fail("E_FORK" if other.size == self.note.size else "E_PROOF",
                          name + " is of another checkpoint", gseq)
            if other is None or other.text != self.note.text:
                return None
        return path

    def check_records(self):
        places = set()
        for name in self.files:
            found = re.fullmatch(r"(?:records/(\d+)\.json|proofs/(\d+)\.tlog-proof)", name)
            if found:
                places.add(int(found[1] or found[2]))
        entity = tenant = link = None
        expected, final, last_t, in_force = 0, False, "", None
        if not places:
            self.fail("E_GAP", "there are no records")
        for gseq in sorted(places):
            data = self.files.get(f"records/{gseq}.json")
            if data is None:
                self.fail("E_GAP", "the record is missing", gseq)
                link = None
                continue
            leaf = leaf_hash(data)
            path = self.path_of(gseq)
            if path is not None and not included(leaf, gseq, self.note.size, path, self.note.root):
                self.fail("E_LEAF", "record and proof do not lead to the signed root", gseq)
            try:
                record = parse_record(data)
            except Malformed as error:
                self.fail("E_FORMAT", str(error), gseq)
                link, expected = None, expected + 1
                continue
            self.records[gseq] = (record, leaf)
            entity, tenant = entity or record["ent"], tenant or record["ten"]
            origin = record["org"]
            if origin == self.note.origin or (
                    is_former(origin, self.note.origin) and
                    (not in_force or is_former(in_force, origin))):
                in_force = origin
            if origin != in_force:
                self.fail("E_ORIGIN", "of another ledger", gseq)
            if record["gseq"] != gseq or record["ent"] != entity:
                self.fail("E_SEQ", "it belongs elsewhere", gseq)
            if record["ten"] != tenant:
                self.fail("E_TENANT", "of another tenant", gseq)
            if record["t"] < last_t:
                self.fail("E_TIME", "older than the one before it", gseq)
            if final:
                self.fail("E_FINAL", "behind the end", gseq)
            if record["eseq"] > expected:
                self.fail("E_GAP", "records before it are missing", gseq)
            elif record["eseq"] < expected:
                self.fail("E_CHAIN", "a second record of this number", gseq)
            else:
                if expected == 0:
                    link = hashlib.sha256(
                        f"attacca-evidence/1 genesis\n{record['org']}\n{record['ten']}\n"
                        f"{record['ent']}\n".encode()).digest()
                if link is not None and base64.b64encode(link).decode() != record["prev"]:
                    self.fail("E_CHAIN", "it does not follow the one before it", gseq)
            final = final or dict(record["p"]).get("fin") is True
            expected, link, last_t = record["eseq"] + 1, leaf, max(last_t, record["t"])
        self.final = final

    def check_content(self):
        wanted = {}
        for gseq, (record, _) in self.records.items():
            for digest, size in named_content(record):
                wanted[digest] = gseq
                data = self.files.get("artifacts/" + digest)
                if data is None:
                    self.fail("E_MISSING", f"artifacts/{digest} is missing", gseq)
                elif size is not None and len(data) != size:
                    self.fail("E_ARTIFACT", f"artifacts/{digest} has another size", gseq)
        for name, data in self.files.items():
            if name.startswith("artifacts/"):
                digest = name.removeprefix("artifacts/")
                if hashlib.sha256(data).hexdigest() != digest:
                    self.fail("E_ARTIFACT", name + " was changed")
                elif digest not in wanted:
                    self.fail("E_MISSING", "the record that names " + name)

    def extension(self, size):
        name = f"consistency/{size}-{self.note.size}"
        if name not in self.files:
            self.fail("E_MISSING", name + " is missing")
            return None
        try:
            old, path, note = parse_proof(self.files[name], None, "old")
            if old != size or Note(note).text != self.note.text:
                raise Malformed("of another checkpoint")
        except (Malformed, UnicodeDecodeError) as error:
            self.fail("E_PROOF", f"{name}: {error}")
            return None
        return path

    def check_consistency(self):
        for name in self.files:
            found = re.fullmatch(r"consistency/(\d+)(\.checkpoint|-\d+)", name)
            if not found:
                continue
            if found[2] != ".checkpoint":
                if f"consistency/{found[1]}.checkpoint" not in self.files:
                    self.fail("E_MISSING", f"the checkpoint of {name}")
                continue
            old = self.opened(self.files[name], name)
            path = self.extension(int(found[1])) if old else None
            if old and old.size != int(found[1]) or path is not None and not extends(
                    old.size, old.root, self.note.size, self.note.root, path):
                self.fail("E_PROOF", name + " is not shown to be the beginning")

    def check_timestamps(self):
        sizes = {int(found[1]) for name in self.files
                 if (found := re.fullmatch(r"timestamps/(\d+)\.\w+", name))}
        for size in sorted(sizes):
            text, query, reply = (self.files.get(f"timestamps/{size}.{end}")
                                  for end in ("text", "tsq", "tsr"))
            if text is None or query is None or reply is None:
                self.fail("E_MISSING", f"a file of the time stamp of size {size}")
                continue
            own = self.files.get("checkpoint" if size == self.note.size
                                 else f"consistency/{size}.checkpoint")
            if own is None or Note(own).text != text:
                self.fail("E_TSA", f"the time stamp of size {size} is of no checkpoint here")
            elif not stamp_is_of(text, query, reply) or self.authorities and \
                    not openssl_stamped(query, reply, self.authorities):
                self.fail("E_TSA", f"the time stamp of size {size}")

    def check_anchor(self, data):
        old = self.opened(data, "the anchor")
        if old is None:
            return
        own = self.files.get(f"consistency/{old.size}.checkpoint")
        if old.size > self.note.size:
            self.fail("E_ROLLBACK", "the bundle is older than the anchor")
        elif old.size == self.note.size:
            if old.root != self.note.root:
                self.fail("E_FORK", "the anchor has another root")
        elif own is not None and Note(own).root != old.root:
            self.fail("E_FORK", "the anchor has another root at its size")
        else:
            path = self.extension(old.size)
            if path is not None and not extends(old.size, old.root, self.note.size,
                                                self.note.root, path):
                self.fail("E_PROOF", "the anchor is not shown to be the beginning")

    def check_custody(self):
        table = json.loads(self.files["custody.json"])
        if table.get("custody") != 1:
            return
        rows = {row["gseq"]: row for row in table["records"]}
        for gseq in rows.keys() - self.records.keys():
            self.fail("E_GAP", "the table of custody names it", gseq)
        for gseq, (record, leaf) in self.records.items():
            row = rows.get(gseq, {})
            expected = {"gseq": gseq, "eseq": record["eseq"], "when": record["t"],
                        "who": record["act"], "what": record["typ"], "result": record["res"],
                        "where": record["src"], "target": record["tgt"], "entity": record["ent"],
                        "tenant": record["ten"], "origin": record["org"], "link": leaf.hex()}
            if any(row.get(key) != value for key, value in expected.items()):
                self.fail("E_STATE", "the table of custody says something else", gseq)


def main():
    parser = argparse.ArgumentParser(description="Verifies a bundle of evidence.")
    parser.add_argument("--key")
    parser.add_argument("--anchor", action="append", default=[])
    parser.add_argument("--tsa-ca", type=Path)
    parser.add_argument("bundle", type=Path)
    wanted = parser.parse_args()
    try:
        files = read_bundle(wanted.bundle)
    except (Malformed, OSError) as error:
        print(json.dumps({"verdict": "tampered", "records": 0, "size": 0, "failures": [
            {"code": "E_FORMAT", "detail": str(error)}]}))
        return 1 if wanted.bundle.exists() else 65
    bundle = Bundle(files, wanted.key, wanted.tsa_ca)
    bundle.check([Path(name).read_bytes() for name in wanted.anchor])
    print(json.dumps({"verdict": WORDS[bundle.status()], "records": len(bundle.records),
                      "size": bundle.note.size if bundle.note else 0,
                      "erased": int(bundle.erased),
                      "failures": bundle.failures}))
    return bundle.status()


if __name__ == "__main__":
    sys.exit(main())
