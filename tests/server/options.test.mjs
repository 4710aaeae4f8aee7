// Options that do not exist are refused, and what was probably meant is named.
import {
  businessLink,
  createBroker,
  createPartner,
  createServerClient,
  createTokenManager,
  createTrustoo,
  fileStore,
  memoryKeyValue,
  memoryStore,
  nodeHandler,
  recordStore,
  redisKeyValue,
  redisStore,
  verifyWebhook,
  webhookHandler,
} from "plaudit/server";
import { assert, base64Of, describe, it } from "../kit.mjs";

const credentials = { clientId: "an-application", clientSecret: "its-secret" };
const tokens = { token: async () => "t", refused() {}, fetch: async () => new Response() };
const redis = { eval: async () => null };
const record = { load: () => null, compareAndSwap: () => true };
const key = base64Of(new Uint8Array(32).fill(7));

/** Each takes options on top of what it needs; the error is thrown, or what it rejects with. */
const makers = {
  createBroker: (more) =>
    createBroker({ provider: "trustpilot", origin: "https://shop.example", credentials, ...more }),
  createTokenManager: (more) =>
    createTokenManager({
      ...{ provider: "trustpilot", credentials, grant: { type: "client_credentials" } },
      ...more,
    }),
  createServerClient: (more) => createServerClient({ provider: "trustpilot", tokens, ...more }),
  createPartner: (more) => createPartner({ partnerId: "p", apiKey: "k", credentials, ...more }),
  createTrustoo: (more) => createTrustoo({ tokens, ...more }),
  webhookHandler: (more) =>
    webhookHandler({ provider: "trustoo", secrets: "s", onEvent() {}, ...more }),
  verifyWebhook: (more) =>
    verifyWebhook(
      { headers: [], body: new Uint8Array() },
      { provider: "trustoo", secrets: "s", ...more },
    ),
  memoryStore,
  memoryKeyValue,
  redisStore: (more) => redisStore(redis, more),
  redisKeyValue: (more) => redisKeyValue(redis, more),
  fileStore: (more) => fileStore("never-written.json", more),
  recordStore: (more) => recordStore({ ...record, ...more }),
  businessLink: (more) =>
    businessLink(
      { domain: "example.com", ref: "1", ...more },
      { encryptionKey: key, authenticationKey: key },
    ),
};

async function errorOf(run) {
  try {
    await run();
  } catch (error) {
    return error;
  }
  return assert.fail("it was taken");
}

