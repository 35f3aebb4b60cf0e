# SPDX-License-Identifier: Apache-2.0
"""Ways to tamper with a bundle, after the numbers of the ledger's list of attacks. Each changes the
files in place and knows what `attacca verify` must say."""

import base64
import hashlib
import json
import subprocess
import tempfile
from pathlib import Path

import forms as v

ORDER = v.ORDER


# --- Means of an attacker ---

def seal(files):
    """Writes the list of files anew."""
    files.pop("MANIFEST.txt", None)
    files["MANIFEST.txt"] = "".join(
        f"{hashlib.sha256(files[name]).hexdigest()}  {name}\n" for name in sorted(files)).encode()


def archive(files):
    data = b""
    for name in sorted(files):
        data += v.tar_header(name, len(files[name])) + files[name]
        data += bytes(-len(files[name]) % 512)
    return data + bytes(1024)


def sign(seed, text):
    with tempfile.TemporaryDirectory() as folder:
        where = Path(folder)
        der = bytes.fromhex("302e020100300506032b657004220420") + seed
        (where / "key").write_bytes(b"-----BEGIN PRIVATE KEY-----\n" + base64.b64encode(der) +
                                    b"\n-----END PRIVATE KEY-----\n")
        (where / "text").write_bytes(text)
        done = subprocess.run(["openssl", "pkeyutl", "-sign", "-inkey", where / "key", "-rawin",
                               "-in", where / "text"], capture_output=True, check=True)
        return done.stdout


def public_of(seed):
    der = bytes.fromhex("302e020100300506032b657004220420") + seed
    done = subprocess.run(["openssl", "pkey", "-inform", "DER", "-pubout", "-outform", "DER"],
                          input=der, capture_output=True, check=True)
    return done.stdout[-32:]


def vkey_of(name, public):
    raw = b"\x01" + public
    key_id = hashlib.sha256(name.encode() + b"\n" + raw).hexdigest()[:8]
    return f"{name}+{key_id}+{base64.b64encode(raw).decode()}"


def note_of(text, name, public, signature):
    key_id = hashlib.sha256(name.encode() + b"\n\x01" + public).digest()[:4]
    return text + b"\n\xe2\x80\x94 " + name.encode() + b" " + \
        base64.b64encode(key_id + signature) + b"\n"


def tree_root(leaves):
    if len(leaves) == 1:
        return leaves[0]
    cut = 1 << (len(leaves) - 1).bit_length() - 1
    return v.node_hash(tree_root(leaves[:cut]), tree_root(leaves[cut:]))


def tree_path(index, leaves):
    if len(leaves) == 1:
        return []
    cut = 1 << (len(leaves) - 1).bit_length() - 1
    if index < cut:
        return tree_path(index, leaves[:cut]) + [tree_root(leaves[cut:])]
    return tree_path(index - cut, leaves[cut:]) + [tree_root(leaves[:cut])]


def proof_text(index, path, note):
    lines = ["c2sp.org/tlog-proof@v1", f"index {index}"]
    lines += [base64.b64encode(step).decode() for step in path]
    return "\n".join(lines).encode() + b"\n\n" + note


def places(files):
    return sorted(int(name[8:-5]) for name in files if name.startswith("records/"))


def record(files, number):
    return f"records/{places(files)[number]}.json"


def write_record(members):
    return json.dumps(members, sort_keys=True, separators=(",", ":"),
                      ensure_ascii=False).encode()


def edit(files, number, **changes):
    name = record(files, number)
    files[name] = write_record({**json.loads(files[name]), **changes})


def rechain(files):
    """Makes the chain right again."""
    link = None
    for eseq, gseq in enumerate(places(files)):
        members = json.loads(files[f"records/{gseq}.json"])
        if link is None:
            link = hashlib.sha256(f"attacca-evidence/1 genesis\n{members['org']}\n"
                                  f"{members['ten']}\n{members['ent']}\n".encode()).digest()
        members.update(eseq=eseq, gseq=gseq, prev=base64.b64encode(link).decode())
        files[f"records/{gseq}.json"] = write_record(members)
        link = v.leaf_hash(files[f"records/{gseq}.json"])


def rebuild(files, seed=None, origin=None, size=None):
    """Another tree in which these records are, and its checkpoint: with the old signature, or with
    the key's own when the attacker has it."""
    old = v.Note(files["checkpoint"])
    origin = origin or old.origin
    size = size or max(old.size, places(files)[-1] + 1)
    leaves = [hashlib.sha256(b"other %d" % i).digest() for i in range(size)]
    for gseq in places(files):
        leaves[gseq] = v.leaf_hash(files[f"records/{gseq}.json"])
    text = f"{origin}\n{size}\n{base64.b64encode(tree_root(leaves)).decode()}\n".encode()
    if seed:
        note = note_of(text, origin, public_of(seed), sign(seed, text))
    else:
        note = text + files["checkpoint"][len(old.text):]
    files["checkpoint"] = note
    for name in [n for n in files if n.startswith(("proofs/", "consistency/"))]:
        del files[name]
    for gseq in places(files):
        files[f"proofs/{gseq}.tlog-proof"] = proof_text(gseq, tree_path(gseq, leaves), note)


