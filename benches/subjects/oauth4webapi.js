import { generateRandomState, validateAuthResponse } from "oauth4webapi";
import { clientId, endpoint, redirectUri } from "../job.js";

const server = { issuer: new URL(endpoint).origin, authorization_endpoint: endpoint };
const client = { client_id: clientId };

// It has no function for this: so its examples do it.
export function authorize() {
  const url = new URL(server.authorization_endpoint);
  url.searchParams.set("client_id", client.client_id);
  url.searchParams.set("redirect_uri", redirectUri);
  url.searchParams.set("response_type", "code");
  url.searchParams.set("state", generateRandomState());
  return url.href;
}

export function readCode(href, state) {
  return validateAuthResponse(server, client, new URL(href), state).get("code");
}
