// createState, authorizeUrl and the arguments of parseCallback.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  authorizeUrl,
  createState,
  init,
  isPlauditError,
  PlauditError,
  parseCallback,
} from "plaudit";
import { assertSilent, eachStrange, fails, NOW } from "./support.mjs";

const request = {
  provider: "trustpilot",
  clientId: "key-1",
  redirectUri: "https://app.example/cb",
  responseType: "token",
  state: "St_8Kq2vXw",
};
const query = (url) => [...new URL(url).searchParams];
const url = (changes) => authorizeUrl({ ...request, ...changes });
const refused = (changes, context = JSON.stringify(changes)) =>
  fails(() => url(changes), "invalid_argument", context);

describe("createState", () => {
  it("S1 S2 is 32 random bytes as 43 characters of base64url", () => {
    const state = createState();
    assert.match(state, /^[A-Za-z0-9_-]{43}$/);
    assert.equal(Buffer.from(state, "base64url").length, 32);
    assert.equal(Buffer.from(state, "base64url").toString("base64url"), state);
  });

  it("S1 gives 10,000 different ones, every character and bit in use", () => {
    const states = Array.from({ length: 10_000 }, createState);
    assert.equal(new Set(states).size, 10_000);
    assert.equal(new Set(states.join("")).size, 64);
    const ones = new Array(256).fill(0);
    for (const state of states) {
      const bytes = Buffer.from(state, "base64url");
      for (let bit = 0; bit < 256; bit += 1) ones[bit] += (bytes[bit >> 3] >> (bit & 7)) & 1;
    }
    // a fair bit is outside these bounds once in 10^22
    for (const count of ones) assert.ok(count > 4_500 && count < 5_500, `${count} of 10,000`);
  });

  it("S1 takes the bytes that the cryptographic source gives, in their order", (t) => {
    const bytes = Uint8Array.from({ length: 32 }, (_, at) => 255 - 7 * at);
    t.mock.method(crypto, "getRandomValues", (into) => {
      assert.equal(into.length, 32);
      into.set(bytes);
      return into;
    });
    assert.equal(createState(), Buffer.from(bytes).toString("base64url"));
  });

  it("S1 throws without a cryptographic source, and never falls back to Math.random", (t) => {
    const own = Object.getOwnPropertyDescriptor(globalThis, "crypto");
    t.after(() => Object.defineProperty(globalThis, "crypto", own));
    const random = t.mock.method(Math, "random");
    for (const value of [undefined, {}, { getRandomValues: 5 }]) {
      Object.defineProperty(globalThis, "crypto", { value, configurable: true });
      fails(createState, "crypto_unavailable");
    }
    assert.equal(random.mock.callCount(), 0);
  });
});

