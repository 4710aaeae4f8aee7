import type {} from "plaudit/elements/vue";
import type { GlobalComponents, HTMLAttributes } from "vue";

type Props<T extends keyof GlobalComponents> = InstanceType<GlobalComponents[T]>["$props"];

export const rating: Props<"plaudit-rating"> = {
  key: 1,
  class: ["mine"],
  businessUnit: "46d6a890000064000500e0c3",
  provider: "trustoo",
  value: 4.5,
  data: { rating: null },
  onPlauditLoad: (event) => event.detail.from === "network" && event.currentTarget.state,
  onPlauditError: ({ detail }) => detail.code,
};
export const stars: Props<"plaudit-stars"> = { value: "4.5", outline: true };
export const signIn: Props<"plaudit-sign-in"> = {
  auth: null,
  onPlauditSignIn: ({ detail }) => detail.kind,
};
export const disclosure: HTMLAttributes = { slot: "disclosure" };
