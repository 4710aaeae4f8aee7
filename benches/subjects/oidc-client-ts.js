import {
  InMemoryWebStorage,
  OidcClient,
  SigninResponse,
  WebStorageStateStore,
} from "oidc-client-ts";
import { clientId, endpoint, redirectUri } from "../job.js";

export async function authorize() {
  const client = new OidcClient({
    authority: new URL(endpoint).origin,
    metadata: { issuer: new URL(endpoint).origin, authorization_endpoint: endpoint },
    client_id: clientId,
    redirect_uri: redirectUri,
    // The others hash nothing either.
    disablePKCE: true,
    stateStore: new WebStorageStateStore({ store: new InMemoryWebStorage() }),
  });
  return (await client.createSigninRequest({})).url;
}

// What OidcClient.readSigninResponseState does, without its log, its state store and its promise.
export function readCode(href, state) {
  const { search } = new URL(href, "http://127.0.0.1");
  const response = new SigninResponse(new URLSearchParams(search.slice(1)));
  if (response.error || response.state !== state) throw new Error("not what was sent");
  return response.code;
}
