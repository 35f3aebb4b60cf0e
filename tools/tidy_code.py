# SPDX-License-Identifier: Apache-2.0
"""Checks of the code: sizes, first lines, banned calls and words, tests beside the code."""

import re

from repo import Finding, code_of, is_test, line_at, prose_of

CPP = (".h", ".cc")
LINES_MAX = 400
HEADER_LINES_MAX = 200
COLUMNS_MAX = 100
FUNCTION_LINES_MAX = 70
SPDX = "SPDX-License-Identifier: Apache-2.0"

# (where, pattern, what to do instead). `where` names folders; tests beside core may read files.
PURE = ("src/core/",)
REPEATABLE = ("src/core/", "src/engine/", "tests/sim/")
EVERYWHERE = ("src/", "tests/")
BANNED_CALLS = [
    (PURE, r"\b(clock_gettime|gettimeofday|(system|steady|high_resolution)_clock)\b",
     "core sees no clock: time arrives as an argument"),
    (PURE, r"\btime\s*\(\s*(nullptr|NULL|0)\s*\)", "core sees no clock"),
    (PURE, r"\b(getenv|setenv)\b", "core sees no environment"),
    (PURE, r"\b(jthread|(shared_|recursive_|timed_)?mutex|condition_variable|lock_guard|"
           r"unique_lock|scoped_lock)\b|\bstd::(thread|async|atomic)",
     "core sees no thread or lock"),
    (PURE, r"\b[io]?fstream\b|\bfopen\b|\bstd::filesystem\b", "core sees no file"),
    (PURE, r"\bsocket\s*\(", "core sees no socket"),
    (PURE, r"\bunordered_\w+", "iteration order must be the same everywhere: use map or vector"),
    (PURE, r"\b(float|double)\b", "core has no floating point: use int64 or thousandths"),
    (PURE, r"#\s*include\s*<(chrono|ctime|cstdlib|cmath|thread|mutex|shared_mutex|future|atomic|"
           r"condition_variable|fstream|filesystem|cstdio|random|unordered_map|unordered_set|"
           r"sys/[^>]*|unistd\.h|fcntl\.h|time\.h)>", "core is pure"),
    (REPEATABLE, r"\b(std::)?s?rand\s*\(", "draw from the seed that arrived with the command"),
    (REPEATABLE, r"\brandom_device\b", "draw from ports/entropy.h"),
    (REPEATABLE, r"\b\w+_distribution\b", "library distributions differ between platforms"),
    (REPEATABLE, r"\b(std::(shuffle|sample)|random_shuffle)\b",
     "std::shuffle differs between platforms: write the loop over the seed"),
    (EVERYWHERE, r"\busing\s+namespace\b(?!\s+std::[\w:]*literals\b)", "name what is used"),
    (EVERYWHERE, r"\b(strcpy|strcat|sprintf|vsprintf|gets|tmpnam|mktemp)\s*\(", "unbounded"),
    (("src/",), r"\b(system|popen)\s*\(", "argv, never a shell string"),
]

# One word per concept (the glossary in ARCHITECTURE.md). Matched in code and comments, not in
# literals: on the wire the source systems' names stay.
BANNED_WORDS = [
    (r"\b\w+(Manager|Helper|Impl|Utils?)\b", "a name that says what it does"),
    (r"\b[Ee]xecutor\b", "runner"),
    (r"\b(black|white)list\w*", "deny list or allow list"),
    (r"\b(TODO|FIXME|XXX|HACK)\b", "an issue"),
    (r"(?i)\b(stub(bed)?|not implemented|placeholder)\b", "finish it, or say what it is"),
]

COUNTED = {
    "NOLINT": re.compile(r"\bNOLINT\w*"),
    "reinterpret_cast": re.compile(r"\breinterpret_cast\b"),
    "const_cast": re.compile(r"\bconst_cast\b"),
}
HEADLESS = re.compile(r"\b(namespace|class|struct|union|enum|extern)\b")


def is_code(tree, path):
    name = path.rsplit("/", 1)[-1]
    return (path.endswith(CPP + (".py", ".sh", ".cmake", ".def"))
            or name in ("CMakeLists.txt", "Makefile", "Dockerfile")
            or tree.text(path).startswith("#!"))


def check_sizes(tree):
    findings = []
    for path in tree.files:
        if not is_code(tree, path):
            continue
        lines = tree.text(path).splitlines()
        limit = HEADER_LINES_MAX if path.endswith(".h") else LINES_MAX
        if len(lines) > limit:
            findings.append(Finding(path, len(lines), "size", f"{len(lines)} lines; limit {limit}"))
        for number, line in enumerate(lines, 1):
            # A reason beside a switched-off lint stands on the line that it is about.
            if len(line.split("// NOLINT")[0].rstrip()) > COLUMNS_MAX:
                findings.append(Finding(path, number, "columns",
                                        f"{len(line)} columns; limit {COLUMNS_MAX}"))
    return findings


