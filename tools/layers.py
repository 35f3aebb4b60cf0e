#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Compares every #include in src/ with tools/layers.txt. There are no exceptions and no cycles.

usage: tools/layers.py [ROOT]      exit status: 0 = lawful, 1 = violations were printed
"""

import re
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
from repo import Finding, Tree, is_test, line_at  # noqa: E402

INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*([<"])([^>"]+)[>"]', re.MULTILINE)

# Headers of the C++ library have no dot; these belong to C, POSIX and Linux.
SYSTEM_FOLDERS = ("sys/", "linux/", "netinet/", "arpa/", "net/", "bits/")
SYSTEM_HEADERS = {
    "dirent.h", "dlfcn.h", "elf.h", "endian.h", "err.h", "errno.h", "fcntl.h", "fnmatch.h",
    "ftw.h", "getopt.h", "glob.h", "grp.h", "ifaddrs.h", "inttypes.h", "langinfo.h", "libgen.h",
    "limits.h", "locale.h", "malloc.h", "memory.h", "mntent.h", "netdb.h", "paths.h", "poll.h",
    "pthread.h", "pty.h", "pwd.h", "sched.h", "semaphore.h", "setjmp.h", "signal.h", "spawn.h",
    "stddef.h", "stdint.h", "stdio.h", "stdlib.h", "string.h", "strings.h", "syscall.h",
    "sysexits.h", "syslog.h", "termios.h", "time.h", "ucontext.h", "unistd.h", "utime.h",
    "wait.h", "wchar.h",
}


class Law:
    """What layers.txt says."""

    def __init__(self, text):
        self.layers = {}
        self.libraries = {}
        self.testing = []
        for raw in text.splitlines():
            line = raw.split("#", 1)[0].strip()
            if not line:
                continue
            words = line.replace(":", " : ", 1).split()
            if words[0] == "library":
                self.libraries[words[1]] = words[3]
            elif words[0] == "testing":
                self.testing += words[1:]
            else:
                self.layers[words[0]] = [word for word in words[2:] if word != "-"]

    def rule_of(self, folder):
        """The name of the line in layers.txt that speaks of a folder, or None."""
        if folder in self.layers:
            return folder
        star = folder.split("/")[0] + "/*"
        return star if "/" in folder and star in self.layers else None

    def allows(self, folder, other):
        if folder == other:
            return True
        allowed = self.layers[self.rule_of(folder)]
        return "*" in allowed or other in allowed or self.rule_of(other) in allowed

    def library_of(self, header):
        """(prefix, folder) of the longest prefix that fits a third-party header, or None."""
        fitting = [prefix for prefix in self.libraries if header.startswith(prefix)]
        best = max(fitting, key=len, default=None)
        return (best, self.libraries[best]) if best else None


def folder_of(path):
    """The layer's folder of a path below src/: adapters/sqlite, or the first part."""
    parts = path.split("/")
    return "/".join(parts[:2]) if parts[0] == "adapters" else parts[0]


def is_system(header):
    if header in SYSTEM_HEADERS or header.startswith(SYSTEM_FOLDERS):
        return True
    return re.fullmatch(r"[a-z_0-9]+", header) is not None


def includes_of(text):
    return [(line_at(text, match.start()), match.group(1), match.group(2))
            for match in INCLUDE.finditer(text)]


def check_own(tree, law, path, line, header):
    if "src/" + header not in tree.files:
        return [Finding(path, line, "layers", f'"{header}": no such file below src/; '
                        "an include is written from src/")]
    folder, other = folder_of(path[4:]), folder_of(header)
    if law.rule_of(other) is None:
        return []  # The folder itself is reported once, by check_folders.
    if not law.allows(folder, other):
        return [Finding(path, line, "layers", f"{folder} may not include {other} ({header})")]
    return []


def check_foreign(law, path, line, header):
    if header.startswith(tuple(law.testing)):
        if is_test(path):
            return []
        return [Finding(path, line, "layers", f"<{header}> belongs to tests only")]
    library = law.library_of(header)
    if library is None:
        if is_system(header):
            return []
        return [Finding(path, line, "layers", f"<{header}> is no library of tools/layers.txt")]
    folder = folder_of(path[4:])
    if folder != library[1]:
        return [Finding(path, line, "layers",
                        f"<{header}> may be included in {library[1]} only, not in {folder}")]
    return []


def check_folders(tree, law):
    folders = {folder_of(path[4:]): path for path in tree.below("src", ".h", ".cc")}
    return [Finding(path, 1, "layers", f"folder {folder} is not in tools/layers.txt")
            for folder, path in sorted(folders.items()) if law.rule_of(folder) is None]


def find_cycle(graph):
    """One cycle of the graph as a list of names whose first and last are equal, or None."""
    done, path, on_path = set(), [], set()

    def visit(start):
        stack = [(start, iter(graph.get(start, ())))]
        path.append(start)
        on_path.add(start)
        while stack:
            name, others = stack[-1]
            following = next(others, None)
            if following is None:
                stack.pop()
                on_path.discard(path.pop())
                done.add(name)
            elif following in on_path:
                return path[path.index(following):] + [following]
            elif following not in done:
                stack.append((following, iter(graph.get(following, ()))))
                path.append(following)
                on_path.add(following)
        return None

    for name in sorted(graph):
        if name not in done:
            cycle = visit(name)
            if cycle:
                return cycle
    return None


def check(tree, law):
    findings = check_folders(tree, law)
    files, folders = {}, {}
    for path in tree.below("src", ".h", ".cc"):
        if law.rule_of(folder_of(path[4:])) is None:
            continue
        for line, mark, header in includes_of(tree.text(path)):
            if mark == "<":
                findings += check_foreign(law, path, line, header)
                continue
            findings += check_own(tree, law, path, line, header)
            files.setdefault(path[4:], set()).add(header)
            if folder_of(header) != folder_of(path[4:]):
                folders.setdefault(folder_of(path[4:]), set()).add(folder_of(header))
    for graph, what in ((files, "files"), (folders, "folders")):
        cycle = find_cycle({name: sorted(others) for name, others in graph.items()})
        if cycle:
            findings.append(Finding("src", 1, "layers", f"cycle of {what}: " + " -> ".join(cycle)))
    return sorted(findings)


def main(arguments):
    root = Path(arguments[1] if len(arguments) > 1 else Path(__file__).resolve().parent.parent)
    findings = check(Tree(root), Law((root / "tools/layers.txt").read_text(encoding="utf-8")))
    for finding in findings:
        print(finding)
    print(f"layers: {len(findings)} violations")
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv))
