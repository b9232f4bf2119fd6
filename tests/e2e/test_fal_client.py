# SPDX-License-Identifier: Apache-2.0
"""The unmodified Python fal-client makes its calls, sync and async, to the names that are built into it.

Numbers in comments are the rows of the wire facts that these calls stand for.
"""

import asyncio
import unittest

import httpx

from fal_host import FalHost
from host import wait_for

APP = "local/painter"
SLOW = {"prompt": "a red circle", "num_inference_steps": 1000}  # 20 s, and cancelled long before


def setUpModule():
    global fal, host, fal_client
    fal = FalHost("steps=4 step_ms=20 image_bytes=1000")
    unittest.addModuleCleanup(fal.close)
    host = fal.start()
    host.deploy("painter", auth="private")
    import fal_client


def web(method: str, url: str, **options) -> httpx.Response:
    """The same way that the client goes: through the proxy, with the key."""
    headers = {"Authorization": f"Key {host.key}", **options.pop("headers", {})}
    with httpx.Client(timeout=30) as client:
        return client.request(method, url, headers=headers, **options)


class Output(unittest.TestCase):
    def assert_picture(self, output: dict):
        picture = output["images"][0]
        self.assertEqual(output["image"], picture)
        self.assertEqual(picture["content_type"], "image/png")
        self.assertEqual((picture["width"], picture["height"]), (8, 8))
        self.assertTrue(picture["file_name"])
        self.assertEqual(output["prompt"], "a red circle")
        self.assertIn("denoise", output["timings"])
        if not picture["url"].startswith("data:"):
            with httpx.Client(timeout=30) as anyone:
                got = anyone.get(picture["url"])
            self.assertEqual(got.status_code, 200, got.text)
            self.assertEqual(got.headers["content-type"], "image/png")
            self.assertEqual(got.content, b"x" * 1000)
            self.assertEqual(picture["file_size"], 1000)


class Sync(Output):
    def test_run(self):
        self.assert_picture(fal_client.run(APP, {"prompt": "a red circle", "seed": 7}))

    def test_run_with_seed_tells_it(self):
        self.assertEqual(fal_client.run(APP, {"prompt": "a red circle", "seed": 2**63 + 5})["seed"], 2**63 + 5)

    def test_sync_mode_keeps_the_picture_inside_the_json(self):
        output = fal_client.run(APP, {"prompt": "a red circle", "sync_mode": True})
        self.assert_picture(output)
        self.assertTrue(output["images"][0]["url"].startswith("data:image/png;base64,"))

    def test_submit_with_everything(self):  # 1
        handle = fal_client.submit(APP, {"prompt": "a red circle"}, hint="session-1", priority="low", start_timeout=30,
                                   headers={"X-Fal-No-Retry": "1", "X-Custom": "kept"})
        self.assert_picture(handle.get())
        record = host.record(handle.request_id)
        self.assertEqual((record["priority"], record["via"], record["outcome"]), ("low", "queue", "success"))

    def test_status_by_code(self):  # 2
        handle = fal_client.submit(APP, {"prompt": "a red circle"})
        codes = []
        while not codes or codes[-1][1] != "COMPLETED":
            answer = web("GET", handle.status_url, params={"logs": "true"})
            codes.append((answer.status_code, answer.json()["status"]))
        self.assertEqual(codes[-1], (200, "COMPLETED"))
        self.assertTrue(all(code == 202 for code, _ in codes[:-1]), codes)
        self.assertIn(codes[0][1], ("IN_QUEUE", "IN_PROGRESS"))

    def test_status_events_come_in_order(self):
        handle = fal_client.submit(APP, {"prompt": "a red circle"})
        seen = [type(event) for event in handle.iter_events(with_logs=True, interval=0.005)]
        order = [fal_client.Queued, fal_client.InProgress, fal_client.Completed]
        self.assertEqual(seen, sorted(seen, key=order.index))
        self.assertEqual(seen.count(fal_client.Completed), 1)

    def test_logs_only_if_asked_for(self):
        handle = fal_client.submit(APP, {"prompt": "a red circle"})
        handle.get()
        self.assertIsNone(handle.status(with_logs=False).logs)
        logs = handle.status(with_logs=True).logs
        self.assertIsInstance(logs, list)
        for entry in logs:
            self.assertLessEqual({"message", "level", "source", "timestamp"}, set(entry))

    def test_completed_tells_the_inference_time(self):
        handle = fal_client.submit(APP, {"prompt": "a red circle"})
        handle.get()
        self.assertGreaterEqual(handle.status().metrics["inference_time"], 0)

    def test_subscribe(self):  # 3
        updates, ids = [], []
        output = fal_client.subscribe(APP, {"prompt": "a red circle"}, with_logs=True, on_enqueue=ids.append, on_queue_update=updates.append)
        self.assert_picture(output)
        self.assertIsInstance(updates[-1], fal_client.Completed)
        self.assertEqual(fal_client.result(APP, ids[0]), output)  # as often as one likes
        self.assertEqual(fal_client.result(APP, ids[0]), output)
        self.assertIsInstance(fal_client.status(APP, ids[0]), fal_client.Completed)

    def test_subpath_is_for_submit_only(self):
        handle = fal_client.submit(APP, {"prompt": "a red circle"}, path="/")
        self.assertNotIn("//requests", handle.status_url)
        self.assert_picture(handle.get())

    def test_queue_positions_count_up(self):
        busy = fal_client.submit(APP, SLOW)
        try:
            waiting = [fal_client.submit(APP, {"prompt": "a red circle"}) for _ in range(3)]
            wait_for(lambda: isinstance(busy.status(), fal_client.InProgress), "the first request starts")
            self.assertEqual([handle.status().position for handle in waiting], [0, 1, 2])
        finally:
            busy.cancel()
        for handle in waiting:
            self.assert_picture(handle.get())

    def test_stream(self):  # 7
        *events, output = fal_client.stream(APP, {"prompt": "a red circle"})
        self.assert_picture(output)
        self.assertEqual([event["step"] for event in events], [1, 2, 3, 4])
        for event in events:
            self.assertEqual((event["type"], event["steps"]), ("progress", 4))
            self.assertTrue(event["preview"].startswith("data:image/jpeg;base64,"))

    def test_realtime(self):  # 8
        for use_jwt in (True, False):
            with self.subTest(use_jwt=use_jwt), fal_client.realtime(APP, use_jwt=use_jwt, max_buffering=4) as connection:
                for seed in (1, 2):
                    connection.send({"prompt": "a red circle", "seed": seed})
                    while "images" not in (result := connection.recv()):
                        pass
                    self.assertEqual(result["seed"], seed)

    def test_paths_with_a_slash_at_the_end(self):  # 17
        submitted = web("POST", f"https://queue.fal.run/{APP}", json={"prompt": "a red circle"}).json()
        base = f"https://queue.fal.run/{APP}/requests/{submitted['request_id']}"
        wait_for(lambda: web("GET", f"{base}/status/", params={"logs": 1}).status_code == 200, "200 means done")
        for path in ("/", "", "/response"):
            with self.subTest(path=path):
                self.assert_picture(web("GET", base + path).json())


