# SPDX-License-Identifier: Apache-2.0
"""Times the host against uvicorn + FastAPI doing the same: same machine, same core, turn by turn, in one run. Prints ratios.

    tests/bench/host_against_uvicorn.py [--seconds N] [--rounds N] [--connections N] [--records N] [--json FILE]

All of a server's processes share one core (--server-cpu): `tintype serve` *and* its scripted worker, which answers at once
with a picture of 64 bytes; or uvicorn with one process, uvloop and httptools. wrk has another core (--load-cpu).
What runs on the machine beside this makes the figures smaller; ratios of one run stay fair because sides take turns.
"""

import argparse
import asyncio
import json
import os
import platform
import socket
import statistics
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import urlsplit

import httpx

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/e2e"))
sys.path.insert(0, str(ROOT / "tests/bench"))

import wrk  # noqa: E402
from host import Host, wait_for  # noqa: E402

SCRIPT = "steps=1 step_ms=0 image_bytes=64"
PATH = "/local/painter"
QUEUE_NAME = "queue.fal.run"
QUERIES = {
    "everything": ("/v1/analytics", {}),
    "one app": ("/v1/analytics", {"app": "painter"}),
    "one app by the minute": ("/v1/analytics", {"app": "painter", "bucket": "minute"}),
    "the slowest requests": ("/v1/requests", {"sort": "slowest"}),
    "the slowest of one app": ("/v1/requests", {"sort": "slowest", "app": "painter"}),
}


class Uvicorn:
    """uvicorn_app.py on a free port, on one core."""

    def __init__(self, cpu: str):
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        command = ["taskset", "-c", cpu, sys.executable, "-m", "uvicorn", "uvicorn_app:app", "--port", str(self.port), "--no-access-log", "--log-level", "warning"]
        self.process = subprocess.Popen(command, cwd=ROOT / "tests/bench")

    def __enter__(self):
        wait_for(self.answers, "uvicorn starts")
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()

    def answers(self) -> bool:
        try:
            return httpx.get(self.url + "/openapi.json").status_code == 200
        except httpx.TransportError:
            return False


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def start_host(cpu: str) -> Host:
    """On one core, as are the workers that it starts."""
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {int(cpu)})
    try:
        host = Host(script=SCRIPT).start()
    finally:
        os.sched_setaffinity(0, before)
    host.deploy("painter", auth="public", min_concurrency=1, max_concurrency=1, max_multiplexing=16)
    host.deploy("paused", auth="public")
    wait_for(lambda: host.replicas("painter", "IDLE"), "the worker is ready")
    return host


def processor_seconds(process: int) -> float:
    """User and system time of a process and of the processes that it started."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    children = Path(f"/proc/{process}/task/{process}/children").read_text().split()
    return sum(map(int, fields[11:13])) / os.sysconf("SC_CLK_TCK") + sum(processor_seconds(int(child)) for child in children)


def with_processor_time(process: int, measure) -> dict:
    """What it measured, and the processor time that one unit of it took: the figure that other load on the machine changes least."""
    before = processor_seconds(process)
    found = measure()
    return {**found, "cpu_us": (processor_seconds(process) - before) / max(1, found["count"]) * 1e6}


def turn_by_turn(rounds: int, **sides) -> dict:
    """The median round of each side, by its rate; sides take turns."""
    seen = {name: [] for name in sides}
    for _ in range(rounds):
        for name, measure in sides.items():
            seen[name].append(measure())
    return {name: sorted(found, key=lambda entry: entry["per_second"])[len(found) // 2] for name, found in seen.items()}


def round_trips(url: str, path: str, count: int, body: str | None) -> float:
    """Median milliseconds of one call after another on one connection."""
    times = []
    with httpx.Client(base_url=url, trust_env=False) as client:
        call = (lambda: client.post(path, content=body, headers={"Content-Type": "application/json"})) if body else (lambda: client.get(path))
        for _ in range(20):
            call().raise_for_status()
        for _ in range(count):
            start = time.perf_counter()
            call()
            times.append(time.perf_counter() - start)
    return statistics.median(times) * 1e3


def added_latency(host: Host, uvicorn: Uvicorn) -> dict:
    """The client's own cost is in each of these; a call of /health shows how much that is at most."""
    health, run = round_trips(host.url, "/health", 500, None), round_trips(host.url, PATH, 500, wrk.BODY)
    return {"health_ms": health, "run_ms": run, "run_minus_health_ms": run - health, "uvicorn_run_ms": round_trips(uvicorn.url, PATH, 500, wrk.BODY)}


