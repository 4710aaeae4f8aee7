import { mount } from "svelte";
import App from "./App.svelte";

window.start = (first) => mount(App, { target: document.getElementById("app"), props: { first } });
