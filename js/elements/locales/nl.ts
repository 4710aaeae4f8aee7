import type { Words } from "../words.js";

export default {
  added: {
    one: "nog {count} review",
    other: "nog {count} reviews",
  },
  anonymous: "Anoniem",
  carousel: "carrousel",
  error: "Dit kan nu niet worden getoond.",
  more: "Meer reviews tonen",
  next: "Volgende",
  noMatch: "Geen review komt overeen",
  none: "Nog geen reviews",
  notSignedIn: "Inloggen is niet gelukt.",
  notice: "Er wordt maar een selectie getoond: {what}",
  offline: "Geen verbinding. Dit is eerder geladen.",
  on: "{what} op {platform}",
  outOf: "{value} van 5",
  previous: "Vorige",
  rated: "Beoordeeld met {value} van 5 sterren",
  ratedBy: {
    one: "Beoordeeld met {value} van 5 sterren door {count} klant op {platform}",
    other: "Beoordeeld met {value} van 5 sterren door {count} klanten op {platform}",
  },
  replied: "Reactie van het bedrijf",
  reply: "Reactie van {name}",
  retry: "Opnieuw proberen",
  reviews: {
    one: "{count} review",
    other: "{count} reviews",
  },
  row: "{stars}, {reviews}, {share}",
  signIn: "Inloggen met {platform}",
  signOut: "Uitloggen",
  signingIn: "Bezig met inloggen",
  slide: "dia",
  stars: {
    one: "{count} ster",
    other: "{count} sterren",
  },
  title: "Reviews",
  verified: "Geverifieerd",
} satisfies Partial<Words>;