def delegate(files, root_seed, batch_seed, window):
    """The root lets another key sign for a window of sizes, as it does at a hand-over."""
    origin = v.Note(files["checkpoint"]).origin
    vkey = vkey_of(origin, public_of(batch_seed))
    text = "\n".join(["attacca-delegation/1", origin, vkey, str(window[0]), str(window[1]),
                      base64.b64encode(bytes(32)).decode(), "2026-01-01T00:00:00.000000Z",
                      ""]).encode()
    files[f"keys/{vkey.split('+')[1]}.delegation"] = note_of(
        text, origin, public_of(root_seed), sign(root_seed, text))


BATCH_SEED = bytes([5]) * 32


def by_batch_key(files, seed, window):
    """The delegated key alone signs a tree of its own."""
    delegate(files, seed, BATCH_SEED, window)
    rebuild(files, seed=BATCH_SEED)


# --- The attacks ---

def beyond_window(files, seed):
    by_batch_key(files, seed, (0, v.Note(files["checkpoint"]).size - 1))


def foreign_delegation(files, _):
    by_batch_key(files, bytes([6]) * 32, (0, 1 << 27))


def seen_otherwise(files, seed):
    """The root saw another tree at this size when it delegated the key."""
    size = v.Note(files["checkpoint"]).size
    delegate(files, seed, BATCH_SEED, (size, size + 100))


def flip(files, name, at):
    data = bytearray(files[name])
    data[at] ^= 1
    files[name] = bytes(data)


def proof_edit(change):
    def apply(files, _):
        name = f"proofs/{places(files)[1]}.tlog-proof"
        index, path, note = v.parse_proof(files[name], "c2sp.org/tlog-proof@v1", "index")
        index, path = change(index, path)
        files[name] = proof_text(index, path, note)
    return apply


def swap_records(files, _):
    a, b = record(files, 1), record(files, 2)
    files[a], files[b] = files[b], files[a]


def swap_and_renumber(files, seed):
    one, two = (json.loads(files[record(files, i)]) for i in (1, 2))
    for key in ("gseq", "eseq"):
        one[key], two[key] = two[key], one[key]
    files[record(files, 1)], files[record(files, 2)] = write_record(two), write_record(one)
    rebuild(files)


def delete_and_renumber(files, _):
    gone = places(files)[1]
    del files[f"records/{gone}.json"], files[f"proofs/{gone}.tlog-proof"]
    for eseq, gseq in enumerate(places(files)):
        members = json.loads(files[f"records/{gseq}.json"])
        files[f"records/{gseq}.json"] = write_record({**members, "eseq": eseq})
    rebuild(files)


def duplicate(files, _):
    last = places(files)[-1]
    files[f"records/{last + 1}.json"] = files[record(files, 1)]
    rebuild(files)


def second_successor(files, _):
    gseq = places(files)[1]
    members = json.loads(files[f"records/{gseq}.json"])
    last = places(files)[-1]
    files[f"records/{last + 1}.json"] = write_record({**members, "gseq": last + 1})
    rebuild(files)


def append(files, _):
    last = places(files)[-1]
    members = json.loads(files[f"records/{last}.json"])
    members["p"] = {}
    files[f"records/{last + 1}.json"] = write_record({**members, "gseq": last + 1})
    rechain(files)
    rebuild(files)


def other_origin(files, seed):
    for i in range(len(places(files))):
        edit(files, i, org="elsewhere.example/1")
    rechain(files)
    rebuild(files, seed=seed, origin="elsewhere.example/1")


def own_keys(files, _):
    seed = bytes(range(32))
    origin = v.Note(files["checkpoint"]).origin
    rebuild(files, seed=seed)
    vkey = vkey_of(origin, public_of(seed))
    files["policy.txt"] = f"log {vkey}\nquorum none\n".encode()
    for name in [n for n in files if n.startswith("keys/")]:
        del files[name]
    files[f"keys/ledger-{vkey.split('+')[1]}.pem"] = v.pem_of(public_of(seed))


def same_key_id(files, _):
    note = v.Note(files["checkpoint"])
    other = sign(bytes(range(32)), note.text)
    name, key_id, _ = note.signatures[0]
    resign(files, note, base64.b64encode(key_id + other))


def resign(files, note, encoded):
    """Another signature under the same text, everywhere."""
    before = files["checkpoint"]
    changed = note.text + b"\n\xe2\x80\x94 " + note.origin.encode() + b" " + encoded + b"\n"
    for name in files:
        files[name] = files[name].replace(before, changed)


def larger_s(files, _):
    note = v.Note(files["checkpoint"])
    _, key_id, signature = note.signatures[0]
    s = int.from_bytes(signature[32:], "little") + ORDER
    resign(files, note, base64.b64encode(key_id + signature[:32] + s.to_bytes(32, "little")))


