# SPDX-License-Identifier: Apache-2.0
"""An app from its first deploy to its end, by the command line: revisions, roll-back, scale to zero, keys, secrets, logs."""

import json
import signal
import unittest

from host import Host, wait_for

PROMPT = {"prompt": "a red circle"}


def call(host: Host, app: str, **input):
    with host.client() as client:
        return client.post(f"/local/{app}", json={**PROMPT, **input})


class Revisions(unittest.TestCase):
    def setUp(self):
        self.host = self.enterContext(Host(script="steps=1"))

    def current(self, app="painter") -> str:
        return self.host.get(f"/v1/apps/{app}")["revision"]

    def settled(self, app="painter"):
        wait_for(lambda: not self.host.get(f"/v1/apps/{app}")["rolling"], "the rollout ends")

    def served_by(self) -> str:
        identifier = call(self.host, "painter").headers["x-fal-request-id"]
        return self.host.record(identifier)["revision"]

    def test_deploy_again_and_roll_back(self):
        first = self.host.deploy("painter", "--message", "the first")
        self.assertEqual(set(first) & {"revision", "app", "urls"}, {"revision", "app", "urls"})
        self.assertEqual(self.served_by(), first["revision"])

        second = self.host.deploy("painter", "--message", "the second", keep_alive=200)
        self.assertNotEqual(first["revision"], second["revision"])
        self.settled()
        self.assertEqual(self.served_by(), second["revision"])

        listed = self.host.listed("apps", "list-rev", "painter")
        self.assertEqual({revision["message"] for revision in listed}, {"the first", "the second"})

        self.host.cli("apps", "set-rev", "painter", first["revision"])
        self.settled()
        self.assertEqual(self.served_by(), first["revision"])
        diff = self.host.get("/v1/apps/painter/diff", **{"from": first["revision"], "to": second["revision"]})
        self.assertIn("+keep_alive: 200", diff["text"])

    def test_the_same_again_is_no_new_revision(self):
        first, second = self.host.deploy("painter"), self.host.deploy("painter")
        self.assertEqual(first["revision"], second["revision"])
        self.assertEqual(len(self.host.listed("apps", "list-rev", "painter")), 1)

    def test_rolling_answers_all_the_time(self):
        self.host.deploy("painter", min_concurrency=1)
        self.assertEqual(call(self.host, "painter").status_code, 200)
        slow = self.host.get("/v1/apps/painter")["urls"]["run"]
        with self.host.client() as client:
            self.host.definition("painter", min_concurrency=1, keep_alive=100)
            self.host.cli("deploy", self.host.scratch / "apps/painter/app.yaml", "--strategy", "rolling")
            while self.host.get("/v1/apps/painter")["rolling"]:
                self.assertEqual(client.post(slow, json=PROMPT).status_code, 200)
        wait_for(lambda: len(self.host.replicas("painter")) == 1, "the old replica goes")

    def test_a_broken_revision_leaves_the_old_one_serving(self):
        good = self.host.deploy("painter", min_concurrency=1)
        self.assertEqual(call(self.host, "painter").status_code, 200)
        self.host.script("load=fail:corrupt")
        done = self.host.run_cli("deploy", self.host.definition("painter", min_concurrency=1, keep_alive=99), "--json")
        self.settled()
        self.assertEqual(self.current(), good["revision"])
        self.assertEqual(self.served_by(), good["revision"])
        told = done.stdout + done.stderr + json.dumps(self.host.items("/v1/apps/painter/events"))
        self.assertIn("scripted failure", told)

    def test_a_broken_first_revision_tells_why(self):
        self.host.script("load=fail:corrupt")
        done = self.host.run_cli("deploy", self.host.definition("painter"), "--auth", "public", "--json")
        self.assertEqual(done.returncode, 1)
        self.assertIn("scripted failure", done.stdout + done.stderr)

    def test_definition_errors_have_a_line(self):
        path = self.host.definition("painter", max_concurency=3)
        done = self.host.run_cli("deploy", path)
        self.assertNotEqual(done.returncode, 0)
        self.assertRegex(done.stderr, r"app\.yaml:\d+:\d+")
        self.assertIn("max_concurrency", done.stderr)

    def test_check_changes_nothing(self):
        self.host.deploy("painter")
        plan = self.host.cli("deploy", self.host.definition("painter", keep_alive=7), "--check")
        self.assertIn("keep_alive", json.dumps(plan))
        self.assertEqual(len(self.host.listed("apps", "list-rev", "painter")), 1)


