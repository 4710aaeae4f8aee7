import { callable, count, object } from "./arguments.js";
import type { Answer, CallOptions, Page, Pages, WalkOptions } from "./calls.js";
import { at } from "./common.js";
import { isPlauditError, PlauditError, type PlauditErrorCode } from "./errors.js";
import type { Row } from "./generated/tables.js";

type Options = Record<string, unknown>;

const MOST_RECORDS = 100_000;
const MOST_ITEMS = 10_000;
const MOST_EMPTY = 3;
const ENDLESS = 1e9;

/** A walk through the pages of one list. */
export function createPages<T>(
  [parameter, items, next, most, perPage]: Exclude<Row[4], 0 | undefined>,
  options: object,
  /** Where links may lead; undefined where a proxy stands between. */
  host: string | undefined,
  ask: (options: CallOptions & Options) => Promise<Answer<unknown>>,
): Pages<T> {
  async function* walk(limit: number): AsyncGenerator<Page<T>> {
    const {
      from,
      limit: own = ENDLESS,
      onProgress,
      ...rest
    } = object(options, "options") as WalkOptions & Options;
    callable(onProgress, "onProgress");
    let left = Math.min(limit, count(own, "limit"));
    const isNumbered = parameter === "page";
    let page = (from ?? rest[parameter] ?? (isNumbered ? 1 : undefined)) as Page<T>["page"];
    if (perPage) rest[perPage] ??= most;
    const cursors = new Set<unknown>(page === undefined ? [] : [page]);
    // Items move on while the pages are read: those of the last two are known again.
    let known: unknown[][] = [];
    let empty = 0;
    const progress = { pages: 0, items: 0 };
    const fail = (code: PlauditErrorCode, message: string, page: Page<T>["page"]) =>
      new PlauditError(code, message, { page });

    /** What the page after this one is asked for with. */
    const following = (data: Options, length: number): unknown => {
      if (!isNumbered) {
        const cursor = at(data, next) || undefined;
        if (cursors.has(cursor))
          throw fail("malformed_response", `${next}: came before`, undefined);
        cursors.add(cursor);
        return cursor;
      }
      const current = Number(page);
      const { links } = data;
      if (next) {
        const isMore = data[next] === false || current < Number(at(data, `${next}.total_page`));
        return isMore ? current + 1 : undefined;
      }
      if (Array.isArray(links)) {
        const link = links.find((candidate) => candidate?.rel === "next-page");
        if (!link) return undefined;
        // The link itself is never followed: it is asked whether it leads where we go.
        if (!leadsOn(link.href, host, current)) {
          throw fail("malformed_response", "links: next-page leads elsewhere", current + 1);
        }
      } else if (!length || length < Number(rest[perPage])) {
        return undefined;
      }
      return current + 1;
    };

    while (left > 0) {
      if (isNumbered && !next && Number(page) * Number(rest[perPage]) > MOST_RECORDS) {
        throw fail(
          "page_limit",
          "pages end at record 100,000; allReviews has all of a business's",
          page,
        );
      }
      let data: Options;
      try {
        const query = page === undefined ? rest : { ...rest, [parameter]: page };
        data = (await ask(query)).data as Options;
      } catch (error) {
        if (isPlauditError(error) && page !== undefined) Object.assign(error, { page });
        throw error;
      }
      const list = (at(data, items) as T[]).filter((item) => item !== null);
      const ids = list.map((item) => at(item, "id") ?? item);
      const fresh = list.filter((_, place) => !known.flat().includes(ids[place])).slice(0, left);
      known = [ids, ...known.slice(0, 1)];
      left -= fresh.length;
      progress.pages++;
      progress.items += fresh.length;
      onProgress?.({ ...progress });
      yield { items: fresh, page: page as Page<T>["page"] };
      empty = fresh.length ? 0 : empty + 1;
      if (left <= 0 || empty >= MOST_EMPTY) return;
      page = following(data, list.length) as Page<T>["page"];
      if (page === undefined) return;
    }
  }

  async function* each(limit: number): AsyncGenerator<T> {
    for await (const { items: found } of walk(limit)) yield* found;
  }

  return {
    [Symbol.asyncIterator]: () => each(ENDLESS),
    pages: () => walk(ENDLESS),
    async toArray(wish) {
      const found: T[] = [];
      const limit = count(wish?.limit, "limit", MOST_ITEMS);
      for await (const item of each(limit)) found.push(item);
      return found;
    },
  };
}

/** Whether a link leads to the same host, and beyond the page `current` where it names one. */
function leadsOn(href: string, host: string | undefined, current: number): boolean {
  try {
    const url = new URL(href, `https://${host}`);
    const page = url.searchParams.get("page");
    return (!host || url.host === host) && (page === null || Number(page) > current);
  } catch {
    return false;
  }
}
