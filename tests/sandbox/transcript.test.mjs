// SB3: one conversation, held with the native program, the command line and the import. In workerd
// it stands with the tests of the package, in pages with the browsers'.
import assert from "node:assert/strict";
import { request } from "node:http";
import { describe, it } from "node:test";
import { createSandbox } from "plaudit/sandbox";
import { bringSandbox, startCommand, startSandbox } from "../../tools/sandbox.mjs";
import { transcript, within } from "./transcript.mjs";

/** `send` for a server that is asked as if it were the platform's host. */
const over =
  (server) =>
  ({ method, url, headers, body }) =>
    new Promise((resolve, reject) => {
      const { host, pathname, search } = new URL(url);
      const options = { method, path: pathname + search, headers: { ...headers, host } };
      const sent = request(server, options, async (answer) => {
        const { statusCode: status, rawHeaders } = answer;
        const pairs = rawHeaders.flatMap((name, at) =>
          at % 2 === 0 ? [[name, rawHeaders[at + 1]]] : [],
        );
        let text = "";
        for await (const part of answer.setEncoding("utf8")) text += part;
        resolve({ status, headers: pairs, text });
      });
      sent.once("error", reject);
      sent.end(body);
    });

describe("SB3 the same bytes", () => {
  it("in turn, and with another seed others", async () => {
    const first = await transcript(within(createSandbox()));
    assert.deepEqual(await transcript(within(createSandbox({ seed: 1 }))), first);
    const other = await transcript(within(createSandbox({ seed: 2 })));
    assert.notEqual(other.hash, first.hash);
    assert.ok(first.lines.length > 120, String(first.lines.length));
  });

  for (const [name, start] of [
    ["the native program", startSandbox],
    ["npx plaudit sandbox", startCommand],
  ]) {
    it(`from ${name}`, async () => {
      if (start === startSandbox) await bringSandbox();
      const server = await start();
      try {
        const { lines, hash } = await transcript(over(server.url));
        const own = await transcript(within(createSandbox()));
        const at = lines.findIndex((line, at) => line !== own.lines[at]);
        assert.equal(lines[at], own.lines[at]);
        assert.equal(hash, own.hash);
      } finally {
        await server.close();
      }
    });
  }
});
