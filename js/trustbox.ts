/**
 * The official widget, typed and safe in single-page applications. Importing this defines
 * `<plaudit-trustbox>`; `plaudit/trustbox/pure` does not. On a server it does nothing.
 *
 * @packageDocumentation
 */
import { defineTrustbox } from "./trustbox/element.js";

export * from "./trustbox-pure.js";

defineTrustbox();