describe("authorizeUrl", () => {
  it("Q1 has response_type, client_id, redirect_uri, scope, state and extras, in this order", () => {
    const made = url({ scope: ["read", "write"], extra: { prompt: "login", ui_locales: "da nl" } });
    assert.deepEqual(query(made), [
      ["response_type", "token"],
      ["client_id", "key-1"],
      ["redirect_uri", "https://app.example/cb"],
      ["scope", "read write"],
      ["state", "St_8Kq2vXw"],
      ["prompt", "login"],
      ["ui_locales", "da nl"],
    ]);
    assert.ok(made.startsWith("https://authenticate.trustpilot.com?response_type=token&"), made);
  });

  it("Q1 needs a state", () => {
    for (const state of ["", undefined, null]) refused({ state });
  });

  it("Q1 asks for a code too", () => {
    const made = new URL(url({ responseType: "code" }));
    assert.equal(made.searchParams.get("response_type"), "code");
  });

  it("Q1 knows Trustoo, which has no implicit grant", () => {
    const made = new URL(url({ provider: "trustoo", responseType: "code", scope: "a b" }));
    assert.equal(made.protocol, "https:");
    assert.match(made.hostname, /trustoo/);
    assert.equal(made.searchParams.get("scope"), "a,b");
    refused({ provider: "trustoo" });
  });

  it("Q2 keeps the endpoint's own query and puts one ? there", () => {
    const made = url({ endpoint: "https://as.example/a?tenant=1&x=a%20b" });
    assert.ok(made.startsWith("https://as.example/a?tenant=1&x=a%20b&response_type=token&"), made);
    assert.equal(made.split("?").length, 2);
    assert.ok(
      url({ endpoint: "https://as.example/a?" }).startsWith("https://as.example/a?response"),
    );
  });

  it("Q2 refuses an endpoint with a fragment, or one whose query says what the request says", () => {
    refused({ endpoint: "https://as.example/a#" });
    refused({ endpoint: "https://as.example/a#x" });
    for (const name of [
      "response_type",
      "client_id",
      "redirect_uri",
      "scope",
      "state",
      "st%61te",
    ]) {
      refused({ endpoint: `https://as.example/a?${name}=1` });
    }
  });

  it("Q3 sends the redirect address to the letter", () => {
    for (const redirectUri of [
      "https://App.Example/CB",
      "https://app.example",
      "https://app.example/",
      "https://app.example:443/cb/",
      "https://app.example/a/../b/%7Eme?x=1&y=%20+",
      "http://localhost:8080/cb",
      "http://127.0.0.1/cb",
      "http://[::1]:9/cb",
    ]) {
      assert.equal(new URL(url({ redirectUri })).searchParams.get("redirect_uri"), redirectUri);
    }
  });

  it("Q3 refuses a redirect address that is not absolute, or has a fragment", () => {
    for (const redirectUri of [
      "",
      "/cb",
      "cb",
      "//app.example/cb",
      "https://",
      "https://a/cb#",
      "https://a/cb#x",
    ]) {
      refused({ redirectUri });
    }
  });

  it("Q4 refuses extras that stand there already", () => {
    for (const name of ["response_type", "client_id", "redirect_uri", "scope", "state", ""]) {
      refused({ extra: { [name]: "x" } });
    }
    refused({ endpoint: "https://as.example/a?tenant=1", extra: { tenant: "2" } });
    refused({ endpoint: "https://as.example/a?ten%61nt=1", extra: { tenant: "2" } });
    const names = query(url({ scope: "a", extra: { a: "1", b: "2" } })).map(([name]) => name);
    assert.equal(new Set(names).size, names.length);
  });

  it("Q4 refuses a secret", () => {
    const error = refused({ extra: { client_secret: "Sec-7Yp2" } }, "client_secret");
    assertSilent(error, ["Sec-7Yp2"]);
  });

  it("Q5 encodes as forms do, in UTF-8", () => {
    const hard = " %&+£€";
    const made = url({ extra: { v: hard, "näme&=": "\u{1f600}\ud800" } });
    assert.ok(made.includes("&v=+%25%26%2B%C2%A3%E2%82%AC&"), made);
    assert.deepEqual(query(made).slice(-2), [
      ["v", hard],
      ["näme&=", "\u{1f600}\ufffd"],
    ]);
    const reference = new URLSearchParams([
      ["v", hard],
      ["näme&=", "\u{1f600}\ufffd"],
    ]);
    assert.ok(made.endsWith(`&${reference}`), made);
  });

  it("Q5 encodes every ASCII character as URLSearchParams does", () => {
    const all = Array.from({ length: 128 }, (_, code) => String.fromCharCode(code)).join("");
    assert.ok(url({ extra: { v: all } }).endsWith(`&${new URLSearchParams({ v: all })}`));
    const visible = all.slice(0x20, 0x7f);
    const made = new URL(url({ clientId: visible, state: visible })).searchParams;
    assert.deepEqual([made.get("client_id"), made.get("state")], [visible, visible]);
  });

  it("Q5 keeps halves of a surrogate pair in two values apart", () => {
    const made = query(url({ extra: { a: "x\ud83d", b: "\ude00y" } }));
    assert.deepEqual(made.slice(-2), [
      ["a", "x\ufffd"],
      ["b", "\ufffdy"],
    ]);
  });

  it("Q6 joins scopes by the platform's delimiter and refuses what no scope has", () => {
    const scopeOf = (changes) => new URL(url(changes)).searchParams.get("scope");
    assert.equal(scopeOf({ scope: "b a" }), "b a");
    assert.equal(scopeOf({ scope: ["b", "a,c"] }), "b a,c");
    assert.equal(scopeOf({ scope: " b  a " }), "b a");
    assert.equal(scopeOf({ scope: "" }), null);
    assert.equal(scopeOf({ scope: [] }), null);
    assert.equal(scopeOf({}), null);
    const comma = { id: "x", authorizationEndpoint: "https://as.example/", scopeDelimiter: "," };
    assert.equal(scopeOf({ provider: comma, scope: "a b" }), "a,b");
    for (const scope of ['a"', "a\\", "é", "a\n", "\u007f", ["a b"]]) refused({ scope });
    refused({ provider: comma, scope: ["a,b"] });
  });

  it("Q7 puts nothing of its own anywhere", () => {
    assert.deepEqual(Object.fromEntries(query(url({}))), {
      response_type: "token",
      client_id: "key-1",
      redirect_uri: "https://app.example/cb",
      state: "St_8Kq2vXw",
    });
  });

  it("Q8 takes https alone, and http on loopback", () => {
    for (const host of ["localhost", "127.0.0.1:9", "127.8.8.8", "[::1]", "LOCALHOST:1"]) {
      assert.ok(url({ endpoint: `http://${host}/a` }).startsWith(`http://${host}/a?`));
      assert.ok(url({ redirectUri: `http://${host}/cb` }));
    }
    for (const bad of [
      "http://as.example/a",
      "http://localhost.example/a",
      "http://127.0.0.1.example/a",
      "http://127.1.example/a",
      "http://localhost@as.example/a",
      "javascript:alert(1)",
      "ftp://localhost/a",
      "data:text/html,x",
      "app://x/y",
      "as.example/a",
    ]) {
      refused({ endpoint: bad });
      refused({ redirectUri: bad });
    }
  });

  it("takes a profile, and another endpoint in place of its own", () => {
    const provider = { id: "x", authorizationEndpoint: "https://as.example/auth" };
    assert.ok(url({ provider }).startsWith("https://as.example/auth?response_type=token"));
    assert.ok(url({ provider, endpoint: "https://b.example/" }).startsWith("https://b.example/?"));
    assert.ok(
      url({ provider: { id: "x" }, endpoint: "https://b.example/" }).startsWith("https://b."),
    );
    refused({ provider: { id: "x" } });
  });

  it("takes 40 extras and refuses what is beyond its room", () => {
    const extras = (count) =>
      Object.fromEntries(Array.from({ length: count }, (_, at) => [`e${at}`, `v${at}`]));
    assert.equal(query(url({ extra: extras(40) })).length, 44);
    refused({ extra: extras(200) }, "200 extras");
    refused({ scope: Array.from({ length: 500 }, (_, at) => `s${at}`) }, "500 scopes");
    assert.equal(query(url({})).length, 4);
  });

  it("takes a state of 1 MB and is none the worse for it", () => {
    const state = "s".repeat(1_000_000);
    assert.equal(new URL(url({ state })).searchParams.get("state"), state);
    assert.equal(query(url({})).at(-1)[1], "St_8Kq2vXw");
  });
});

