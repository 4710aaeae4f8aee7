// "plaudit" is the build under test: see `alias` in run.mjs.
import { authorizeUrl, createState, parseCallback } from "plaudit";
import { clientId, endpoint, redirectUri } from "../job.js";

export function authorize() {
  const state = createState();
  return authorizeUrl({
    provider: "trustpilot",
    responseType: "code",
    clientId,
    redirectUri,
    state,
    endpoint,
  });
}

export function readCode(href, state) {
  const options = { provider: "trustpilot", responseType: "code", state, redirectUri };
  return parseCallback(href, options).code;
}

export function readToken(href, state) {
  const options = { provider: "trustpilot", responseType: "token", state, redirectUri };
  return parseCallback(href, options).accessToken;
}
