// A TCP proxy whose lines can be cut, one way or both, or stall.
import { once } from "node:events";
import { connect, createServer } from "node:net";

/**
 * `{ port, set(mode), end() }`. Modes: "pass"; "no-answers", requests go through and nothing comes
 * back; "no-requests", nothing reaches the server; "stalled", neither way, the connections stay;
 * "cut", all connections are broken and new ones too.
 */
export async function startProxy(target) {
  let mode = "pass";
  const pairs = new Set();
  const server = createServer((near) => {
    if (mode === "cut") {
      near.destroy();
      return;
    }
    const far = connect(target(), "127.0.0.1");
    const pair = [near, far];
    pairs.add(pair);
    const end = () => {
      near.destroy();
      far.destroy();
      pairs.delete(pair);
    };
    for (const socket of pair) {
      socket.setNoDelay(true);
      socket.on("error", end);
      socket.on("close", end);
    }
    // what is dropped stays lost, as on a line that was cut; only new connections are whole again
    near.on("data", (bytes) => {
      if (mode === "pass" || mode === "no-answers") far.write(bytes);
    });
    far.on("data", (bytes) => {
      if (mode === "pass" || mode === "no-requests") near.write(bytes);
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const breakAll = () => {
    for (const [near, far] of pairs) {
      near.destroy();
      far.destroy();
    }
    pairs.clear();
  };
  return {
    port: server.address().port,
    url: `redis://127.0.0.1:${server.address().port}`,
    set(next) {
      // a connection that lost bytes in the middle is of no use to anyone
      if (next === "cut" || (next === "pass" && mode !== "pass")) breakAll();
      mode = next;
    },
    async end() {
      breakAll();
      server.close();
      await once(server, "close");
    },
  };
}