describe("authorizeUrl's arguments", () => {
  eachStrange((name, value) => url({ [name]: value }), {
    provider: {
      more: ["Trustpilot", "trustpilot ", "constructor", "__proto__", { authorizationEndpoint: 5 }],
    },
    clientId: { more: ["a\n", "é", "\u0000"] },
    redirectUri: {},
    responseType: { more: ["id_token", "TOKEN", ["token"], "code token"] },
    state: { more: ["é", "a\tb"] },
    scope: { allowed: [undefined, "", [], ["x"]], more: [[5], [null], ["a", {}]] },
    extra: {
      allowed: [undefined, {}],
      more: [{ a: 5 }, { a: null }, { a: undefined }, { a: ["b"] }, "ab"],
    },
    // null and empty are absent here
    endpoint: { allowed: [undefined, null, ""], more: ["/a", "https:///"] },
  });

  eachStrange((_, value) => authorizeUrl(value), { options: {} });
});

describe("parseCallback's arguments", () => {
  const address =
    "https://app.example/cb#access_token=Tk-4hXq8.Zr1&token_type=bearer&state=St_8Kq2vXw";
  const options = {
    provider: "trustpilot",
    responseType: "token",
    state: "St_8Kq2vXw",
    receivedAt: NOW,
  };
  const parse = (changes) => parseCallback(address, { ...options, ...changes });

  it("the arguments that the table spoils are good ones", () => {
    assert.equal(parse({}).accessToken, "Tk-4hXq8.Zr1");
    assert.equal(parseCallback(new URL(address), options).accessToken, "Tk-4hXq8.Zr1");
    const profile = { id: "x", issuer: "https://as.example" };
    assert.equal(parse({ provider: profile }).accessToken, "Tk-4hXq8.Zr1");
  });

  eachStrange((name, value) => parse({ [name]: value }), {
    provider: {
      allowed: [{}],
      more: [
        { id: "x", issuer: 5 },
        { id: "x", issuer: new URL("https://as.example") },
        { id: "x", scopeDelimiter: ";" },
        { id: "x", tokenEncoding: "hex" },
      ],
    },
    responseType: { more: ["id_token", "TOKEN", ["token"]] },
    // null says that none was sent, and is refused as state_unexpected below
    state: { allowed: [null] },
    redirectUri: { allowed: [undefined], more: ["/cb", "https://app.example/cb#"] },
    receivedAt: { allowed: [undefined, 0, 1.5], more: [-1, Number.POSITIVE_INFINITY, "5"] },
    scope: { allowed: [undefined, "", [], ["x"]], more: [[5], [null]] },
  });

  eachStrange((_, value) => parseCallback(value, options), {
    url: { more: [[address], "cb", { href: address }] },
  });
  eachStrange((_, value) => parseCallback(address, value), { options: {} });

  it("S8 a state that came although none was sent is state_unexpected", () => {
    fails(() => parse({ state: null }), "state_unexpected");
  });

  it("T2 counts from now when the caller gives no clock", (t) => {
    t.mock.method(Date, "now", () => NOW + 5);
    const { receivedAt: _, ...rest } = options;
    const { expiresAt } = parseCallback(`${address}&expires_in=10`, rest);
    assert.equal(expiresAt, NOW + 10_005);
  });

  it("P10 gives an array of its own for the scope", () => {
    const scope = ["read"];
    const callback = parse({ scope });
    assert.deepEqual(callback.scope, ["read"]);
    callback.scope.push("write");
    assert.deepEqual(scope, ["read"]);
  });
});

