// SvelteKit: one endpoint for all methods.
import { broker } from "../../../../../broker.js";

export const fallback = ({ request, getClientAddress }) =>
  broker.fetch(request, { clientAddress: getClientAddress() });
