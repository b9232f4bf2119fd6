# SPDX-License-Identifier: Apache-2.0
"""Loads made by wrk: POSTs of one body, and the three calls of a queue client in turn."""

import json
import subprocess
import tempfile
from pathlib import Path

BODY = json.dumps({"prompt": "a red circle", "seed": 7, "num_inference_steps": 1, "sync_mode": True})

REPORT = """
done = function(summary, latency, requests)
  local cycles = 0
  for _, thread in ipairs(threads) do cycles = cycles + (thread:get("cycles") or 0) end
  local bad = summary.errors.status + summary.errors.connect + summary.errors.read + summary.errors.write + summary.errors.timeout
  io.write(string.format('\\nREPORT {"seconds": %.6f, "requests": %d, "bad": %d, "cycles": %d, "p50_ms": %.3f, "p99_ms": %.3f}\\n',
    summary.duration / 1e6, summary.requests, bad, cycles, latency:percentile(50) / 1e3, latency:percentile(99) / 1e3))
end
threads = {}
cycles = 0
setup = function(thread) table.insert(threads, thread) end
"""

POST = """
wrk.method = "POST"
wrk.body = [[%s]]
wrk.headers["Content-Type"] = "application/json"
"""

# One connection a thread, so that a thread's state is its connection's.
QUEUE = """
local base, body, state, id = "%s", [[%s]], "submit", nil
local json, get = {["Content-Type"] = "application/json", %s}, {%s}
request = function()
  if state == "submit" then return wrk.format("POST", base, json, body) end
  if state == "status" then return wrk.format("GET", base .. "/requests/" .. id .. "/status", get) end
  return wrk.format("GET", base .. "/requests/" .. id, get)
end
response = function(status, headers, text)
  if state == "submit" then
    id = text:match('"request_id":%%s*"([^"]+)"')
    state = id and "status" or "submit"
  elseif state == "status" then
    if status == 200 then state = "result" end
  else
    state = "submit"
    if status == 200 then cycles = cycles + 1 end
  end
end
"""


def _wrk(url: str, script: str, cpu: str, threads: int, connections: int, seconds: int) -> dict:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "load.lua"
        path.write_text(REPORT + script)
        command = ["taskset", "-c", cpu, "wrk", f"-t{threads}", f"-c{connections}", f"-d{seconds}s", "--timeout", "20s", "-s", path, url]
        done = subprocess.run(command, capture_output=True, text=True)
    lines = [line[7:] for line in done.stdout.splitlines() if line.startswith("REPORT ")]
    if done.returncode != 0 or not lines:
        raise RuntimeError(f"wrk: {done.stdout}{done.stderr}")
    report = json.loads(lines[0])
    if report["bad"] > report["requests"] * 0.001:
        raise RuntimeError(f"{url}: {report['bad']} of {report['requests']} answers were errors")
    return report


def posts(url: str, cpu: str, connections: int, seconds: int) -> dict:
    """Requests per second and their latency."""
    report = _wrk(url, POST % BODY, cpu, 1, connections, seconds)
    return {"count": report["requests"], "per_second": report["requests"] / report["seconds"], "p50_ms": report["p50_ms"], "p99_ms": report["p99_ms"]}


def queue_cycles(url: str, path: str, host_header: str, cpu: str, connections: int, seconds: int) -> dict:
    """Submit, status until completed, result: how many of these a second."""
    header = f'["Host"] = "{host_header}"' if host_header else ""
    report = _wrk(url, QUEUE % (path, BODY, header, header), cpu, connections, connections, seconds)
    return {"count": report["cycles"], "per_second": report["cycles"] / report["seconds"], "p50_ms": report["p50_ms"], "p99_ms": report["p99_ms"],
            "calls_per_cycle": report["requests"] / max(1, report["cycles"])}
