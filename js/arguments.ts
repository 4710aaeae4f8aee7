import { invalid } from "./errors.js";

const LONGEST_TIMER = 2_147_483_647;

/** `value`, if it is an object and no array. */
export function object<T>(value: T, name: string): T {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw invalid(`${name}: must be an object`);
  }
  return value;
}

/** `value`, if it is a string. */
export function string(value: unknown, name: string): string {
  if (typeof value !== "string") throw invalid(`${name}: must be a string`);
  return value;
}

/** Refuses what no timer can wait for. */
export function milliseconds(value: unknown, name: string): void {
  if (typeof value !== "number" || !(value > 0 && value <= LONGEST_TIMER)) {
    throw invalid(`${name}: must be milliseconds, more than 0 and at most ${LONGEST_TIMER}`);
  }
}

/** Refuses what is no span of time. */
export function seconds(value: unknown, name: string): void {
  if (typeof value !== "number" || !(value >= 0 && value < Number.POSITIVE_INFINITY)) {
    throw invalid(`${name}: must be seconds, 0 or more`);
  }
}

/** Refuses what is given and is no function. */
export function callable(value: unknown, name: string): void {
  if (value !== undefined && typeof value !== "function") {
    throw invalid(`${name}: must be a function`);
  }
}

/** `value`, if it is a whole number from 0 to `most`. */
export function count(value: unknown, name: string, most = 1e9): number {
  if (Number.isInteger(value) && (value as number) >= 0 && (value as number) <= most) {
    return value as number;
  }
  throw invalid(`${name}: must be a whole number from 0 to ${most}`);
}
