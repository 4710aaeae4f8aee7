// Express: before any body parser.
import express from "express";
import { nodeHandler } from "plaudit/server";
import { broker } from "./broker.js";

const app = express();
app.use("/broker", nodeHandler(broker));
app.get("/", (_, response) => response.send("the shop"));
app.listen(process.env.PORT ?? 3000);
