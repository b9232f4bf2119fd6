# SPDX-License-Identifier: Apache-2.0
"""Uploads of the unmodified Python fal-client: small, above its 100 MiB threshold, sync and async; and files as they are served."""

import asyncio
import hashlib
import os
import unittest

import httpx

from fal_host import FalHost

FIRST_ONLY = {"fallback_repository": "fal_v3"}  # a failure stays one: no second try through another repository
BIG = 105 << 20  # eleven parts of 10 MiB, the last one shorter


def setUpModule():
    global fal, host, fal_client
    fal = FalHost("steps=1")
    unittest.addModuleCleanup(fal.close)
    host = fal.start()
    import fal_client


def fetch(url: str, **headers) -> httpx.Response:
    """As anyone would, without a key."""
    with httpx.Client(timeout=60) as anyone:
        return anyone.get(url, headers=headers)


class Uploads(unittest.TestCase):
    def test_small(self):
        url = fal_client.upload(b"hello", "text/plain", file_name="greeting.txt", **FIRST_ONLY)
        got = fetch(url)
        self.assertEqual((got.content, got.headers["content-type"].partition(";")[0]), (b"hello", "text/plain"))

    def test_small_through_the_other_repository(self):
        url = fal_client.upload(b"hello", "image/png", repository="fal")
        self.assertEqual(fetch(url).content, b"hello")

    def test_small_async(self):
        url = asyncio.run(fal_client.AsyncClient().upload(b"hello again", "application/octet-stream", **FIRST_ONLY))
        self.assertEqual(fetch(url).content, b"hello again")

    def test_big_from_memory_and_from_a_file(self):
        data = os.urandom(1 << 20) * 105
        digest = hashlib.sha256(data).hexdigest()
        path = host.scratch / "big.bin"
        path.write_bytes(data)
        self.assertEqual(len(data), BIG)
        for name, upload in {
            "memory": lambda: fal_client.upload(data, "application/octet-stream"),
            "file": lambda: fal_client.upload_file(path),
            "async": lambda: asyncio.run(fal_client.AsyncClient().upload_file(path)),
        }.items():
            with self.subTest(name):
                self.assertEqual(hashlib.sha256(fetch(upload()).content).hexdigest(), digest)

    def test_lifecycle_is_taken(self):
        url = fal_client.upload(b"for an hour", "text/plain", lifecycle=fal_client.StorageSettings(expires_in="1h"), **FIRST_ONLY)
        self.assertEqual(fetch(url).content, b"for an hour")

    def test_hostile_names_stay_inside(self):
        for name in ("../../escape.txt", "/etc/passwd", "..", "a\\..\\b", "%2e%2e%2fescape", "x" * 300):
            with self.subTest(name):
                try:
                    url = fal_client.upload(b"inside", "text/plain", file_name=name, **FIRST_ONLY)
                except fal_client.FalClientHTTPError as error:
                    self.assertIn(error.status_code, (400, 422))
                    continue
                self.assertEqual(fetch(url).content, b"inside")
        self.assertFalse(list(host.scratch.rglob("escape*")) and not list((host.data / "files").rglob("escape*")))


class Parts(unittest.TestCase):
    """The multipart calls one by one."""

    def setUp(self):
        with httpx.Client(timeout=30, headers={"Authorization": f"Key {host.key}"}) as caller:
            token = caller.post("https://rest.fal.ai/storage/auth/token", params={"storage_type": "fal-cdn-v3"}, json={}).json()
        self.cdn = httpx.Client(timeout=30, headers={"Authorization": f"{token['token_type']} {token['token']}"})
        self.addCleanup(self.cdn.close)
        started = self.cdn.post(f"{token['base_url']}/files/upload/multipart", headers={"X-Fal-File-Name": "parts.bin", "Content-Type": "text/plain"}).json()
        self.access_url = started["access_url"]
        self.parts_url = f"{started['access_url']}/multipart/{started['uploadId']}"

    def put(self, number: int, data: bytes) -> httpx.Response:
        return self.cdn.put(f"{self.parts_url}/{number}", content=data)

    def test_out_of_order(self):
        parts = [{"partNumber": number, "etag": self.put(number, data).headers["etag"]}
                 for number, data in ((3, b"c"), (1, b"a" * 5), (2, b"b" * 5))]
        done = self.cdn.post(f"{self.parts_url}/complete", json={"parts": parts})
        self.assertLess(done.status_code, 300, done.text)
        self.assertEqual(fetch(self.access_url).content, b"aaaaabbbbbc")

    def test_empty_parts_are_refused(self):
        """As some clients send them: the first part right, all others without their bytes."""
        answers = [self.put(1, b"data"), self.put(2, b""), self.put(3, b"")]
        if all(answer.status_code == 200 for answer in answers):
            parts = [{"partNumber": number, "etag": answer.headers["etag"]} for number, answer in enumerate(answers, 1)]
            answers.append(self.cdn.post(f"{self.parts_url}/complete", json={"parts": parts}))
        self.assertEqual(answers[-1].status_code, 400, answers[-1].text)
        self.assertEqual(fetch(self.access_url).status_code, 404)

    def test_missing_part_is_refused(self):
        first = self.put(1, b"data")
        parts = [{"partNumber": 1, "etag": first.headers["etag"]}, {"partNumber": 2, "etag": '"never"'}]
        self.assertEqual(self.cdn.post(f"{self.parts_url}/complete", json={"parts": parts}).status_code, 400)
        self.assertEqual(fetch(self.access_url).status_code, 404)

    def test_without_token(self):
        with httpx.Client(timeout=30) as anyone:
            base, _, upload = self.parts_url.rpartition("/")
            for forged in (upload[:-4] + "AAAA", "nothing", "."):
                self.assertIn(anyone.put(f"{base}/{forged}/1", content=b"x").status_code, (400, 401, 403, 404), forged)
            self.assertEqual(anyone.post("https://v3.fal.media/files/upload", content=b"x").status_code, 401)


class Serving(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.url = fal_client.upload(b"0123456789", "text/plain", file_name="digits.txt")

    def test_range(self):
        for asked, status, content in (("bytes=2-4", 206, b"234"), ("bytes=-3", 206, b"789"), ("bytes=7-", 206, b"789")):
            with self.subTest(asked):
                got = fetch(self.url, Range=asked)
                self.assertEqual((got.status_code, got.content), (status, content))
        self.assertEqual(fetch(self.url, Range="bytes=2-4").headers["content-range"], "bytes 2-4/10")
        self.assertEqual(fetch(self.url, Range="bytes=50-60").status_code, 416)

    def test_unknown_and_hostile_paths(self):
        base = self.url[: self.url.index("/files/")]
        for path in ("/files/nothing", "/files/../tintype.db", "/files/%2e%2e/tintype.db", "/files/..%2ftintype.db", "/files/"):
            with self.subTest(path):
                got = fetch(base + path)
                self.assertIn(got.status_code, (400, 404))
                self.assertNotIn(b"SQLite", got.content)


if __name__ == "__main__":
    unittest.main()