class Async(Output):
    """A client each, since one belongs to its event loop."""

    def test_run_and_subscribe_and_submit(self):
        async def calls():
            client = fal_client.AsyncClient()

            async def subscribe():
                return await client.subscribe(APP, {"prompt": "a red circle"}, on_queue_update=lambda _: None)

            async def submit():
                handle = await client.submit(APP, {"prompt": "a red circle"}, priority="normal")
                seen = [event async for event in handle.iter_events(with_logs=True)]
                self.assertIsInstance(seen[-1], fal_client.Completed)
                return await handle.get()

            return await asyncio.gather(client.run(APP, {"prompt": "a red circle"}), subscribe(), submit())

        for output in asyncio.run(calls()):
            self.assert_picture(output)

    def test_stream(self):
        async def call():
            client = fal_client.AsyncClient()
            return [event async for event in client.stream(APP, {"prompt": "a red circle"})]

        *events, output = asyncio.run(call())
        self.assertEqual([event["step"] for event in events], [1, 2, 3, 4])
        self.assert_picture(output)

    def test_realtime(self):
        async def call(use_jwt: bool):
            async with fal_client.AsyncClient().realtime(APP, use_jwt=use_jwt) as connection:
                await connection.send({"prompt": "a red circle", "seed": 3})
                while "images" not in (result := await connection.recv()):
                    pass
                return result

        for use_jwt in (True, False):
            with self.subTest(use_jwt=use_jwt):
                self.assertEqual(asyncio.run(call(use_jwt))["seed"], 3)

    def test_cancel(self):
        async def call():
            handle = await fal_client.AsyncClient().submit(APP, SLOW)
            while not isinstance(await handle.status(), fal_client.InProgress):
                await asyncio.sleep(0.02)
            await handle.cancel()
            with self.assertRaises(fal_client.FalClientHTTPError) as raised:
                await handle.get()
            return raised.exception.status_code

        self.assertEqual(asyncio.run(call()), 499)


if __name__ == "__main__":
    unittest.main()
