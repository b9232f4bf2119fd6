# SPDX-License-Identifier: Apache-2.0
"""A host behind fal's own names, so that the unmodified Python client needs nothing but its environment variables.

`fal_client` reads them when it is imported: call start() in setUpModule, before the import.
"""

import contextlib
import os

from host import Host
from network import ConnectProxy, certificate


class FalHost(contextlib.ExitStack):
    """Everything of `host`, which listens with a certificate for fal's names, and a proxy that leads there."""

    def __init__(self, script: str):
        super().__init__()
        self.host = Host(script=script)

    def start(self) -> Host:
        host = self.host
        self.callback(host.close)
        try:
            chain, key = certificate(host.scratch / "certificate")
            host.arguments += ["--cert", str(chain), "--key", str(key)]
            host.ca = chain
            host.start()
            host.key = host.create_key()
            proxy = self.enter_context(ConnectProxy(int(host.url.rpartition(":")[2])))
        except BaseException:
            self.close()
            raise
        os.environ.update(FAL_KEY=host.key, SSL_CERT_FILE=str(chain), HTTPS_PROXY=proxy.url)
        for name in ("FAL_RUN_HOST", "FAL_QUEUE_RUN_HOST", "NO_PROXY", "no_proxy", "https_proxy"):
            os.environ.pop(name, None)
        return host
