// Widgets that the demo's server writes, with what they show in them, as a shop's server or build would.
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const DOMAIN = "books.example";
const PROXY = "/api/trustpilot";
const SHEET = "/plaudit/elements.css";
const LOCALE = /^[a-z]{2}$/;
/** As many as the element shows at first. */
const AT_A_TIME = 6;
const layoutOf = (asked) => ["grid", "carousel"].find((it) => it === asked.get("layout")) ?? "list";

/**
 * Gives the markup that `path` asks for, such as `/rendered/plaudit-rating?locale=de`; undefined where
 * there is none.
 *
 * @param {object} options
 * @param {string} options.dist folder of the built package
 * @param {string} options.sandbox base address of the sandbox
 */
export async function demoRenderer({ dist, sandbox }) {
  const load = (name) => import(pathToFileURL(join(dist, name)).href);
  const [{ createClient }, { renderToString }] = await Promise.all(
    ["index.js", "server.js"].map(load),
  );
  const client = createClient({
    provider: "trustpilot",
    apiKey: "plaudit-demo-key",
    baseUrl: `${sandbox}/v1`,
  });
  return async (path) => {
    const { pathname, searchParams } = new URL(path, "http://demo");
    const tag = /^\/rendered\/(plaudit-(?:rating|badge|histogram|reviews))$/.exec(pathname)?.[1];
    if (!tag) return undefined;
    const unit = await client.businessUnits.find(DOMAIN);
    const rating = client.toRating(unit);
    const page = { perPage: AT_A_TIME };
    const reviews =
      tag === "plaudit-reviews" &&
      (await client.businessUnits.reviews(unit.id, page)).reviews?.map(client.toReview);
    const locale = searchParams.get("locale") ?? "";
    const attributes = {
      domain: DOMAIN,
      proxy: PROXY,
      locale: LOCALE.test(locale) ? locale : "en",
      dir: searchParams.get("dir") === "rtl" ? "rtl" : undefined,
      ...(reviews && { layout: layoutOf(searchParams) }),
    };
    return renderToString(tag, {
      attributes,
      rating,
      stylesheet: SHEET,
      ...(reviews && { reviews, next: 2 }),
    });
  };
}
