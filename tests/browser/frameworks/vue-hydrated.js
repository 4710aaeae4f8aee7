import { createSSRApp, shallowReactive, toRefs } from "vue/dist/vue.esm-bundler.js";

const template = `<main>
  <plaudit-badge id="vue" :data="{ rating }" @plaudit-error="hear" />
  <plaudit-rating id="prop" :data.prop="{ rating }" />
</main>`;

export const app = (given) => {
  const hear = (event) => window.heard.push(["vue", event.type]);
  const made = createSSRApp({
    template,
    setup: () => ({ ...toRefs(shallowReactive(given)), hear }),
  });
  made.config.compilerOptions.isCustomElement = (tag) => tag.startsWith("plaudit-");
  return made;
};

if (globalThis.document) {
  window.hydrate = (given) => app(given).mount("#app");
}
