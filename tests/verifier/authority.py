# SPDX-License-Identifier: Apache-2.0
"""A time stamping authority (RFC 3161) for tests, made by the openssl command, behind a small
server on loopback; and what a wrong one would answer."""

import subprocess
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

CONFIG = """
[req]
distinguished_name=dn
[dn]
[ca]
basicConstraints=critical,CA:TRUE
keyUsage=critical,keyCertSign
subjectKeyIdentifier=hash
[stamper]
basicConstraints=critical,CA:FALSE
keyUsage=critical,digitalSignature
extendedKeyUsage=critical,timeStamping
[plain]
basicConstraints=critical,CA:FALSE
keyUsage=critical,digitalSignature
extendedKeyUsage=serverAuth
[tsa]
serial=serial
signer_cert=stamper.pem
signer_key=stamper.key
signer_digest=sha256
default_policy=1.2.3.4.1
digests=sha256
ess_cert_id_alg=sha256
"""


def tlv(tag, content):
    size = len(content)
    length = bytes([size]) if size < 128 else \
        (lambda raw: bytes([128 | len(raw)]) + raw)(size.to_bytes((size.bit_length() + 7) // 8,
                                                                  "big"))
    return bytes([tag]) + length + content


class Authority:
    def __init__(self, folder):
        self.folder = folder
        folder.mkdir()
        (folder / "config").write_text(CONFIG)
        (folder / "serial").write_text("01\n")
        for name in ("ca", "stamper", "plain", "stranger"):
            self.openssl("genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256",
                         "-out", name + ".key")
        for name in ("ca", "stranger"):
            self.openssl("req", "-x509", "-new", "-key", name + ".key", "-subj", "/CN=" + name,
                         "-days", "30", "-extensions", "ca", "-config", "config", "-out",
                         name + ".pem")
        for name in ("stamper", "plain"):
            self.openssl("req", "-new", "-key", name + ".key", "-subj", "/CN=" + name, "-config",
                         "config", "-out", name + ".csr")
            self.openssl("x509", "-req", "-in", name + ".csr", "-CA", "ca.pem", "-CAkey",
                         "ca.key", "-CAcreateserial", "-days", "30", "-extfile", "config",
                         "-extensions", name, "-out", name + ".pem")

    def openssl(self, *words):
        return subprocess.run(["openssl", *words], cwd=self.folder, capture_output=True,
                              check=True).stdout

    def certificates(self, name="ca"):
        return self.folder / (name + ".pem")

    def reply(self, query):
        (self.folder / "query").write_bytes(query)
        self.openssl("ts", "-reply", "-config", "config", "-section", "tsa", "-queryfile", "query",
                     "-out", "reply")
        return (self.folder / "reply").read_bytes()

    # What the holder of another kind of certificate of the same CA signs.
    def reply_of_a_server_certificate(self, query):
        self.reply(query)
        self.openssl("ts", "-reply", "-in", "reply", "-token_out", "-out", "token")
        self.openssl("cms", "-verify", "-noverify", "-inform", "DER", "-in", "token", "-out",
                     "stated")
        token = self.openssl("cms", "-sign", "-binary", "-nodetach", "-in", "stated",
                             "-econtent_type", "1.2.840.113549.1.9.16.1.4", "-cades", "-signer",
                             "plain.pem", "-inkey", "plain.key", "-outform", "DER", "-md",
                             "sha256")
        return tlv(0x30, tlv(0x30, b"\x02\x01\x00") + token)

    def query_of(self, text):
        (self.folder / "text").write_bytes(text)
        return self.openssl("ts", "-query", "-data", "text", "-sha256", "-cert")

    def serve(self):
        authority = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                query = self.rfile.read(int(self.headers["Content-Length"]))
                body = authority.reply(query)
                self.send_response(200)
                self.send_header("Content-Type", "application/timestamp-reply")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                pass

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return f"http://127.0.0.1:{self.server.server_port}/stamp"

    def stop(self):
        self.server.shutdown()
        self.server.server_close()