const WRONG = [
  // misspelled
  [
    "createBroker",
    { allowed: ["businessUnits.find"] },
    "allowed: is no option; did you mean allow?",
  ],
  ["createBroker", { basepath: "/x" }, "basepath: is no option; did you mean basePath?"],
  ["createBroker", { base_path: "/x" }, "base_path: is no option; did you mean basePath?"],
  ["createBroker", { credentails: {} }, "credentails: is no option; did you mean credentials?"],
  ["createBroker", { retrunTo: [] }, "retrunTo: is no option; did you mean returnTo?"],
  // called otherwise elsewhere
  ["createBroker", { routes: [] }, "routes: is no option; did you mean allow?"],
  ["createBroker", { mount: "/x" }, "mount: is no option; did you mean basePath?"],
  [
    "createBroker",
    { baseUrl: "https://a.example" },
    "baseUrl: is no option; did you mean endpoints?",
  ],
  ["createBroker", { clientId: "x" }, "clientId: is no option; did you mean credentials?"],
  ["createBroker", { store: {} }, "store: is no option; did you mean tokenStore?"],
  ["createBroker", { redirectUri: "x" }, "redirectUri: is no option; did you mean redirectPath?"],
  ["createBroker", { logger() {} }, "logger: is no option; did you mean onLog?"],
  ["createBroker", { ttl: 5 }, "ttl: is no option"],
  ["createBroker", { quux: undefined }, "quux: is no option"],
  // within
  [
    "createBroker",
    { limits: { perclient: 5 } },
    "limits.perclient: is no option; did you mean perClient?",
  ],
  [
    "createBroker",
    { limits: { upstreams: 5 } },
    "limits.upstreams: is no option; did you mean upstream?",
  ],
  ["createBroker", { session: { idel: 5 } }, "session.idel: is no option; did you mean idle?"],
  ["createBroker", { session: { ttl: 5 } }, "session.ttl: is no option; did you mean idle?"],
  ["createBroker", { session: { domain: "a.example" } }, "session.domain: is no option"],
  ["createBroker", { cache: { ttl: 5 } }, "cache.ttl: is no option; did you mean fresh?"],
  [
    "createBroker",
    { cache: { maxEntries: 5 } },
    "cache.maxEntries: is no option; did you mean entries?",
  ],
  ["createBroker", { cache: { get() {}, set() {} } }, "cache.add: must be a function"],
  [
    "createBroker",
    { endpoints: { baseUrl: "x" } },
    "endpoints.baseUrl: is no option; did you mean api?",
  ],
  ["createBroker", { endpoints: "https://a.example" }, "endpoints: must be an object"],
  [
    "createBroker",
    { endpoints: { token: "/token" } },
    /^endpoints\.token: must be a whole address/,
  ],
  ["createBroker", { cors: { origin: [] } }, "cors.origin: is no option; did you mean origins?"],
  ["createBroker", { cors: { origins: "https://a.example" } }, "cors.origins: must be a list"],
  ["createBroker", { returnTo: "https://a.example/" }, "returnTo: must be a list"],
  [
    "createBroker",
    { forwarded: { header: "x-forwarded-for", hops: 1 } },
    "forwarded.hops: is no option; did you mean trustedHops?",
  ],
  [
    "createBroker",
    { credentials: { ...credentials, secret: "x" } },
    "credentials.secret: is no option; did you mean clientSecret?",
  ],
  ["createBroker", { allow: [{ nmae: "x" }] }, "allow.nmae: is no option; did you mean name?"],
  ["createBroker", { pkce: "S256" }, "pkce: must be true or false"],
  ["createTokenManager", { base_url: "x" }, "base_url: is no option; did you mean baseUrl?"],
  [
    "createTokenManager",
    { redirectUri: "https://a.example" },
    "redirectUri: is no option; did you mean grant: { redirectUri }?",
  ],
  ["createTokenManager", { timeoutMs: 5 }, "timeoutMs: is no option; did you mean timeout?"],
  [
    "createTokenManager",
    { clientSecret: "x" },
    "clientSecret: is no option; did you mean credentials?",
  ],
  [
    "createTokenManager",
    { credentials: { ...credentials, sendin: "body" } },
    "credentials.sendin: is no option; did you mean sendIn?",
  ],
  [
    "createTokenManager",
    { endpoints: { tokens: "https://a.example" } },
    "endpoints.tokens: is no option; did you mean token?",
  ],
  [
    "createTokenManager",
    { grant: { type: "authorization_code", redirectURI: "https://a.example" } },
    "grant.redirectURI: is no option; did you mean redirectUri?",
  ],
  [
    "createTokenManager",
    { grant: { type: "refresh_token", refreshToken: "x", redirectUri: "x" } },
    "grant.redirectUri: is no option",
  ],
  [
    "createTokenManager",
    { grant: { type: "password", username: "x", password: "x", user: "x" } },
    "grant.user: is no option; did you mean username?",
  ],
  [
    "createTokenManager",
    { grant: { type: "client_credentials", scope: "x" } },
    "grant.scope: is no option",
  ],
  ["createServerClient", { token: "x" }, "token: is no option; did you mean tokens?"],
  ["createServerClient", { retries: 5 }, "retries: is no option; did you mean retry?"],
  [
    "createServerClient",
    { business_user_id: "x" },
    "business_user_id: is no option; did you mean businessUserId?",
  ],
  [
    "createPartner",
    { partnerIDHeader: "x" },
    "partnerIDHeader: is no option; did you mean partnerIdHeader?",
  ],
  [
    "createPartner",
    { tokens, credentials: { ...credentials, apiSecret: "x" } },
    "credentials.apiSecret: is no option; did you mean clientSecret?",
  ],
  ["createTrustoo", { baseURL: "x" }, "baseURL: is no option; did you mean baseUrl?"],
  ["createTrustoo", { cache: false }, "cache: is no option"],
  [
    "createTrustoo",
    { hmac: { publicToken: "x", secret: "x" } },
    "hmac.secret: is no option; did you mean privateToken?",
  ],
  [
    "createTrustoo",
    { credentials: { ...credentials, client_secret: "x" } },
    "credentials.client_secret: is no option; did you mean clientSecret?",
  ],
  ["webhookHandler", { secret: "x" }, "secret: is no option; did you mean secrets?"],
  ["webhookHandler", { handler() {} }, "handler: is no option; did you mean onEvent?"],
  ["webhookHandler", { tolerance: 5 }, "tolerance: is no option; did you mean toleranceMs?"],
  [
    "webhookHandler",
    { provider: undefined, profile: { id: "x", header: "x" } },
    "profile.header: is no option; did you mean signatureHeader?",
  ],
  ["verifyWebhook", { onEvent() {} }, "onEvent: is no option"],
  ["verifyWebhook", { store: {} }, "store: is no option; did you mean replay?"],
  ["memoryStore", { max: 5 }, "max: is no option; did you mean entries?"],
  ["memoryKeyValue", { entires: 5 }, "entires: is no option; did you mean entries?"],
  ["redisStore", { encryptionKey: key }, "encryptionKey: is no option; did you mean key?"],
  ["redisStore", { keyPrefix: "x:" }, "keyPrefix: is no option; did you mean prefix?"],
  ["redisKeyValue", { keyPrefix: "x:" }, "keyPrefix: is no option; did you mean prefix?"],
  ["fileStore", { encryptionKey: key }, "encryptionKey: is no option; did you mean key?"],
  ["fileStore", { lock_timeout: 5 }, "lock_timeout: is no option; did you mean lockTimeout?"],
  ["recordStore", { encryptionKey: key }, "encryptionKey: is no option; did you mean key?"],
  ["businessLink", { sku: "x" }, "sku: is no option; did you mean skus?"],
  ["businessLink", { orderId: "x" }, "orderId: is no option; did you mean ref?"],
  // what a message shows of a name is short and can be seen
  ["createBroker", { [`x\n${"y".repeat(90)}`]: 1 }, `x?${"y".repeat(58)}: is no option`],
  ["createBroker", { __proto__: null, constructor: 1 }, "constructor: is no option"],
];

