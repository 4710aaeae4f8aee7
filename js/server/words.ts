// All languages from the start: what is rendered cannot wait for a file.
import ar from "../elements/locales/ar.js";
import da from "../elements/locales/da.js";
import de from "../elements/locales/de.js";
import es from "../elements/locales/es.js";
import fi from "../elements/locales/fi.js";
import fr from "../elements/locales/fr.js";
import he from "../elements/locales/he.js";
import it from "../elements/locales/it.js";
import ja from "../elements/locales/ja.js";
import nb from "../elements/locales/nb.js";
import nl from "../elements/locales/nl.js";
import pl from "../elements/locales/pl.js";
import pt from "../elements/locales/pt.js";
import ru from "../elements/locales/ru.js";
import sv from "../elements/locales/sv.js";
import zh from "../elements/locales/zh.js";
import { addWords, type Voice, voiceOf } from "../elements/words.js";

const languages = { ar, da, de, es, fi, fr, he, it, ja, nb, nl, pl, pt, ru, sv, zh };
let isReady = false;

/** The voice of a locale that `Intl` knows. */
export function voiceFor(locale: string): Voice {
  if (!isReady) {
    isReady = true;
    for (const [language, words] of Object.entries(languages)) addWords(language, words);
  }
  return voiceOf(locale) as Voice;
}
