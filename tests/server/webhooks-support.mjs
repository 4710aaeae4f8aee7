// Deliveries as Trustoo's webhooks are thought to be.
import { bytes, hexOf, hmacSha256, NOW } from "../kit.mjs";

export const SECRET = "trustoo-private-token";
export const PUBLIC = "7ygMzD/8/cpvR8DN8rquVQ==";
export const BODY = '{"list":[{"id":123,"my_shopify_domain":"example.myshopify.com"}]}';

export const hmac = async (key, message) => hexOf(await hmacSha256(key, message));

/** Headers and body of a delivery as Trustoo's are thought to be signed. */
export async function make({ body = BODY, key = SECRET, at = NOW, id = "r-1", headers } = {}) {
  const sent = bytes(body);
  const timestamp = String(Math.floor(at / 1000));
  const sign = await hmac(key, bytes(`timestamp=${timestamp}|`, sent));
  return {
    headers: {
      "content-type": "application/json",
      "Open-Trustoo-Webhook-Public-token": PUBLIC,
      "Open-Trustoo-Webhook-Timestamp": timestamp,
      "Open-Trustoo-Webhook-Sign": sign,
      "Open-Trustoo-Webhook-RequestId": id,
      ...headers,
    },
    body: sent,
  };
}

export const toRequest = ({ headers, body }, init) =>
  new Request("https://shop.example/webhooks", {
    ...{ method: "POST", headers, body, duplex: "half" },
    ...init,
  });
