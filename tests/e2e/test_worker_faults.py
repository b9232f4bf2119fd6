# SPDX-License-Identifier: Apache-2.0
"""Workers that hang, die, or talk nonsense, and data folders that are broken: a typed error, nothing lost, the host stays up."""

import itertools
import subprocess
import unittest

from host import PROGRAM, Host, wait_for

PROMPT = {"prompt": "a red circle"}


class Workers(unittest.TestCase):
    def setUp(self):
        self.host = self.enterContext(Host())
        self.http = self.enterContext(self.host.client(timeout=60))
        self.numbers = itertools.count(1)

    def assert_fails(self, script: str, statuses: tuple, types: tuple, **settings):
        """A run call with such a worker fails like this, and so does one through the queue that wants no second try."""
        self.host.script(script)
        self.app = f"painter-{next(self.numbers)}"
        self.host.deploy(self.app, **settings)
        answer = self.http.post(f"/local/{self.app}", json=PROMPT)
        self.assertIn(answer.status_code, statuses, answer.text)
        told = answer.json()
        self.assertTrue(told["detail"])
        if types:
            self.assertIn(told["error_type"], types)
            self.assertEqual(answer.headers["x-fal-error-type"], told["error_type"])
        record = self.host.record(answer.headers["x-fal-request-id"])
        self.assertEqual((record["status"], record["outcome"] != "success"), (answer.status_code, True))
        self.assertTrue(record["error"])
        self.assertTrue(self.host.is_up(), self.host.said())

    def assert_recovers(self):
        self.host.script("steps=1")
        self.assertEqual(self.http.post(f"/local/{self.app}", json=PROMPT).status_code, 200)

    def test_dies_in_a_request(self):
        for script in ("generate=exit:3", "generate=signal:11"):
            with self.subTest(script):
                self.assert_fails(script, (503,), ("runner_disconnected", "runner_connection_error"))
        self.assert_recovers()

    def test_half_a_frame(self):
        self.assert_fails("generate=half-frame", (502, 503), ("runner_incomplete_response", "runner_disconnected", "runner_connection_error"))
        self.assert_recovers()

    def test_garbage(self):
        self.assert_fails("generate=garbage", (502, 503), ("runner_incomplete_response", "runner_disconnected", "runner_connection_error"))
        self.assert_recovers()

    def test_hangs_in_a_request(self):
        self.assert_fails("generate=hang", (504,), ("request_timeout",), request_timeout=1)
        self.assert_recovers()

    def test_says_what_failed(self):
        for code, statuses in (("out_of_memory", (503,)), ("internal", (500,)), ("invalid_argument", (422,)), ("device_lost", (503,))):
            with self.subTest(code):
                self.assert_fails(f"generate=fail:{code}", statuses, ())

    def test_dies_once_and_the_queue_tries_again(self):
        self.host.script("generate=exit:3")
        self.host.deploy("painter", min_concurrency=1)
        wait_for(lambda: self.host.replicas("painter", "IDLE"), "a replica that will die")
        self.host.script("steps=1")
        submitted = self.host.submit("painter")
        record = self.host.record(submitted["request_id"])
        self.assertEqual((record["outcome"], record["attempts"]), ("success", 2))

    def test_no_second_try_if_the_caller_says_so(self):
        self.host.script("generate=exit:3")
        self.host.deploy("painter")
        submitted = self.host.submit("painter", {"X-Fal-No-Retry": "1"})
        record = self.host.record(submitted["request_id"])
        self.assertEqual((record["outcome"], record["attempts"]), ("error", 1))
        status = self.http.get(submitted["status_url"]).json()
        self.assertEqual((status["status"], status["error_type"]), ("COMPLETED", record["error_type"]))
        self.assertEqual(self.http.get(submitted["response_url"]).status_code, record["status"])

    def reason_of_waiting(self, script: str, **settings) -> str:
        """Submits to an app whose replicas used to start and do so no more; the URL that tells how it waits."""
        self.host.script("steps=1")
        self.host.deploy("painter", **settings)
        self.host.script(script)
        for replica in self.host.replicas("painter"):
            self.http.post(f"/v1/replicas/{replica['id']}/kill").raise_for_status()
        wait_for(lambda: not self.host.replicas("painter"), "the good replica goes")
        submitted = self.host.submit("painter")
        return f"/v1/requests/{submitted['request_id']}"

    def told(self, request: str, kind: str) -> dict:
        return wait_for(lambda: (found := self.host.get(request).get("reason") or {}) and found["type"] == kind and found, f"{kind} is told")

    def test_does_not_start_any_more(self):
        for script, settings in (("load=exit:3", {}), ("load=signal:9", {}), ("load=fail:corrupt", {}), ("load=hang", {"startup_timeout": 1}),
                                 ("start=exit:4", {}), ("start=garbage", {}), ("start=version", {})):
            with self.subTest(script):
                reason = self.told(self.reason_of_waiting(script, **settings), "crash_loop")
                self.assertTrue(reason["subject"])
                self.assertGreaterEqual(reason["count"], 1)
                self.http.delete("/v1/apps/painter").raise_for_status()

    def test_loading_is_told(self):
        request = self.reason_of_waiting("load=hang")
        reason = wait_for(lambda: (found := self.told(request, "replica_loading"))["stage"] == "transformer" and found, "the stage is told")
        self.assertEqual((reason["bytes_done"], reason["bytes_total"]), (1000, 2000))

    def test_no_such_machine(self):
        done = self.host.run_cli("deploy", self.host.definition("painter", machine_type="GPU-OF-MARS"), "--auth", "public")
        told = done.stdout + done.stderr
        if done.returncode == 0:
            submitted = self.host.submit("painter")
            told = self.host.get(f"/v1/requests/{submitted['request_id']}")["reason"]["message"]
        self.assertIn("GPU-OF-MARS", told)


class DataFolder(unittest.TestCase):
    def serve(self, host: Host) -> subprocess.CompletedProcess:
        return subprocess.run([PROGRAM, "serve", "--data", host.data, "--listen", "127.0.0.1:0"], capture_output=True, text=True,
                              env=host.environment, timeout=30)

    def test_a_second_host_on_the_same_folder(self):
        with Host() as host:
            done = self.serve(host)
            self.assertNotEqual(done.returncode, 0)
            self.assertIn(str(host.data), done.stderr)
            self.assertEqual(host.get("/health")["status"], "ok")

    def test_database_is_no_database(self):
        with Host() as host:
            host.terminate()
            for path in host.data.glob("tintype.db*"):
                path.write_bytes(b"this is not a database, it only lies where one should" * 100)
            done = self.serve(host)
            self.assertNotEqual(done.returncode, 0)
            self.assertIn("tintype.db", done.stderr)

    def test_port_is_taken(self):
        with Host() as host:
            done = subprocess.run([PROGRAM, "serve", "--data", host.scratch / "other", "--listen", host.url.removeprefix("http://")],
                                  capture_output=True, text=True, env=host.environment, timeout=30)
            self.assertNotEqual(done.returncode, 0)
            self.assertIn(host.url.rpartition(":")[2], done.stderr)

    def test_wrong_usage(self):
        for arguments in (["--listen", "nonsense"], ["--listen", "127.0.0.1:99999"], ["--cert", "/nothing.pem"], ["--nonsense"]):
            with self.subTest(arguments):
                done = subprocess.run([PROGRAM, "serve", "--data", "/nonexistent/folder", *arguments], capture_output=True, text=True, timeout=30)
                self.assertNotEqual(done.returncode, 0)
                self.assertTrue(done.stderr)


if __name__ == "__main__":
    unittest.main()
