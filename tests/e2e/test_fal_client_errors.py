# SPDX-License-Identifier: Apache-2.0
"""What goes wrong, as the unmodified Python fal-client sees it: refusals, deadlines, cancels, full queues, webhooks."""

import base64
import hashlib
import json
import time
import unittest
import uuid

import httpx
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from fal_host import FalHost
from host import wait_for
from network import WebhookReceiver

APP = "local/painter"
QUICK = {"prompt": "a red circle"}
SLOW = {"prompt": "a red circle", "num_inference_steps": 1000}  # 20 s, and cancelled long before


def setUpModule():
    global fal, host, fal_client
    fal = FalHost("steps=2 step_ms=20 image_bytes=100")
    unittest.addModuleCleanup(fal.close)
    host = fal.start()
    host.deploy("painter", auth="private")
    import fal_client


def web(method: str, url: str, **options) -> httpx.Response:
    headers = {"Authorization": f"Key {host.key}", **options.pop("headers", {})}
    with httpx.Client(timeout=30) as client:
        return client.request(method, url, headers=headers, **options)


class Refusals(unittest.TestCase):
    def assert_refused(self, call, status: int):
        with self.assertRaises(fal_client.FalClientHTTPError) as raised:
            call()
        self.assertEqual(raised.exception.status_code, status)
        self.assertIn("x-fal-request-id", raised.exception.response_headers)
        return raised.exception

    def test_wrong_key(self):
        wrong = fal_client.SyncClient(key=host.key.rpartition(":")[0] + ":wrong")
        for call in (wrong.run, wrong.submit):
            error = self.assert_refused(lambda: call(APP, QUICK), 401)
            self.assertNotIn("wrong", str(error))

    def test_no_key(self):
        for name in ("fal.run", "queue.fal.run"):
            answer = httpx.post(f"https://{name}/{APP}", json=QUICK)
            self.assertEqual((answer.status_code, type(answer.json()["detail"])), (401, str))

    def test_unknown_app(self):
        for call in (fal_client.run, fal_client.submit):
            self.assert_refused(lambda: call("local/nobody", QUICK), 404)
            self.assert_refused(lambda: call("someone/painter", QUICK), 404)

    def test_unknown_path(self):
        error = self.assert_refused(lambda: fal_client.run(APP, QUICK, path="/sing"), 404)
        self.assertEqual(str(error), "Path /sing not found")

    def test_unknown_request(self):
        nobody = str(uuid.uuid4())
        for call in (fal_client.cancel, fal_client.status, fal_client.result):  # 6
            self.assert_refused(lambda: call(APP, nobody), 404)

    def test_input_that_is_not_valid(self):  # 4
        wrong = {"prompt": "a red circle", "num_inference_steps": -3, "image_size": "huge"}
        error = self.assert_refused(lambda: fal_client.run(APP, wrong), 422)
        self.assertEqual({tuple(entry["loc"]) for entry in error.message}, {("body", "num_inference_steps"), ("body", "image_size")})
        for entry in error.message:
            self.assertLessEqual({"loc", "msg", "type", "url"}, set(entry))

        handle = fal_client.submit(APP, wrong)
        queued = self.assert_refused(handle.get, 422)
        self.assertEqual(queued.message, error.message)
        status = handle.status()
        self.assertIsInstance(status, fal_client.Completed)
        self.assertTrue(status.error)
        self.assertEqual(host.record(handle.request_id)["outcome"], "user_error")

    def test_prompt_is_missing(self):
        error = self.assert_refused(lambda: fal_client.run(APP, {}), 422)
        self.assertEqual(error.message[0]["type"], "missing")

    def test_realtime_tells_what_is_wrong(self):
        with fal_client.realtime(APP) as connection:
            connection.send({"prompt": "a red circle", "num_inference_steps": -3})
            with self.assertRaises(fal_client.client.RealtimeError):
                while connection.recv():
                    pass

    def test_token_is_good_for_its_app_only(self):
        host.deploy("other", auth="private")
        token = web("POST", "https://rest.fal.ai/tokens/", json={"allowed_apps": ["other"], "token_expiration": 120}).json()
        stream = lambda app: httpx.post(f"https://fal.run/local/{app}/stream", params={"fal_jwt_token": token}, json=QUICK, timeout=30)
        self.assertEqual(stream("other").status_code, 200)
        self.assertIn(stream("painter").status_code, (401, 403))

    def test_token_ends(self):
        token = web("POST", "https://rest.fal.ai/tokens/", json={"allowed_apps": ["painter"], "token_expiration": 1}).json()
        stream = lambda: httpx.post(f"https://fal.run/{APP}/stream", params={"fal_jwt_token": token}, json=QUICK, timeout=30)
        wait_for(lambda: stream().status_code in (401, 403), "a token of one second expires")


