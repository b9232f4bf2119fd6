# SPDX-License-Identifier: Apache-2.0
"""A `tintype serve` of a test's own: its own folder, its own ports, and an end for everything that it started."""

import json
import os
import queue
import re
import shutil
import signal
import ssl
import subprocess
import tempfile
import threading
import time
from pathlib import Path

import httpx
import yaml

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = Path(os.environ.get("TINTYPE_PROGRAM", ROOT / "build/release/bin/tintype"))
REAL_WORKER = PROGRAM.parent / "tintype-worker"
FAKE_WORKER = Path(os.environ.get("TINTYPE_FAKE_WORKER_PROGRAM", ROOT / "build/release/tests/fake_worker"))
START_SECONDS = 30
CLI_SECONDS = 60


def wait_for(condition, what: str, seconds: float = 30):
    """The first true value of `condition()`. Fails with `what` did not happen."""
    deadline = time.monotonic() + seconds
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > deadline:
            raise AssertionError(f"waited {seconds} s: {what}")
        time.sleep(0.02)


class Host:
    """`script` is what the scripted worker does (tests/support/fake_worker.cpp); with `script=None` the real one serves.

    `files` is where clients find the host's certificate authority when it speaks TLS.
    """

    def __init__(self, *arguments: str, script: str | None = "steps=3 step_ms=1", listen="127.0.0.1:0", environment=None):
        self.scratch = Path(tempfile.mkdtemp(prefix="tintype-e2e-"))
        self.data = self.scratch / "data"
        self.arguments = [*arguments]
        self.listen = listen
        self.environment = {name: value for name, value in os.environ.items() if not name.startswith(("TINTYPE_", "FAL_", "HF_"))}
        self.environment |= {"XDG_CONFIG_HOME": str(self.scratch / "config"), **(environment or {})}
        self.ca: Path | None = None
        self.key = ""
        self.process = None
        self.url = ""
        self._runs = 0
        self._processes = []
        self._use_worker(script)

    def __enter__(self):
        try:
            return self.start()
        except BaseException:
            self.close()
            raise

    def __exit__(self, *_):
        self.close()

    # --- the process

    def start(self) -> "Host":
        self._runs += 1
        self.log = self.scratch / f"serve-{self._runs}.log"
        command = [PROGRAM, "serve", "--data", self.data, "--listen", self.listen, *self.arguments]
        with open(self.log, "w") as log:
            self.process = subprocess.Popen(
                command, stdout=subprocess.PIPE, stderr=log, text=True, env=self.environment, start_new_session=True)
        self._processes.append(self.process)
        self.url = self._ready_url()
        if self.url.startswith("https") and self.ca is None:
            self.ca = self.data / "tls/ca.pem"
        return self

    def _ready_url(self) -> str:
        lines: queue.Queue = queue.Queue()

        def read(stream):
            for line in stream:
                lines.put(line)
            lines.put("")

        threading.Thread(target=read, args=(self.process.stdout,), daemon=True).start()
        try:
            line = lines.get(timeout=START_SECONDS)
        except queue.Empty:
            line = ""
        if not line.startswith("ready "):
            raise AssertionError(f"tintype serve said {line!r} instead of its URL\n{self.said()}")
        return line.split()[1]

    def said(self) -> str:
        return self.log.read_text(errors="replace")[-4000:]

    def listener(self, name: str) -> str:
        """URL of --run-listen, --queue-listen or --rest-listen."""
        found = re.search(rf"^{name} (\S+)$", self.log.read_text(), re.MULTILINE)
        if not found:
            raise AssertionError(f"no listener {name}\n{self.said()}")
        return found[1]

    def is_up(self) -> bool:
        return self.process.poll() is None

    def terminate(self, seconds: float = 30) -> int:
        """SIGTERM, and the exit code that follows."""
        self.process.terminate()
        return self.process.wait(seconds)

    def kill(self):
        """What a power cut does to the host alone; its workers have to notice by themselves."""
        self.process.kill()
        self.process.wait()

    def close(self):
        for process in self._processes:
            try:
                os.killpg(process.pid, signal.SIGKILL)  # workers live in the group of their host
            except ProcessLookupError:
                pass
            process.wait()
            process.stdout.close()
        shutil.rmtree(self.scratch, ignore_errors=True)

    def memory(self) -> int:
        """Resident bytes of the host process."""
        pages = int(Path(f"/proc/{self.process.pid}/statm").read_text().split()[1])
        return pages * os.sysconf("SC_PAGESIZE")

    # --- the worker

    def _use_worker(self, script: str | None):
        if script is None:
            self.environment["TINTYPE_WORKER"] = str(REAL_WORKER)
            return
        self.worker_script = self.scratch / "script"
        self.script(script)
        wrapper = self.scratch / "worker"
        wrapper.write_text(f'#!/bin/sh\nTINTYPE_FAKE_WORKER="$(cat {self.worker_script})" exec {FAKE_WORKER} "$@"\n')
        wrapper.chmod(0o755)
        self.environment["TINTYPE_WORKER"] = str(wrapper)

    def script(self, text: str):
        """What replicas that start from now on do."""
        self.worker_script.write_text(text)

    # --- the command line

    def run_cli(self, *arguments, key=None) -> subprocess.CompletedProcess:
        environment = {**self.environment, "TINTYPE_HOST": self.url}
        if key or self.key:
            environment["TINTYPE_KEY"] = key or self.key
        if self.ca:
            environment["TINTYPE_CA"] = str(self.ca)
        return subprocess.run([PROGRAM, *map(str, arguments)], capture_output=True, text=True, env=environment, timeout=CLI_SECONDS)

    def cli(self, *arguments, key=None):
        """The JSON that a verb prints with --json."""
        done = self.run_cli(*arguments, "--json", key=key)
        if done.returncode != 0:
            raise AssertionError(f"tintype {' '.join(map(str, arguments))}: exit code {done.returncode}\n{done.stdout}{done.stderr}")
        return json.loads(done.stdout) if done.stdout.strip() else None

    def listed(self, *arguments) -> list:
        """The one list in what a verb prints with --json."""
        (rows,) = self.cli(*arguments).values()
        return rows

    def create_key(self, scope="admin") -> str:
        done = subprocess.run([PROGRAM, "keys", "create", "--scope", scope, "--json", "--data", self.data],
                              capture_output=True, text=True, timeout=CLI_SECONDS, env=self.environment)
        if done.returncode != 0:
            raise AssertionError(f"tintype keys create: exit code {done.returncode}\n{done.stderr}")
        return json.loads(done.stdout)["key"]

    def definition(self, name: str, **settings) -> Path:
        """Writes an app.yaml that needs nothing but a small folder."""
        folder = self.scratch / "apps" / name
        (folder / "model").mkdir(parents=True, exist_ok=True)
        (folder / "model/model_index.json").write_text('{"_class_name": "FakePipeline"}')
        definition = {
            "name": name, "machine_type": "XS", "requirements": ["file:model"], "keep_alive": 300, "max_concurrency": 1,
            "setup": {"model": "file:model"}, "endpoints": {"/": {"task": "text-to-image"}},
        }
        for setting, value in settings.items():
            if value is None:
                definition.pop(setting, None)
            else:
                definition[setting] = value
        (folder / "app.yaml").write_text(yaml.safe_dump(definition, sort_keys=False))
        return folder / "app.yaml"

    def deploy(self, name: str, *flags, auth="public", **settings) -> dict:
        return self.cli("deploy", self.definition(name, **settings), "--auth", auth, *flags)

    # --- its own API

    def client(self, **options) -> httpx.Client:
        headers = {"Authorization": f"Key {self.key}"} if self.key else {}
        trust = {"verify": ssl.create_default_context(cafile=self.ca)} if self.ca else {}
        return httpx.Client(**{"base_url": self.url, "headers": headers, "timeout": 30, "trust_env": False, **trust, **options})

    def submit(self, app: str, headers=None, **input) -> dict:
        """The answer of the queue to an input; its URLs lead to this host."""
        target = {"x-fal-target-url": f"https://queue.fal.run/local/{app}"}
        with self.client() as client:
            answer = client.post("/", json={"prompt": "a red circle", **input}, headers={**target, **(headers or {})})
        if answer.status_code != 200:
            raise AssertionError(f"submit to {app}: {answer.status_code} {answer.text}")
        return answer.json()

    def get(self, path: str, **query):
        with self.client() as client:
            answer = client.get(path, params=query)
        if answer.status_code != 200:
            raise AssertionError(f"GET {path}: {answer.status_code} {answer.text}")
        return answer.json()

    def items(self, path: str, **query) -> list:
        """Every page of a list."""
        found, cursor = [], None
        while True:
            page = self.get(path, **query, **({"cursor": cursor} if cursor else {}))
            found += page["items"]
            cursor = page["next_cursor"]
            if not cursor:
                return found

    def replicas(self, app: str, *states: str) -> list:
        wanted = states or ("IDLE", "RUNNING")
        return [replica for replica in self.items("/v1/replicas", app=app) if replica["state"].upper() in wanted]

    def record(self, request: str) -> dict:
        """The record of a request; waits for its end."""
        return wait_for(lambda: (found := self.get(f"/v1/requests/{request}"))["state"] == "done" and found,
                        f"request {request} ends")