class Scaling(unittest.TestCase):
    def setUp(self):
        self.host = self.enterContext(Host(script="steps=1"))

    def test_to_zero_and_back(self):
        self.host.deploy("painter", keep_alive=1)
        self.none_left()  # a deploy tries a replica first
        cold = self.host.record(call(self.host, "painter").headers["x-fal-request-id"])
        self.assertTrue(cold["cold"])
        process = self.host.replicas("painter")[0]["process_id"]
        self.none_left()
        self.assert_gone(process)
        self.assertEqual(call(self.host, "painter").status_code, 200)

    def none_left(self):
        wait_for(lambda: not self.host.replicas("painter", "IDLE", "RUNNING", "DRAINING", "TERMINATING"), "keep_alive ends")

    def assert_gone(self, process: int):
        def gone():
            try:
                return open(f"/proc/{process}/stat").read().split()[2] == "Z"
            except FileNotFoundError:
                return True

        wait_for(gone, f"process {process} of the replica ends")

    def test_up_under_load(self):
        self.host.script("step_ms=50")
        self.host.deploy("painter", max_concurrency=2)
        ids = [self.host.submit("painter", num_inference_steps=20)["request_id"] for _ in range(6)]
        replicas = {self.host.record(identifier)["replica"] for identifier in ids}
        self.assertEqual(len(replicas), 2)

    def test_scaled_by_hand(self):
        self.host.deploy("painter")
        row = self.host.cli("apps", "scale", "painter", "--min-concurrency", "1", "--keep-alive", "77")
        self.assertIn("77", json.dumps(row))
        wait_for(lambda: self.host.replicas("painter", "IDLE"), "a replica is kept without requests")

    def test_paused(self):
        self.host.deploy("painter")
        with self.host.client() as client:
            client.patch("/v1/apps/painter", json={"paused": True}).raise_for_status()
            submitted = self.host.submit("painter")
            waiting = self.host.get(f"/v1/requests/{submitted['request_id']}")
            self.assertEqual((waiting["state"], waiting["reason"]["type"]), ("queued", "paused"))
            client.patch("/v1/apps/painter", json={"paused": False}).raise_for_status()
        self.assertEqual(self.host.record(submitted["request_id"])["outcome"], "success")

    def test_sigterm_lets_the_running_request_end(self):
        self.host.script("step_ms=100")
        self.host.deploy("painter")
        ids = [self.host.submit("painter", num_inference_steps=25)["request_id"] for _ in range(3)]
        wait_for(lambda: self.host.get(f"/v1/requests/{ids[0]}")["state"] == "running", "the first starts")
        self.assertEqual(self.host.terminate(), 0)
        self.host.start()
        self.assertEqual([self.host.record(identifier)["outcome"] for identifier in ids], ["success"] * 3)


