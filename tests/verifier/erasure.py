# SPDX-License-Identifier: Apache-2.0
"""What a bundle says of the erasure of its job. Written from docs/formats/ledger.md alone."""

import re

from forms import Malformed, included, is_former, leaf_hash, parse_record


def check_erased(bundle):
    """The record that a sealed job's key was destroyed: of another entity, in the same tree."""
    records = [record for record, _ in bundle.records.values()]
    seals = [dict(record["p"]).get("seal") for record in records
             if record["typ"] == "job_created"]
    places = {int(found[1]) for name in bundle.files
              if (found := re.fullmatch(r"erased/(\d+)\.(?:json|tlog-proof)", name))}
    for gseq in sorted(places):
        data = bundle.files.get(f"erased/{gseq}.json")
        if data is None:
            bundle.fail("E_GAP", "the record of the erasure is missing", gseq)
            continue
        path = bundle.path_of(gseq, "erased")
        if path is not None and not included(leaf_hash(data), gseq, bundle.note.size, path,
                                             bundle.note.root):
            bundle.fail("E_LEAF", "the erasure does not lead to the signed root", gseq)
            continue
        try:
            record = parse_record(data)
        except Malformed as error:
            bundle.fail("E_FORMAT", str(error), gseq)
            continue
        job = dict(record["p"]).get("job")
        if record["gseq"] != gseq or record["typ"] != "erased" or \
                record["ent"] != f"erasure/{job}" or [job] != seals[:1]:
            bundle.fail("E_SEQ", "it is not the erasure of this job", gseq)
        if record["org"] != bundle.note.origin and \
                not is_former(record["org"], bundle.note.origin):
            bundle.fail("E_ORIGIN", "of another ledger", gseq)
        if records and record["ten"] != records[0]["ten"]:
            bundle.fail("E_TENANT", "of another tenant", gseq)
        bundle.erased = True
