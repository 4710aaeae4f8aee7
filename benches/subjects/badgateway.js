import { generateCodeVerifier, OAuth2Client } from "@badgateway/oauth2-client";
import { clientId, endpoint, redirectUri } from "../job.js";

const client = new OAuth2Client({ clientId, authorizationEndpoint: endpoint });

export async function authorize() {
  // 32 random bytes in base64url: it has nothing of its own for a state.
  const state = await generateCodeVerifier();
  return client.authorizationCode.getAuthorizeUri({ redirectUri, state });
}

export function readCode(href, state) {
  return client.authorizationCode.validateResponse(href, { state }).code;
}
