// Every suite of plaudit/server that is for any runtime: Node runs these files with its test runner,
// process.mjs and worker.mjs collect their cases here.
import "../collect.mjs";
import "./tokens.test.mjs";
import "./values.test.mjs";
import "./stores-conformance.test.mjs";
import "./client.test.mjs";
import "./client-sandbox.test.mjs";
import "./partner.test.mjs";
import "./trustoo.test.mjs";
import "./answers.test.mjs";
import "./options.test.mjs";
import "./webhooks.test.mjs";
import "./links.test.mjs";
import "./broker-sign-in.test.mjs";
import "./broker-api.test.mjs";
import "./broker-sandbox.test.mjs";

export { names, runAll } from "../kit.mjs";
