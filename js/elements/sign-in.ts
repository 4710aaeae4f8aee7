import type { Auth, Session } from "../auth.js";
import type { PlauditError } from "../errors.js";
import {
  attributesOfSignIn,
  type SignInProperties,
  sheetOfBase,
  sheetOfSignInHost,
} from "../generated/elements.js";
import { type ElementClass, PlauditElement } from "./base.js";
import type SignIn from "./sign-in-drawing.js";
import { errorOf } from "./source.js";
import type { Voice } from "./words.js";

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
  static override sheets = [sheetOfBase, sheetOfSignInHost];

  /** @internal */
  static readonly load = () => import("./sign-in-drawing.js");

  #given: Auth | null = null;

  get #session(): SignIn | null {
    return (this.late ?? null) as SignIn | null;
  }

  /** What signs in: handed in, or made of the attributes as soon as it was needed; `null` before. */
  get auth(): Auth | null {
    return this.#given ?? this.#session?.auth ?? null;
  }
  set auth(auth: Auth | null) {
    this.#given = auth ?? null;
    this.changed();
  }

  /** What it is in; `:state(signed-in)` matches it; in engines without, `[data-state="signed-in"]`. */
  get state(): SignInState {
    return this.#session?.state ?? "signed-out";
  }

  override connectedCallback(): void {
    this.upgrade("auth");
    super.connectedCallback();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#session?.leave();
  }

  // Nothing that a server could have drawn is worth waiting for.
  protected override get isGiven(): boolean {
    return true;
  }

  protected draw(root: ShadowRoot, voice: Voice | null): void {
    if (this.#session) this.#session.draw(root, voice, this.#given);
    else {
      this.prepare().then(
        () => this.changed(),
        (cause) => {
          this.emit("plaudit-error", errorOf(cause));
          addEventListener("online", () => this.changed(), { once: true });
        },
      );
    }
  }
}