describe("options that do not exist are refused", () => {
  for (const [maker, more, message] of WRONG) {
    it(`${maker}: ${message}`, async () => {
      const error = await errorOf(() => makers[maker](more));
      assert.equal(error.code, "invalid_argument", String(error.stack));
      if (typeof message === "string") assert.equal(error.message, message);
      else assert.match(error.message, message);
    });
  }

  it("none of what exists is", async () => {
    for (const [name, make] of Object.entries(makers)) {
      if (name === "verifyWebhook") continue;
      await make({});
    }
    const error = await errorOf(() => makers.verifyWebhook({}));
    assert.notEqual(error.code, "invalid_argument");
  });

  it("a key of a link, a code's, a customer's, an onboarding's", async () => {
    const link = { domain: "example.com", ref: "1" };
    const keys = { encryptionKey: key, authKey: key };
    const manager = makers.createTokenManager({
      grant: { type: "authorization_code", redirectUri: "https://a.example/back" },
    });
    const partner = makers.createPartner({});
    const trustoo = makers.createTrustoo({ credentials });
    const back = { redirectUri: "https://a.example/back", state: "s" };
    for (const [run, message] of [
      [
        () => businessLink(link, keys),
        /^keys\.authKey: is no option; did you mean authenticationKey/,
      ],
      [() => manager.exchange({ code: "c", verifier: "v" }), /^verifier: .* mean codeVerifier\?$/],
      [
        () => partner.customerAuthorization({ ...back, subjekt: "x" }),
        /^subjekt: .* mean subject\?$/,
      ],
      [() => partner.onboard("example.com", { onstep() {} }), /^onstep: .* mean onStep\?$/],
      [() => trustoo.authorizeUrl({ ...back, scopes: ["x"] }), /^scopes: .* mean scope\?$/],
    ]) {
      const error = await errorOf(run);
      assert.equal(error.code, "invalid_argument");
      assert.match(error.message, message);
    }
    await manager.close();
  });

  it("an instance of a class may have members of its own", () => {
    class Table {
      rows = new Map();
      load(name) {
        return this.rows.get(name);
      }
      compareAndSwap() {
        return true;
      }
    }
    recordStore(new Table());
  });
});

describe("what is allowed is named rightly", () => {
  const allow = (...names) => makers.createBroker({ allow: names });
  for (const [name, hint] of [
    ["businessUnits.findd", "businessUnits.find"],
    ["businessUnits.Find", "businessUnits.find"],
    ["/business-units/find", "businessUnits.find"],
    ["business_units.find", "businessUnits.find"],
    ["businessUnit.reviews", "businessUnits.reviews"],
  ]) {
    it(`${name}: ${hint}`, async () => {
      const { code, message } = await errorOf(() => allow("businessUnits.find", name));
      assert.equal(code, "invalid_argument");
      const start = `allow: "${name}" is no request of this platform; did you mean ${hint}`;
      assert.equal(message.slice(0, start.length), start);
    });
  }

  it("a name that is like none has no hint", async () => {
    const { message } = await errorOf(() => allow("zzzz"));
    assert.equal(message, 'allow: "zzzz" is no request of this platform');
  });

  it("a word that stands in names is told with them", async () => {
    const { message } = await errorOf(() => allow("reply"));
    assert.match(message, /did you mean .*reviews\.reply/);
  });

  it("a parameter that there is not is told with those that there are", async () => {
    const { message } = await errorOf(() =>
      allow({ name: "businessUnits.find", only: { name: [] } }),
    );
    assert.equal(message, "allow.only: businessUnits.find has no parameter name; it has domain");
  });
});

