import { createApp, reactive, toRefs } from "vue/dist/vue.esm-bundler.js";

const template = `<main><template v-if="shown">
  <plaudit-stars id="stars" :value="value" :outline="outline" class="mine"><b id="child">child</b></plaudit-stars>
  <plaudit-rating id="rating" :locale="locale" :data="data" />
  <plaudit-badge id="badge" business-unit="46d6a890000064000500e0c3" proxy="/api" @plaudit-load="heard" />
</template></main>`;

window.start = (first) => {
  const state = reactive(first);
  window.change = (part) => Object.assign(state, part);
  const heard = (event) => window.heard.push(event.detail.from);
  const app = createApp({ template, setup: () => ({ ...toRefs(state), heard }) });
  app.config.compilerOptions.isCustomElement = (tag) => tag.startsWith("plaudit-");
  app.mount("#app");
};
