export { isPlauditError, PlauditError, type PlauditErrorCode } from "../errors.js";
export { Secret, secret } from "./secret.js";
