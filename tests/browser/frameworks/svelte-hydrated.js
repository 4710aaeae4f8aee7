import { hydrate } from "svelte";
import Hydrated from "./Hydrated.svelte";

if (globalThis.document) {
  window.hydrate = (given) =>
    hydrate(Hydrated, { target: document.getElementById("app"), props: { given } });
}

export { Hydrated };
