import type { Auth, AuthOptions, Session } from "../auth.js";
import type { PlauditError } from "../errors.js";
import {
  attributesOfSignIn,
  type SignInProperties,
  sheetOfBase,
  sheetOfSignIn,
} from "../generated/elements.js";
import { type ElementClass, PlauditElement } from "./base.js";
import { h } from "./dom.js";
import { errorOf, whenNear } from "./source.js";
import { platformOf } from "./views.js";
import { english, type Voice } from "./words.js";

/** What `<plaudit-sign-in>` is in. */
export type SignInState = "signed-out" | "signing-in" | "signed-in";

/** The events of `<plaudit-sign-in>`. They bubble, out of shadow roots too. */
export interface SignInEvents {
  /** Somebody signed in. */
  "plaudit-sign-in": CustomEvent<Session>;
  /** Nobody is signed in any more. */
  "plaudit-sign-out": CustomEvent<null>;
  /** It failed. */
  "plaudit-error": CustomEvent<PlauditError>;
}

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

/**
 * `<plaudit-sign-in client-id="…">`: the button that signs a merchant in and out, by `createAuth`.
 * The core is loaded when the button is about to be used, and on the redirect page.
 *
 * By default the token comes in the address (the implicit grant, which is legacy), and stands there
 * until this element and the core are loaded: every script that runs before can read it. On the
 * redirect page call `createAuth` yourself, in the first script, and hand in what it gives as the
 * property `auth`. Who has a server signs in through that instead (`plaudit/server`).
 */
export class PlauditSignIn extends (PlauditElement as unknown as ElementClass<
  SignInProperties,
  SignInEvents
>) {
  static override readonly tag = "plaudit-sign-in";
  static override readonly attributes = attributesOfSignIn;
  static override readonly sheets = [sheetOfBase, sheetOfSignIn];

  #given: Auth | null = null;
  #auth: Auth | null = null;
  /** What `#auth` is made of. */
  #of: unknown;
  #state: SignInState = "signed-out";
  #hasFailed = false;
  #unlisten: readonly (() => void)[] = [];
  #unwatch = () => {};

  /** What signs in: handed in, or made of the attributes as soon as it was needed; `null` before. */
  get auth(): Auth | null {
    return this.#given ?? this.#auth;
  }
  set auth(auth: Auth | null) {
    this.#given = auth ?? null;
    this.changed();
  }

  /** What it is in; `:state(signed-in)` matches it; in engines without, `[data-state="signed-in"]`. */
  get state(): SignInState {
    return this.#state;
  }

  override connectedCallback(): void {
    this.upgrade("auth");
    for (const type of ["pointerenter", "focusin"]) this.addEventListener(type, this);
    addEventListener("pageshow", this);
    super.connectedCallback();
  }

  override disconnectedCallback(): void {
    removeEventListener("pageshow", this);
    this.#follow(null);
    this.#of = undefined;
  }

  // Nothing that a server could have drawn is worth waiting for.
  protected override get isGiven(): boolean {
    return true;
  }

  protected draw(root: ShadowRoot, voice: Voice | null): void {
    this.#begin();
    let [button, status] = root.children;
    if (!button || !status) {
      // The same ones in all states: the focus stays, and what is said in the status is heard.
      button = h("button", { part: "button", type: "button" });
      button.addEventListener("click", () => this.#act());
      status = h("p", { class: "status", part: "status", role: "status" });
      root.replaceChildren(button, status);
    }
    const state = this.#state;
    const spoken = voice ?? english;
    const text = spoken.say(words[state], { platform: platformOf(this.provider) });
    button.replaceChildren(h("slot", { name: state !== "signed-out" && state }, text));
    button.setAttribute("aria-busy", `${state === "signing-in"}`);
    status.textContent = this.#hasFailed ? spoken.say("notSignedIn") : "";
    this.mark(state);
  }

  /** Takes up what signs in, where that is another than before. */
  #begin(): void {
    const options = this.#options();
    const key = JSON.stringify(options);
    const of = this.#given ?? key;
    if (of === this.#of) return;
    this.#of = of;
    this.#state = "signed-out";
    this.#follow(this.#given);
    if (this.#given) this.#run(this.#given.completeSignIn());
    else if (auths.has(key)) this.#warm();
    else if (isAnswer(options.redirectUri)) {
      this.#state = "signing-in";
      this.#run(this.#prepare());
    } else if (this.mode === "popup") {
      // A window opens in a click's handler alone, which must not wait for files.
      this.#unwatch = whenNear(this, () => this.#warm());
    }
  }

  #options(): AuthOptions {
    const { provider, clientId, responseType, scope, correlateBy, endpoint } = this;
    const redirectUri = this.redirectUri ?? location.pathname;
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
      this.emit("plaudit-sign-out", null);
    };
    this.#unlisten = auth
      ? [
          auth.on("signedin", ({ session }) => {
            this.#enter(auth.session);
            this.emit("plaudit-sign-in", session);
          }),
          auth.on("expired", leave),
          auth.on("signedout", leave),
        ]
      : [];
  }

  #enter(session: Session | null | undefined): void {
    this.#state = session ? "signed-in" : "signed-out";
    this.#hasFailed &&= !session;
    this.changed();
  }

  async #run(step: Promise<unknown>, isLeaving = false): Promise<void> {
    const of = this.#of;
    this.#hasFailed = false;
    this.changed();
    try {
      await step;
      // what comes next is another page
      if (isLeaving) return;
    } catch (cause) {
      if (this.#of !== of) return;
      this.#hasFailed = true;
      this.emit("plaudit-error", errorOf(cause));
    }
    if (this.#of === of) this.#enter(this.auth?.session);
  }

  async #act(): Promise<void> {
    const { auth, mode, returnTo } = this;
    const isLeaving = mode === "redirect";
    if (auth?.session) return this.#run(auth.signOut());
    if (this.#state === "signing-in" && isLeaving) return;
    this.#state = "signing-in";
    const how = { mode, ...(returnTo && { returnTo }) };
    // without waiting where it can be: else the browser takes a window for none of the user's
    await this.#run(
      auth ? auth.signIn(how) : this.#prepare().then(() => this.auth?.signIn(how)),
      isLeaving,
    );
  }

  /** @internal */
  handleEvent(event: Event): void {
    if (event.type !== "pageshow") this.#warm();
    // back from the platform without an answer: the page is as it was left
    else if ((event as PageTransitionEvent).persisted) this.#enter(this.auth?.session);
  }
}
