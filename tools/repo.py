# SPDX-License-Identifier: Apache-2.0
"""What the checks share: the list of files, a file's text, and C++ text without its comments.

A check is a function from a `Tree` to a list of `Finding`; it reads and changes nothing.
"""

import os
import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

SKIPPED_FOLDERS = {".git", "build", "node_modules", "__pycache__", ".cache"}


@dataclass(frozen=True, order=True)
class Finding:
    path: str
    line: int
    rule: str
    text: str

    def __str__(self):
        return f"{self.path}:{self.line}: [{self.rule}] {self.text}"


class Tree:
    """The files of a source tree, as paths relative to its root."""

    def __init__(self, root):
        self.root = Path(root)
        self.files = sorted(self._list())
        self._texts = {}

    def _list(self):
        # Git knows what is ours and what is a build product; a release archive has no git.
        if (self.root / ".git").exists():
            listed = subprocess.run(
                ["git", "-C", str(self.root), "ls-files", "-z", "--cached", "--others",
                 "--exclude-standard"], capture_output=True, check=False)
            if listed.returncode == 0:
                names = listed.stdout.decode("utf-8", "replace").split("\0")
                return {name for name in names if name and (self.root / name).is_file()}
        found = set()
        for folder, folders, names in os.walk(self.root):
            folders[:] = [name for name in folders if name not in SKIPPED_FOLDERS]
            for name in names:
                found.add((Path(folder) / name).relative_to(self.root).as_posix())
        return found

    def text(self, path):
        if path not in self._texts:
            raw = (self.root / path).read_bytes()
            self._texts[path] = "" if b"\0" in raw[:4096] else raw.decode("utf-8", "replace")
        return self._texts[path]

    def size(self, path):
        return (self.root / path).stat().st_size

    def is_executable(self, path):
        return os.access(self.root / path, os.X_OK)

    def below(self, folder, *suffixes):
        """Files below a folder ("" is the root) whose names end in one of the suffixes."""
        start = folder + "/" if folder else ""
        return [path for path in self.files
                if path.startswith(start) and (not suffixes or path.endswith(suffixes))]

    def folders(self):
        """Every folder that holds a file, at any depth."""
        found = set()
        for path in self.files:
            parts = path.split("/")[:-1]
            for depth in range(1, len(parts) + 1):
                found.add("/".join(parts[:depth]))
        return found


# A raw string, a comment, a string or a character. A digit separator (1'000) is no character.
_TOKEN = re.compile(
    r'R"(?P<delimiter>[^()\\\s]{0,16})\((?:.|\n)*?\)(?P=delimiter)"'
    r"|(?P<comment>//(?:\\\n|[^\n])*|/\*(?:.|\n)*?\*/)"
    r'|"(?:\\.|[^"\\\n])*"'
    r"|(?<![0-9A-Fa-f])'(?:\\.|[^'\\\n])+'")


def _blank(text):
    return re.sub(r"[^\n]", " ", text)


def code_of(text):
    """C++ text with comments and literals replaced by blanks; lines and columns stay."""
    return _TOKEN.sub(lambda match: _blank(match.group()), text)


def prose_of(text):
    """C++ text with literals replaced by blanks: code and comments."""
    return _TOKEN.sub(
        lambda match: match.group() if match.group("comment") else _blank(match.group()), text)


def line_at(text, offset):
    return text.count("\n", 0, offset) + 1


def is_test(path):
    return path.endswith("_test.cc") or path.startswith("tests/")
