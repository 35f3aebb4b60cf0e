#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes report.md and report.html from the results of examples/scan-localhost.yaml.

It reads SERVICES (JSON: what nmap found) and the files TLS_RESULTS and WEB_RESULTS (JSON lines: one
object per map item) that the environment names, and prints one line as its summary.

Whatever a service said about itself is hostile text: nothing of it reaches either report unescaped,
and output that does not parse is reported as such, never guessed at.
"""

import html
import json
import os
import re
import sys
import xml.etree.ElementTree as ElementTree

CELL_CHARACTERS_MAX = 200


def read_results(path):
    """The lines of a results file; a map that was skipped has none."""
    if not path:
        return []
    with open(path, encoding="utf-8") as file:
        return [json.loads(line) for line in file if line.strip()]


def about_tls(text):
    """Rows (what, value) from sslscan's XML."""
    root = ElementTree.fromstring(text)
    if root.find("ssltest") is None:
        raise ValueError("sslscan reached no service")
    enabled = [f"{item.get('type', '').upper()} {item.get('version')}"
               for item in root.iter("protocol") if item.get("enabled") == "1"]
    accepted = [item.get("cipher", "") for item in root.iter("cipher")]
    rows = [("protocols", ", ".join(enabled) or "none"), ("ciphers", f"{len(accepted)} accepted")]
    weak = sorted({item.get("cipher", "") for item in root.iter("cipher")
                   if item.get("strength") in ("weak", "null", "anonymous")})
    if weak:
        rows.append(("weak ciphers", ", ".join(weak)))
    for certificate in root.iter("certificate"):
        subject = certificate.findtext("subject", "").strip()
        rows.append(("certificate", subject))
        if certificate.findtext("self-signed", "").strip() == "true":
            rows.append(("certificate", "signed by itself: nobody vouches for it"))
        rows.append(("valid until", certificate.findtext("not-valid-after", "").strip()))
    return rows


def about_web(text):
    """Rows (what, value) from whatweb's JSON."""
    rows = []
    for page in json.loads(text):
        if not page:
            continue
        rows.append(("status", str(page["http_status"])))
        for name, plugin in sorted(page.get("plugins", {}).items()):
            values = [str(value) for kind in ("string", "version")
                      for value in plugin.get(kind, [])]
            if values:
                rows.append((name, ", ".join(values)))
    if not rows:
        raise ValueError("whatweb reached no service")
    return rows


def section_of(result, tool, about):
    """(title, verdict, rows) of one map item."""
    title = f"{tool} {result.get('key', '')}"
    if result.get("status") != "succeeded":
        return title, f"not checked: the attempt ended {result.get('status')}", []
    try:
        return title, "checked", about(result["outputs"]["found"])
    except (ElementTree.ParseError, ValueError, KeyError, TypeError, AttributeError) as error:
        return title, f"not checked: unreadable output ({type(error).__name__})", []


def cell(text):
    """One line of bounded length without control characters."""
    line = re.sub(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069]+", " ", str(text))
    return line if len(line) <= CELL_CHARACTERS_MAX else line[:CELL_CHARACTERS_MAX] + "…"


def markdown(text):
    """Text that Markdown shows as it is, also where a renderer lets HTML through."""
    return re.sub(r"([\\`*_{}\[\]()#+!|~:@-])", r"\\\1", html.escape(cell(text), quote=False))


def markdown_of(services, sections):
    lines = ["# Scan of this machine", "", "## Services", "",
             "| Address | Port | Service | Product | TLS |", "|---|---|---|---|---|"]
    for row in services:
        lines.append("| " + " | ".join(markdown(value) for value in row) + " |")
    for title, verdict, rows in sections:
        lines += ["", f"## {markdown(title)}", "", markdown(verdict)]
        if rows:
            lines += ["", "| What | Value |", "|---|---|"]
            lines += [f"| {markdown(name)} | {markdown(value)} |" for name, value in rows]
    return "\n".join(lines) + "\n"


def html_of(services, sections):
    def table(head, rows):
        yield "<table><tr>" + "".join(f"<th>{html.escape(name)}</th>" for name in head) + "</tr>"
        for row in rows:
            cells = "".join(f"<td>{html.escape(cell(value))}</td>" for value in row)
            yield f"<tr>{cells}</tr>"
        yield "</table>"

    parts = ['<!doctype html><html lang="en"><head><meta charset="utf-8">',
             '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'; '
             'style-src \'unsafe-inline\'">',
             "<title>Scan of this machine</title><style>",
             "body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;",
             "padding:0 1rem}",
             "table{border-collapse:collapse}td,th{border:1px solid #8888;padding:.2rem .6rem;",
             "text-align:left;overflow-wrap:anywhere}</style></head><body>",
             "<h1>Scan of this machine</h1><h2>Services</h2>"]
    parts += table(("Address", "Port", "Service", "Product", "TLS"), services)
    for title, verdict, rows in sections:
        parts.append(f"<h2>{html.escape(cell(title))}</h2><p>{html.escape(cell(verdict))}</p>")
        if rows:
            parts += table(("What", "Value"), rows)
    return "\n".join(parts + ["</body></html>\n"])


def main(environment):
    services = [(item.get("address", ""), item.get("port", ""), item.get("name", ""),
                 item.get("product", ""), "yes" if item.get("tls") else "no")
                for item in json.loads(environment.get("SERVICES") or "[]")]
    sections = [section_of(result, "sslscan", about_tls)
                for result in read_results(environment.get("TLS_RESULTS"))]
    sections += [section_of(result, "whatweb", about_web)
                 for result in read_results(environment.get("WEB_RESULTS"))]
    with open("report.md", "w", encoding="utf-8") as file:
        file.write(markdown_of(services, sections))
    with open("report.html", "w", encoding="utf-8") as file:
        file.write(html_of(services, sections))
    checked = sum(verdict == "checked" for _, verdict, _ in sections)
    print(f"{len(services)} open ports, {checked} of {len(sections)} services checked")
    return 0


if __name__ == "__main__":
    sys.exit(main(os.environ))
