import type {} from "plaudit/elements/vue";
import type { GlobalComponents } from "vue";

type Props<T extends keyof GlobalComponents> = InstanceType<GlobalComponents[T]>["$props"];

export const wrong: Props<"plaudit-rating">[] = [
  { value: {} },
  { provider: "yelp" },
  { data: "text" },
  { onPlauditLoad: (event) => event.detail.nonsense },
];
export const signIn: Props<"plaudit-sign-in">[] = [{ auth: "text" }];
export type Nothing = GlobalComponents["plaudit-nothing"];
