import { object } from "./arguments.js";
import type { Answer, CallOptions, Page, Pages, WalkOptions } from "./calls.js";
import { at } from "./common.js";
import { invalid, isPlauditError, PlauditError } from "./errors.js";
import type { Row } from "./generated/tables.js";

type Options = Record<string, unknown>;

const MOST_RECORDS = 100_000;
const MOST_ITEMS = 10_000;
const MOST_EMPTY = 3;

/** A walk through the pages of one list. */
export function createPages<T>(
  [parameter, items, next, most, perPage]: NonNullable<Row[4]>,
  options: object,
  /** Where links may lead; undefined where a proxy stands between. */
  host: string | undefined,
  ask: (options: CallOptions & Options) => Promise<Answer<unknown>>,
): Pages<T> {
  async function* walk(limit: number): AsyncGenerator<Page<T>> {
    const {
      from,
      limit: own,
      onProgress,
      ...rest
    } = object(options, "options") as WalkOptions & Options;
    if (onProgress !== undefined && typeof onProgress !== "function") {
      throw invalid("onProgress: must be a function");
    }
    let left = Math.min(limit, own === undefined ? limit : count(own, Number.MAX_SAFE_INTEGER));
    const isNumbered = parameter === "page";
    let page = (from ?? rest[parameter] ?? (isNumbered ? 1 : undefined)) as Page<T>["page"];
    if (isNumbered && !(Number(page) >= 1)) throw invalid("from: must be the number of a page");
    if (perPage) rest[perPage] ??= most;
    const cursors = new Set<unknown>([page]);
    // Items move on while the pages are read: those of the last two are known again.
    let known: unknown[][] = [];
    let empty = 0;
    const progress = { pages: 0, items: 0 };
    const malformed = (message: string) =>
      new PlauditError("malformed_response", message, { page });

    /** What the page after this one is asked for with. */
    const following = (data: Options, length: number): unknown => {
      if (!isNumbered) {
        const cursor = at(data, next) || undefined;
        if (cursor !== undefined && cursors.has(cursor)) {
          throw malformed(`${next}: came before`);
        }
        cursors.add(cursor);
        return cursor;
      }
      const last = Number(page);
      if (next) return last < Number(at(data, `${next}.total_page`)) ? last + 1 : undefined;
      const { links } = data;
      if (Array.isArray(links)) {
        const link = links.find((candidate) => candidate?.rel === "next-page");
        if (!link) return undefined;
        // The link itself is never followed: it is asked whether it leads where we go.
        let isWrong = true;
        try {
          const url = new URL(link.href, `https://${host}`);
          const to = Number(url.searchParams.get("page") ?? last + 1);
          isWrong = (host !== undefined && url.host !== host) || !(to > last);
        } catch {
          // Nor is it an address.
        }
        if (isWrong) throw malformed("links: next-page leads elsewhere");
      } else if (length < Number(rest[perPage] ?? 1)) {
        return undefined;
      }
      if (last * Number(rest[perPage] ?? length) >= MOST_RECORDS) {
        throw new PlauditError(
          "page_limit",
          "the platform numbers pages up to record 100,000 only; allReviews goes beyond",
          { page: last + 1 },
        );
      }
      return last + 1;
    };

    while (left > 0) {
      let data: Options;
      try {
        const query = page === undefined ? rest : { ...rest, [parameter]: page };
        data = (await ask(query)).data as Options;
      } catch (error) {
        if (isPlauditError(error) && page !== undefined) Object.assign(error, { page });
        throw error;
      }
      const list = at(data, items) as T[];
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
    [Symbol.asyncIterator]: () => each(Number.POSITIVE_INFINITY),
    pages: () => walk(Number.POSITIVE_INFINITY),
    async toArray(wish) {
      const found: T[] = [];
      const limit = count(object(wish, "options").limit, MOST_ITEMS);
      for await (const item of each(limit)) found.push(item);
      return found;
    },
  };
}

function count(value: unknown, most: number): number {
  if (Number.isInteger(value) && (value as number) >= 0 && (value as number) <= most) {
    return value as number;
  }
  throw invalid(`limit: must be a whole number from 0 to ${most}`);
}
