// SPDX-License-Identifier: Apache-2.0
// Numbers are the rows of the wire facts that these calls stand for.

const assert = require("node:assert/strict");
const test = require("node:test");
const { fal, get, until, APP, PROMPT } = require("./environment.cjs");

function assertPicture(data) {
  assert.equal(data.images.length, 1);
  assert.equal(data.images[0].content_type, "image/png");
  assert.deepEqual(data.image, data.images[0]);
}

test("run (16)", async () => {
  const { data, requestId } = await fal.run(APP, { input: { prompt: PROMPT, seed: 5 } });
  assertPicture(data);
  assert.equal(data.seed, 5);
  assert.ok(requestId);
  const file = await fetch(data.image.url);
  assert.equal(file.status, 200);
  assert.equal((await file.arrayBuffer()).byteLength, 1000);
});

test("run without input (10)", async () => {
  assertPicture((await fal.run("local/prompted", {})).data);
  assertPicture((await fal.run("local/prompted")).data);
  assertPicture((await fal.subscribe("local/prompted", {})).data);
});

test("subscribe by polling and by streaming (11)", async () => {
  for (const mode of ["polling", "streaming"]) {
    const statuses = [];
    const ids = [];
    const { data, requestId } = await fal.subscribe(APP, {
      input: { prompt: PROMPT }, mode, logs: true, pollInterval: 10,
      onEnqueue: (id) => ids.push(id), onQueueUpdate: (status) => statuses.push(status),
    });
    assertPicture(data);
    assert.deepEqual(ids, [requestId], mode);
    const order = ["IN_QUEUE", "IN_PROGRESS", "COMPLETED"];
    const places = statuses.map((status) => order.indexOf(status.status));
    assert.deepEqual(places, [...places].sort(), `${mode}: ${places}`);
    assert.equal(statuses.at(-1).status, "COMPLETED", mode);
    assert.equal(statuses.at(-1).request_id, requestId, mode);
    const told = statuses.at(-1).logs ?? [];
    const once = new Set(told.map((entry) => entry.timestamp + entry.message));
    assert.equal(once.size, told.length, `${mode}: the same log entry twice`);
  }
});

test("status stream ends after COMPLETED", async () => {
  const { request_id: requestId } = await fal.queue.submit(APP, { input: { prompt: PROMPT } });
  const stream = await fal.queue.streamStatus(APP, { requestId, logs: true });
  const last = await stream.done();
  assert.equal(last.status, "COMPLETED");
  const again = await (await fal.queue.streamStatus(APP, { requestId, logs: false })).done();
  assert.equal(again.status, "COMPLETED");
});

test("queue calls", async () => {
  const submitted = await fal.queue.submit(APP, { input: { prompt: PROMPT }, priority: "low", hint: "h", startTimeout: 60 });
  assert.equal(submitted.status, "IN_QUEUE");
  assert.equal(typeof submitted.queue_position, "number");
  const requestId = submitted.request_id;
  const done = await fal.queue.subscribeToStatus(APP, { requestId, pollInterval: 10 });
  assert.equal(done.status, "COMPLETED");
  const first = await fal.queue.result(APP, { requestId });
  assert.equal(first.requestId, requestId);
  assert.deepEqual((await fal.queue.result(APP, { requestId })).data, first.data);
  assert.equal((await get(`/v1/requests/${requestId}`)).priority, "low");
});

test("stream", async () => {
  const stream = await fal.stream(APP, { input: { prompt: PROMPT } });
  const events = [];
  for await (const event of stream) events.push(event);
  assertPicture(await stream.done());
  assertPicture(events.at(-1));
  assert.deepEqual(events.slice(0, -1).map((event) => event.step), [1, 2, 3, 4]);
  assert.match(events[0].preview, /^data:image\/jpeg;base64,/);
});

test("input that is not valid (12)", async () => {
  for (const call of [fal.run, fal.subscribe]) {
    const error = await call(APP, { input: { prompt: PROMPT, num_images: 1000 } }).then(() => assert.fail("accepted"), (reason) => reason);
    assert.equal(error.name, "ValidationError");
    assert.equal(error.status, 422);
    assert.ok(error.requestId, "x-fal-request-id");
    assert.deepEqual(error.fieldErrors.map((entry) => entry.loc), [["body", "num_images"]]);
  }
});

test("unknown app and wrong key", async () => {
  await assert.rejects(fal.run("local/nobody", { input: {} }), (error) => error.name === "ApiError" && error.status === 404);
  const { createFalClient } = require("@fal-ai/client");
  const stranger = createFalClient({ credentials: "no:body", proxyUrl: { url: `${process.env.TINTYPE_URL}/p`, when: "always" } });
  await assert.rejects(stranger.run(APP, { input: { prompt: PROMPT } }), (error) => error.status === 401);
});

test("cancel stops a running request", async () => {
  const { request_id: requestId } = await fal.queue.submit(APP, { input: { prompt: PROMPT, num_inference_steps: 1000 } });
  await until(async () => (await fal.queue.status(APP, { requestId })).status === "IN_PROGRESS", "it starts");
  await fal.queue.cancel(APP, { requestId });
  await until(async () => (await fal.queue.status(APP, { requestId })).status === "COMPLETED", "it stops", 5000);
  await assert.rejects(fal.queue.result(APP, { requestId }), (error) => error.status === 499);
});