async def open_streams(url: str, ids: list[str]) -> list:
    address = urlsplit(url)
    streams = []
    for identifier in ids:
        reader, writer = await asyncio.open_connection(address.hostname, address.port)
        writer.write(f"GET /local/paused/requests/{identifier}/status/stream HTTP/1.1\r\nHost: {QUEUE_NAME}\r\n\r\n".encode())
        head = await reader.readuntil(b"\r\n\r\n")
        if b" 200 " not in head:
            raise RuntimeError(head.decode())
        streams.append((reader, writer))
    return streams


async def until_completed(streams: list):
    async def follow(reader, writer):
        text = b""
        while b'"COMPLETED"' not in text:
            part = await reader.read(1 << 16)
            if not part:
                raise RuntimeError("a status stream ended before COMPLETED")
            text = text[-64:] + part
        writer.close()

    await asyncio.wait_for(asyncio.gather(*(follow(*stream) for stream in streams)), 120)


def crowd(host: Host, cpu: str, connections: int, seconds: int) -> dict:
    """1,000 requests that wait and 500 open status streams: what they cost in memory and to others."""

    async def measured() -> dict:
        before = wrk.posts(host.url + PATH, cpu, connections, seconds)
        memory = host.memory()
        with host.client() as client:
            client.patch("/v1/apps/paused", json={"paused": True}).raise_for_status()
            ids = [client.post("/local/paused", content=wrk.BODY, headers={"Host": QUEUE_NAME, "Content-Type": "application/json"}).json()["request_id"]
                   for _ in range(1000)]
            queued = host.memory()
            streams = await open_streams(host.url, ids[:500])
            crowded = host.memory()
            during = await asyncio.to_thread(wrk.posts, host.url + PATH, cpu, connections, seconds)
            client.patch("/v1/apps/paused", json={"paused": False}).raise_for_status()
        start = time.perf_counter()
        await until_completed(streams)
        return {"memory_mb": memory / 1e6, "with_1000_queued_mb": queued / 1e6, "and_500_streams_mb": crowded / 1e6,
                "p99_ms_before": before["p99_ms"], "p99_ms_during": during["p99_ms"],
                "per_second_before": before["per_second"], "per_second_during": during["per_second"], "seconds_to_drain": time.perf_counter() - start}

    return asyncio.run(measured())


def analytics(options) -> dict:
    """Queries over so many records of a host of its own, each of them asked twenty times."""
    host = start_host(options.server_cpu)
    try:
        made = asyncio.run(calls(host.url, options.records))
        return {"records": made, "queries": query_times(host)}
    finally:
        host.close()


