import type { Words } from "../words.js";

export default {
  added: {
    one: "{count} anmeldelse til",
    other: "{count} anmeldelser til",
  },
  anonymous: "Anonym",
  carousel: "karusell",
  error: "Dette kan ikke vises akkurat nå.",
  more: "Vis flere anmeldelser",
  next: "Neste",
  noMatch: "Ingen anmeldelser passer",
  none: "Ingen anmeldelser ennå",
  notSignedIn: "Innloggingen lyktes ikke.",
  notice: "Bare et utvalg vises: {what}",
  offline: "Ingen forbindelse. Dette ble lastet inn tidligere.",
  on: "{what} på {platform}",
  outOf: "{value} av 5",
  previous: "Forrige",
  rated: "Vurdert til {value} av 5 stjerner",
  ratedBy: {
    one: "Vurdert til {value} av 5 stjerner av {count} kunde på {platform}",
    other: "Vurdert til {value} av 5 stjerner av {count} kunder på {platform}",
  },
  replied: "Svar fra bedriften",
  reply: "Svar fra {name}",
  retry: "Prøv igjen",
  reviews: {
    one: "{count} anmeldelse",
    other: "{count} anmeldelser",
  },
  row: "{stars}, {reviews}, {share}",
  signIn: "Logg inn med {platform}",
  signOut: "Logg ut",
  signingIn: "Logger inn",
  slide: "lysbilde",
  stars: {
    one: "{count} stjerne",
    other: "{count} stjerner",
  },
  title: "Anmeldelser",
  verified: "Bekreftet",
} satisfies Partial<Words>;
