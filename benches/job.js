// The job that all do: an authorize URL with a fresh state, and a redirect read against its state.
export const clientId = "0123456789abcdefghijklmnopqrstuv";
export const endpoint = "https://authenticate.example/";
export const redirectUri = "https://shop.example/account/signed-in";

const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

// The same pseudo-random texts for everybody (xorshift32).
function generator(seed) {
  let x = seed;
  return (length) => {
    let text = "";
    while (text.length < length) {
      x ^= x << 13;
      x ^= x >>> 17;
      x ^= x << 5;
      text += letters[x & 63];
    }
    return text;
  };
}

/**
 * `count` redirects of one kind, "code" or "token": { href, state, value }. All differ, so that no
 * engine gets away with reading one of them once.
 */
export function redirects(kind, count) {
  const random = generator(20_250_101);
  const list = Array.from({ length: count }, () => {
    const [state, value] = [random(43), random(32)];
    const href =
      kind === "code"
        ? `${redirectUri}?code=${value}&state=${state}`
        : `${redirectUri}#access_token=${value}&token_type=bearer&expires_in=359999&scope=&state=${state}`;
    return { href, state, value };
  });
  // Flat strings, as an address bar gives them, not the ropes that concatenation leaves.
  return JSON.parse(JSON.stringify(list));
}

/** Whether `url` asks for what it should. */
export function isAuthorizeUrl(url) {
  const { origin, pathname, searchParams: asked } = new URL(url);
  return (
    origin + pathname === endpoint &&
    asked.get("client_id") === clientId &&
    asked.get("redirect_uri") === redirectUri &&
    asked.get("response_type") === "code" &&
    asked.get("state").length >= 22
  );
}
