// Fastify: in a scope of its own, whose bodies nobody has parsed.
import Fastify from "fastify";
import { nodeHandler } from "plaudit/server";
import { broker } from "./broker.js";

const handle = nodeHandler(broker);
const app = Fastify();
app.register(async (scope) => {
  scope.removeAllContentTypeParsers();
  scope.addContentTypeParser("*", (_request, _body, done) => done(null));
  scope.all("/broker/*", async (request, reply) => {
    reply.hijack();
    await handle(request.raw, reply.raw);
  });
});
app.get("/", () => "the shop");
await app.listen({ port: Number(process.env.PORT ?? 3000) });