describe("large addresses", () => {
  const options = { provider: "trustpilot", responseType: "token", state: "St", receivedAt: NOW };
  const parse = (rest) =>
    parseCallback(`https://app.example/cb#state=St&token_type=bearer&${rest}`, options);

  for (const [kind, unit, read] of [
    ["plain", "Tk-1", "Tk-1"],
    ["percent-encoded", "%54k%2D1", "Tk-1"],
  ]) {
    it(`P14 a token of 1 MB, ${kind}`, () => {
      const { accessToken } = parse(`access_token=${unit.repeat(250_000)}`);
      assert.equal(accessToken.length, 1_000_000);
      assert.equal(accessToken, read.repeat(250_000));
    });

    it(`P14 a scope beside a token of 4 MB, ${kind}`, () => {
      for (const rest of [
        `scope=read+write&access_token=${unit.repeat(1_000_000)}`,
        `scope=read%20write&access_token=${unit.repeat(1_000_000)}`,
        `access_token=${unit.repeat(1_000_000)}&scope=read%20write`,
      ]) {
        const callback = parse(rest);
        assert.deepEqual(callback.scope, ["read", "write"]);
        assert.equal(callback.accessToken, read.repeat(1_000_000));
      }
    });
  }

  it("P14 characters beyond ASCII before the token", () => {
    const { accessToken } = parse(`x=é\u{1f600}${"ü".repeat(100_000)}&access_token=Tk%2B1`);
    assert.equal(accessToken, "Tk+1");
    fails(() => parse(`x=é&access_token=${"é".repeat(100_000)}`), "malformed_response");
  });

  it("a large address that is refused leaves nothing behind for the next call", () => {
    fails(() => parse(`access_token=${"A".repeat(1_000_000)}&token_type=x`), "duplicate_parameter");
    assert.equal(parse("access_token=B").accessToken, "B");
  });
});

describe("PlauditError", () => {
  it("is an Error with a name and a code, told apart without instanceof", () => {
    const error = new PlauditError("not_found", "nothing there", {
      status: 404,
      cause: "why",
      body: "text",
    });
    assert.ok(error instanceof Error);
    assert.equal(String(error), "PlauditError: nothing there");
    assert.equal(error.constructor.name, "PlauditError");
    assert.deepEqual(
      [error.name, error.code, error.status, error.retryable, error.cause, error.body],
      ["PlauditError", "not_found", 404, false, "why", "text"],
    );
    assert.ok(isPlauditError(error));
    assert.ok(isPlauditError({ name: "PlauditError", code: "x" }));
    for (const other of [null, undefined, 5, "x", {}, new Error("x"), { name: "PlauditError" }]) {
      assert.equal(isPlauditError(other), false);
    }
  });

  it("toJSON has what was said, without body, stack and cause", () => {
    const details = {
      status: 429,
      retryable: true,
      retryAfter: 3,
      body: "text",
      cause: new Error("c"),
    };
    assert.deepEqual(
      JSON.parse(JSON.stringify(new PlauditError("rate_limited", "slow", details))),
      {
        name: "PlauditError",
        message: "slow",
        code: "rate_limited",
        retryable: true,
        status: 429,
        retryAfter: 3,
      },
    );
  });
});

describe("init", () => {
  it("may be called at any time, any number of times", async () => {
    await Promise.all([init(), init()]);
    assert.equal(createState().length, 43);
    await init();
    assert.equal(createState().length, 43);
  });
});