def functions_of(text):
    """(first line, last line) of each function body: an estimate from braces.

    A brace opens a body when what stands before it has parentheses or follows a body that was the
    value of a member, and it names no class, namespace or enum.
    """
    code = "\n".join("" if line.lstrip().startswith("#") else line
                     for line in code_of(text).split("\n"))
    found, stack, head_start, closed_body = [], [], 0, False
    inside = 0  # open function bodies
    for match in re.finditer(r"[{};]", code):
        offset, mark = match.start(), match.group()
        if mark == "{":
            head = code[head_start:offset].strip()
            is_body = inside == 0 and not HEADLESS.search(head.split("(")[0]) and (
                "(" in head or (closed_body and (head == "" or head.startswith(","))))
            stack.append((is_body, offset))
            inside += is_body
        elif mark == "}" and stack:
            is_body, start = stack.pop()
            inside -= is_body
            closed_body = is_body
            if is_body:
                found.append((line_at(code, start), line_at(code, offset)))
        if mark != "}":
            closed_body = False
        head_start = offset + 1
    return found


def check_functions(tree):
    findings = []
    for path in tree.below("src", *CPP) + tree.below("tests", *CPP):
        for first, last in functions_of(tree.text(path)):
            if last - first > FUNCTION_LINES_MAX:
                findings.append(Finding(path, first, "function",
                                        f"{last - first} lines; limit {FUNCTION_LINES_MAX}"))
    return findings


def check_first_lines(tree):
    findings = []
    for path in tree.files:
        text = tree.text(path)
        if not text or not is_code(tree, path):
            continue
        lines = text.splitlines()
        place = 1 if lines[0].startswith("#!") else 0
        if place >= len(lines) or not lines[place].endswith(SPDX):
            findings.append(Finding(path, place + 1, "spdx", f"expected: {SPDX}"))
        if path.endswith(".h") and (len(lines) < 2 or lines[1] != "#pragma once"):
            findings.append(Finding(path, 2, "header", "expected: #pragma once"))
    return findings


def check_banned_calls(tree):
    findings = []
    for folders, pattern, instead in BANNED_CALLS:
        for path in tree.below("", *CPP):
            if not path.startswith(folders) or (folders == PURE and is_test(path)):
                continue
            code = code_of(tree.text(path))
            for match in re.finditer(pattern, code):
                findings.append(Finding(path, line_at(code, match.start()), "banned",
                                        f"{match.group().strip()}: {instead}"))
    return findings


def check_words(tree):
    findings = []
    for path in tree.below("src", *CPP) + tree.below("tests", *CPP):
        prose = prose_of(tree.text(path))
        for pattern, instead in BANNED_WORDS:
            for match in re.finditer(pattern, prose):
                findings.append(Finding(path, line_at(prose, match.start()), "word",
                                        f"{match.group()}: say {instead}"))
    return findings


def check_counts(tree, allowed):
    """Dangerous constructs are allowed by file and number, so that one more is a decision."""
    findings, seen = [], {}
    for path in tree.below("src", *CPP) + tree.below("tests", *CPP):
        prose, code = prose_of(tree.text(path)), code_of(tree.text(path))
        for name, pattern in COUNTED.items():
            count = len(pattern.findall(prose if name == "NOLINT" else code))
            if count:
                seen[(name, path)] = count
    for key in sorted(set(seen) | {key for key in allowed if key[0] in COUNTED}):
        name, path = key
        count, limit = seen.get(key, 0), allowed.get(key, 0)
        if count != limit:
            findings.append(Finding(path, 1, "count", f"{name} {count} times; "
                                    f"tools/allowed.txt says {limit}"))
    return findings


def check_tests_beside(tree, allowed):
    findings = []
    for path in tree.below("src", ".cc"):
        if path.endswith("_test.cc"):
            continue
        has_test = path[:-3] + "_test.cc" in tree.files
        is_listed = ("untested", path) in allowed
        if not has_test and not is_listed:
            findings.append(Finding(path, 1, "untested", "no _test.cc beside it"))
        if has_test and is_listed:
            findings.append(Finding(path, 1, "untested", "has a test now: unlist it"))
    for name, path in sorted(allowed):
        if name == "untested" and path not in tree.files:
            findings.append(Finding("tools/allowed.txt", 1, "untested", f"{path} is gone"))
    return findings
