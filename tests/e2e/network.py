# SPDX-License-Identifier: Apache-2.0
"""What stands around a host in a test: a certificate, a proxy in front of fal's names, someone who waits for webhooks."""

import queue
import select
import socket
import socketserver
import subprocess
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

FAL_NAMES = ("fal.run", "queue.fal.run", "ws.fal.run", "rest.fal.ai", "v3.fal.media")


def certificate(folder: Path, names=FAL_NAMES) -> tuple[Path, Path]:
    """A certificate for these names and 127.0.0.1 that is its own authority, and its key."""
    folder.mkdir(parents=True, exist_ok=True)
    chain, key = folder / "certificate.pem", folder / "key.pem"
    alternatives = ",".join([f"DNS:{name}" for name in (*names, "localhost")] + ["IP:127.0.0.1"])
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
         "-subj", "/CN=tests", "-addext", f"subjectAltName={alternatives}", "-keyout", key, "-out", chain],
        check=True, capture_output=True)
    return chain, key


class _Server:
    """A server in a thread, for a `with` statement."""

    def __init__(self, server):
        self._server = server
        self._thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)

    @property
    def port(self) -> int:
        return self._server.server_address[1]

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._server.shutdown()
        self._server.server_close()


class ConnectProxy(_Server):
    """An HTTP proxy that takes every CONNECT to one of fal's names to one port of this machine, and knows nothing else."""

    def __init__(self, target_port: int):
        class Handler(socketserver.StreamRequestHandler):
            def handle(self):
                request = self.rfile.readline().decode("latin-1").split()
                while self.rfile.readline().strip():
                    pass
                name = request[1].rpartition(":")[0] if len(request) > 1 and request[0] == "CONNECT" else ""
                if name not in FAL_NAMES:
                    self.wfile.write(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n")
                    return
                with socket.create_connection(("127.0.0.1", target_port)) as target:
                    self.wfile.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
                    _pipe(self.connection, target)

        class Server(socketserver.ThreadingTCPServer):
            daemon_threads = True
            allow_reuse_address = True
            request_queue_size = 128

        super().__init__(Server(("127.0.0.1", 0), Handler))


def _pipe(first: socket.socket, second: socket.socket):
    while True:
        for source in select.select([first, second], [], [])[0]:
            try:
                data = source.recv(1 << 16)
                if not data:
                    return
                (second if source is first else first).sendall(data)
            except OSError:
                return


class WebhookReceiver(_Server):
    """Answers webhooks with the statuses given, then with 200; `deliveries` has (headers in lower case, body)."""

    def __init__(self, *statuses: int):
        self.deliveries: queue.Queue = queue.Queue()
        answers = list(statuses)

        class Handler(BaseHTTPRequestHandler):
            def do_POST(handler):
                body = handler.rfile.read(int(handler.headers["Content-Length"]))
                self.deliveries.put(({name.lower(): value for name, value in handler.headers.items()}, body))
                handler.send_response(answers.pop(0) if answers else 200)
                handler.send_header("Content-Length", "0")
                handler.end_headers()

            def log_message(self, *_):
                pass

        super().__init__(ThreadingHTTPServer(("127.0.0.1", 0), Handler))
