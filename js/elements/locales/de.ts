import type { Words } from "../words.js";

export default {
  added: {
    one: "{count} weitere Bewertung",
    other: "{count} weitere Bewertungen",
  },
  anonymous: "Anonym",
  carousel: "Karussell",
  error: "Das kann gerade nicht angezeigt werden.",
  more: "Weitere Bewertungen zeigen",
  next: "Weiter",
  noMatch: "Keine passende Bewertung",
  none: "Noch keine Bewertungen",
  notSignedIn: "Die Anmeldung ist nicht gelungen.",
  notice: "Nur eine Auswahl wird gezeigt: {what}",
  offline: "Keine Verbindung. Das wurde früher geladen.",
  on: "{what} auf {platform}",
  outOf: "{value} von 5",
  previous: "Zurück",
  rated: "Mit {value} von 5 Sternen bewertet",
  ratedBy: {
    one: "Von {count} Person auf {platform} mit {value} von 5 Sternen bewertet",
    other: "Von {count} Personen auf {platform} mit {value} von 5 Sternen bewertet",
  },
  replied: "Antwort des Unternehmens",
  reply: "Antwort von {name}",
  retry: "Erneut versuchen",
  reviews: {
    one: "{count} Bewertung",
    other: "{count} Bewertungen",
  },
  row: "{stars}, {reviews}, {share}",
  signIn: "Mit {platform} anmelden",
  signOut: "Abmelden",
  signingIn: "Anmeldung läuft",
  slide: "Folie",
  stars: {
    one: "{count} Stern",
    other: "{count} Sterne",
  },
  title: "Bewertungen",
  verified: "Verifiziert",
} satisfies Partial<Words>;
