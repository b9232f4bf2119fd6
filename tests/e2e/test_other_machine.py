# SPDX-License-Identifier: Apache-2.0
"""The host as another machine sees it: an address that is not loopback, TLS with the host's own authority, a key always."""

import socket
import ssl
import subprocess
import unittest

import httpx

from host import PROGRAM, Host


def address_of_this_machine() -> str | None:
    """The one that the default route leaves by; nothing is sent."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))
        except OSError:
            return None
        found = probe.getsockname()[0]
    return None if found.startswith("127.") else found


@unittest.skipUnless(address_of_this_machine(), "this machine has no address but loopback")
class OtherMachine(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.host = cls.enterClassContext(Host("--tls", script="steps=1", listen=f"{address_of_this_machine()}:0"))
        cls.host.key = cls.host.create_key()

    def test_deploy_and_call(self):
        self.host.deploy("painter", auth="private")
        with self.host.client() as client:
            self.assertEqual(client.post("/local/painter", json={"prompt": "a red circle"}).status_code, 200)
            submitted = self.host.submit("painter")
            self.assertTrue(submitted["status_url"].startswith(self.host.url), submitted)
            self.host.record(submitted["request_id"])
            self.assertEqual(client.get(submitted["response_url"]).status_code, 200)

    def test_without_key(self):
        with self.host.client(headers={}) as client:
            for path in ("/v1/apps", "/v1/host", "/v1/keys", "/metrics", "/v1/requests"):
                self.assertEqual(client.get(path).status_code, 401, path)
            self.assertEqual(client.get("/health").status_code, 200)

    def test_key_of_another(self):
        with self.host.client(headers={"Authorization": "Key someone:else"}) as client:
            self.assertEqual(client.get("/v1/apps").status_code, 401)

    def test_without_trust(self):
        with self.assertRaises(httpx.ConnectError):
            httpx.get(self.host.url + "/health", trust_env=False)
        environment = {**self.host.environment, "TINTYPE_HOST": self.host.url, "TINTYPE_KEY": self.host.key}
        done = subprocess.run([PROGRAM, "apps", "list"], capture_output=True, text=True, env=environment, timeout=30)
        self.assertEqual(done.returncode, 1)
        self.assertIn("certificate", done.stderr)

    def test_plain_http_on_the_tls_port(self):
        with self.assertRaises(httpx.HTTPError):
            httpx.get(self.host.url.replace("https", "http") + "/health", trust_env=False)
        self.assertTrue(self.host.is_up())

    def test_old_tls_is_refused(self):
        old = ssl.create_default_context(cafile=self.host.ca)
        old.minimum_version, old.maximum_version = ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1
        with self.assertRaises(httpx.ConnectError):
            httpx.get(self.host.url + "/health", verify=old, trust_env=False)


class Refused(unittest.TestCase):
    def test_open_address_needs_tls(self):
        host = Host(listen="0.0.0.0:0")
        self.addCleanup(host.close)
        with self.assertRaisesRegex(AssertionError, "--tls"):
            host.start()
        self.assertNotEqual(host.process.wait(10), 0)

    def test_a_web_page_is_not_a_program_of_this_machine(self):
        with Host(script="steps=1") as host, host.client() as client:
            self.assertEqual(client.get("/v1/apps").status_code, 200)
            self.assertEqual(client.get("/v1/apps", headers={"Origin": "https://evil.example"}).status_code, 401)
            self.assertEqual(client.get("/v1/apps", headers={"Host": "evil.example"}).status_code, 401)


if __name__ == "__main__":
    unittest.main()
