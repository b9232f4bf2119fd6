# SPDX-License-Identifier: Apache-2.0
"""`kill -9` of the host or of a worker at random moments under load: every accepted request ends with exactly one record.

TINTYPE_KILLS says how often (6), TINTYPE_KILL_SEED which moments (1).
"""

import collections
import itertools
import json
import os
import random
import signal
import threading
import time
import unittest

import httpx

from host import Host, wait_for

KILLS = int(os.environ.get("TINTYPE_KILLS", "6"))
SEED = int(os.environ.get("TINTYPE_KILL_SEED", "1"))
WAITING_AT_MOST = 100  # requests; the load waits for the replicas then


class Load(threading.Thread):
    """Submits until told to stop. A request counts as accepted when its whole answer has arrived."""

    def __init__(self, host: Host):
        super().__init__(daemon=True)
        self.host = host
        self.accepted: list[dict] = []
        self.stopped = threading.Event()

    def run(self):
        target = {"x-fal-target-url": "https://queue.fal.run/local/painter", "x-fal-queue-priority": "low"}  # behind Calls
        with self.host.client(headers=target, timeout=5) as client:
            while not self.stopped.is_set():
                try:
                    answer = client.post("/", json={"prompt": "a red circle", "seed": len(self.accepted)})
                except httpx.TransportError:
                    time.sleep(0.01)  # the host is down
                    continue
                if answer.status_code == 200:
                    self.accepted.append(answer.json())
                    if answer.json()["queue_position"] > WAITING_AT_MOST:
                        self.stopped.wait(0.2)


class Calls(threading.Thread):
    """Calls and waits on the connection until told to stop. A call that was answered has its record by then."""

    def __init__(self, host: Host):
        super().__init__(daemon=True)
        self.host = host
        self.answered: list[str] = []
        self.stopped = threading.Event()

    def run(self):
        target = {"x-fal-target-url": "https://fal.run/local/painter"}
        with self.host.client(headers=target, timeout=5) as client:
            while not self.stopped.is_set():
                try:
                    answer = client.post("/", json={"prompt": "a red circle", "seed": len(self.answered)})
                except httpx.TransportError:
                    time.sleep(0.01)  # the host is down, or was killed meanwhile
                    continue
                if answer.status_code == 200:
                    self.answered.append(answer.headers["x-fal-request-id"])


class KillNine(unittest.TestCase):
    def setUp(self):
        self.random = random.Random(SEED)
        self.host = self.enterContext(Host(script="steps=1 step_ms=10 image_bytes=200"))
        self.host.listen = self.host.url.removeprefix("http://")  # the same port every time
        self.host.deploy("painter", max_concurrency=2, min_concurrency=2)
        wait_for(lambda: len(self.host.replicas("painter")) == 2, "two replicas are ready")

    def workers(self) -> list[int]:
        return [replica["process_id"] for replica in self.host.replicas("painter") if replica["process_id"]]

    def kill_host(self):
        workers = self.workers()
        self.host.kill()
        for process in workers:
            wait_for(lambda: not running(process), "a worker notices that its host is gone")
        self.host.start()

    def kill_worker(self):
        workers = self.workers()
        if workers:
            kill(self.random.choice(workers))

    def test_nothing_is_lost_and_nothing_twice(self):
        load = Load(self.host)
        calls = Calls(self.host)
        load.start()
        calls.start()
        kills = collections.Counter()
        victims = itertools.cycle((self.kill_worker, self.kill_host, self.kill_host))
        for _ in range(KILLS):
            before = len(load.accepted)
            wait_for(lambda: len(load.accepted) > before, "load arrives")
            time.sleep(self.random.uniform(0.0, 0.4))
            victim = next(victims)
            kills[victim.__name__] += 1
            victim()
        for thread in (load, calls):
            thread.stopped.set()
            thread.join()
        wait_for(lambda: self.host.get("/v1/apps/painter/queue") == {"size": 0, "running": 0}, "the queue empties", seconds=240)

        begun = [json.loads(line)["id"] for line in (self.host.data / "calls").read_text().splitlines() if line.endswith("}")]
        accepted = [answer["request_id"] for answer in load.accepted] + calls.answered + begun
        self.assertGreater(len(load.accepted), KILLS)
        self.assertTrue(calls.answered)
        records = collections.Counter(record["id"] for record in self.host.items("/v1/requests", app="painter", limit=100))
        self.assertEqual([identifier for identifier in accepted if records[identifier] != 1], [], "not exactly one record")
        self.assertEqual([identifier for identifier, count in records.items() if count > 1], [])
        self.check_results(load.accepted)
        print(f"{dict(kills)}: {len(load.accepted)} accepted, {len(calls.answered)} calls answered, {len(records)} records")

    def check_results(self, accepted: list[dict]):
        outcomes = collections.Counter()
        with self.host.client() as client:
            for answer in accepted:
                status = client.get(answer["status_url"])
                self.assertEqual((status.status_code, status.json()["status"]), (200, "COMPLETED"), answer["request_id"])
                result = client.get(answer["response_url"])
                outcomes[result.status_code] += 1
                if result.status_code == 200:
                    self.assertEqual(client.get(result.json()["image"]["url"]).status_code, 200)
                else:
                    self.assertTrue(result.json()["error_type"], result.text)
        self.assertGreater(outcomes[200], 0.9 * len(accepted), outcomes)


def running(process: int) -> bool:
    try:
        with open(f"/proc/{process}/stat") as status:
            return status.read().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def kill(process: int):
    try:
        os.kill(process, signal.SIGKILL)
    except ProcessLookupError:
        pass


if __name__ == "__main__":
    unittest.main()
