import { object } from "../arguments.js";
import { invalid } from "../errors.js";

/** The names of a type's members. */
export interface Names<T> {
  readonly names: ReadonlySet<string>;
  /** Never there: it tells one type's names from another's. */
  readonly type?: T;
}

type Words<Text extends string> = Text extends `${infer First} ${infer Rest}`
  ? First | Words<Rest>
  : Text;

/** What the compiler says of names that are not those of the type. */
type Exact<T, Text extends string> = [keyof T] extends [Words<Text>]
  ? [Words<Text>] extends [keyof T]
    ? Names<T>
    : { readonly unknown: Exclude<Words<Text>, keyof T> }
  : { readonly missing: Exclude<keyof T, Words<Text>> };

/** The names of a type's members, as words: `namesOf<Point>()("x y")`. All of them, and no other. */
export const namesOf =
  <T>() =>
  <Text extends string>(...texts: Text[]) =>
    ({ names: new Set(texts.join(" ").split(" ")) }) as unknown as Exact<T, Text>;

/** Names that somebody may have in mind, in lower case, and what they are called here. */
const MEANT: { readonly [name: string]: readonly string[] } = {
  allowlist: ["allow"],
  whitelist: ["allow"],
  routes: ["allow"],
  endpoint: ["endpoints", "baseUrl"],
  url: ["baseUrl", "endpoints", "api"],
  base: ["baseUrl", "basePath"],
  host: ["baseUrl", "origin"],
  baseurl: ["endpoints", "api"],
  apiurl: ["baseUrl", "endpoints", "api"],
  sandbox: ["baseUrl", "endpoints"],
  path: ["basePath"],
  prefix: ["basePath"],
  mount: ["basePath"],
  mountpath: ["basePath"],
  redirecturi: ["redirectPath", "grant: { redirectUri }"],
  callback: ["redirectPath", "redirectUri"],
  callbackpath: ["redirectPath"],
  callbackurl: ["redirectPath", "redirectUri"],
  key: ["apiKey"],
  clientid: ["credentials", "apiKey"],
  clientsecret: ["credentials"],
  secret: ["credentials", "clientSecret", "secrets", "privateToken"],
  apisecret: ["credentials", "clientSecret"],
  encryptionkey: ["key"],
  encryption: ["key"],
  password: ["key"],
  passphrase: ["key"],
  store: ["tokenStore", "replay"],
  sessionstore: ["sessions"],
  cookie: ["session"],
  cookies: ["session"],
  token: ["tokens"],
  tokenmanager: ["tokens"],
  log: ["onLog"],
  logger: ["onLog"],
  logging: ["onLog"],
  ratelimit: ["limits", "perClient"],
  ttl: ["fresh", "idle", "rememberMs"],
  maxage: ["fresh", "idle", "toleranceMs"],
  lifetime: ["longest", "fresh"],
  max: ["entries"],
  maxentries: ["entries"],
  maxsize: ["bytes", "entries"],
  size: ["bytes", "entries"],
  retries: ["retry"],
  maxretries: ["retry"],
  proxies: ["trustedHops"],
  hops: ["trustedHops"],
  trustproxy: ["forwarded", "trustedHops"],
  allowedorigins: ["cors", "origins"],
  handler: ["onEvent"],
  callbackuri: ["redirectUri"],
  authkey: ["authenticationKey"],
  order: ["ref"],
  orderid: ["ref"],
  sku: ["skus"],
};

/** Letters and digits alone, in lower case: so that `api_key` is `apiKey`. */
const plain = (name: string) => name.toLowerCase().replace(/[^a-z0-9]/g, "");

/** A name as a message shows it: short, and without what is not to be seen. */
export const shown = (name: string) => name.slice(0, 60).replace(/[^\x20-\x7e]/g, "?");

/** How many letters have to be changed, left out, put in, or exchanged with their neighbour. */
function distance(a: string, b: string): number {
  let before: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, at) => at);
  for (let row = 1; row <= a.length; row += 1) {
    const next = [row];
    for (let at = 1; at <= b.length; at += 1) {
      const isSame = a[row - 1] === b[at - 1];
      let best = Math.min(
        (last[at] as number) + 1,
        (next[at - 1] as number) + 1,
        (last[at - 1] as number) + (isSame ? 0 : 1),
      );
      const isTurned = row > 1 && at > 1 && a[row - 1] === b[at - 2] && a[row - 2] === b[at - 1];
      if (isTurned) best = Math.min(best, (before[at - 2] as number) + 1);
      next.push(best);
    }
    [before, last] = [last, next];
  }
  return last[b.length] as number;
}

/** The names that are most like one, the nearest first, three at most; none where none is. */
export function nearest(name: string, names: readonly string[]): string[] {
  const own = plain(name).slice(0, 60);
  if (!own) return [];
  const most = Math.max(1, Math.floor(own.length / 3));
  const far = (other: string) => {
    const known = plain(other);
    const steps = distance(own, known);
    // One in the other ("timeoutMs", "user") is near enough, however long the rest.
    const isPart = Math.min(own.length, known.length) > 2;
    return isPart && (own.includes(known) || known.includes(own)) ? Math.min(steps, most) : steps;
  };
  return names
    .map((other) => ({ other, steps: far(other) }))
    .filter(({ other, steps }) => steps <= most && steps < plain(other).length)
    .sort((one, two) => one.steps - two.steps)
    .slice(0, 3)
    .map(({ other }) => other);
}

function meantBy(name: string, names: readonly string[]): string | undefined {
  const own = plain(name);
  const same = names.find((other) => plain(other) === own);
  const known = Object.hasOwn(MEANT, own) ? MEANT[own] : undefined;
  return (
    same ??
    known?.find((other) => names.includes(other.split(":", 1)[0] as string)) ??
    nearest(name, names)[0]
  );
}

/**
 * `given`, if it is an object with no member but those of `names`. What is misspelled would else be
 * left out in silence, and what it was to narrow stay open. `way` is where it stands, `""` for
 * the options themselves.
 *
 * @throws PlauditError with code `invalid_argument`, naming the member and what was probably meant.
 */
export function strict<T extends object>(given: T, way: string, { names }: Names<T>): T {
  object(given, way || "options");
  for (const name of Object.keys(given)) {
    if (names.has(name)) continue;
    const meant = meantBy(name, [...names]);
    const hint = meant ? `; did you mean ${meant}?` : "";
    throw invalid(`${way && `${way}.`}${shown(name)}: is no option${hint}`);
  }
  return given;
}

/** `given`, if it is an array. */
export function list<T>(given: readonly T[], name: string): readonly T[] {
  if (!Array.isArray(given)) throw invalid(`${name}: must be a list`);
  return given;
}

/** What the keys of the sandbox begin with. */
const DEMO = /^plaudit-demo(?:-|$)/;

/** Refuses the sandbox's key or secret where nothing says that it goes to the sandbox. */
export function refuseDemo(
  { id, secret }: { readonly id: string; readonly secret: string },
  isElsewhere: boolean,
  name: string,
  how: string,
): void {
  if (isElsewhere || !(DEMO.test(id) || DEMO.test(secret))) return;
  throw invalid(`${name}: is the sandbox's, and would go to the platform: ${how}`);
}
