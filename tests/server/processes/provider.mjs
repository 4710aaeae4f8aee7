// A platform on loopback that counts: the sandbox's token endpoints, each refresh token good once,
// and an API that knows which access tokens are alive. Requests can be held at named points.
import { once } from "node:events";
import { createServer } from "node:http";
import { createSandbox } from "plaudit/sandbox";

export const CLIENT = { clientId: "plaudit-demo-key", clientSecret: "plaudit-demo-secret" };
const REDIRECT = "https://localhost/back";

/** Milliseconds by a clock that all processes of the machine share. */
export const machineNow = () => Number(process.hrtime.bigint() / 1000n) / 1000;

/**
 * `config` is the sandbox's. `refreshes` has each refresh that arrived: who sent it (the header
 * `x-process`), whether it rotated, whether its token had been used up before, and when.
 */
export async function startProvider({ config = {} } = {}) {
  const sandbox = createSandbox({ clock: "running", config });
  const refreshes = [];
  const api = { calls: 0, refused: 0, late: [] };
  /** Access tokens: when the refresh that ended it arrived; Infinity while it is alive. */
  const access = new Map();
  const used = new Set();
  const hooks = { arrived: async () => {}, answering: async () => {}, api: async () => {} };

  async function answer(request, body, who) {
    const path = new URL(request.url).pathname;
    if (!/\/(accesstoken|refresh|revoke|token)$/.test(path)) {
      api.calls++;
      await hooks.api(who);
      const token = request.headers.get("authorization")?.replace("Bearer ", "");
      const ended = access.get(token) ?? 0;
      if (ended === Number.POSITIVE_INFINITY) return Response.json({ ok: true });
      api.refused++;
      // by the time the token was handed out: in flight, or a mistake
      const handedOut = Number(request.headers.get("x-handed-out"));
      if (handedOut > ended) api.late.push({ who, by: handedOut - ended });
      return new Response(null, { status: 401 });
    }
    const form = new URLSearchParams(body);
    const token = form.get("refresh_token");
    const isRefresh = form.get("grant_type") === "refresh_token";
    const refresh = { who, at: machineNow(), token, rotated: false, wasUsed: used.has(token) };
    if (isRefresh) {
      refreshes.push(refresh);
      // a hook that says "drop" stands for a line that was cut before the platform read anything
      if ((await hooks.arrived(refresh)) === "drop") return "drop";
      refresh.processedAt = machineNow();
    }
    const response = await sandbox.fetch(request);
    const tokens = await response
      .clone()
      .json()
      .catch(() => ({}));
    if (tokens.access_token) {
      for (const [old, ended] of access) {
        if (ended === Number.POSITIVE_INFINITY) access.set(old, refresh.at);
      }
      access.set(tokens.access_token, Number.POSITIVE_INFINITY);
      used.add(token);
      refresh.rotated = true;
      refresh.next = tokens.refresh_token;
    }
    refresh.status = response.status;
    if (isRefresh && (await hooks.answering(refresh)) === "drop") return "drop";
    return response;
  }

  const server = createServer((incoming, outgoing) => {
    const chunks = [];
    incoming.on("data", (chunk) => chunks.push(chunk));
    incoming.on("end", async () => {
      const body = Buffer.concat(chunks);
      const headers = new Headers(
        Object.entries(incoming.headers).filter(([, value]) => typeof value === "string"),
      );
      const hasBody = !["GET", "HEAD"].includes(incoming.method);
      const request = new Request(`https://sandbox.test${incoming.url}`, {
        method: incoming.method,
        headers,
        ...(hasBody && { body }),
      });
      const response = await answer(request, body.toString(), headers.get("x-process"));
      if (response === "drop") {
        incoming.socket.destroy();
        return;
      }
      outgoing.writeHead(response.status, Object.fromEntries(response.headers));
      outgoing.end(Buffer.from(await response.arrayBuffer()));
    });
  });
  server.keepAliveTimeout = 60_000;
  server.listen(0, "127.0.0.1");
  await once(server, "listening");

  return {
    base: `http://127.0.0.1:${server.address().port}/v1`,
    sandbox,
    refreshes,
    api,
    hooks,
    /** How often the platform made a new pair of a refresh token. */
    rotations: () => refreshes.filter(({ rotated }) => rotated).length,
    /** Refreshes with a refresh token that was used up. */
    dead: () => refreshes.filter(({ wasUsed }) => wasUsed),
    /** A code, as a user's sign-in brings it. */
    async code() {
      const body = new URLSearchParams({
        client_id: CLIENT.clientId,
        redirect_uri: REDIRECT,
        response_type: "code",
        state: "s",
        email: "demo@example.com",
        password: "plaudit",
        decision: "allow",
      });
      const init = { method: "POST", body, redirect: "manual" };
      const signedIn = await sandbox.fetch("https://authenticate.trustpilot.com", init);
      return new URL(signedIn.headers.get("location")).searchParams.get("code");
    },
    async end() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

/** The options of a manager that asks this provider. */
export const managerOptions = (base, times) => ({
  provider: "trustpilot",
  credentials: CLIENT,
  grant: { type: "authorization_code", redirectUri: REDIRECT },
  baseUrl: base,
  ...times,
});
