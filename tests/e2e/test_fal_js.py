# SPDX-License-Identifier: Apache-2.0
"""The unmodified @fal-ai/client in Node, over plain HTTP and one line of configuration (js/*.test.cjs)."""

import os
import subprocess
import unittest

from host import ROOT, Host

MODULES = ROOT / ".deps/node/node_modules"


class FalJs(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.host = cls.enterClassContext(Host(script="steps=4 step_ms=20 image_bytes=1000"))
        cls.host.key = cls.host.create_key("admin")
        cls.host.deploy("painter", auth="private")
        cls.host.deploy("prompted", endpoints={"/": {"task": "text-to-image", "defaults": {"prompt": "a blue star"}}})

    def assert_passes(self, name: str):
        environment = {**os.environ, "NODE_PATH": str(MODULES), "TINTYPE_URL": self.host.url, "FAL_KEY": self.host.key}
        done = subprocess.run(["node", "--test", f"js/{name}.test.cjs"], cwd=ROOT / "tests/e2e", env=environment,
                              capture_output=True, text=True, timeout=120)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

    def test_calls(self):
        self.assert_passes("calls")

    def test_files(self):
        self.assert_passes("files")

    def test_realtime(self):
        self.assert_passes("realtime")


if __name__ == "__main__":
    unittest.main()
