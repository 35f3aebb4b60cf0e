#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A small web service on a free port of 127.0.0.1, there to be found by a scan.

usage: serve.py PORT_FILE [CERTIFICATE KEY]     with a certificate it speaks TLS
The port is written to PORT_FILE as soon as the service answers.
"""

import http.server
import os
import ssl
import sys

PAGE = b"""<!doctype html><html lang="en"><head><title>Attacca demo service</title>
<meta name="generator" content="attacca-demo 1.0"></head>
<body><h1>Here is something to find</h1></body></html>
"""


class Page(http.server.BaseHTTPRequestHandler):
    server_version = "SimpleHTTP/" + http.server.__version__  # a name that scanners know
    timeout = 10

    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(PAGE)))
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(PAGE)

    do_HEAD = do_GET

    def log_message(self, *arguments):
        pass  # A scanner's requests are of no interest here.


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request, client_address):
        pass  # Scanners hang up in the middle of things; that is what they do.


def main(arguments):
    if len(arguments) not in (2, 4):
        sys.exit(__doc__)
    server = Server(("127.0.0.1", 0), Page)
    if len(arguments) == 4:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(arguments[2], arguments[3])
        # The handshake belongs to the connection's own thread: one silent client must not stop all.
        server.socket = context.wrap_socket(server.socket, server_side=True,
                                            do_handshake_on_connect=False)
    partial = arguments[1] + ".partial"
    with open(partial, "w", encoding="ascii") as file:
        file.write(f"{server.server_address[1]}\n")
    os.rename(partial, arguments[1])
    server.serve_forever()


if __name__ == "__main__":
    main(sys.argv)
