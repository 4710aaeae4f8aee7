// The broker of the demo: what a site's own server would have, led to the sandbox, and counted.
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const CREDENTIALS = { clientId: "plaudit-demo-key", clientSecret: "plaudit-demo-secret" };
/** The one read whose calls are shown. */
const COUNTED = "businessUnits.find";

/**
 * Brokers below `/broker`, one for each address that the page may be opened at: an origin is told to
 * a broker, and never read from a request.
 *
 * @param {object} options
 * @param {string} options.dist folder of the built package
 * @param {string} options.sandbox base address of the sandbox
 * @param {string[]} options.hosts such as `127.0.0.1:3000`
 */
export async function demoBroker({ dist, sandbox, hosts }) {
  const { createBroker, nodeHandler } = await import(pathToFileURL(join(dist, "server.js")).href);
  const counts = { views: 0, calls: 0 };
  const onLog = ({ event, route, status }) => {
    if (route !== COUNTED) return;
    if (event === "upstream") counts.calls += 1;
    if (event === "request" && status < 400) counts.views += 1;
  };
  const brokers = hosts.map((host) =>
    createBroker({
      provider: "trustpilot",
      origin: `http://${host}`,
      basePath: "/broker",
      credentials: CREDENTIALS,
      errorPath: "/server.html",
      allow: [COUNTED, "businessUnits.reviews", "businessUnits.privateReviews"],
      endpoints: { api: `${sandbox}/v1`, authorize: `${sandbox}/authenticate` },
      onLog,
    }),
  );
  const handlers = new Map(brokers.map((broker, at) => [hosts[at], nodeHandler(broker)]));
  return {
    /** What pages saw, and what the platform was asked for it. */
    counts: () => ({ ...counts }),
    /** The handler for a `Host`; undefined for an address that is not the page's. */
    handlerFor: (host = "") => handlers.get(host.toLowerCase()),
    close: () => Promise.all(brokers.map((broker) => broker.close())),
  };
}
