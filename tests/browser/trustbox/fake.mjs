// The origin that the official widget comes from, on this machine: script, frames, data, statistics,
// and the ways in which they fail.

import { createServer } from "node:http";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { bootstrap, SCRIPT, standInFile } from "../../../tools/trustbox/stand-in.mjs";

const dist = fileURLToPath(new URL("../../../dist/trustbox-pure.js", import.meta.url));
/** What pages of tests load beside the widget: applications, and a copy of this package. */
const bundles = {
  "/react.js": { entryPoints: [fileURLToPath(new URL("react.js", import.meta.url))] },
  "/vue.js": { entryPoints: [fileURLToPath(new URL("vue.js", import.meta.url))] },
  "/copy.js": {
    stdin: {
      contents: `import * as copy from ${JSON.stringify(dist)}; window.copy = copy;`,
      resolveDir: dirname(dist),
    },
  },
};

/** Made at its first use. */
async function bundleOf(path) {
  bundles[path].made ??= import("esbuild").then(({ build }) => {
    const { made, ...entry } = bundles[path];
    const define = {
      "process.env.NODE_ENV": '"development"',
      __VUE_OPTIONS_API__: "true",
      __VUE_PROD_DEVTOOLS__: "false",
      __VUE_PROD_HYDRATION_MISMATCH_DETAILS__: "false",
    };
    return build({ ...entry, bundle: true, write: false, format: "iife", define });
  });
  return (await bundles[path].made).outputFiles[0].text;
}

/**
 * `{ url, script, requests, fault, close }`. `fault`: "404", "cut" (the connection ends), "hang" (never
 * answered before `release()`), "empty" (a script that does nothing), "stub" (`window.Trustpilot`
 * without what it should have), "mute" (frames say nothing), "dead" (frames hang).
 */
export async function startFake() {
  const held = new Set();
  const fake = { requests: [], fault: null };
  const send = (response, type, body, status = 200) => {
    response.writeHead(status, {
      "content-type": `${type}; charset=utf-8`,
      "cache-control": "no-store",
      "access-control-allow-origin": "*",
    });
    response.end(body);
  };
  const answer = (path, response) => {
    if (path in bundles) {
      return bundleOf(path).then((text) => send(response, "text/javascript", text));
    }
    if (path.startsWith("/bootstrap/")) {
      if (fake.fault === "404") return send(response, "text/plain", "gone", 404);
      if (fake.fault === "cut") return response.destroy();
      if (fake.fault === "hang") return held.add(() => answer(path, response));
      const body = { empty: "", stub: "window.Trustpilot = {};" }[fake.fault] ?? bootstrap;
      return send(response, "text/javascript", body);
    }
    if (path.startsWith("/trustboxes/")) {
      if (fake.fault === "dead") return held.add(() => response.end());
    }
    const file = standInFile(path);
    if (file) {
      const isMute = fake.fault === "mute" && path === "/frame.js";
      return send(response, file.type, isMute ? `window.isMute = true;\n${file.body}` : file.body);
    }
    if (path.startsWith("/data/jsonld/")) {
      return send(response, "application/json", '{"@type":"Organization","name":"Theirs"}');
    }
    return send(response, "text/plain", "");
  };
  const server = createServer((request, response) => {
    fake.requests.push(request.url);
    answer(request.url.split("?", 1)[0], response);
  });
  await new Promise((done) => {
    server.listen(0, "127.0.0.1", done);
  });
  fake.url = `http://127.0.0.1:${server.address().port}`;
  fake.script = fake.url + SCRIPT;
  /** How often something was asked for. */
  fake.count = (prefix) => fake.requests.filter((url) => url.startsWith(prefix)).length;
  fake.release = () => {
    fake.fault = null;
    for (const go of held) go();
    held.clear();
  };
  fake.close = () =>
    new Promise((done) => {
      server.close(done);
      server.closeAllConnections();
    });
  return fake;
}
