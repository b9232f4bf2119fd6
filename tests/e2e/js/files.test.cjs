// SPDX-License-Identifier: Apache-2.0

const assert = require("node:assert/strict");
const crypto = require("node:crypto");
const test = require("node:test");
const { fal, get, APP, PROMPT } = require("./environment.cjs");

async function fetched(url) {
  const answer = await fetch(url);
  assert.equal(answer.status, 200, url);
  return Buffer.from(await answer.arrayBuffer());
}

test("upload of a small file (13)", async () => {
  const url = await fal.storage.upload(new File(["hello"], "greeting.txt", { type: "text/plain" }));
  assert.equal((await fetched(url)).toString(), "hello");
});

test("upload above 90 MiB, in parts (13)", async () => {
  const bytes = Buffer.concat(Array(95).fill(crypto.randomBytes(1 << 20)));
  const url = await fal.storage.upload(new Blob([bytes], { type: "application/octet-stream" }));
  const sha256 = (buffer) => crypto.createHash("sha256").update(buffer).digest("hex");
  assert.equal(sha256(await fetched(url)), sha256(bytes));
});

test("a blob in the input becomes a URL (14)", async () => {
  const picture = new Blob(["not quite a picture"], { type: "image/png" });
  const input = { prompt: PROMPT, image_url: picture, more: [{ nested: picture }] };
  const { requestId } = await fal.subscribe(APP, { input });
  const { input: arrived } = await get(`/v1/requests/${requestId}`);
  for (const url of [arrived.image_url, arrived.more[0].nested]) {
    assert.equal((await fetched(url)).toString(), "not quite a picture");
  }
});