def format_of(change):
    def apply(files, _):
        name = record(files, 1)
        files[name] = change(files[name])
        rebuild(files)
    return apply


def extension_line(files, _):
    before = files["checkpoint"]
    changed = before.replace(b"\n\n", b"\nextra\n\n", 1)
    for name in files:
        files[name] = files[name].replace(before, changed)


def replace_artifact(files, _):
    name = next(n for n in files if n.startswith("artifacts/"))
    files[name] = b"replaced"


def clock_back(files, seed):
    edit(files, 2, t="2001-01-01T00:00:00.000000Z")
    rechain(files)
    rebuild(files, seed=seed)


def custody(files, _):
    files["custody.json"] = files["custody.json"].replace(b'"result":"ok"', b'"result":"no"')


def drop(number):
    def apply(files, _):
        gseq = places(files)[number]
        del files[f"records/{gseq}.json"]
    return apply


def drop_all(number):
    def apply(files, _):
        gseq = places(files)[number]
        del files[f"records/{gseq}.json"], files[f"proofs/{gseq}.tlog-proof"]
    return apply


# (number in the list of attacks, what, change, code, exit status)
ATTACKS = [
    (1, "a bit of a record", lambda f, _: flip(f, record(f, 1), 200), "E_LEAF", 1),
    (3, "a record changed, tree rebuilt, old signature",
     lambda f, _: (edit(f, 1, res="no"), rebuild(f)), "E_SIG", 1),
    (4, "two records swapped", swap_records, "E_SEQ", 1),
    (5, "two records swapped and renumbered, tree rebuilt", swap_and_renumber, "E_CHAIN", 1),
    (7, "a record deleted, the rest renumbered, tree rebuilt", delete_and_renumber, "E_CHAIN", 1),
    (9, "one record twice", duplicate, "E_DUP", 1),
    (10, "two successors of one record", second_successor, "E_CHAIN", 1),
    (11, "a chained record appended without the key", append, "E_SIG", 1),
    (12, "a record moved to another tenant",
     lambda f, _: (edit(f, 1, ten="evil"), rebuild(f)), "E_TENANT", 1),
    (13, "records and proofs of another origin, same key", other_origin, "E_ORIGIN", 3),
    (16, "a key beyond its window", beyond_window, "E_KEYWINDOW", 3),
    (17, "a tree that the root did not see", seen_otherwise, "E_FORK", 4),
    (18, "a key that the root did not delegate", foreign_delegation, "E_UNTRUSTED", 3),
    (18, "the attacker's own keys", own_keys, "E_UNTRUSTED", 3),
    (19, "the key's id over another key's signature", same_key_id, "E_SIG", 1),
    (20, "S + L", larger_s, "E_SIG", 1),
    (21, "a duplicate key", format_of(lambda r: r.replace(b'"res":', b'"res":"ok","res":')),
     "E_FORMAT", 1),
    (21, "a space", format_of(lambda r: r.replace(b",", b", ", 1)), "E_FORMAT", 1),
    (21, "a fraction", format_of(lambda r: r.replace(b'"eseq":1', b'"eseq":1.0')), "E_FORMAT", 1),
    (21, "an escape that is none", format_of(lambda r: r.replace(b'"ok"', b'"\\u006fk"')),
     "E_FORMAT", 1),
    (21, "another order of keys",
     format_of(lambda r: json.dumps(dict(reversed(json.loads(r).items())),
                                    separators=(",", ":")).encode()), "E_FORMAT", 1),
    (22, "a node as a record",
     lambda f, _: f.update({record(f, 1): b"\1" + bytes(64)}), "E_FORMAT", 1),
    (23, "a proof with a hash more", proof_edit(lambda i, p: (i, p + [p[0]])), "E_PROOF", 1),
    (23, "a proof with a hash less", proof_edit(lambda i, p: (i, p[:-1])), "E_PROOF", 1),
    (23, "a proof in another order", proof_edit(lambda i, p: (i, p[::-1])), "E_PROOF", 1),
    (23, "an index beyond the tree", proof_edit(lambda i, p: (1 << 40, p)), "E_PROOF", 1),
    (23, "an index of 2^63", proof_edit(lambda i, p: (1 << 63, p)), "E_PROOF", 1),
    (26, "an artifact replaced under its name", replace_artifact, "E_ARTIFACT", 1),
    (30, "a record after the end", append, "E_FINAL", 1),
    (31, "the first record dropped", drop(0), "E_GAP", 2),
    (31, "a record dropped", drop(2), "E_GAP", 2),
    (31, "the last record dropped", drop(-1), "E_GAP", 2),
    (31, "a record dropped with its proof", drop_all(1), "E_GAP", 2),
    (31, "the last record dropped with its proof", drop_all(-1), "E_GAP", 2),
    (32, "a clock set back, signed by the key", clock_back, "E_TIME", 2),
    (34, "a table of custody that the records do not explain", custody, "E_STATE", 1),
    (35, "an extension line in the checkpoint", extension_line, "E_FORMAT", 1),
]
