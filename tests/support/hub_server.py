# SPDX-License-Identifier: Apache-2.0
"""A small model hub for tests: serves ROOT/org/name/... with the paths and headers of the real one.

    hub_server.py ROOT        prints "ready http://127.0.0.1:PORT" and serves until it is killed

Every repository has the branch `main` at a commit made from its contents. Files of LARGE bytes and more count as large
ones: they are redirected to a second port, the store, whose addresses need no token.

POST /_control with a JSON object switches what goes wrong (and forgets what was counted); GET /_control tells what was
seen. Switches:

    gated: [repo]           401 or 403 with X-Error-Code GatedRepo unless the token is one of `tokens`
    private: [repo]         401 RepoNotFound unless the token is one of `tokens`
    tokens: [token]
    fail: {path: [status]}  the next answers for that path, one after another; on the store too
    retry_after: seconds    sent with a 429 or 503
    drop_after: bytes       the store closes the connection after so many bytes of each answer
    drops: n                ... but only n times (default: always)
    no_ranges: true         the store ignores Range
    corrupt: [path]         the store sends wrong bytes
    other_etag: [path]      the hub announces another hash than it lists
    slow: seconds           the store waits so long before each 64 KiB
    relative: true          small files are redirected to a relative address of the hub
    list_extra: [entry]     more entries in the list of files
"""

import hashlib
import json
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

LARGE = 4096
CHUNK = 65536


class State:
    def __init__(self, root):
        self.root = root
        self.lock = threading.Lock()
        self.switches = {}
        self.repositories = {}
        self.store_address = ""
        self.forget()

    def forget(self):
        self.seen = {"requests": [], "store_saw_authorization": False, "store_bytes": 0, "hub_tokens": []}

    def repository(self, folder):
        """Hashed again only when a file of it has changed."""
        key = tuple((str(path), path.stat().st_size, path.stat().st_mtime_ns) for path in sorted(folder.rglob("*")))
        with self.lock:
            if key not in self.repositories:
                self.repositories[key] = Repository(folder)
            return self.repositories[key]

    def next_failure(self, path):
        with self.lock:
            waiting = self.switches.get("fail", {}).get(path, [])
            return waiting.pop(0) if waiting else None

    def may_drop(self):
        with self.lock:
            left = self.switches.get("drops", -1)
            if left > 0:
                self.switches["drops"] = left - 1
            return left != 0


class Repository:
    def __init__(self, folder):
        self.files = {}
        for path in sorted(p for p in folder.rglob("*") if p.is_file()):
            content = path.read_bytes()
            self.files[path.relative_to(folder).as_posix()] = {
                "content": content,
                "sha1": hashlib.sha1(b"blob %d\0" % len(content) + content).hexdigest(),
                "sha256": hashlib.sha256(content).hexdigest() if len(content) >= LARGE else None,
            }
        listed = "".join(name + file["sha1"] for name, file in self.files.items())
        self.commit = hashlib.sha1(listed.encode()).hexdigest()

    def siblings(self):
        for name, file in self.files.items():
            entry = {"rfilename": name, "size": len(file["content"]), "blobId": file["sha1"]}
            if file["sha256"]:
                entry["lfs"] = {"sha256": file["sha256"], "size": entry["size"], "pointerSize": 134}
            yield entry

    def tree(self):
        for name, file in self.files.items():
            entry = {"type": "file", "path": name, "size": len(file["content"]), "oid": file["sha1"]}
            if file["sha256"]:
                entry["lfs"] = {"oid": file["sha256"], "size": entry["size"], "pointerSize": 134}
            yield entry


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    state = None

    def log_message(self, *arguments):
        pass

    def answer(self, status, body=b"", headers=()):
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        for name, value in headers:
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def answer_json(self, value, headers=()):
        self.answer(200, json.dumps(value).encode(), [("Content-Type", "application/json"), *headers])

    def refuse(self, status, code="", message=""):
        headers = [("X-Error-Code", code)] if code else []
        headers += [("X-Error-Message", message)] if message else []
        if status in (429, 503) and "retry_after" in self.state.switches:
            headers.append(("Retry-After", str(self.state.switches["retry_after"])))
        self.answer(status, b"", headers)

    def do_HEAD(self):
        self.do_GET()

    def do_GET(self):
        try:
            url = urlsplit(self.path)
            path = unquote(url.path)
            if path == "/_control":
                return self.answer_json(self.state.seen)
            self.state.seen["requests"].append(f"{self.command} {path}")
            failure = self.state.next_failure(path)
            if failure:
                return self.refuse(failure)
            self.serve(path, parse_qs(url.query))
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True


