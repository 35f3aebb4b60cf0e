// SPDX-License-Identifier: Apache-2.0

// Checks records and receipts with Go's own packages for notes and transparency logs.
//
// usage: gocheck VKEY FOLDER
//
// FOLDER holds `checkpoint`, and N.json and N.tlog-proof of records.
package main

import (
	"encoding/base64"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

func must(err error) {
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
}

func hashOf(line string) tlog.Hash {
	var hash tlog.Hash
	bytes, err := base64.StdEncoding.DecodeString(line)
	must(err)
	copy(hash[:], bytes)
	return hash
}

// Opens a signed checkpoint: its size and root.
func open(text []byte, verifier note.Verifier) (int64, tlog.Hash) {
	opened, err := note.Open(text, note.VerifierList(verifier))
	must(err)
	lines := strings.Split(opened.Text, "\n")
	if len(lines) != 4 || lines[0] != verifier.Name() {
		must(fmt.Errorf("not a checkpoint of three lines: %q", opened.Text))
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	must(err)
	return size, hashOf(lines[2])
}

func main() {
	verifier, err := note.NewVerifier(os.Args[1])
	must(err)
	checkpoint, err := os.ReadFile(filepath.Join(os.Args[2], "checkpoint"))
	must(err)
	open(checkpoint, verifier)
	proofs, err := filepath.Glob(filepath.Join(os.Args[2], "*.tlog-proof"))
	must(err)
	for _, name := range proofs {
		text, err := os.ReadFile(name)
		must(err)
		record, err := os.ReadFile(strings.TrimSuffix(name, ".tlog-proof") + ".json")
		must(err)
		head, signed, found := strings.Cut(string(text), "\n\n")
		lines := strings.Split(head, "\n")
		if !found || len(lines) < 2 || lines[0] != "c2sp.org/tlog-proof@v1" {
			must(fmt.Errorf("%s is no tlog-proof", name))
		}
		index, err := strconv.ParseInt(strings.TrimPrefix(lines[1], "index "), 10, 64)
		must(err)
		var proof tlog.RecordProof
		for _, line := range lines[2:] {
			proof = append(proof, hashOf(line))
		}
		size, root := open([]byte(signed), verifier)
		must(tlog.CheckRecord(proof, size, root, index, tlog.RecordHash(record)))
	}
	fmt.Println(len(proofs), "receipts hold")
}
