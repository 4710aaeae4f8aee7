// plaudit/trustbox where there is no page; what it does in one stands in tests/browser.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import * as registering from "plaudit/trustbox";
import * as pure from "plaudit/trustbox/pure";

const coded = (code) => (error) => error.name === "PlauditError" && error.code === code;

describe("plaudit/trustbox in Node", () => {
  it("CE7: both entries are imported without a DOM, and have the same", () => {
    assert.deepEqual(Object.keys(registering), Object.keys(pure));
    assert.equal(registering.PlauditTrustbox, pure.PlauditTrustbox);
    assert.equal(globalThis.customElements, undefined);
  });

  it("defines and asks for consent without a page", () => {
    pure.defineTrustbox();
    pure.consentToTrustbox(true);
    pure.consentToTrustbox(false);
  });

  it("loadTrustbox needs a page", async () => {
    await assert.rejects(pure.loadTrustbox(), coded("unsupported_environment"));
  });

  it("SEC3: the script's address is https, or of this machine", async () => {
    for (const src of [
      "http://widget.trustpilot.com/bootstrap/v5/tp.widget.bootstrap.min.js",
      "http://localhost.example/x.js",
      "http://127.0.0.1.example/x.js",
      "javascript:alert(1)",
      "data:text/javascript,1",
      "//widget.trustpilot.com",
      "",
    ]) {
      assert.throws(() => pure.defineTrustbox({ src }), coded("invalid_argument"), src);
      await assert.rejects(pure.loadTrustbox({ src }), coded("invalid_argument"), src);
    }
    for (const src of [
      "https://shop.example/x.js",
      "http://localhost:8080/x.js",
      "http://fake.localhost/x.js",
      "http://127.0.0.1/x.js",
      "http://[::1]:1/x.js",
    ]) {
      pure.defineTrustbox({ src });
    }
  });

  it("a time-out is a number above 0", () => {
    for (const timeout of [0, -1, Number.NaN, "soon"]) {
      assert.throws(() => pure.defineTrustbox({ timeout }), coded("invalid_argument"));
    }
    pure.defineTrustbox({ timeout: Number.POSITIVE_INFINITY });
  });
});
