// What draws a button that signs in and out, and what that does: loaded when there is one.
import type { Auth, AuthOptions, Session } from "../auth.js";
import type { SignInProperties } from "../generated/elements.js";
import { words as phrases } from "../generated/elements-sign-in.js";
import type { Drawn } from "./data.js";
import { h } from "./dom.js";
import type { SignInState } from "./sign-in.js";
import { errorOf, whenNear } from "./source.js";
import { platformOf } from "./views.js";
import { addEnglish, english, type Voice } from "./words.js";

export { sheets } from "../generated/elements-sign-in.js";

addEnglish(phrases);

const words = {
  "signed-out": "signIn",
  "signing-in": "signingIn",
  "signed-in": "signOut",
} as const;

/** Buttons that ask alike share one, and with it the session. */
const auths = new Map<string, Promise<Auth>>();

function authOf(options: AuthOptions): Promise<Auth> {
  const key = JSON.stringify(options);
  let auth = auths.get(key);
  if (!auth) {
    auth = import("../index.js").then(({ createAuth }) => createAuth(options));
    // what failed to load is tried again
    auth.catch(() => auths.delete(key));
    auths.set(key, auth);
  }
  return auth;
}

/** Whether the page may have been opened with an answer; `createAuth` looks closer. */
const isAnswer = (redirectUri: string): boolean => {
  const { href, search, hash } = location;
  const page = redirectUri.replace(/[?#].*/, "");
  return href.startsWith(page) && /[#&?](access_token|code|error)=/.test(search + hash);
};

type Host = HTMLElement & Drawn & SignInProperties;

/** What a button does. */
export default class SignIn {
  /** What it is in. */
  state: SignInState = "signed-out";
  #hasFailed = false;
  readonly #host: Host;
  /** Where it was first: a router that goes on changes no redirect address. */
  readonly #path = location.pathname;
  #given: Auth | null = null;
  #auth: Auth | null = null;
  /** What `#auth` is made of. */
  #of: unknown;
  #unlisten: readonly (() => void)[] = [];
  #unwatch = () => {};

  constructor(host: Host) {
    this.#host = host;
    for (const type of ["pointerenter", "focusin"]) host.addEventListener(type, this);
  }

  /** What signs in: handed in, or made of the attributes. */
  get auth(): Auth | null {
    return this.#given ?? this.#auth;
  }

  draw(root: ShadowRoot, voice: Voice | null, given: Auth | null): void {
    addEventListener("pageshow", this);
    this.#begin(given);
    let [button, status] = root.children;
    if (!button || !status) {
      // The same ones in all states: the focus stays, and what is said in the status is heard.
      button = h("button", { part: "button", type: "button" });
      button.addEventListener("click", () => this.#act());
      status = h("p", { class: "status", part: "status", role: "status" });
      root.replaceChildren(button, status);
    }
    const { state } = this;
    const spoken = voice ?? english;
    const text = spoken.say(words[state], { platform: platformOf(this.#host.provider) });
    button.replaceChildren(h("slot", { name: state !== "signed-out" && state }, text));
    button.setAttribute("aria-busy", `${state === "signing-in"}`);
    status.textContent = this.#hasFailed ? spoken.say("notSignedIn") : "";
    this.#host.mark(state);
  }

  /** Takes up what signs in, where that is another than before. */
  #begin(given: Auth | null): void {
    this.#given = given;
    const options = this.#options();
    const key = JSON.stringify(options);
    const of = given ?? key;
    if (of === this.#of) return;
    this.#of = of;
    this.state = "signed-out";
    this.#follow(given);
    if (given) this.#run(given.completeSignIn());
    else if (auths.has(key)) this.#warm();
    else if (isAnswer(options.redirectUri)) {
      this.state = "signing-in";
      this.#run(this.#prepare());
    } else if (this.#host.mode === "popup") {
      // A window opens in a click's handler alone, which must not wait for files.
      this.#unwatch = whenNear(this.#host, () => this.#warm());
    }
  }

  #options(): AuthOptions {
    const { provider, clientId, responseType, scope, correlateBy, endpoint } = this.#host;
    const redirectUri = this.#host.redirectUri ?? this.#path;
    return {
      provider,
      clientId: clientId ?? "",
      // the platform compares to the letter
      redirectUri: /^https?:/.test(redirectUri)
        ? redirectUri
        : new URL(redirectUri, location.href).href,
      responseType,
      correlateBy,
      ...(scope && { scope }),
      ...(endpoint && { endpoints: { authorize: endpoint, api: endpoint } }),
    };
  }

  /** Loads the core and makes what signs in, of the attributes. */
  async #prepare(): Promise<void> {
    const of = this.#of;
    const auth = await authOf(this.#options());
    if (this.#of !== of) return;
    if (this.#auth !== auth) this.#follow(auth);
    await auth.completeSignIn();
  }

  /** The same ahead of a click, which will tell if it fails. */
  #warm(): void {
    if (!this.auth) this.#prepare().catch(() => {});
  }

  #follow(auth: Auth | null): void {
    this.#unwatch();
    for (const stop of this.#unlisten) stop();
    this.#auth = auth;
    if (auth?.session) this.#enter(auth.session);
    const leave = () => {
      this.#enter(null);
      this.#host.emit("plaudit-sign-out", null);
    };
    this.#unlisten = auth
      ? [
          auth.on("signedin", ({ session }) => {
            this.#enter(auth.session);
            this.#host.emit("plaudit-sign-in", session);
          }),
          auth.on("expired", leave),
          auth.on("signedout", leave),
        ]
      : [];
  }

  #enter(session: Session | null | undefined): void {
    this.state = session ? "signed-in" : "signed-out";
    this.#hasFailed &&= !session;
    this.#host.changed();
  }

  async #run(step: Promise<unknown>, isLeaving = false): Promise<void> {
    const of = this.#of;
    this.#hasFailed = false;
    this.#host.changed();
    try {
      await step;
      // what comes next is another page
      if (isLeaving) return;
    } catch (cause) {
      if (this.#of !== of) return;
      this.#hasFailed = true;
      this.#host.emit("plaudit-error", errorOf(cause));
    }
    if (this.#of === of) this.#enter(this.auth?.session);
  }

  async #act(): Promise<void> {
    const { auth } = this;
    const { mode, returnTo } = this.#host;
    const isLeaving = mode === "redirect";
    if (auth?.session) return this.#run(auth.signOut());
    if (this.state === "signing-in" && isLeaving) return;
    this.state = "signing-in";
    const how = { mode, ...(returnTo && { returnTo }) };
    // without waiting where it can be: else the browser takes a window for none of the user's
    await this.#run(
      auth ? auth.signIn(how) : this.#prepare().then(() => this.auth?.signIn(how)),
      isLeaving,
    );
  }

  /** After the element went. */
  leave(): void {
    removeEventListener("pageshow", this);
    this.#follow(null);
    this.#of = undefined;
  }

  handleEvent(event: Event): void {
    if (event.type !== "pageshow") this.#warm();
    // back from the platform without an answer: the page is as it was left
    else if ((event as PageTransitionEvent).persisted) this.#enter(this.auth?.session);
  }
}
