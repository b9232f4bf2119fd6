// SPDX-License-Identifier: Apache-2.0
// The unmodified @fal-ai/client, led to the host in TINTYPE_URL by `proxyUrl` over plain HTTP. Realtime sockets go around
// that option, so the global WebSocket renames fal.run.

const WebSocketOfNode = require("ws");
const { fal } = require("@fal-ai/client");

const url = process.env.TINTYPE_URL;
const key = process.env.FAL_KEY;

class LedWebSocket extends WebSocketOfNode {
  constructor(address, ...rest) {
    super(address.replace(/^wss:\/\/fal\.run/, url.replace(/^http/, "ws")), ...rest);
    this.binaryType = "arraybuffer";
  }
}
globalThis.WebSocket = LedWebSocket;

fal.config({ credentials: key, proxyUrl: { url: `${url}/p`, when: "always" } });

/** The host's own API. */
async function get(path) {
  const answer = await fetch(url + path, { headers: { authorization: `Key ${key}` } });
  if (!answer.ok) throw new Error(`GET ${path}: ${answer.status} ${await answer.text()}`);
  return answer.json();
}

async function until(condition, what, milliseconds = 20000) {
  const deadline = Date.now() + milliseconds;
  for (;;) {
    const value = await condition();
    if (value) return value;
    if (Date.now() > deadline) throw new Error(`waited: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

module.exports = { fal, get, until, APP: "local/painter", PROMPT: "a red circle" };
