# SPDX-License-Identifier: Apache-2.0
"""Bad bytes from outside: every one gets a clear answer or a closed connection, and the host serves the next caller."""

import hashlib
import json
import random
import socket
import unittest
from urllib.parse import urlsplit

import httpx
import websockets.exceptions
import websockets.sync.client

from host import Host, wait_for

PROMPT = {"prompt": "a red circle"}
APP = "/local/painter"


class OneHost(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.host = cls.enterClassContext(Host(script="steps=2 step_ms=10"))
        cls.host.deploy("painter")
        cls.http = cls.enterClassContext(cls.host.client())

    def tearDown(self):
        self.assertTrue(self.host.is_up(), self.host.said())
        self.assertEqual(self.http.post(APP, json=PROMPT).status_code, 200)

    def connect(self) -> socket.socket:
        address = urlsplit(self.host.url)
        connection = socket.create_connection((address.hostname, address.port), timeout=30)
        self.addCleanup(connection.close)
        return connection

    def exchange(self, data: bytes) -> bytes:
        """Sends the bytes and reads until the host closes. An interim answer is skipped, as clients do."""
        connection = self.connect()
        answer = b""
        try:
            connection.sendall(data)
            connection.shutdown(socket.SHUT_WR)
            while part := connection.recv(1 << 16):
                answer += part
        except (ConnectionResetError, BrokenPipeError):
            pass
        return answer.removeprefix(b"HTTP/1.1 100 Continue\r\n\r\n")

    def status(self, data: bytes) -> int:
        answer = self.exchange(data)
        return int(answer.split(b" ", 2)[1]) if answer.startswith(b"HTTP/1.1 ") else 0


class Http(OneHost):
    def test_announced_body_is_too_large(self):
        connection = self.connect()  # the answer comes before the body
        connection.sendall(f"POST {APP} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: {1 << 40}\r\n\r\n".encode())
        self.assertTrue(connection.recv(100).startswith(b"HTTP/1.1 413 "))

    def test_chunked_body_is_too_large(self):
        def endless():
            for _ in range(1 << 10):
                yield b"[" + b" " * (1 << 20)

        try:
            answer = self.http.post(APP, content=endless(), headers={"Content-Type": "application/json"})
        except httpx.TransportError:
            return  # closed while we sent
        self.assertEqual(answer.status_code, 413)
        self.assertIn("detail", answer.json())

    def test_bad_json(self):
        for body in (b"{", b"not json", b"[1, 2", b'"text"', b"[]", b"null", b"7", b"\xff\xfe", b'{"prompt": "\xff"}', b"[" * 100_000,
                     b'{"prompt": 1e999999}', b"{" * 50_000, b'{"prompt": "a", "seed": 99999999999999999999999}'):
            with self.subTest(body[:30]):
                answer = self.http.post(APP, content=body, headers={"Content-Type": "application/json"})
                self.assertIn(answer.status_code, (400, 422))
                self.assertTrue(answer.json()["detail"])
                self.assertIn("x-fal-request-id", answer.headers)

    def test_prompt_is_not_repeated_in_errors(self):
        answer = self.http.post(APP, json={"prompt": ["very private words"], "num_images": 0})
        self.assertEqual(answer.status_code, 422)
        self.assertNotIn("private", answer.text)
        self.assertNotIn("private", self.host.said())

    def test_unknown_path_and_method(self):
        for method, path, statuses in (("GET", "/nothing", (404,)), ("POST", "/local", (404, 405)), ("DELETE", APP, (404, 405)),
                                       ("GET", "/v1/nothing", (404,)), ("BREW", "/v1/apps", (404, 405, 501)), ("PUT", "/v1/apps", (404, 405))):
            with self.subTest(f"{method} {path}"):
                answer = self.http.request(method, path)
                self.assertIn(answer.status_code, statuses)
                self.assertTrue(answer.json()["detail"])

    def test_requests_that_are_none(self):
        for data in (b"\r\n\r\n", b"GET\r\n\r\n", b"GET / HTTP/9.9\r\n\r\n", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\0" * 60,
                     b"GET / HTTP/1.1\r\nHost : x\r\n\r\n", b"GET / HTTP/1.1\r\n" + b"a" * 100_000, b"POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
                     b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello"):
            with self.subTest(data[:40]):
                self.assertIn(self.status(data), (0, 400, 404, 405, 413, 431, 505))

    def test_smuggling(self):
        both = f"POST {APP} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /health HTTP/1.1\r\nHost: localhost\r\n\r\n"
        answer = self.exchange(both.encode())
        self.assertTrue(answer.startswith(b"HTTP/1.1 400 ") or not answer, answer[:200])
        self.assertNotIn(b"HTTP/1.1 200", answer)

    def test_large_headers(self):
        self.assertIn(self.status(b"GET /health HTTP/1.1\r\nHost: localhost\r\nX-Large: " + b"a" * (1 << 20) + b"\r\n\r\n"), (0, 400, 431))

    def test_random_bytes(self):
        noise = random.Random(5)
        for _ in range(100):
            start = noise.choice((b"", b"GET ", b"POST /local/painter HTTP/1.1\r\n", b"GET / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n"))
            self.assertIn(self.status(start + noise.randbytes(noise.randrange(1, 400))) // 100, (0, 4, 5))

    def test_half_closed(self):
        body = json.dumps(PROMPT)
        answer = self.exchange(f"POST {APP} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n{body}".encode())
        self.assertTrue(answer.startswith(b"HTTP/1.1 200 "), answer[:200])
        self.assertIn(b'"images"', answer)

    def test_slow_and_idle_connections_hold_nobody_up(self):
        slow = [self.connect() for _ in range(100)]
        for connection in slow:
            connection.sendall(f"POST {APP} HTTP/1.1\r\nHost: localhost\r\nContent-Le".encode())
        self.assertEqual(self.http.post(APP, json=PROMPT).status_code, 200)
        body = json.dumps(PROMPT)
        for part in (f"ngth: {len(body)}", "\r\n\r\n", body[:5], body[5:]):
            slow[0].sendall(part.encode())
        self.assertTrue(slow[0].recv(100).startswith(b"HTTP/1.1 200 "))

    def test_pipelined(self):
        two = b"GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n" * 2
        self.assertEqual(self.exchange(two).count(b"HTTP/1.1 200 "), 2)

    def test_caller_goes_away_in_mid_run(self):
        body = json.dumps({**PROMPT, "num_inference_steps": 1000})
        connection = self.connect()
        connection.sendall(f"POST {APP} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n{body}".encode())
        running = wait_for(lambda: self.host.items("/v1/requests", state="running"), "it runs")[0]
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")  # reset, not a half close
        connection.close()
        record = self.host.record(running["id"])
        self.assertEqual((record["outcome"], record["error_type"]), ("cancelled", "client_disconnected"))


class Names(OneHost):
    """Everything from outside that could become a path."""

    HOSTILE = ("..", "../../etc/passwd", "..%2f..%2fetc%2fpasswd", "%2e%2e/%2e%2e/tintype.db", "a%00b", "/etc/passwd", "..\\..\\x", "x" * 5000)

    def test_in_urls(self):
        for pattern in ("/files/{}", "/v1/apps/{}", "/v1/apps/{}/revisions", "/v1/apps/painter/revisions/{}/x", "/v1/requests/{}", "/local/{}", "/local/painter/requests/{}/status"):
            for name in self.HOSTILE:
                with self.subTest(pattern.format(name[:30])):
                    answer = self.status(f"GET {pattern.format(name)} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".encode())
                    self.assertIn(answer, (400, 404, 405, 414, 422, 431))

    def test_in_a_deployment(self):
        definition = self.host.definition("thief").read_text()
        digest = hashlib.sha256(b"x").hexdigest()
        for path in ("../../../escape", "/etc/escape", "model/../../escape", "model/..", "", "a\0b", ".git/config", "C:\\escape"):
            with self.subTest(path):
                answer = self.http.post("/v1/deployments", json={"definition": definition, "files": [{"path": path, "sha256": digest, "size": 1}]})
                self.assertIn(answer.status_code, (400, 404, 409, 422), answer.text)
        self.assertEqual([app["name"] for app in self.host.items("/v1/apps")], ["painter"])

    def test_in_blobs(self):
        for name in ("..", "..%2f..%2fescape", "z" * 64, "A" * 64, "0" * 63, "0" * 65):
            with self.subTest(name):
                data = f"PUT /v1/blobs/{name}?offset=0&size=1 HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\nConnection: close\r\n\r\nx"
                self.assertIn(self.status(data.encode()), (400, 404, 405, 422))

    def test_blob_with_another_hash(self):
        digest = hashlib.sha256(b"promised").hexdigest()
        self.http.put(f"/v1/blobs/{digest}", params={"offset": 0, "size": 9}, content=b"delivered").raise_for_status()
        self.assertIn(self.http.post(f"/v1/blobs/{digest}/commit").status_code, (400, 409, 422))
        missing = self.http.post("/v1/blobs/missing", json={"blobs": [{"sha256": digest, "size": 9}]}).json()["missing"]
        self.assertEqual([blob["sha256"] for blob in missing], [digest])

    def test_blob_at_the_wrong_offset(self):
        digest = hashlib.sha256(b"0123456789").hexdigest()
        self.http.put(f"/v1/blobs/{digest}", params={"offset": 0, "size": 10}, content=b"01234").raise_for_status()
        self.assertEqual(self.http.put(f"/v1/blobs/{digest}", params={"offset": 9, "size": 10}, content=b"9").status_code, 409)
        self.assertEqual(self.http.put(f"/v1/blobs/{digest}", params={"offset": 5, "size": 10}, content=b"56789").json()["offset"], 10)
        self.assertLess(self.http.post(f"/v1/blobs/{digest}/commit").status_code, 300)

    def test_in_secrets_and_names(self):
        for name in ("..", "a%2fb", "PATH=x", "1A", "LD PRELOAD", "%00"):
            with self.subTest(name):
                data = f'PUT /v1/secrets/{name} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 13\r\nConnection: close\r\n\r\n{{"value":"v"}}'
                self.assertIn(self.status(data.encode()), (400, 404, 405, 422))
        for name in ("../escape", "UPPER", "a b", "", "-a", "a" * 200):
            with self.subTest(name):
                definition = self.host.definition("named").read_text().replace("name: named", f"name: {json.dumps(name)}")
                self.assertEqual(self.http.post("/v1/deployments", json={"definition": definition, "files": []}).status_code, 422)


class ChosenIds(OneHost):
    """A caller may name its request, so that sending it twice after a lost answer is no second request."""

    def submit(self, identifier: str, **input) -> httpx.Response:
        headers = {"x-fal-target-url": "https://queue.fal.run/local/painter", "X-Fal-Request-Id": identifier}
        return self.http.post("/", json={**PROMPT, **input}, headers=headers)

    def test_the_same_again(self):
        first, second = self.submit("order-66"), self.submit("order-66")
        self.assertEqual((first.status_code, second.status_code), (200, 200))
        self.host.record("order-66")
        self.assertEqual(self.submit("order-66").json()["request_id"], "order-66")
        self.assertEqual([record["id"] for record in self.host.items("/v1/requests")].count("order-66"), 1)

    def test_another_input(self):
        self.submit("order-67", seed=1)
        self.assertEqual(self.submit("order-67", seed=2).status_code, 409)
        self.host.record("order-67")

    def test_hostile(self):
        for identifier in ("../../../escape", "a/b", "x" * 5000, "a b", "%2e%2e", "..", "?", "#"):
            with self.subTest(identifier[:20]):
                answer = self.submit(identifier)
                if answer.status_code == 200:  # then everything about it works
                    status = self.http.get(answer.json()["status_url"])
                    self.assertIn(status.status_code, (200, 202), answer.json()["status_url"])
                else:
                    self.assertIn(answer.status_code, (400, 422, 431))
        self.assertFalse(list(self.host.scratch.rglob("*escape*")))


class WebSockets(OneHost):
    def opened(self, path=APP + "/realtime"):
        return websockets.sync.client.connect(self.host.url.replace("http", "ws", 1) + path, proxy=None)

    def test_garbage_messages(self):
        for message in (b"\xc1", b"\x93\x01", "not json", b"", "", b"\xdf\xff\xff\xff\xff", b"\x80" * 10, b"\x91" * 100_000, '{"prompt": 7}'):
            with self.subTest(message[:20]), self.opened() as connection:
                connection.send(message)
                try:
                    answer = connection.recv(timeout=20)
                except websockets.exceptions.ConnectionClosed as closed:
                    self.assertIn(closed.rcvd.code if closed.rcvd else 0, (1000, 1002, 1003, 1007, 1008, 1009))
                    continue
                self.assertIn("error", str(answer).lower())

    def upgrade(self) -> socket.socket:
        connection = self.connect()
        connection.sendall(f"GET {APP}/realtime HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                           "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n".encode())
        self.assertTrue(connection.recv(4096).startswith(b"HTTP/1.1 101 "))
        return connection

    def test_broken_frames(self):
        for frame in (b"\x82\x05hello", b"\xff\xff" + b"x" * 20, b"\x82\xff\xff\xff\xff\xff\xff\xff\xff\xff\0\0\0\0", b"\x89\xfe\x01\x00" + b"\0" * 8, random.Random(3).randbytes(300)):
            with self.subTest(frame[:10]):
                connection = self.upgrade()
                connection.sendall(frame)
                connection.settimeout(20)
                try:
                    connection.recv(4096)  # an error message, or the end
                except ConnectionResetError:
                    pass

    def test_half_a_frame_and_gone(self):
        self.upgrade().sendall(b"\x82\xfe\x10\x00")

    def test_bad_handshakes(self):
        for lines in ("Upgrade: websocket\r\nConnection: Upgrade\r\n", "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 99\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"):
            with self.subTest(lines[-40:]):
                self.assertIn(self.status(f"GET {APP}/realtime HTTP/1.1\r\nHost: localhost\r\n{lines}\r\n".encode()), (0, 400, 404, 426))

    def test_unknown_app_and_wrong_token(self):
        for path in ("/local/nobody/realtime", "/local/painter/sing"):
            with self.subTest(path), self.assertRaises(websockets.exceptions.WebSocketException), self.opened(path) as connection:
                connection.recv(timeout=20)

    def test_close_is_answered_with_1000(self):
        connection = self.opened()
        connection.close()
        self.assertEqual(connection.close_code, 1000)


if __name__ == "__main__":
    unittest.main()
