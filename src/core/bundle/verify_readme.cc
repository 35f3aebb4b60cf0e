// SPDX-License-Identifier: Apache-2.0
#include "core/bundle/texts.h"

namespace attacca::core {
namespace {

constexpr std::string_view readme_text = R"md(# How to check this bundle

It holds the evidence of one job: every record that the ledger has of it up to the checkpoint, a
proof for each that it is in the ledger, and everything that the records name. Nobody has to be
believed but the holder of one Ed25519 key.

## With bash, coreutils, xxd and openssl 3

    mkdir evidence && tar -C evidence -xf BUNDLE.tar
    bash evidence/verify.sh --key 'VKEY' --anchor CHECKPOINT evidence

A directory of its own, for a file that `MANIFEST.txt` does not name is a contradiction.

`VKEY` is the ledger's verifier key (`name+id+key`) as you have it from elsewhere: from a
contract, a web page, an earlier bundle. Without `--key` the script takes the key from
`policy.txt`, and then the bundle only shows that it agrees with itself. `CHECKPOINT` is a
signed checkpoint that you kept: the script shows that the ledger still has the history that it
had then. Take the script itself from a source that you trust; whoever forges a bundle can forge
the script in it.

`--tsa-ca PEM` holds time stamps against the certificates of the authorities that you trust. By
hand: `openssl ts -verify -data timestamps/N.text -in timestamps/N.tsr -CAfile PEM`.

Exit status: 0 good, 1 a contradiction, 2 something is missing, 3 another key or ledger, 4
another history than the anchor's.

## With Attacca, or with a verifier of your own

`attacca verify FILE.tar --policy POLICY --anchor CHECKPOINT` checks the same and more strictly.
The formats are described in `docs/formats/ledger.md` of Attacca, completely enough to write a
verifier from it; receipts and checkpoints are those of C2SP (tlog-proof, tlog-checkpoint,
signed-note), which other programs read too.

## What lies here

| File | What it is |
|---|---|
| `MANIFEST.txt` | the SHA-256 of every other file: `sha256sum -c MANIFEST.txt` |
| `checkpoint` | size and root of the ledger, signed |
| `policy.txt` | whose signature counts (C2SP tlog-policy); replace it by your own |
| `keys/` | the public keys as openssl reads them; `*.delegation`: keys that sign for that one |
| `records/N.json` | record number N of the ledger: exactly the bytes that were hashed |
| `proofs/N.tlog-proof` | that record N is in the ledger of the checkpoint |
| `consistency/` | that earlier checkpoints are the beginning of this one |
| `timestamps/` | a time stamp (RFC 3161) on the text of a checkpoint: text, request, response |
| `artifacts/` | files, definitions and outputs that records name, by their SHA-256 |
| `custody.html`, `custody.json` | the records as a table, for reading; it proves nothing itself |

One record by hand: `(printf '\0'; cat records/N.json) | sha256sum` is its link hash. The next
record of the job names it, in base64, as `prev`.

## What it shows, and what not

It shows that these records were signed by the holder of the key, that none was changed, moved
or left out between the first and the last, and that the last one ends the job where it says so.
It does not show that the clock was right, that a tool told the truth, or that the holder of the
key did not write another ledger for somebody else: only a checkpoint kept elsewhere
(`--anchor`) shows that.
)md";

}  // namespace

std::string_view verify_readme() {
    return readme_text;
}

}  // namespace attacca::core
