// The public API from a page, and everything that can go wrong on the way.
import assert from "node:assert/strict";
import { FAULTS, inQuery } from "../../faults.mjs";

const FIND = "/v1/business-units/find";

export function client(scenario) {
  const find = (s, options = {}, call = {}) =>
    s.run(
      async (options, call) => {
        const { client, settle } = window.app;
        const began = performance.now();
        const { businessUnits } = client({ retry: 0, ...options });
        const result = await settle(businessUnits.find("trustpilot.com", call));
        return { ...result, took: performance.now() - began };
      },
      options,
      call,
    );

  scenario(
    "CL26 A.5: a business by its domain, key in the header and in the query",
    {},
    async (s) => {
      await s.go();
      for (const keyIn of ["header", "query"]) {
        const { session: unit } = await find(s, { keyIn });
        assert.match(unit.id, /^[0-9a-f]{24}$/);
        assert.equal(unit.name.identifying, "trustpilot.com");
        assert.ok(unit.score.trustScore >= 0);
      }
      const calls = await s.journal(FIND);
      const told = calls.map(({ method, apikey, query }) => [
        method,
        apikey,
        query.includes("apikey="),
      ]);
      assert.deepEqual(told, [
        ["OPTIONS", null, false],
        ["GET", "key#1", false],
        ["GET", null, true],
      ]);
    },
  );

  scenario("SB10 CL24: each fault comes to its code, and nothing shows the key", {}, async (s) => {
    await s.go();
    for (const [fault, options, code, status, body, isRetried] of FAULTS) {
      const name = inQuery(fault, options);
      await s.fault(fault, options);
      const { error, session: unit } = await find(s, fault === "hang" ? { timeout: 200 } : {});
      await s.clearFaults();
      if (!code) {
        assert.equal(unit?.name.identifying, "trustpilot.com", `${name}: ${error?.text}`);
        continue;
      }
      const told = [error?.code, error?.status ?? undefined, error?.retryable, error?.isOurs];
      const retryable = isRetried || options.retry_after === "61";
      assert.deepEqual(told, [code, status, retryable, true], name);
      assert.ok((error.body ?? "").startsWith(body ?? ""), `${name}: ${error.body}`);
      // A.5: a page reads no Retry-After of another origin, whatever it says
      assert.equal(error.retryAfter ?? null, null, name);
      assert.ok(!error.text.includes("plaudit-demo-key"), "the key stands in the error");
    }
    const { session: unit } = await find(s);
    assert.equal(unit.name.identifying, "trustpilot.com", "the module goes on");
  });

  scenario("SB10: a late answer is awaited, and with a short timeout is timeout", {}, async (s) => {
    await s.go();
    await s.fault("delay", { times: 1, ms: 300 });
    const late = await find(s);
    assert.ok(late.session, "the answer came late");
    assert.ok(late.took >= 290, `${late.took} ms`);
    await s.fault("delay", { times: 1, ms: 5000 });
    const { error, took } = await find(s, { timeout: 150 });
    assert.equal(error.code, "timeout");
    assert.equal(error.retryable, true);
    assert.ok(took < 4_500, `${took} ms`);
    await s.clearFaults();
    assert.ok((await find(s, {}, { timeout: 5000 })).session);
  });

  scenario("CL8: timeout covers a server that never answers", {}, async (s) => {
    await s.go();
    await s.fault("hang", { times: 1 });
    const { error } = await find(s, {}, { timeout: 200 });
    assert.equal(error.code, "timeout");
  });

  scenario(
    "SB12 CL25: a connection that is cut, and CORS off, are network_error",
    {},
    async (s) => {
      await s.go();
      for (const fault of ["cut-before-headers", "cut-body", "cors-off"]) {
        await s.fault(fault);
        const { error } = await find(s);
        assert.equal(error?.code, "network_error", fault);
        assert.equal(error.retryable, true, fault);
        assert.equal(error.status ?? null, null, fault);
        assert.ok(error.cause, "the browser's own error is the cause");
        await s.clearFaults();
        assert.ok((await find(s)).session, `after ${fault}`);
      }
    },
  );

  scenario(
    "CL12 CL13: abort with any reason is aborted, and its reason the cause",
    {},
    async (s) => {
      await s.go();
      await s.fault("hang");
      const told = await s.run(async () => {
        const { client, settle } = window.app;
        const { businessUnits } = client();
        const reasons = [
          "stop",
          0,
          null,
          new DOMException("x", "TimeoutError"),
          { a: 1 },
          undefined,
        ];
        const told = [];
        for (const when of ["before", "meanwhile"]) {
          for (const reason of reasons) {
            const controller = new AbortController();
            if (when === "before") controller.abort(reason);
            const call = businessUnits.find("trustpilot.com", { signal: controller.signal }).then(
              () => "answered",
              (error) => [error.code, error.name, Object.is(error.cause, controller.signal.reason)],
            );
            if (when === "meanwhile") setTimeout(() => controller.abort(reason), 30);
            told.push(await call);
          }
        }
        const signal = AbortSignal.timeout(40);
        const timed = await businessUnits
          .find("trustpilot.com", { signal })
          .catch((error) => error);
        told.push([timed.code, timed.name, timed.cause?.name === "TimeoutError"]);
        await settle(Promise.resolve());
        return told;
      });
      assert.deepEqual(told, Array(13).fill(["aborted", "PlauditError", true]));
      // A call that was aborted before it began sends nothing.
      const calls = (await s.journal(FIND)).filter(({ method }) => method === "GET");
      assert.ok(calls.length <= 7, `${calls.length} requests`);
      await s.clearFaults();
      assert.ok((await find(s)).session, "the module goes on");
    },
  );

  scenario("CL12: an abort while the body comes", {}, async (s) => {
    await s.go();
    const told = await s.run(async () => {
      const controller = new AbortController();
      const { businessUnits } = window.app.client({
        fetch: async () => new Response(new ReadableStream({ start() {} }), { status: 200 }),
      });
      const call = businessUnits.find("trustpilot.com", { signal: controller.signal });
      setTimeout(() => controller.abort("stop"), 30);
      return call.catch(({ code, cause }) => [code, cause]);
    });
    assert.deepEqual(told, ["aborted", "stop"]);
  });

  scenario("CL29: what is no domain is refused before anything is sent", {}, async (s) => {
    await s.go();
    const codes = await s.run(async () => {
      const { client, settle } = window.app;
      const codes = [];
      for (const domain of ["", " ", "https://trustpilot.com", "a b", null, 7, undefined]) {
        try {
          codes.push((await settle(client().businessUnits.find(domain))).error?.code);
        } catch ({ code }) {
          codes.push(code);
        }
      }
      return codes;
    });
    assert.deepEqual(codes, Array(7).fill("invalid_argument"));
    assert.deepEqual(await s.journal(), []);
  });

  scenario(
    "A.5: the demo shows failures with their code, and stops a call",
    { demo: true },
    async (s) => {
      await s.go("/");
      await s.fault("520");
      await s.click("#find");
      await s.see("#message[data-code=server_error]");
      await s.clearFaults();
      await s.fault("hang", { times: 1 });
      await s.click("#find");
      await s.see("#find[data-busy]");
      await s.click("#find");
      await s.see("#message[data-code=aborted]");
      await s.click("#find");
      await s.see("#result[data-state=found]");
    },
  );
}