describe("the sandbox's credentials do not go to the platform", () => {
  const demo = { clientId: "plaudit-demo-key", clientSecret: "plaudit-demo-secret" };
  const api = "http://127.0.0.1:1/v1";
  const fetch = async () => new Response();
  for (const [maker, more, message] of [
    [
      "createBroker",
      { credentials: demo },
      /^credentials: is the sandbox's, .*endpoints: \{ api \}/,
    ],
    [
      "createBroker",
      { credentials: undefined, apiKey: "plaudit-demo-key" },
      /^apiKey: is the sandbox's/,
    ],
    ["createBroker", { credentials: demo, endpoints: { authorize: api } }, /^credentials: /],
    [
      "createBroker",
      { credentials: demo, endpoints: { api: "https://api.trustpilot.com/v1" } },
      /^credentials: /,
    ],
    ["createTokenManager", { credentials: demo }, /^credentials: is the sandbox's, .*baseUrl/],
    [
      "createTokenManager",
      { credentials: { clientId: "an-application", clientSecret: "plaudit-demo-secret" } },
      /^credentials: /,
    ],
    [
      "createTokenManager",
      { credentials: demo, baseUrl: "https://api.trustpilot.com/v1" },
      /^credentials: /,
    ],
    ["createPartner", { credentials: demo }, /^credentials: /],
    ["createTrustoo", { credentials: demo }, /^credentials: /],
  ]) {
    it(`${maker} ${JSON.stringify(more)}`, async () => {
      const error = await errorOf(() => makers[maker](more));
      assert.equal(error.code, "invalid_argument");
      assert.match(error.message, message);
      assert.doesNotMatch(error.message, /demo-secret/);
    });
  }

  it("and go to the sandbox as before", () => {
    makers.createBroker({ credentials: demo, endpoints: { api } });
    makers.createTokenManager({ credentials: demo, baseUrl: api });
    makers.createTokenManager({ credentials: demo, endpoints: { token: `${api}/token` } });
    makers.createTokenManager({ credentials: demo, fetch });
    makers.createPartner({ credentials: demo, fetch });
    makers.createTrustoo({ credentials: demo, baseUrl: api });
  });
});

describe("what is given to the broker by mistake", () => {
  const broker = makers.createBroker({});

  for (const [what, value] of [
    ["an address", "https://shop.example/api/business-units/find?name=example.com"],
    ["a URL", new URL("https://shop.example/")],
    ["nothing", undefined],
    ["node:http's request", { method: "GET", url: "/", headers: {} }],
  ]) {
    it(`${what} is told from a Request`, async () => {
      const error = await errorOf(() => broker.fetch(value));
      assert.equal(error.code, "invalid_argument");
      assert.match(error.message, /^request: must be a Request .*nodeHandler/);
    });
  }

  it("a worker's context is called as its own", async () => {
    const context = {
      work: [],
      waitUntil(work) {
        this.work.push(work);
      },
    };
    const answering = makers.createBroker({
      fetch: async () => Response.json({ id: "46d6a890000064000500e0c3" }),
    });
    const address = "https://shop.example/api/business-units/find?name=example.com";
    const { status } = await answering.fetch(new Request(address), context);
    assert.deepEqual([status, context.work.length], [200, 1]);
    nodeHandler(answering);
  });

  it("what the token managers refuse is told at once", async () => {
    for (const [more, message] of [
      [{ tokenStore: memoryKeyValue() }, /^tokenStore: must be a token store/],
      [{ metrics: { count() {} } }, /^metrics\.time: must be a function/],
      [
        { credentials: { ...credentials, sendIn: "cookie" } },
        /^credentials\.sendIn: must be "header"/,
      ],
    ]) {
      const error = await errorOf(() => makers.createBroker(more));
      assert.equal(error.code, "invalid_argument");
      assert.match(error.message, message);
    }
  });

  it("a store that is none is told from one", async () => {
    const error = await errorOf(() => makers.createBroker({ sessions: { get() {} } }));
    assert.equal(error.message, "sessions.set: must be a function");
  });
});
