// createAuth without a page, and in a page made of Node's own parts whose clock the tests turn.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { once } from "node:events";
import { afterEach, beforeEach, describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { inspect, promisify } from "node:util";
import { Worker } from "node:worker_threads";
import { createAuth } from "plaudit";
import { openPage, startClock } from "./fixtures/page.mjs";
import { assertSilent, eachStrange, NOW, rejects } from "./support.mjs";

const TOKEN = "Tk-4hXq8.Zr1";
const CALLBACK = "https://app.example/cb";
const options = { provider: "trustpilot", clientId: "key", redirectUri: CALLBACK };
const MINUTE = 60_000;
const DAY = 86_400_000;

describe("without a page", () => {
  const script = new URL("fixtures/no-page.mjs", import.meta.url);
  const expected = {
    imported: [],
    added: 0,
    session: null,
    completed: null,
    signIn: "unsupported_environment",
    popup: "unsupported_environment",
    state: 43,
  };
  for (const entry of ["plaudit", "plaudit/sign-in", "plaudit/slim"]) {
    it(`T5 importing ${entry} in Node touches nothing, and createAuth works`, async () => {
      const args = [fileURLToPath(script), entry];
      const { stdout } = await promisify(execFile)(process.execPath, args);
      assert.deepEqual(JSON.parse(stdout), expected);
    });

    it(`T5 importing ${entry} in a worker touches nothing, and createAuth works`, async () => {
      const worker = new Worker(script, { workerData: { entry } });
      const [result] = await once(worker, "message");
      assert.deepEqual(result, expected);
    });
  }

  for (const storage of [undefined, "memory", "session"]) {
    it(`T5 storage ${storage}: no session, nothing to complete, nothing to end`, async () => {
      const auth = createAuth({ ...options, storage });
      const events = [];
      auth.on("signedout", (event) => events.push(event));
      assert.equal(auth.session, null);
      assert.equal(await auth.completeSignIn(), null);
      assert.equal(auth.completeSignIn(), auth.completeSignIn());
      await rejects(auth.signIn(), "unsupported_environment");
      await rejects(auth.signIn({ mode: "popup" }), "unsupported_environment");
      await rejects(auth.fetch("https://api.trustpilot.com/v1/x"), "signed_out");
      await auth.signOut();
      assert.deepEqual(events, [{ type: "signedout", session: null }]);
    });
  }

  describe("createAuth's options", () => {
    it("the ones that the table spoils are good", () => {
      createAuth(options);
      createAuth({ ...options, provider: "trustoo", responseType: "code" });
    });
    eachStrange((name, value) => createAuth({ ...options, [name]: value }), {
      provider: {
        more: [
          "Trustpilot",
          "trustoo",
          { authorizationEndpoint: "https://as.example/" },
          { id: "", authorizationEndpoint: "https://as.example/" },
          { id: 5, authorizationEndpoint: "https://as.example/" },
          { id: "x", authorizationEndpoint: "https://as.example/", apiOrigins: ["nonsense"] },
        ],
      },
      clientId: { more: ["é"] },
      redirectUri: { more: ["/cb", "http://app.example/cb", "https://app.example/cb#x"] },
      responseType: { allowed: [undefined], more: ["id_token", ["token"]] },
      scope: { allowed: [undefined, "", [], ["x"]], more: [[5], 'a"'] },
      extra: { allowed: [undefined, {}], more: [{ state: "x" }, { client_secret: "x" }, { a: 5 }] },
      storage: { allowed: [undefined], more: ["local", { getItem: 5 }, { getItem() {} }] },
      correlateBy: { allowed: [undefined], more: ["nonce"] },
      endpoints: {
        allowed: [undefined, {}],
        more: [{ authorize: "/a" }, { api: "nonsense" }, { api: 5 }],
      },
      allowedOrigins: { allowed: [undefined, []], more: ["https://a.example", ["nonsense"], [5]] },
      popup: {
        allowed: [undefined, {}],
        more: [{ timeout: "5" }, { timeout: -1 }, { width: "x" }],
      },
      clockSkew: { allowed: [undefined, 0, 1.5], more: [-1, Number.POSITIVE_INFINITY, "5"] },
    });
    eachStrange((_, value) => createAuth(value), { options: {} });
  });

  describe("on's arguments", () => {
    const auth = createAuth(options);
    eachStrange((_, value) => auth.on(value, () => {}), {
      type: { more: ["signed", "constructor"] },
    });
    eachStrange((_, value) => auth.on("expired", value), { listener: { allowed: [() => "x"] } });
  });
});

describe("in a page", { timeout: 30_000 }, () => {
  let page;
  let clock;
  let clients = 0;
  let own;
  beforeEach(() => {
    page = openPage("https://app.example/start?tab=2#/route");
    clock = startClock(NOW);
    clients += 1;
    // what a page keeps in memory is by client: each test is another one
    own = { ...options, clientId: `key-${clients}` };
  });
  afterEach(() => {
    clock.stop();
    page.close();
  });

  /** Goes to the platform; gives the parameters that it was sent. */
  async function leave(auth, signIn) {
    assert.equal(await auth.signIn(signIn), null);
    return Object.fromEntries(new URL(page.left.at(-1)).searchParams);
  }

  /** Comes back with a token in the fragment. */
  function comeBack({ redirect_uri, state }, rest = { expires_in: 3600 }) {
    const fragment = new URLSearchParams({
      access_token: TOKEN,
      token_type: "bearer",
      state,
      ...rest,
    });
    page.reload(`${redirect_uri}#${fragment}`);
  }

  const record = (auth) => {
    const events = [];
    for (const type of ["signedin", "expiring", "expired", "signedout"]) {
      auth.on(type, ({ session }) => events.push([type, clock.now - NOW, session?.accessToken]));
    }
    return events;
  };

  async function signedIn(changes, rest, signIn) {
    Object.assign(own, changes);
    comeBack(await leave(createAuth(own), signIn), rest);
    const auth = createAuth(own);
    const events = record(auth);
    const session = await auth.completeSignIn();
    clock.tick(0);
    return { auth, events, session };
  }

  /** Completes a sign-in that nothing waits for: first the window's opener is asked, for a while. */
  async function completeUnknown(auth) {
    const promise = auth.completeSignIn();
    promise.catch(() => {});
    await new Promise(setImmediate);
    clock.tick(2_000);
    return promise;
  }

  const transactions = () =>
    Object.keys(page.storage).filter((key) => key.startsWith("plaudit:tx:"));

  it("signs in: the address is clean at once, the token is in memory alone", async () => {
    const sent = await leave(createAuth(own));
    assert.equal(sent.state.length, 43);
    assert.deepEqual(transactions(), [`plaudit:tx:${sent.state}`]);
    comeBack(sent);
    const auth = createAuth(own);
    assert.equal(page.href, CALLBACK);
    const events = record(auth);
    assert.equal(auth.session, null);
    const session = await auth.completeSignIn();
    assert.equal(session, auth.session);
    assert.deepEqual(
      { ...session },
      {
        kind: "token",
        provider: "trustpilot",
        tokenType: "bearer",
        expiresIn: 3600,
        expiresAt: NOW + 3_600_000,
        scope: null,
        missingScope: [],
        returnTo: "/start?tab=2#/route",
      },
    );
    assert.equal(session.accessToken, TOKEN);
    assert.ok(Object.isFrozen(session));
    assert.deepEqual(events, [["signedin", 0, TOKEN]]);
    // S4: used up
    assert.deepEqual(Object.keys(page.storage), []);
    for (const shown of [
      inspect(session),
      inspect(auth),
      JSON.stringify(session),
      String(session),
    ]) {
      assert.ok(!shown.includes(TOKEN), shown);
    }
  });

  it("T3 a token of 30 days: told a minute before its end and at its end, by timers that fit", async () => {
    const { auth, events } = await signedIn({}, { expires_in: 30 * 86_400 });
    clock.delays.length = 0;
    clock.tick(30 * DAY - MINUTE - 1);
    assert.deepEqual(events.slice(1), []);
    clock.tick(1);
    assert.deepEqual(events.slice(1), [["expiring", 30 * DAY - MINUTE, TOKEN]]);
    clock.tick(MINUTE - 1);
    assert.equal(auth.session.accessToken, TOKEN);
    clock.tick(1);
    assert.deepEqual(events.slice(2), [["expired", 30 * DAY, TOKEN]]);
    assert.equal(auth.session, null);
    clock.tick(60 * DAY);
    assert.equal(events.length, 3);
    assert.equal(clock.pending, 0);
    for (const delay of clock.delays)
      assert.ok(delay >= 0 && delay <= 2_147_483_647, String(delay));
    assert.ok(clock.delays.length < 10, "the timers are chained, not polled");
  });

  it("T3 the longest token that can be: 136 years", async () => {
    const { auth, events } = await signedIn({}, { expires_in: "99999999999999999999" });
    assert.equal(auth.session.expiresIn, 4_294_967_295);
    clock.tick(4_294_967_295_000 - MINUTE - 1);
    assert.equal(events.length, 1);
    clock.tick(MINUTE + 1);
    assert.deepEqual(
      events.map(([type]) => type),
      ["signedin", "expiring", "expired"],
    );
    for (const delay of clock.delays)
      assert.ok(delay >= 0 && delay <= 2_147_483_647, String(delay));
  });

  it("T3 a clock that is set back ends nothing early", async () => {
    const { auth, events } = await signedIn();
    clock.tick(10 * MINUTE);
    clock.set(-DAY);
    clock.tick(50 * MINUTE);
    assert.equal(events.length, 1);
    assert.notEqual(auth.session, null);
    clock.tick(DAY - MINUTE);
    assert.deepEqual(
      events.map(([type]) => type),
      ["signedin", "expiring"],
    );
    clock.tick(11 * MINUTE);
    assert.deepEqual(
      events.map(([type]) => type),
      ["signedin", "expiring", "expired"],
    );
    assert.equal(clock.pending, 0);
  });

  for (const wake of ["visibilitychange", "pageshow"]) {
    it(`T3 after the machine slept, ${wake} ends what is over`, async () => {
      const { auth, events } = await signedIn();
      clock.set(59.5 * MINUTE);
      const wakeUp = () =>
        (wake === "pageshow" ? page.events : page.document).dispatchEvent(new Event(wake));
      wakeUp();
      wakeUp();
      assert.deepEqual(
        events.map(([type]) => type),
        ["signedin", "expiring"],
      );
      clock.set(MINUTE);
      assert.notEqual(auth.session, null);
      wakeUp();
      assert.equal(auth.session, null);
      wakeUp();
      assert.deepEqual(
        events.map(([type]) => type),
        ["signedin", "expiring", "expired"],
      );
      assert.equal(clock.pending, 0);
    });
  }

  it("T2 clockSkew ends the session that much earlier", async () => {
    const { auth, events } = await signedIn({ clockSkew: 30 });
    clock.tick(58.5 * MINUTE);
    assert.deepEqual(events.at(-1), ["expiring", 58.5 * MINUTE, TOKEN]);
    clock.tick(MINUTE);
    assert.deepEqual(events.at(-1), ["expired", 59.5 * MINUTE, TOKEN]);
    assert.equal(auth.session, null);
    // what the platform said stays what it was
    assert.equal((await auth.completeSignIn())?.expiresAt ?? NOW + 3_600_000, NOW + 3_600_000);
  });

  it("T2 the lifetime counts from when the page was opened", async () => {
    comeBack(await leave(createAuth(own)));
    const auth = createAuth(own);
    clock.tick(5_000);
    assert.equal((await auth.completeSignIn()).expiresAt, NOW + 3_600_000);
  });

  it("P9 a token that is over when it comes", async () => {
    const { auth, events } = await signedIn({}, { expires_in: 0 });
    assert.deepEqual(
      events.map(([type]) => type),
      ["signedin", "expired"],
    );
    assert.equal(auth.session, null);
    await rejects(auth.fetch("https://api.trustpilot.com/v1/x"), "expired");
  });

  it("P9 a token of unknown life needs no timer", async () => {
    const { auth } = await signedIn({}, {});
    assert.equal(auth.session.expiresAt, null);
    assert.equal(clock.pending, 0);
    clock.tick(400 * DAY);
    assert.equal(auth.session.accessToken, TOKEN);
  });

  it("P10 tells what was asked for and not granted", async () => {
    const { session } = await signedIn({ scope: "a b c" }, { scope: "b", expires_in: 60 });
    assert.deepEqual([session.scope, session.missingScope], [["b"], ["a", "c"]]);
  });

  describe("the transaction", () => {
    const late = async (ms) => {
      comeBack(await leave(createAuth(own)));
      clock.set(ms);
      return createAuth(own).completeSignIn();
    };

    it("may take ten minutes", async () => {
      assert.equal((await late(10 * MINUTE)).accessToken, TOKEN);
    });

    for (const ms of [10 * MINUTE + 1, DAY, -10 * MINUTE - 1]) {
      it(`may not be ${ms / MINUTE} minutes old`, async () => {
        const error = await rejects(late(ms), "transaction_expired");
        assertSilent(error, [TOKEN]);
        assert.deepEqual(transactions(), []);
      });
    }

    it("S4 is used once", async () => {
      const sent = await leave(createAuth(own));
      comeBack(sent);
      await createAuth(own).completeSignIn();
      clock.tick(0);
      comeBack(sent);
      const error = await rejects(completeUnknown(createAuth(own)), "transaction_missing");
      assertSilent(error, [TOKEN, sent.state]);
      assert.equal(page.href, CALLBACK);
    });

    it("S3 of one tab are told apart by their state, in any order", async () => {
      const first = await leave(createAuth(own), { returnTo: "/first" });
      clock.tick(1_000);
      const second = await leave(createAuth(own), { returnTo: "/second" });
      assert.notEqual(first.state, second.state);
      comeBack(first);
      assert.equal((await createAuth(own).completeSignIn()).returnTo, "/first");
      clock.tick(0);
      comeBack(second);
      assert.equal((await createAuth(own).completeSignIn()).returnTo, "/second");
    });

    it("S3 of another client is left to that client", async () => {
      comeBack(await leave(createAuth(own)));
      const other = createAuth({ ...own, clientId: "other" });
      assert.equal(await other.completeSignIn(), null);
      assert.equal(other.session, null);
      assert.equal(transactions().length, 1);
      // whichever of the two took the address off the bar
      assert.equal(page.href, CALLBACK);
      assert.equal((await createAuth(own).completeSignIn()).accessToken, TOKEN);
      assert.deepEqual(transactions(), []);
    });

    it("S5 S6 another state is refused before anything else is believed, and uses nothing up", async () => {
      const sent = await leave(createAuth(own));
      for (const rest of [{}, { error: "access_denied", error_description: "evil" }]) {
        comeBack({ ...sent, state: "Forged-state" }, rest);
        const error = await rejects(completeUnknown(createAuth(own)), "state_mismatch");
        assertSilent(error, [TOKEN, sent.state, "Forged-state", "evil"]);
        assert.equal(page.href, CALLBACK);
        assert.deepEqual(transactions(), [`plaudit:tx:${sent.state}`]);
        clock.tick(0);
      }
      comeBack(sent);
      assert.equal((await createAuth(own).completeSignIn()).accessToken, TOKEN);
    });

    it("S7 a state that did not come back is state_missing, and says how to go on", async () => {
      const sent = await leave(createAuth(own));
      page.reload(`${CALLBACK}#access_token=${TOKEN}&token_type=bearer`);
      const error = await rejects(createAuth(own).completeSignIn(), "state_missing");
      assertSilent(error, [TOKEN, sent.state]);
      assert.equal(page.href, CALLBACK);
    });

    it("a foreign or broken entry in the storage is none", async () => {
      for (const value of ["", "null", "{", "5", "[]", '{"state":"x"}', '{"createdAt":"x"}']) {
        page.storage.setItem("plaudit:tx:Forged-state", value);
        comeBack({ redirect_uri: CALLBACK, state: "Forged-state" });
        await rejects(completeUnknown(createAuth(own)), "transaction_missing", value);
        clock.tick(0);
      }
    });

    it("correlateBy redirect-uri: the nonce comes back although the state does not", async () => {
      own.correlateBy = "redirect-uri";
      const sent = await leave(createAuth(own));
      assert.equal(sent.redirect_uri, `${CALLBACK}?plaudit_state=${sent.state}`);
      page.reload(`${sent.redirect_uri}#access_token=${TOKEN}&token_type=bearer`);
      const auth = createAuth(own);
      assert.equal(page.href, CALLBACK);
      assert.equal((await auth.completeSignIn()).accessToken, TOKEN);
      assert.deepEqual(transactions(), []);
    });

    it("correlateBy redirect-uri: a state that does come back must be the one", async () => {
      own.correlateBy = "redirect-uri";
      const sent = await leave(createAuth(own));
      comeBack({ ...sent, state: "Forged-state" });
      await rejects(createAuth(own).completeSignIn(), "state_mismatch");
    });

    it("correlateBy redirect-uri: without the nonce it is refused", async () => {
      own.correlateBy = "redirect-uri";
      const sent = await leave(createAuth(own));
      page.reload(`${CALLBACK}#access_token=${TOKEN}&token_type=bearer`);
      const error = await rejects(createAuth(own).completeSignIn(), "state_missing");
      assertSilent(error, [TOKEN, sent.state]);
    });
  });

  describe("several createAuth", () => {
    it("share the address that the page was opened with (React's StrictMode)", async () => {
      comeBack(await leave(createAuth(own)));
      const first = createAuth(own);
      const second = createAuth(own);
      const events = [record(first), record(second)];
      const promise = first.completeSignIn();
      assert.equal(first.completeSignIn(), promise);
      const [one, two] = await Promise.all([promise, second.completeSignIn()]);
      assert.equal(one.accessToken, TOKEN);
      assert.equal(two.accessToken, TOKEN);
      assert.equal(first.session.accessToken, TOKEN);
      assert.equal(second.session.accessToken, TOKEN);
      assert.equal(page.replaced, 1);
      clock.tick(3_600_000);
      for (const list of events)
        assert.equal(list.filter(([type]) => type === "expired").length, 1);
      assert.deepEqual([first.session, second.session], [null, null]);
    });

    it("share its failure too", async () => {
      const sent = await leave(createAuth(own));
      comeBack({ ...sent, state: "Forged-state" });
      const both = [createAuth(own), createAuth(own)].map((auth) => auth.completeSignIn());
      for (const promise of both) await rejects(promise, "state_mismatch");
    });

    it("made later do not see it again", async () => {
      await signedIn();
      assert.equal(await createAuth(own).completeSignIn(), null);
    });

    it("made later do not see a failed one again", async () => {
      const sent = await leave(createAuth(own));
      comeBack({ ...sent, state: "Forged-state" });
      await rejects(createAuth(own).completeSignIn(), "state_mismatch");
      clock.tick(0);
      assert.equal(await createAuth(own).completeSignIn(), null);
    });

    it("of other clients leave the address to its own", async () => {
      comeBack(await leave(createAuth(own)));
      createAuth({ ...own, redirectUri: "https://app.example/other" });
      assert.notEqual(page.href, CALLBACK);
      assert.equal((await createAuth(own).completeSignIn()).accessToken, TOKEN);
    });

    it("signOut forgets the address as well", async () => {
      comeBack(await leave(createAuth(own)));
      const auth = createAuth(own);
      await auth.signOut();
      assert.equal(await auth.completeSignIn(), null);
      assert.equal(await createAuth(own).completeSignIn(), null);
      assert.equal(auth.session, null);
    });
  });

  describe("storage", () => {
    /** Answers after a turn of the event loop. */
    function slowStorage() {
      const items = new Map();
      const later = (call) => new Promise((resolve) => setImmediate(() => resolve(call())));
      return {
        items,
        getItem: (key) => later(() => items.get(key) ?? null),
        setItem: (key, value) => later(() => items.set(key, value)),
        removeItem: (key) => later(() => items.delete(key)),
      };
    }

    it("an asynchronous adapter: kept, found again, removed", async () => {
      const storage = slowStorage();
      const { auth } = await signedIn({ storage });
      const key = `plaudit:session:trustpilot:${own.clientId}`;
      assert.deepEqual([...storage.items.keys()], [key]);
      page.reload(CALLBACK);
      const again = createAuth(own);
      assert.equal(again.session, null);
      const restored = await again.completeSignIn();
      // where to go on belongs to the sign-in, not to the session
      assert.deepEqual({ ...restored }, { ...auth.session, returnTo: null });
      assert.equal(restored.accessToken, TOKEN);
      assert.equal(again.session, restored);
      assert.ok(!JSON.stringify(restored).includes(TOKEN));
      await again.signOut();
      assert.deepEqual([...storage.items.keys()], []);
      assert.equal(again.session, null);
    });

    it("an asynchronous adapter: what is over is not found again, and is removed", async () => {
      const storage = slowStorage();
      await signedIn({ storage });
      page.reload(CALLBACK);
      clock.set(3_600_000);
      const again = createAuth(own);
      assert.equal(await again.completeSignIn(), null);
      await new Promise(setImmediate);
      assert.equal(storage.items.size, 0);
    });

    it("an asynchronous adapter: signOut while it answers is the last word", async () => {
      const storage = slowStorage();
      await signedIn({ storage });
      page.reload(CALLBACK);
      const again = createAuth(own);
      const completing = again.completeSignIn();
      await again.signOut();
      await completing;
      assert.equal(again.session, null);
      assert.equal(storage.items.size, 0);
    });

    it("an adapter whose content is not ours: no session", async () => {
      for (const value of [
        "",
        "null",
        "{",
        "5",
        '"x"',
        "[]",
        "{}",
        '{"accessToken":5}',
        '{"accessToken":""}',
      ]) {
        const storage = { getItem: () => value, setItem() {}, removeItem() {} };
        const auth = createAuth({ ...own, storage });
        assert.equal(await auth.completeSignIn(), null, value);
        assert.equal(auth.session, null, value);
      }
    });

    it("an adapter whose content has no number for its end: no session that never ends", async () => {
      for (const expiresAt of ["soon", true, {}]) {
        const value = JSON.stringify({ accessToken: TOKEN, expiresAt });
        const storage = { getItem: () => value, setItem() {}, removeItem() {} };
        assert.equal(await createAuth({ ...own, storage }).completeSignIn(), null, value);
      }
    });

    it("an adapter that fails is storage_unavailable", async () => {
      const cause = new Error("full");
      const fail = () => {
        throw cause;
      };
      const broken = { getItem: fail, setItem: fail, removeItem: fail };
      const error = await rejects(
        createAuth({ ...own, storage: broken }).completeSignIn(),
        "storage_unavailable",
      );
      assert.equal(error.cause, cause);
    });

    it("session: found again at once after a reload", async () => {
      const { auth } = await signedIn({ storage: "session" });
      page.reload(CALLBACK);
      const again = createAuth(own);
      assert.deepEqual({ ...again.session }, { ...auth.session, returnTo: null });
      assert.equal(again.session.accessToken, TOKEN);
      clock.tick(3_600_000);
      assert.equal(again.session, null);
      assert.deepEqual(Object.keys(page.storage), []);
    });

    it("memory: gone after a reload, nothing written", async () => {
      await signedIn();
      page.reload(CALLBACK);
      const again = createAuth(own);
      assert.equal(again.session, null);
      assert.equal(await again.completeSignIn(), null);
      assert.deepEqual(Object.keys(page.storage), []);
    });

    it("a sessionStorage that is full: storage_unavailable, and nobody leaves", async () => {
      page.storage.setItem = () => {
        throw new DOMException("full", "QuotaExceededError");
      };
      const error = await rejects(createAuth(own).signIn(), "storage_unavailable");
      assert.ok(error.cause instanceof DOMException);
      assert.deepEqual(page.left, []);
    });

    it("a sessionStorage that is blocked: storage_unavailable at signIn, not before", async () => {
      Object.defineProperty(globalThis, "sessionStorage", {
        configurable: true,
        get() {
          throw new DOMException("blocked", "SecurityError");
        },
      });
      const auth = createAuth({ ...own, storage: "session" });
      assert.equal(auth.session, null);
      await rejects(auth.signIn(), "storage_unavailable");
    });
  });

  describe("signIn", () => {
    it("S9 goes back to a path of this origin alone", async () => {
      const auth = createAuth(own);
      for (const returnTo of [
        ...["//evil.example", "/\\evil.example", "https://evil.example/", "https:evil.example"],
        ...["javascript:alert(1)", "\\\\evil.example", "/\t/evil.example", "\n//evil.example"],
        ...["data:text/html,x", "http://app.example/", "https://app.example:444/", "evil.example"],
        ...["https://app.example@evil.example/", "https://app.example.evil.example/", 5, {}],
      ]) {
        await rejects(auth.signIn({ returnTo }), "invalid_argument", inspect(returnTo));
      }
      assert.deepEqual([page.left, transactions()], [[], []]);
      for (const [returnTo, path] of [
        ["/", "/"],
        ["/a?b=//c#d", "/a?b=//c#d"],
        ["https://app.example/x?y#z", "/x?y#z"],
        [undefined, "/start?tab=2#/route"],
      ]) {
        await leave(auth, { returnTo });
        const stored = JSON.parse(page.storage.getItem(transactions().at(-1)));
        assert.equal(stored.returnTo, path);
        page.storage.removeItem(transactions().at(-1));
      }
    });

    it("refuses a redirect address of another origin, and another mode", async () => {
      const other = createAuth({ ...own, redirectUri: "https://other.example/cb" });
      await rejects(other.signIn(), "invalid_argument");
      await rejects(createAuth(own).signIn({ mode: "iframe" }), "invalid_argument");
      await rejects(createAuth(own).signIn(null), "invalid_argument");
      assert.deepEqual(transactions(), []);
    });

    it("popup_blocked when the browser opens no window, and nothing is left", async () => {
      Object.assign(globalThis, { screenX: 0, screenY: 0, outerWidth: 800, outerHeight: 600 });
      const error = await rejects(createAuth(own).signIn({ mode: "popup" }), "popup_blocked");
      assert.ok(error.message.length > 20);
      assert.deepEqual(transactions(), []);
      assert.equal(clock.pending, 0);
    });

    it("takes old transactions away", async () => {
      const auth = createAuth(own);
      await leave(auth);
      clock.set(11 * MINUTE);
      const { state } = await leave(auth);
      assert.deepEqual(transactions(), [`plaudit:tx:${state}`]);
    });
  });

  describe("listeners", () => {
    it("one that throws does not stop the next, and its error is not lost", async () => {
      comeBack(await leave(createAuth(own)));
      const auth = createAuth(own);
      const heard = [];
      auth.on("signedin", () => {
        throw new Error("mine");
      });
      const stop = auth.on("signedin", () => heard.push("stopped"));
      auth.on("signedin", () => heard.push("second"));
      stop();
      await auth.completeSignIn();
      assert.deepEqual(heard, ["second"]);
      assert.throws(() => clock.tick(0), /mine/);
    });

    it("signOut says so once, with the session that ended", async () => {
      const { auth, events } = await signedIn();
      await auth.signOut();
      assert.deepEqual(events.slice(1), [["signedout", 0, TOKEN]]);
      assert.equal(auth.session, null);
      assert.equal(clock.pending, 0);
      await rejects(auth.fetch("https://api.trustpilot.com/v1/x"), "signed_out");
    });
  });

  describe("fetch", () => {
    /** Takes the place of the global fetch. */
    function answer(t, make = () => new Response("{}")) {
      const requests = [];
      t.mock.method(globalThis, "fetch", async (request) => {
        requests.push(request);
        return make(request);
      });
      return requests;
    }

    it("sends the token to the platform's origin, whatever the input is", async (t) => {
      const { auth } = await signedIn();
      const requests = answer(t);
      const address = "https://api.trustpilot.com/v1/private/x?y=1";
      const response = await auth.fetch(address);
      assert.equal(response.status, 200);
      await auth.fetch(new URL(address), { method: "POST", body: "b", headers: { "x-a": "1" } });
      await auth.fetch(new Request(address, { headers: { authorization: "Basic x" } }));
      for (const request of requests) {
        assert.equal(request.url, address);
        assert.equal(request.headers.get("authorization"), `Bearer ${TOKEN}`);
        assert.equal(request.redirect, "error");
      }
      assert.equal(requests[1].method, "POST");
      assert.equal(requests[1].headers.get("x-a"), "1");
      assert.equal(await requests[1].text(), "b");
    });

    it("sends it nowhere else", async (t) => {
      const { auth } = await signedIn({ allowedOrigins: ["https://api.app.example/any/path"] });
      const requests = answer(t);
      for (const input of [
        ...[
          "https://evil.example/",
          "http://api.trustpilot.com/",
          "https://api.trustpilot.com:444/",
        ],
        ...["https://api.trustpilot.com.evil.example/", "https://api.trustpilot.com@evil.example/"],
        ...["/relative", "//evil.example/x", "data:text/plain,x"],
      ]) {
        const error = await rejects(auth.fetch(input), "origin_not_allowed", input);
        assertSilent(error, [TOKEN]);
      }
      for (const input of ["https://", "http://[", 5, null, undefined, {}]) {
        await assert.rejects(auth.fetch(input), { name: "PlauditError" }, inspect(input));
      }
      assert.deepEqual(requests, []);
      await auth.fetch("https://api.app.example/other");
      assert.equal(requests.length, 1);
    });

    it("a 401 ends the session, once, and is given back", async (t) => {
      const { auth, events } = await signedIn();
      answer(t, () => new Response("no", { status: 401 }));
      const both = ["a", "b"].map((path) => auth.fetch(`https://api.trustpilot.com/${path}`));
      const [{ status }] = await Promise.all(both);
      assert.equal(status, 401);
      assert.deepEqual(events.slice(1), [["expired", 0, TOKEN]]);
      assert.equal(auth.session, null);
      assert.equal(clock.pending, 0);
    });

    it("other statuses end nothing", async (t) => {
      const { auth, events } = await signedIn();
      answer(t, () => new Response("no", { status: 403 }));
      assert.equal((await auth.fetch("https://api.trustpilot.com/x")).status, 403);
      assert.equal(events.length, 1);
    });

    it("a token that ended while the timers slept is not sent", async (t) => {
      const { auth, events } = await signedIn();
      const requests = answer(t);
      clock.set(3_600_000);
      await rejects(auth.fetch("https://api.trustpilot.com/x"), "expired");
      assert.deepEqual(requests, []);
      assert.equal(events.at(-1)[0], "expired");
    });
  });

  it("errors of every kind hold neither token nor state, and clean the address", async () => {
    for (const [rest, code] of [
      [{ token_type: "mac" }, "unsupported_token_type"],
      [{ expires_in: "soon" }, "malformed_response"],
      [{ error: "server_error" }, "malformed_response"],
      [{ code: "Cd-9mB3yLp" }, "malformed_response"],
      [{ access_token: "", error: "access_denied", error_description: "Nope" }, "provider_error"],
    ]) {
      const sent = await leave(createAuth(own));
      comeBack(sent, rest);
      const auth = createAuth(own);
      assert.equal(page.href, CALLBACK, code);
      const error = await rejects(auth.completeSignIn(), code);
      assertSilent(error, [TOKEN, sent.state, "Cd-9mB3yLp"]);
      assert.equal(auth.session, null);
      clock.tick(0);
    }
  });

  it("an address that is not the redirect address, or holds no response, is left alone", () => {
    for (const href of [
      `https://app.example/other#access_token=${TOKEN}&token_type=bearer`,
      `${CALLBACK}/#access_token=${TOKEN}`,
      `${CALLBACK}?code=x&state=y`,
      `${CALLBACK}#/route?tab=1`,
      CALLBACK,
    ]) {
      page.reload(href);
      createAuth(own);
      assert.equal(page.href, href);
    }
    assert.equal(page.replaced, 0);
  });

  it("a code is taken from the query, the application's own parameters kept", async () => {
    own.responseType = "code";
    const sent = await leave(createAuth(own));
    assert.equal(sent.response_type, "code");
    page.reload(`${CALLBACK}?lang=da&code=Cd-9mB3yLp&state=${sent.state}#/route`);
    const auth = createAuth(own);
    assert.equal(page.href, `${CALLBACK}?lang=da#/route`);
    const session = await auth.completeSignIn();
    assert.equal(session.code, "Cd-9mB3yLp");
    assert.equal(session.redirectUri, CALLBACK);
    assert.ok(!inspect(session).includes("Cd-9mB3yLp"));
    assert.equal(auth.session, null);
    await rejects(auth.fetch("https://api.trustpilot.com/x"), "signed_out");
  });
});

it("a session does not keep Node alive", async () => {
  const script = `
    import { createAuth } from "plaudit";
    const stored = JSON.stringify({
      accessToken: "t", expiresIn: 3600, expiresAt: Date.now() + 3600000, scope: null, missingScope: [],
    });
    const auth = createAuth({
      provider: "trustpilot", clientId: "k", redirectUri: "https://app.example/cb",
      storage: { getItem: () => stored, setItem() {}, removeItem() {} },
    });
    const session = await auth.completeSignIn();
    process.stdout.write(session.accessToken);`;
  const args = ["--input-type=module", "-e", script];
  const cwd = fileURLToPath(new URL("../..", import.meta.url));
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd, timeout: 10_000 });
  assert.equal(stdout, "t");
});
