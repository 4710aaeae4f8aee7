import type { Row } from "../../generated/tables.js";

/** The longest path that is looked at. */
const LONGEST_PATH = 2_048;
/** Nothing that some server or proxy on the way would decode, fold or cut. */
const PLAIN = /^(?:\/[\w~-][\w.~-]*)+$/;

/** Path and query of an address as it was written, without scheme and host. */
export function targetOf(url: string): string {
  const start = url.indexOf("/", url.indexOf("://") + 3);
  const end = url.indexOf("#");
  const target = url.slice(start < 0 ? url.length : start, end < 0 ? undefined : end);
  return target.startsWith("/") ? target : `/${target}`;
}

/** Path and query. */
export function split(target: string): readonly [path: string, query: string] {
  const mark = target.indexOf("?");
  return mark < 0 ? [target, ""] : [target.slice(0, mark), target.slice(mark + 1)];
}

/** A parameter as `Endpoint::line` of src/api/endpoint.rs has it. */
export interface Parameter {
  /** The letter of its kind. */
  readonly kind: string;
  readonly required: boolean;
  readonly name: string;
  readonly wire: string;
}

/** A request of the platform that may be asked for. */
export interface Route {
  /** For example `businessUnits.find`. */
  readonly name: string;
  readonly method: string;
  readonly row: Row;
  /** The path's segments; `null` for a parameter. */
  readonly segments: readonly (string | null)[];
  readonly inPath: readonly Parameter[];
  readonly others: readonly Parameter[];
}

/** What an endpoint's line says; `method` where the line does not say it. */
export function routeOf(name: string, row: Row, method?: string): Route {
  const [head = "", ...specs] = row[0].split(",");
  const parameters = specs.map((spec): Parameter => {
    const letter = spec[0] as string;
    const [own = "", wire = own] = spec.slice(1).split("=");
    const kind = letter.toLowerCase();
    return { kind, required: letter !== kind, name: own, wire };
  });
  // The path has "{" alone where a parameter stands.
  const segments = head.slice(3).split("/");
  const places = segments.filter((segment) => segment === "{").length;
  return {
    name,
    method: method ?? (head[0] === "P" ? "POST" : "GET"),
    row,
    segments: segments.map((segment) => (segment === "{" ? null : segment)),
    inPath: parameters.slice(0, places),
    others: parameters.slice(places),
  };
}

/** A route with what stands in the path. */
export interface Match {
  readonly route: Route;
  readonly values: readonly string[];
}

/** Finds a route by method and by the path as it was written. */
export function createTable(routes: readonly Route[]) {
  const bySize = new Map<number, Route[]>();
  for (const route of routes) {
    const same = bySize.get(route.segments.length) ?? [];
    bySize.set(route.segments.length, [...same, route]);
  }
  // "/business-units/find" is no id: where words and parameters compete, words win.
  const rank = ({ segments }: Route) =>
    segments.map((segment) => (segment === null ? "1" : "0")).join("");
  for (const same of bySize.values()) same.sort((a, b) => (rank(a) < rank(b) ? -1 : 1));

  return (method: string, path: string): Match | "method" | undefined => {
    if (!isPlain(path)) return undefined;
    const parts = path.slice(1).split("/");
    let isKnown = false;
    for (const route of bySize.get(parts.length) ?? []) {
      const { segments } = route;
      if (!segments.every((segment, at) => segment === null || segment === parts[at])) continue;
      isKnown = true;
      if (route.method !== method) continue;
      return { route, values: parts.filter((_, at) => segments[at] === null) };
    }
    return isKnown ? "method" : undefined;
  };
}

/** Whether a path is one that nothing on the way reads as another (BF14). */
export function isPlain(path: string): boolean {
  return path.length <= LONGEST_PATH && PLAIN.test(path);
}

/** The way in which a value of this kind is spelled, so that equal requests have equal addresses. */
export function canonical(kind: string, value: string): string {
  switch (kind) {
    case "i":
    case "j":
    case "d":
      return value.toLowerCase();
    case "m":
      return [...new Set(value.toLowerCase().split(","))].sort().join(",");
    case "s":
    case "k":
      return [...new Set(value.split(","))].sort().join(",");
    case "l":
      return value
        .split("-")
        .map((part, at, parts) => {
          if (at === 0) return part.toLowerCase();
          if (at === parts.length - 1) return part.toUpperCase();
          return part.slice(0, 1).toUpperCase() + part.slice(1).toLowerCase();
        })
        .join("-");
    default:
      return value;
  }
}

/** Whether the platform takes the same for granted, so that leaving it out changes nothing. */
export function isDefault({ kind, name }: Parameter, value: unknown): boolean {
  return kind === "n" && name === "page" && value === "1";
}

/**
 * Where a user may be sent after signing in: an address on the list, or a path of this origin. The
 * absolute address, or undefined where it may not be (BF11, BF12).
 */
export function returnAddress(
  origin: string,
  target: string,
  listed: readonly string[],
): string | undefined {
  if (listed.includes(target)) return target;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is refused.
  if (!/^\/(?!\/)[^\\\x00-\x20\x7f]*$/.test(target)) return undefined;
  let url: URL;
  try {
    url = new URL(target, origin);
  } catch {
    return undefined;
  }
  // "/.//evil.example" is of this origin, yet its path alone would lead elsewhere.
  if (url.origin !== origin || url.pathname.startsWith("//")) return undefined;
  return origin + url.pathname + url.search;
}
