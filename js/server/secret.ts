import { invalid } from "../errors.js";

const REDACTED = "[redacted]";
const texts = new WeakMap<Secret, string>();

/** A text that no log, JSON or console shows. Made by {@link secret}. */
export class Secret {
  /** @internal */
  constructor(text: string) {
    texts.set(this, text);
  }

  /** `"[redacted]"`. */
  toString(): string {
    return REDACTED;
  }

  /** `"[redacted]"`. */
  toJSON(): string {
    return REDACTED;
  }

  /** @internal */
  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return REDACTED;
  }

  /** @internal */
  [Symbol.for("Deno.customInspect")](): string {
    return REDACTED;
  }
}

/** Wraps a secret, so that it can stand in objects that are logged. */
export function secret(text: string): Secret {
  if (typeof text !== "string" || text === "") throw invalid("secret: must be text, not empty");
  return new Secret(text);
}

/** The text itself, for the one place that sends it; `name` stands in the error where there is none. */
export function expose(value: string | Secret, name = "secret"): string {
  const text = value instanceof Secret ? texts.get(value) : value;
  if (typeof text !== "string" || text.trim() === "") {
    throw invalid(`${name}: is missing, blank or no text`);
  }
  return text;
}