class Waiting(unittest.TestCase):
    """With one replica, which is busy."""

    def setUp(self):
        self.busy = fal_client.submit(APP, SLOW)
        self.addCleanup(self.free)
        wait_for(lambda: isinstance(self.busy.status(), fal_client.InProgress), "the busy request starts")

    def free(self):
        try:
            self.busy.cancel()
        except fal_client.FalClientHTTPError:
            pass  # ended by its test
        host.record(self.busy.request_id)

    def test_start_deadline(self):  # 5
        late = fal_client.submit(APP, QUICK, start_timeout=1.1)
        with self.assertRaises(fal_client.FalClientHTTPError) as raised:
            late.get()
        self.assertEqual((raised.exception.status_code, raised.exception.error_type), (504, "request_timeout"))
        self.assertEqual(raised.exception.response_headers["x-fal-request-timeout-type"], "user")
        status = late.status()
        self.assertEqual(status.error_type, "request_timeout")
        self.assertTrue(status.error)
        self.assertEqual(host.record(late.request_id)["attempts"], 0)

    def test_result_before_the_end(self):
        answer = web("GET", f"https://queue.fal.run/{APP}/requests/{self.busy.request_id}")
        self.assertEqual(answer.status_code, 400)
        self.assertEqual(answer.json()["status"], "IN_PROGRESS")

    def test_cancel_stops_the_steps(self):
        self.busy.cancel()
        with self.assertRaises(fal_client.FalClientHTTPError) as raised:
            wait_for(lambda: isinstance(self.busy.status(), fal_client.Completed), "a step of 20 ms ends", seconds=5)
            self.busy.get()
        self.assertEqual(raised.exception.status_code, 499)
        record = host.record(self.busy.request_id)
        self.assertEqual((record["outcome"], record["status"]), ("cancelled", 499))
        self.assertIn("images", fal_client.run(APP, QUICK))  # by the same replica
        self.assertEqual(len(host.replicas("painter")), 1)

    def test_cancel_of_what_waits(self):
        waiting = fal_client.submit(APP, QUICK)
        waiting.cancel()
        record = host.record(waiting.request_id)
        self.assertEqual((record["outcome"], record["replica"]), ("cancelled", ""))
        self.assertIsInstance(self.busy.status(), fal_client.InProgress)

    def test_cancel_twice(self):
        cancel = lambda: web("PUT", self.busy.cancel_url)
        first = cancel()
        self.assertEqual((first.status_code, first.json()), (202, {"status": "CANCELLATION_REQUESTED"}))
        host.record(self.busy.request_id)
        second = cancel()
        self.assertEqual((second.status_code, second.json()), (400, {"status": "ALREADY_COMPLETED"}))

    def test_client_timeout_cancels(self):
        ids = []
        with self.assertRaises(fal_client.FalClientTimeoutError):
            fal_client.subscribe(APP, SLOW, client_timeout=1.5, start_timeout=1.4, on_enqueue=lambda request: (ids.append(request), self.free()))
        self.assertEqual(host.record(ids[0])["outcome"], "cancelled")

    def test_low_priority_lets_normal_pass(self):
        low = fal_client.submit(APP, QUICK, priority="low")
        normal = fal_client.submit(APP, QUICK)
        self.assertEqual((normal.status().position, low.status().position), (0, 1))
        self.free()
        low.get(), normal.get()
        self.assertLess(host.record(normal.request_id)["started_at"], host.record(low.request_id)["started_at"])

    def test_full_queue(self):
        waiting = fal_client.submit(APP, QUICK)
        self.addCleanup(waiting.cancel)
        answer = web("POST", f"https://queue.fal.run/{APP}", params={"fal_max_queue_length": 1}, json=QUICK)
        self.assertEqual(answer.status_code, 429, answer.text)
        self.assertIn("detail", answer.json())
        self.assertEqual(len(host.items("/v1/requests", app="painter", state="queued")), 1)


class Webhooks(unittest.TestCase):
    def assert_signed(self, headers: dict, body: bytes):
        keys = web("GET", "https://rest.fal.ai/.well-known/jwks.json").json()["keys"]
        lines = [headers[f"x-fal-webhook-{name}"] for name in ("request-id", "user-id", "timestamp")]
        self.assertAlmostEqual(int(lines[2]), time.time(), delta=300)
        message = "\n".join([*lines, hashlib.sha256(body).hexdigest()]).encode()
        self.assertEqual({(key["kty"], key["crv"]) for key in keys}, {("OKP", "Ed25519")})
        padded = keys[0]["x"] + "=" * (-len(keys[0]["x"]) % 4)
        Ed25519PublicKey.from_public_bytes(base64.urlsafe_b64decode(padded)).verify(
            bytes.fromhex(headers["x-fal-webhook-signature"]), message)

    def test_result_is_delivered(self):
        with WebhookReceiver() as receiver:
            handle = fal_client.submit(APP, QUICK, webhook_url=f"{receiver.url}/done?who=me")
            headers, body = receiver.deliveries.get(timeout=30)
        self.assert_signed(headers, body)
        told = json.loads(body)
        self.assertEqual((told["request_id"], told["status"]), (handle.request_id, "OK"))
        self.assertEqual(told["payload"], handle.get())

    def test_error_is_delivered(self):
        with WebhookReceiver() as receiver:
            fal_client.submit(APP, {"prompt": "a red circle", "num_images": 0}, webhook_url=receiver.url)
            headers, body = receiver.deliveries.get(timeout=30)
        self.assert_signed(headers, body)
        told = json.loads(body)
        self.assertEqual(told["status"], "ERROR")
        self.assertTrue(told["error"])
        self.assertIsInstance(told["payload"]["detail"], list)

    def test_delivered_again_if_the_receiver_failed(self):
        with WebhookReceiver(500) as receiver:
            fal_client.submit(APP, QUICK, webhook_url=receiver.url)
            first = json.loads(receiver.deliveries.get(timeout=30)[1])
            second = json.loads(receiver.deliveries.get(timeout=30)[1])
        self.assertEqual(first["request_id"], second["request_id"])


if __name__ == "__main__":
    unittest.main()
