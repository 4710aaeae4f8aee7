/**
 * The same as `plaudit/trustbox`, without defining the element.
 *
 * @packageDocumentation
 */
import type { Heard } from "./elements/heard.js";
import type { PlauditError } from "./errors.js";
import type { TrustboxLoad } from "./trustbox/element.js";
import { configure, load, type TrustboxOptions, type TrustpilotApi } from "./trustbox/script.js";

export { isPlauditError, PlauditError, type PlauditErrorCode } from "./errors.js";
export type {
  TrustboxAttributes,
  TrustboxLocale,
  TrustboxProperties,
  TrustboxTemplate,
} from "./generated/trustbox.js";
export {
  consentToTrustbox,
  defineTrustbox,
  PlauditTrustbox,
  type TrustboxElement,
  type TrustboxEventMap,
  type TrustboxLoad,
  type TrustboxState,
} from "./trustbox/element.js";
export type { ScriptUrlPolicy, TrustboxOptions, TrustpilotApi } from "./trustbox/script.js";

/**
 * Loads the official script: once, however often this is called and however many elements there are.
 * One that the page has already is used. After a failure the next call tries with a new script node.
 *
 * @throws {@link PlauditError} `network_error` (blocked, offline, an error of its server), `timeout`,
 * `unsupported_environment` (the page's Content Security Policy or Trusted Types refuse it; there is
 * no page), `malformed_response` (it came, yet is not what it should be), `invalid_argument`.
 */
export async function loadTrustbox(options: TrustboxOptions = {}): Promise<TrustpilotApi> {
  configure(options);
  return load();
}

declare global {
  /** What `plaudit-load` tells, by entry: `plaudit/elements` tells something else. */
  interface PlauditLoads {
    trustbox: TrustboxLoad;
  }
  // of elements, documents and windows: events of ours bubble
  interface GlobalEventHandlersEventMap {
    "plaudit-load": Heard<PlauditLoads[keyof PlauditLoads]>;
    "plaudit-error": Heard<PlauditError>;
    "plaudit-consent": Heard<null>;
  }
}
