# SPDX-License-Identifier: Apache-2.0
"""Checks of documents and of the tree itself: folders, links, headings, file sizes and modes."""

import posixpath
import re

from repo import Finding

BLOB_BYTES_MAX = 256 * 1024
README_LINES_MAX = 15
BANNED_FOLDERS = {"util", "utils", "common", "misc", "helpers"}
# Folders that the map does not name: they hold no part of the program.
UNMAPPED = re.compile(r"^(\.[^/]*|.*/testdata|.*/golden|src/core/.*/.*)(/|$)")
LINK = re.compile(r"(?<!!)\[[^\]\n]*\]\(([^)\s]+)\)")
QUOTED_PATH = re.compile(r"`((?:src|scripts|docs|examples|tools|tests|packaging|cmake)/[\w./-]*)`")


def check_blobs(tree):
    return [Finding(path, 1, "blob", f"{tree.size(path)} bytes; limit {BLOB_BYTES_MAX}")
            for path in tree.files if tree.size(path) > BLOB_BYTES_MAX]


def check_modes(tree):
    findings = []
    for path in tree.files:
        has_interpreter = tree.text(path).startswith("#!")
        if has_interpreter != tree.is_executable(path):
            findings.append(Finding(path, 1, "mode", "has an interpreter line but is not executable"
                                    if has_interpreter else "executable without interpreter line"))
    return findings


def check_folder_names(tree):
    return [Finding(folder, 1, "folder", "the name does not say what belongs there")
            for folder in sorted(tree.folders()) if folder.split("/")[-1] in BANNED_FOLDERS]


def module_folders(tree):
    """Folders that are one CMake target each: src/x, and src/adapters/x."""
    modules = set()
    for path in tree.below("src", ".h", ".cc"):
        parts = path.split("/")
        modules.add("/".join(parts[:3] if parts[1] == "adapters" else parts[:2]))
    return sorted(modules)


def check_readmes(tree):
    findings = []
    for folder in module_folders(tree):
        path = folder + "/README.md"
        if path not in tree.files:
            findings.append(Finding(path, 1, "readme", "the folder has no README.md"))
        elif len(tree.text(path).splitlines()) > README_LINES_MAX:
            findings.append(Finding(path, 1, "readme", f"over {README_LINES_MAX} lines"))
    return findings


def prose_lines(text):
    """(number, line) of a Markdown text without its fenced blocks."""
    is_fenced = False
    for number, line in enumerate(text.splitlines(), 1):
        if line.lstrip().startswith("```"):
            is_fenced = not is_fenced
        elif not is_fenced:
            yield number, line


def check_headings(tree):
    findings = []
    for path in tree.below("", ".md"):
        titles = [number for number, line in prose_lines(tree.text(path)) if line.startswith("# ")]
        if len(titles) != 1:
            findings.append(Finding(path, titles[1] if titles else 1, "heading",
                                    f"{len(titles)} first-level headings; expected one"))
    return findings


def anchors_of(text):
    """The anchors that Git hosts make of headings."""
    found = set()
    for _, line in prose_lines(text):
        if line.startswith("#"):
            title = re.sub(r"[`*]", "", line.lstrip("#").strip()).lower()
            found.add(re.sub(r"[^\w\- ]", "", title).replace(" ", "-"))
    return found


def check_links(tree):
    findings = []
    folders = tree.folders()
    for path in tree.below("", ".md"):
        for number, line in prose_lines(tree.text(path)):
            for target in LINK.findall(line):
                if re.match(r"[a-z]+:", target):
                    continue
                name, _, anchor = target.partition("#")
                file = posixpath.normpath(posixpath.join(posixpath.dirname(path), name)) \
                    if name else path
                if file not in tree.files and file not in folders:
                    findings.append(Finding(path, number, "link", f"{target}: no such file"))
                elif anchor and file.endswith(".md") and anchor not in anchors_of(tree.text(file)):
                    findings.append(Finding(path, number, "link", f"{target}: no such heading"))
            for name in QUOTED_PATH.findall(line):
                if name.rstrip("/") not in folders and name not in tree.files:
                    findings.append(Finding(path, number, "link", f"`{name}`: no such file"))
    return findings


def mapped_folders(text):
    """The folders that the section "Folder map" names: `src/base/` at the start of a table row."""
    found, is_inside = {}, False
    for number, line in enumerate(text.splitlines(), 1):
        if line.startswith("#"):
            is_inside = line.lstrip("# ").lower() == "folder map"
        row = re.match(r"\| `([^`]+)/` \|", line)
        if is_inside and row:
            found[row.group(1)] = number
    return found


def check_map(tree):
    path = "ARCHITECTURE.md"
    if path not in tree.files:
        return []
    mapped = mapped_folders(tree.text(path))
    real = {folder for folder in tree.folders() if not UNMAPPED.match(folder)}
    findings = [Finding(path, number, "map", f"{folder}/ does not exist")
                for folder, number in mapped.items() if folder not in real]
    # A folder two levels below a mapped one may stay unmapped, except in src.
    wanted = {folder for folder in real if folder.count("/") < 2 or folder.startswith("src/")}
    return findings + [Finding(path, 1, "map", f"{folder}/ is missing from the folder map")
                       for folder in sorted(wanted - set(mapped))]
