/**
 * What a page's bundler finds as plaudit/server: none of its functions, so that a build fails that
 * imports one.
 *
 * @packageDocumentation
 */
export { isPlauditError, PlauditError } from "./errors.js";

import { inPage } from "./server/refusal.js";

throw inPage();
