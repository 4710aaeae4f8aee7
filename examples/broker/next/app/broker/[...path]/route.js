// Next.js, a route handler of the app router. Where a proxy of yours stands before it, tell the
// broker which header holds the visitor's address (`forwarded`).
import { broker } from "../../../../broker.js";

const handle = (request) => broker.fetch(request);

export { handle as DELETE, handle as GET, handle as OPTIONS, handle as POST, handle as PUT };
