// All languages from the start: what is rendered cannot wait for a file.
import * as languages from "../elements/locales/all.js";
import { addEnglish, addWords, type Voice, voiceOf } from "../elements/words.js";
import { words as histogram } from "../generated/elements-histogram.js";
import { words as loading } from "../generated/elements-loading.js";
import { words as reviews } from "../generated/elements-reviews.js";
import { words as signIn } from "../generated/elements-sign-in.js";

let isReady = false;

/** The voice of a locale that `Intl` knows. */
export function voiceFor(locale: string): Voice {
  if (!isReady) {
    isReady = true;
    for (const words of [histogram, loading, reviews, signIn]) addEnglish(words);
    for (const [language, words] of Object.entries(languages)) addWords(language, words);
    addWords("no", languages.nb);
  }
  return voiceOf(locale) as Voice;
}
