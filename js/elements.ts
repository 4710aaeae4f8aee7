/**
 * Custom elements that show reviews. Importing this defines them; `plaudit/elements/pure` has the
 * classes alone. On a server it does nothing.
 *
 * @packageDocumentation
 */
import { defineElements } from "./elements-pure.js";

export * from "./elements-pure.js";

if (globalThis.customElements) defineElements();
