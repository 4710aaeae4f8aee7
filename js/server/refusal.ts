import { PlauditError } from "../errors.js";

/** What a page is told. */
export function inPage(): PlauditError {
  return new PlauditError(
    "unsupported_environment",
    "plaudit/server holds secrets and refuses to run in a page: a page uses plaudit",
  );
}
