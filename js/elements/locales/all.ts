// All languages at once, for where none can be waited for.
export { default as ar } from "./ar.js";
export { default as da } from "./da.js";
export { default as de } from "./de.js";
export { default as es } from "./es.js";
export { default as fi } from "./fi.js";
export { default as fr } from "./fr.js";
export { default as he } from "./he.js";
export { default as it } from "./it.js";
export { default as ja } from "./ja.js";
export { default as nb } from "./nb.js";
export { default as nl } from "./nl.js";
export { default as pl } from "./pl.js";
export { default as pt } from "./pt.js";
export { default as ru } from "./ru.js";
export { default as sv } from "./sv.js";
export { default as zh } from "./zh.js";
