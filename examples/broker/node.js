// node:http alone.
import { createServer } from "node:http";
import { nodeHandler } from "plaudit/server";
import { broker } from "./broker.js";

createServer(nodeHandler(broker)).listen(process.env.PORT ?? 3000);
