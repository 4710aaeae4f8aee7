// The broker itself, the same in all frameworks. What stands here stays on the server.
import { createBroker } from "plaudit/server";

const { ORIGIN, TRUSTPILOT_API_KEY, TRUSTPILOT_API_SECRET } = process.env;

export const broker = createBroker({
  provider: "trustpilot",
  origin: ORIGIN ?? "http://localhost:3000",
  basePath: "/broker",
  credentials: { clientId: TRUSTPILOT_API_KEY, clientSecret: TRUSTPILOT_API_SECRET },
  allow: [
    "businessUnits.find",
    "businessUnits.reviews",
    "consumers.profiles",
    "businessUnits.privateReviews",
    "reviews.reply",
  ],
});
