// All languages from the start: what is rendered cannot wait for a file.
import * as languages from "../elements/locales/all.js";
import { addWords, type Voice, voiceOf } from "../elements/words.js";

let isReady = false;

/** The voice of a locale that `Intl` knows. */
export function voiceFor(locale: string): Voice {
  if (!isReady) {
    isReady = true;
    for (const [language, words] of Object.entries(languages)) addWords(language, words);
    addWords("no", languages.nb);
  }
  return voiceOf(locale) as Voice;
}
