import type { Shape } from "./generated/tables.js";

const ISO = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)(\.\d+)?(Z|[+-]\d\d:?\d\d)?$/;

/**
 * Makes of the platform's spellings one: numbers that come as text, dates of several forms,
 * addresses without a scheme. It works in place and leaves alone what it does not know.
 */
export function mend(value: unknown, shape: Shape): unknown {
  if (typeof value === "string") {
    if (shape === 2) return date(value);
    if (shape === 1) {
      const number = /^-?\d+(\.\d+)?$/.test(value) ? Number(value) : Number.NaN;
      return Number.isFinite(number) ? number : value;
    }
    return shape === 3 && value.startsWith("//") ? `https:${value}` : value;
  }
  if (Array.isArray(value)) {
    for (let at = 0; at < value.length; at++) value[at] = mend(value[at], shape);
  } else if (typeof shape === "object" && typeof value === "object" && value !== null) {
    const fields = value as Record<string, unknown>;
    const others = shape["*"];
    for (const name in others ? fields : shape) {
      const found = fields[name];
      if (typeof found === "string" || (typeof found === "object" && found !== null)) {
        const mended = mend(found, shape[name] ?? (others as Shape));
        if (mended !== found) fields[name] = mended;
      }
    }
  }
  return value;
}

/** A date as `toISOString` writes it; without a zone it is UTC. */
function date(text: string): string {
  const { length } = text;
  const isUtc = text.endsWith("Z");
  if (text[4] === "-" && (text[10] === "T" || text[10] === " ")) {
    if (length === 24 && isUtc) return text.replace(" ", "T");
    if (length === 19 || (length === 20 && isUtc)) {
      return `${text.slice(0, 10)}T${text.slice(11, 19)}.000Z`;
    }
  }
  const [, day = "", time, fraction = ".", zone = "Z"] = ISO.exec(text) ?? [];
  // Some engines read 30 February as 1 March.
  const isDay = new Date(day).toJSON()?.startsWith(day);
  const offset = zone.replace(/^(...):?(..)$/, "$1:$2");
  const milliseconds = fraction.padEnd(4, "0").slice(0, 4);
  return (isDay && new Date(`${day}T${time}${milliseconds}${offset}`).toJSON()) || text;
}