async def calls(url: str, count: int) -> int:
    limit = httpx.Limits(max_connections=16)
    async with httpx.AsyncClient(base_url=url, limits=limit, timeout=60) as client:
        async def share():
            for _ in range(count // 16):
                (await client.post(PATH, content=wrk.BODY, headers={"Content-Type": "application/json"})).raise_for_status()
        await asyncio.gather(*(share() for _ in range(16)))
    return count // 16 * 16


def query_times(host: Host) -> dict:
    times = {}
    with host.client() as client:
        for name, (path, query) in QUERIES.items():
            found = []
            for _ in range(20):
                start = time.perf_counter()
                client.get(path, params=query).raise_for_status()
                found.append((time.perf_counter() - start) * 1e3)
            times[name] = {"median_ms": statistics.median(found), "worst_ms": max(found)}
    return times


def measure(options) -> dict:
    load, seconds, connections = options.load_cpu, options.seconds, options.connections
    host = start_host(options.server_cpu)
    try:
        with Uvicorn(options.server_cpu) as uvicorn:
            run = turn_by_turn(options.rounds,
                host=lambda: with_processor_time(host.process.pid, lambda: wrk.posts(host.url + PATH, load, connections, seconds)),
                uvicorn=lambda: with_processor_time(uvicorn.process.pid, lambda: wrk.posts(uvicorn.url + PATH, load, connections, seconds)))
            queue = turn_by_turn(options.rounds,
                host=lambda: with_processor_time(host.process.pid, lambda: wrk.queue_cycles(host.url, PATH, QUEUE_NAME, load, 16, seconds)),
                uvicorn=lambda: with_processor_time(uvicorn.process.pid, lambda: wrk.queue_cycles(uvicorn.url, "/queue" + PATH, "", load, 16, seconds)))
            latency = added_latency(host, uvicorn)
        return {"machine": machine(options), "run": run, "queue": queue, "latency": latency,
                "crowd": crowd(host, load, 16, seconds), "analytics": analytics(options)}
    finally:
        if not host.is_up():
            print(f"the host ended with {host.process.returncode}:\n{host.said()}", file=sys.stderr)
        host.close()


def machine(options) -> dict:
    with open("/proc/cpuinfo") as file:
        names = [line.partition(":")[2].strip() for line in file if line.startswith("model name")]
    return {"processor": names[0] if names else platform.processor(), "cores": os.cpu_count(), "python": platform.python_version(),
            "load_before": os.getloadavg()[0], "server_core": options.server_cpu, "load_core": options.load_cpu, "connections": options.connections}


def show(found: dict):
    where = found["machine"]
    print(f"{where['processor']}, {where['cores']} cores (load {where['load_before']:.1f} before); each server with all its processes on core "
          f"{where['server_core']}, wrk on core {where['load_core']}")
    print(f"\n{'':34}{'host':>12}{'uvicorn':>12}{'ratio':>8}")
    for name, title in (("run", f"POST run, {where['connections']} connections"), ("queue", "submit + status + result, 16")):
        host, uvicorn = found[name]["host"], found[name]["uvicorn"]
        print(f"{title:34}{host['per_second']:10.0f}/s{uvicorn['per_second']:10.0f}/s{host['per_second'] / uvicorn['per_second']:7.1f}x")
        print(f"{'  processor time of one':34}{host['cpu_us']:9.0f} us{uvicorn['cpu_us']:9.0f} us{uvicorn['cpu_us'] / host['cpu_us']:7.1f}x")
        print(f"{'  p99 of a call':34}{host['p99_ms']:9.2f} ms{uvicorn['p99_ms']:9.2f} ms")
    latency, crowd_of = found["latency"], found["crowd"]
    print(f"{'one call after another, median':34}{latency['run_ms']:9.2f} ms{latency['uvicorn_run_ms']:9.2f} ms")
    print(f"\nhost: run {latency['run_ms']:.2f} ms, /health {latency['health_ms']:.2f} ms by the same client: {latency['run_minus_health_ms']:.2f} ms for the way through queue, worker and record")
    print(f"memory {crowd_of['memory_mb']:.0f} MB, with 1,000 queued {crowd_of['with_1000_queued_mb']:.0f} MB, and 500 status streams {crowd_of['and_500_streams_mb']:.0f} MB; "
          f"drained in {crowd_of['seconds_to_drain']:.1f} s")
    print(f"run p99 {crowd_of['p99_ms_before']:.2f} ms before, {crowd_of['p99_ms_during']:.2f} ms with them; {crowd_of['per_second_before']:.0f}/s and {crowd_of['per_second_during']:.0f}/s")
    for name, times in found["analytics"]["queries"].items():
        print(f"analytics, {name}: {times['median_ms']:.1f} ms, worst {times['worst_ms']:.1f} ms ({found['analytics']['records']} records)")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=int, default=4, help="length of one measurement")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--connections", type=int, default=64)
    parser.add_argument("--records", type=int, default=10_000)
    parser.add_argument("--server-cpu", default="0")
    parser.add_argument("--load-cpu", default=str((os.cpu_count() or 1) - 1))
    parser.add_argument("--json", metavar="FILE")
    options = parser.parse_args()
    found = measure(options)
    show(found)
    if options.json:
        Path(options.json).write_text(json.dumps(found, indent=2) + "\n")


if __name__ == "__main__":
    main()
