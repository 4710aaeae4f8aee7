// A Vue application around the official widget: lists and properties bound, routes that change.
import { createApp, h, reactive } from "vue";

const state = reactive({ route: "reviews", texts: ["Trustpilot"], stars: [5], consent: null });
window.vueState = state;
window.vueLoads = 0;
const href = "https://www.trustpilot.com/review/example.com";
const app = createApp({
  render() {
    if (state.route !== "reviews") return h("p", "Another route");
    return h(
      "plaudit-trustbox",
      {
        template: "carousel",
        businessUnit: "x",
        stars: state.stars,
        consent: state.consent,
        "onPlaudit-load": () => {
          window.vueLoads += 1;
        },
      },
      state.texts.map((text) => h("a", { key: text, href }, text)),
    );
  },
});
app.config.errorHandler = (error) => {
  throw error;
};
app.mount("#room");
