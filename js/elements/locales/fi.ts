import type { Words } from "../words.js";

export default {
  added: {
    one: "{count} arvostelu lisää",
    other: "{count} arvostelua lisää",
  },
  anonymous: "Nimetön",
  carousel: "karuselli",
  error: "Tätä ei voi näyttää juuri nyt.",
  more: "Näytä lisää arvosteluja",
  next: "Seuraava",
  noMatch: "Mikään arvostelu ei täsmää",
  none: "Ei vielä arvosteluja",
  notSignedIn: "Kirjautuminen ei onnistunut.",
  notice: "Vain osa näytetään: {what}",
  offline: "Ei yhteyttä. Tämä ladattiin aiemmin.",
  on: "{what} palvelussa {platform}",
  outOf: "{value}/5",
  previous: "Edellinen",
  rated: "Arvosana {value}/5 tähteä",
  ratedBy: {
    one: "{count} asiakkaan antama arvosana palvelussa {platform}: {value}/5 tähteä",
    other: "{count} asiakkaan antama arvosana palvelussa {platform}: {value}/5 tähteä",
  },
  replied: "Yrityksen vastaus",
  reply: "{name} vastasi",
  retry: "Yritä uudelleen",
  reviews: {
    one: "{count} arvostelu",
    other: "{count} arvostelua",
  },
  row: "{stars}, {reviews}, {share}",
  signIn: "Kirjaudu palvelulla {platform}",
  signOut: "Kirjaudu ulos",
  signingIn: "Kirjaudutaan",
  slide: "dia",
  stars: {
    one: "{count} tähti",
    other: "{count} tähteä",
  },
  title: "Arvostelut",
  verified: "Vahvistettu",
} satisfies Partial<Words>;
