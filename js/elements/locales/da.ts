import type { Words } from "../words.js";

export default {
  added: {
    one: "{count} anmeldelse mere",
    other: "{count} anmeldelser mere",
  },
  anonymous: "Anonym",
  carousel: "karrusel",
  error: "Det kan ikke vises lige nu.",
  more: "Vis flere anmeldelser",
  next: "Næste",
  noMatch: "Ingen anmeldelser passer",
  none: "Ingen anmeldelser endnu",
  notSignedIn: "Det lykkedes ikke at logge ind.",
  notice: "Kun et udvalg vises: {what}",
  offline: "Ingen forbindelse. Dette blev hentet tidligere.",
  on: "{what} på {platform}",
  outOf: "{value} ud af 5",
  previous: "Forrige",
  rated: "Bedømt til {value} ud af 5 stjerner",
  ratedBy: {
    one: "Bedømt til {value} ud af 5 stjerner af {count} kunde på {platform}",
    other: "Bedømt til {value} ud af 5 stjerner af {count} kunder på {platform}",
  },
  replied: "Svar fra virksomheden",
  reply: "Svar fra {name}",
  retry: "Prøv igen",
  reviews: {
    one: "{count} anmeldelse",
    other: "{count} anmeldelser",
  },
  row: "{stars}, {reviews}, {share}",
  signIn: "Log ind med {platform}",
  signOut: "Log ud",
  signingIn: "Logger ind",
  slide: "slide",
  stars: {
    one: "{count} stjerne",
    other: "{count} stjerner",
  },
  title: "Anmeldelser",
  verified: "Verificeret",
} satisfies Partial<Words>;
