// A page of 100 reviews read from its text; runs in a page and in Node.
import { trustpilot } from "../js/generated/tables.ts";
import { mend } from "../js/mend.ts";

const texts = [
  "Ordered on Monday, arrived on Wednesday. The parcel was well packed & the driver rang first.",
  "Hurtig levering og god service. Jeg fik svar på mit spørgsmål inden for en time. 5 ud af 5 herfra!",
  "配送がとても早く、梱包も丁寧でした。また利用したいと思います。",
  "خدمة ممتازة وسريعة، وصل الطلب قبل الموعد المحدد. أنصح بالتعامل معهم.",
  'Not as "described": the colour was < what the photo showed.\nSent it back 📦, the money came after 9 days.',
];

const id = (number) =>
  (number * 2_654_435_761).toString(16).padStart(24, "5972071bfba87f08a8227ee9");
const link = (path, rel) => ({ href: `https://api.trustpilot.com/v1/${path}`, method: "GET", rel });

/** The text of an answer as the platform sends it, about 100 KB. */
function page() {
  const reviews = Array.from({ length: 100 }, (_, at) => {
    const own = id(at + 1);
    const day = String((at % 28) + 1).padStart(2, "0");
    return {
      links: [
        link(`reviews/${own}`, "reviews"),
        link(`reviews/${own}/web-links`, "reviews-web-links"),
        link(`resources/images/stars/${(at % 5) + 1}`, "resources-images-stars"),
      ],
      id: own,
      consumer: {
        links: [link(`consumers/${id(at + 500)}`, "self")],
        id: id(at + 500),
        displayName: at % 3 ? "Jens Møller" : "أمل",
        displayLocation: at % 4 ? null : "Aarhus, DK",
        numberOfReviews: (at % 9) + 1,
      },
      businessUnit: {
        links: [link(`business-units/${id(7)}`, "self")],
        id: id(7),
        identifyingName: "trustpilot.com",
        displayName: "Trustpilot",
      },
      location: null,
      stars: (at % 5) + 1,
      title: texts[at % 5].slice(0, 24),
      text: texts[(at * 3) % 5].repeat((at % 3) + 1),
      language: ["en", "da", "ja", "ar", "en"][at % 5],
      createdAt: `2025-07-${day}T13:52:26Z`,
      experiencedAt: `2025-07-${day}T00:00:00Z`,
      updatedAt: at % 6 ? null : `2025-08-${day}T08:00:01.120Z`,
      companyReply:
        at % 4 ? null : { text: texts[0], createdAt: `2025-07-${day}T15:00:00Z`, updatedAt: null },
      isVerified: at % 3 > 0,
      source: "Organic",
      numberOfLikes: at % 2,
      status: "active",
      reportData: null,
      complianceLabels: [],
      countsTowardsTrustScore: true,
      countsTowardsLocationTrustScore: null,
      invitation: null,
      businessUnitHistory: [],
      reviewVerificationLevel: "verified",
    };
  });
  return JSON.stringify({ links: [link("business-units/x/reviews?page=2", "next-page")], reviews });
}

const text = page();
const [, shape] = trustpilot.groups.businessUnits.reviews;

const ways = {
  "JSON.parse": () => JSON.parse(text),
  plaudit: () => mend(JSON.parse(text), shape),
};

/** Milliseconds for `count` pages read in a way; "" tells how many bytes a page has. */
export async function decode(way, count) {
  if (way === "") return new TextEncoder().encode(text).length;
  const read = ways[way];
  let last;
  const start = performance.now();
  for (let at = 0; at < count; at += 1) last = read();
  const time = performance.now() - start;
  const date = way === "plaudit" ? "2025-07-01T13:52:26.000Z" : "2025-07-01T13:52:26Z";
  if (last.reviews.length !== 100 || last.reviews[0].createdAt !== date) {
    throw new Error(`${way} misread the page`);
  }
  return time;
}