class Hub(Handler):
    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        with self.state.lock:
            self.state.switches = body
            self.state.forget()
        self.answer_json({})

    def serve(self, path, query):
        parts = path.strip("/").split("/")
        if parts[:2] == ["api", "models"] and len(parts) >= 6 and parts[4] in ("revision", "tree"):
            return self.serve_listing("/".join(parts[2:4]), parts[4], "/".join(parts[5:]))
        if parts[:2] == ["api", "resolve-cache"]:
            parts = parts[2:4] + ["resolve"] + parts[4:]
        if len(parts) >= 5 and parts[2] == "resolve":
            return self.serve_file("/".join(parts[:2]), parts[3], "/".join(parts[4:]), "resolve-cache" in path)
        self.refuse(404)

    def open(self, name, revision):
        """The repository, or None after a refusal was sent."""
        authorization = self.headers.get("Authorization", "")
        if authorization:
            self.state.seen["hub_tokens"].append(authorization)
        switches = self.state.switches
        trusted = authorization.removeprefix("Bearer ") in switches.get("tokens", [])
        if name in switches.get("gated", []) and not trusted:
            return self.refuse(403 if authorization else 401, "GatedRepo", f"Access to model {name} is restricted.")
        folder = self.state.root / name
        if not folder.is_dir() or (name in switches.get("private", []) and not trusted):
            return self.refuse(404 if authorization else 401, "RepoNotFound", "Repository not found")
        repository = self.state.repository(folder)
        if revision not in ("main", "refs/pr/1", repository.commit):
            return self.refuse(404, "RevisionNotFound", f"Invalid rev id: {revision}")
        return repository

    def serve_listing(self, name, kind, revision):
        repository = self.open(name, revision)
        if not repository:
            return
        if kind == "tree":
            return self.answer_json(list(repository.tree()))
        siblings = list(repository.siblings()) + self.state.switches.get("list_extra", [])
        self.answer_json({"id": name, "modelId": name, "sha": repository.commit, "private": False, "tags": [],
                          "downloads": 0, "likes": 0, "siblings": siblings})

    def serve_file(self, name, revision, path, is_final):
        repository = self.open(name, revision)
        if not repository:
            return
        file = repository.files.get(path)
        if not file:
            return self.refuse(404, "EntryNotFound", "Entry not found")
        commit = ("X-Repo-Commit", repository.commit)
        tag = file["sha256"] or file["sha1"]
        if path in self.state.switches.get("other_etag", []):
            tag = "0" * len(tag)
        if file["sha256"]:
            return self.answer(302, b"", [commit, ("X-Linked-Etag", f'"{tag}"'),
                                          ("X-Linked-Size", str(len(file["content"]))),
                                          ("Location", f"{self.state.store_address}/{name}/{path}")])
        if self.state.switches.get("relative") and not is_final:
            return self.answer(307, b"", [commit, ("X-Linked-Etag", f'"{tag}"'),
                                          ("X-Linked-Size", str(len(file["content"]))),
                                          ("Location", f"/api/resolve-cache/{name}/{repository.commit}/{path}")])
        self.answer(200, file["content"], [commit, ("ETag", f'"{tag}"')])


class Store(Handler):
    def serve(self, path, query):
        state = self.state
        state.seen["store_saw_authorization"] |= "Authorization" in self.headers
        org, name, inner = path.strip("/").split("/", 2)
        content = (state.root / org / name / inner).read_bytes()
        if inner in state.switches.get("corrupt", []):
            content = bytes(255 - byte for byte in content)
        wanted = self.headers.get("Range", "")
        start = int(wanted.removeprefix("bytes=").split("-")[0]) if wanted else 0
        if state.switches.get("no_ranges"):
            start, wanted = 0, ""
        self.send_response(206 if wanted else 200)
        if wanted:
            self.send_header("Content-Range", f"bytes {start}-{len(content) - 1}/{len(content)}")
        self.send_header("Content-Length", str(len(content) - start))
        self.send_header("ETag", '"the-store-has-its-own"')
        self.end_headers()
        if self.command != "HEAD":
            self.send(memoryview(content)[start:])

    def send(self, content):
        state = self.state
        limit = len(content)
        if "drop_after" in state.switches and state.may_drop():
            limit = min(limit, state.switches["drop_after"])
        for begin in range(0, limit, CHUNK):
            time.sleep(state.switches.get("slow", 0))
            piece = content[begin:min(begin + CHUNK, limit)]
            self.wfile.write(piece)
            with state.lock:
                state.seen["store_bytes"] += len(piece)
        self.close_connection |= limit < len(content)


def main():
    Handler.state = State(Path(sys.argv[1]))
    hub = ThreadingHTTPServer(("127.0.0.1", 0), Hub)
    store = ThreadingHTTPServer(("127.0.0.1", 0), Store)
    Handler.state.store_address = f"http://127.0.0.1:{store.server_port}"
    threading.Thread(target=store.serve_forever, daemon=True).start()
    print(f"ready http://127.0.0.1:{hub.server_port}", flush=True)
    hub.serve_forever()


main()
