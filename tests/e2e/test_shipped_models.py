# SPDX-License-Identifier: Apache-2.0
"""The real worker draws with a model that comes with the project, through every way in; the checker reads the pictures."""

import base64
import json
import sys
import unittest

import cv2
import httpx
import msgpack
import numpy as np
import websockets.sync.client

from host import ROOT, Host, wait_for

sys.path.insert(0, str(ROOT / "examples" / "shapes"))

from checker import verdict  # noqa: E402
from domain import Scene, Thing  # noqa: E402

APP = "/local/shapes-flux"
PROMPT = "a large red circle on a white background"
SCENE = Scene("white", (Thing("red", "circle", "large", "centre"),))


def decoded(data: bytes) -> np.ndarray:
    picture = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR)
    return cv2.cvtColor(picture, cv2.COLOR_BGR2RGB)


def from_data_uri(uri: str) -> bytes:
    return base64.b64decode(uri.partition(",")[2])


class ShippedModel(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.host = cls.enterClassContext(Host("--queue-listen", "127.0.0.1:0", script=None))
        cls.host.cli("deploy", ROOT / "examples/shapes-flux/app.yaml", "--auth", "public")
        cls.queue = cls.host.listener("queue")
        cls.http = cls.enterClassContext(cls.host.client(timeout=120))

    def run_call(self, **input) -> dict:
        answer = self.http.post(APP, json={"prompt": PROMPT, **input})
        self.assertEqual(answer.status_code, 200, answer.text)
        return answer.json()

    def queue_call(self, **input) -> dict:
        submitted = self.http.post(f"{self.queue}{APP}", json={"prompt": PROMPT, **input}).json()
        wait_for(lambda: self.http.get(submitted["status_url"]).status_code == 200, "the request completes", seconds=120)
        self.assertGreater(self.http.get(submitted["status_url"]).json()["metrics"]["inference_time"], 0)
        return self.http.get(submitted["response_url"]).json()

    def picture(self, output: dict) -> bytes:
        url = output["image"]["url"]
        return from_data_uri(url) if url.startswith("data:") else self.http.get(url).content

    def assert_shows(self, scene: Scene, data: bytes):
        answers = verdict(decoded(data), scene)
        self.assertTrue(answers["background"] and answers["colour"] and answers["position"], answers)

    def test_run(self):
        output = self.run_call(seed=1)
        self.assertEqual((output["image"]["width"], output["image"]["height"], output["seed"]), (128, 128, 1))
        self.assertEqual(len(output["timings"]["steps"]), 4)
        self.assert_shows(SCENE, self.picture(output))

    def test_the_same_seed_is_the_same_picture_by_run_and_by_queue(self):
        first, second, other = self.run_call(seed=2), self.queue_call(seed=2), self.queue_call(seed=3)
        self.assertEqual(self.picture(first), self.picture(second))
        self.assertNotEqual(self.picture(first), self.picture(other))

    def test_answers_the_prompt(self):
        for prompt, scene in {
            "a large blue square on a white background": Scene("white", (Thing("blue", "square", "large", "centre"),)),
            "a green circle at the top left of a black background": Scene("black", (Thing("green", "circle", "medium", "top left"),)),
        }.items():
            with self.subTest(prompt):
                self.assert_shows(scene, self.picture(self.run_call(prompt=prompt, seed=4)))

    def test_size_and_format(self):
        for asked, (width, height), start in (
            ({"image_size": {"width": 64, "height": 96}}, (64, 96), b"\x89PNG"),
            ({"output_format": "jpeg"}, (128, 128), b"\xff\xd8\xff"),
            ({"output_format": "webp", "sync_mode": True}, (128, 128), b"RIFF"),
        ):
            with self.subTest(asked):
                data = self.picture(self.run_call(**asked))
                self.assertTrue(data.startswith(start))
                self.assertEqual(decoded(data).shape, (height, width, 3))

    def test_several_pictures(self):
        images = self.run_call(num_images=3)["images"]
        self.assertEqual(len({self.http.get(image["url"]).content for image in images}), 3)

    def test_stream(self):
        with self.http.stream("POST", f"{APP}/stream", json={"prompt": PROMPT, "seed": 1}) as answer:
            self.assertTrue(answer.headers["content-type"].startswith("text/event-stream"))
            events = [json.loads(line[5:]) for line in answer.iter_lines() if line.startswith("data:")]
        *progress, output = events
        self.assertEqual([event["step"] for event in progress], [1, 2, 3, 4])
        previews = [event["preview"] for event in progress if "preview" in event]
        self.assertTrue(previews)
        for preview in previews:
            self.assertTrue(preview.startswith("data:image/jpeg;base64,"))
            self.assertEqual(decoded(from_data_uri(preview)).ndim, 3)
        self.assertEqual(self.picture(output), self.picture(self.run_call(seed=1)))

    def test_realtime(self):
        with websockets.sync.client.connect(self.host.url.replace("http", "ws", 1) + APP + "/realtime", max_size=None, proxy=None) as socket:
            socket.send(msgpack.packb({"prompt": PROMPT, "seed": 1}))
            while "images" not in (result := msgpack.unpackb(message) if isinstance(message := socket.recv(60), bytes) else {}):
                pass
        self.assert_shows(SCENE, self.realtime_picture(result))

    def realtime_picture(self, result: dict) -> bytes:
        content = result["images"][0].get("content")
        return content if isinstance(content, bytes) else self.picture({"image": result["images"][0]})

    def test_open_api_names_the_fields(self):
        document = self.http.get("/v1/apps/shapes-flux/openapi.json").json()
        self.assertTrue(document["openapi"].startswith("3."))
        self.assertIn("num_inference_steps", json.dumps(document["components"]["schemas"]))

    def test_record_keeps_what_happened(self):
        identifier = self.http.post(APP, json={"prompt": PROMPT}).headers["x-fal-request-id"]
        record = self.host.record(identifier)
        self.assertEqual((record["outcome"], record["input"]["prompt"]), ("success", PROMPT))
        self.assertGreater(record["timings"]["denoise"], 0)

    def test_doctor_finds_nothing_wrong(self):
        done = self.host.run_cli("doctor")
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

    def test_cancel_reaches_the_steps(self):
        submitted = self.http.post(f"{self.queue}{APP}", json={"prompt": PROMPT, "num_inference_steps": 1000}).json()
        wait_for(lambda: self.http.get(submitted["status_url"]).json()["status"] == "IN_PROGRESS", "it starts")
        self.assertEqual(httpx.put(submitted["cancel_url"]).status_code, 202)
        self.assertEqual(self.host.record(submitted["request_id"])["outcome"], "cancelled")


if __name__ == "__main__":
    unittest.main()
