// SPDX-License-Identifier: Apache-2.0

const assert = require("node:assert/strict");
const test = require("node:test");
const { fal, until, APP, PROMPT } = require("./environment.cjs");

function connect(options = {}) {
  const results = [];
  const errors = [];
  const connection = fal.realtime.connect(APP, {
    connectionKey: crypto.randomUUID(), throttleInterval: 0,
    onResult: (result) => results.push(result), onError: (error) => errors.push(error), ...options,
  });
  return { connection, results, errors, pictures: () => results.filter((result) => result.images) };
}

test("messages there and back, and a close without an error (15)", async () => {
  const { connection, errors, pictures } = connect();
  for (const seed of [1, 2]) {
    connection.send({ prompt: PROMPT, seed });
    await until(() => pictures().some((result) => result.seed === seed), `result ${seed}`);
  }
  connection.close();
  await new Promise((resolve) => setTimeout(resolve, 200)); // an error of the close would come now
  assert.deepEqual(errors.map(String), []);
});

test("a token of one's own provider", async () => {
  const asked = [];
  const { connection, pictures } = connect({
    tokenProvider: async (app) => {
      asked.push(app);
      const answer = await fetch(`${process.env.TINTYPE_URL}/p`, {
        method: "POST", body: JSON.stringify({ allowed_apps: [app], duration: 120 }),
        headers: { authorization: `Key ${process.env.FAL_KEY}`, "content-type": "application/json", "x-fal-target-url": "https://rest.fal.ai/tokens/realtime" },
      });
      const token = await answer.json();
      return token.token ?? token;
    },
  });
  connection.send({ prompt: PROMPT, seed: 9 });
  await until(() => pictures().length === 1, "a result");
  assert.deepEqual(asked, [`${APP}/realtime`]);
  connection.close();
});

test("an input that is not valid is an error", async () => {
  const { connection, errors } = connect();
  connection.send({ prompt: PROMPT, num_images: 1000 });
  await until(() => errors.length > 0, "an error");
  connection.close();
});
