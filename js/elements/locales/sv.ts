import type { Words } from "../words.js";

export default {
  added: {
    one: "{count} omdöme till",
    other: "{count} omdömen till",
  },
  anonymous: "Anonym",
  carousel: "karusell",
  error: "Det kan inte visas just nu.",
  more: "Visa fler omdömen",
  next: "Nästa",
  noMatch: "Inget omdöme matchar",
  none: "Inga omdömen ännu",
  notSignedIn: "Inloggningen lyckades inte.",
  notice: "Bara ett urval visas: {what}",
  offline: "Ingen anslutning. Det här lästes in tidigare.",
  on: "{what} på {platform}",
  outOf: "{value} av 5",
  previous: "Föregående",
  rated: "Betyg: {value} av 5 stjärnor",
  ratedBy: {
    one: "Betyg: {value} av 5 stjärnor från {count} kund på {platform}",
    other: "Betyg: {value} av 5 stjärnor från {count} kunder på {platform}",
  },
  replied: "Svar från företaget",
  reply: "Svar från {name}",
  retry: "Försök igen",
  reviews: {
    one: "{count} omdöme",
    other: "{count} omdömen",
  },
  row: "{stars}, {reviews}, {share}",
  signIn: "Logga in med {platform}",
  signOut: "Logga ut",
  signingIn: "Loggar in",
  slide: "bild",
  stars: {
    one: "{count} stjärna",
    other: "{count} stjärnor",
  },
  title: "Omdömen",
  verified: "Verifierat",
} satisfies Partial<Words>;