class Verbs(unittest.TestCase):
    """Every verb that reads, with --json and as a table."""

    @classmethod
    def setUpClass(cls):
        cls.host = cls.enterClassContext(Host(script="steps=1 say=hello-from-the-worker"))
        cls.host.deploy("painter")
        call(cls.host, "painter").raise_for_status()

    def test_both_forms(self):
        for verb in (["apps", "list"], ["apps", "list-rev", "painter"], ["apps", "runners", "painter"], ["runners", "list"],
                     ["queue", "size", "painter"], ["keys", "list"], ["secrets", "list"]):
            with self.subTest(" ".join(verb)):
                self.host.cli(*verb)
                table = self.host.run_cli(*verb)
                self.assertEqual(table.returncode, 0, table.stderr)

    def test_apps_and_runners(self):
        self.assertEqual([app["name"] for app in self.host.listed("apps", "list")], ["painter"])
        self.assertEqual(len([runner for runner in self.host.listed("runners", "list") if runner["state"].upper() == "IDLE"]), 1)

    def test_logs_have_the_worker_s_lines(self):
        lines = wait_for(lambda: self.host.items("/v1/logs", app="painter", search="hello-from"), "the worker's line is kept")
        self.assertIn("hello-from-the-worker", lines[0]["text"])
        self.assertIn("hello-from-the-worker", self.host.run_cli("logs", "--app", "painter").stdout)
        told = [json.loads(line) for line in self.host.run_cli("logs", "--app", "painter", "--json").stdout.splitlines()]
        self.assertIn("hello-from-the-worker", [line["text"] for line in told])

    def test_unknown_app(self):
        done = self.host.run_cli("apps", "runners", "nobody")
        self.assertEqual(done.returncode, 1)
        self.assertIn("nobody", done.stderr)

    def test_wrong_usage(self):
        self.assertEqual(self.host.run_cli("apps", "conquer").returncode, 2)

    def test_completion(self):
        self.assertIn("tintype", self.host.run_cli("completion", "bash").stdout)

    def test_metrics(self):
        with self.host.client() as client:
            text = client.get("/metrics").text
        self.assertIn("fal_app_", text)
        self.assertIn("# TYPE", text)


class Secrets(unittest.TestCase):
    VALUE = "s3cr3t-value-nobody-may-see"

    def test_never_shown(self):
        with Host(script=f"steps=1 say={self.VALUE}") as host:
            host.cli("secrets", "set", f"TOKEN_OF_MINE={self.VALUE}")
            host.deploy("painter", secrets=["TOKEN_OF_MINE"])
            call(host, "painter").raise_for_status()
            replica = host.replicas("painter")[0]["process_id"]
            with open(f"/proc/{replica}/environ", "rb") as environment:
                self.assertIn(f"TOKEN_OF_MINE={self.VALUE}".encode(), environment.read())
            lines = wait_for(lambda: [line for line in host.items("/v1/logs", app="painter") if line["source"] == "worker"],
                             "the worker's careless line")
            told = json.dumps(lines) + json.dumps(host.get("/v1/secrets")) + host.run_cli("secrets", "list").stdout + host.said()
            self.assertIn("TOKEN_OF_MINE", told)
            self.assertNotIn(self.VALUE, told)
            host.terminate()
            for path in host.data.rglob("*"):
                if path.is_file():
                    self.assertNotIn(self.VALUE.encode(), path.read_bytes(), path)


class Keys(unittest.TestCase):
    def test_create_list_revoke(self):
        with Host(script="steps=1") as host:
            host.deploy("painter", auth="private")
            created = host.cli("keys", "create", "--scope", "api")["key"]
            identifier, secret = created.split(":")
            listed = host.run_cli("keys", "list", "--json").stdout
            self.assertIn(identifier, listed)
            self.assertNotIn(secret, listed)
            run = lambda: host.client(headers={"Authorization": f"Key {created}"}).post("/local/painter", json=PROMPT).status_code
            self.assertEqual(run(), 200)
            with host.client(headers={"Authorization": f"Key {created}"}) as client:
                self.assertEqual(client.get("/v1/keys").status_code, 403)
            host.cli("keys", "revoke", identifier)
            self.assertEqual(run(), 401)
            host.terminate()
            for path in host.data.rglob("*"):
                if path.is_file():
                    self.assertNotIn(secret.encode(), path.read_bytes(), path)

    def test_interrupted_exit_code(self):
        with Host(script="steps=1") as host:
            host.process.send_signal(signal.SIGINT)
            self.assertEqual(host.process.wait(30), 0)


if __name__ == "__main__":
    unittest.main()
