// The official widget's script: one load for a page, however many ask for it.
import { invalid, PlauditError } from "../errors.js";
import { script as official } from "../generated/trustbox.js";

/** What the official script puts at `window.Trustpilot`, as far as it is used here. */
export interface TrustpilotApi {
  /**
   * Puts the widget into an element with class `trustpilot-widget`. With `forceReload` all children of
   * it are removed first; without it an element that has a frame already is left alone.
   */
  loadFromElement(element: HTMLElement, forceReload?: boolean): void;
}

/** What makes an address of a script out of text, under Trusted Types. */
export interface ScriptUrlPolicy {
  createScriptURL(address: string): unknown;
}

/** How the official script is loaded; the same for the whole page. */
export interface TrustboxOptions {
  /**
   * Another address than Trustpilot's, for a stand-in in tests: https, or of this machine. Frames and
   * messages are expected of the same origin. Not an attribute: markup must not choose a script.
   */
  src?: string | undefined;
  /**
   * A Trusted Types policy that lets the script's address pass. Default: one of the name `plaudit`,
   * which lets only that address pass.
   */
  policy?: ScriptUrlPolicy | undefined;
  /** For a Content Security Policy that goes by nonce. */
  nonce?: string | undefined;
  /** How long script and frame may take, in milliseconds. Default: 30,000. */
  timeout?: number | undefined;
}

interface Factory {
  createPolicy(name: string, rules: { createScriptURL(address: string): string }): ScriptUrlPolicy;
}

/** As the page set it. */
export const settings: {
  src: string;
  timeout: number;
  policy?: ScriptUrlPolicy;
  nonce?: string;
} = { src: official, timeout: 30_000 };

/** Of this machine: `localhost`, 127.0.0.0/8, `[::1]`. */
const LOOPBACK = /^(localhost|.*\.localhost|127(\.\d+){3}|\[::1\])$/;
/** Longest delay of a timer. */
const MOST = 2 ** 31 - 1;

/** @internal */
export function configure(options: TrustboxOptions): void {
  const { src, policy, nonce, timeout } = options;
  if (src !== undefined) {
    const base = globalThis.document?.baseURI;
    if (!URL.canParse(src, base)) throw invalid("src is no address");
    const { protocol, hostname, href } = new URL(src, base);
    const isOwn = protocol === "http:" && LOOPBACK.test(hostname);
    if (protocol !== "https:" && !isOwn) throw invalid("src must be https, or of this machine");
    settings.src = href;
  }
  if (timeout !== undefined) {
    if (!(timeout > 0)) throw invalid("timeout must be a number of milliseconds above 0");
    settings.timeout = Math.min(timeout, MOST);
  }
  if (policy !== undefined) settings.policy = policy;
  if (nonce !== undefined) settings.nonce = nonce;
}

/** Called whenever the script has come, also too late. */
export const waiting = new Set<() => void>();

/** Scripts that failed: not waited for again. */
const failed = new WeakSet<HTMLScriptElement>();
/** How long a script that has been fetched may take to run. */
const GRACE = 1_000;

let current: Promise<TrustpilotApi> | undefined;
let ownPolicy: ScriptUrlPolicy | null | undefined;

/** `window.Trustpilot`, if it can do what it should; a `<div id="Trustpilot">` cannot. */
function api(): TrustpilotApi | null {
  const found = (globalThis as { Trustpilot?: Partial<TrustpilotApi> }).Trustpilot;
  return typeof found?.loadFromElement === "function" ? (found as TrustpilotApi) : null;
}

/** Of the load under way. */
let settle: ((there: TrustpilotApi) => void) | undefined;

/**
 * When any script has run: consent managers take scripts out and put them in again as others, and
 * ours may come after its time.
 */
function arrive(): void {
  const there = api();
  if (!there) return;
  document.removeEventListener("load", arrive, true);
  settle?.(there);
  const woken = [...waiting];
  waiting.clear();
  for (const wake of woken) wake();
}

/** Whether the page's policy refused an address; some browsers tell its origin alone. */
export function refuses(event: SecurityPolicyViolationEvent, by: RegExp, address: string): boolean {
  const { blockedURI, disposition, effectiveDirective } = event;
  const isMeant = blockedURI !== "" && address.startsWith(blockedURI);
  return isMeant && disposition === "enforce" && by.test(effectiveDirective);
}

/** What did not come in time: script, or frame. */
export const late = (what: string, timeout: number): PlauditError =>
  new PlauditError("timeout", `the TrustBox ${what} did not come within ${timeout} ms`, {
    retryable: true,
  });

/** @internal */
export async function load(): Promise<TrustpilotApi> {
  const there = api();
  if (there) return there;
  if (typeof document === "undefined") {
    throw new PlauditError("unsupported_environment", "the TrustBox script needs a page");
  }
  current ??= fetchScript().finally(() => {
    current = undefined;
  });
  return current;
}

/** A script of the page's own that has not failed. One that a consent manager holds back is none. */
function ofPage(): HTMLScriptElement | undefined {
  const isOfficial = (address: string) =>
    address === settings.src ||
    (settings.src === official && /^https?:\/\/widget\.trustpilot\.com\/bootstrap\//.test(address));
  return [...document.scripts].find(
    (it) =>
      isOfficial(it.src) &&
      !failed.has(it) &&
      /^(|module|(text|application)\/javascript)$/.test(it.type),
  );
}

function fetchScript(): Promise<TrustpilotApi> {
  return new Promise((resolve, reject) => {
    const { src, timeout, nonce } = settings;
    const found = ofPage();
    const node = found ?? document.createElement("script");
    const ending = new AbortController();
    const { signal } = ending;
    let isRefused = false;
    const end = () => {
      if (signal.aborted) return false;
      ending.abort();
      settle = undefined;
      clearTimeout(timer);
      return true;
    };
    settle = (there) => {
      if (end()) resolve(there);
    };
    const refuse = (error: PlauditError) => {
      if (!end()) return;
      failed.add(node);
      // Late is not never: it may still come.
      if (!found && error.code !== "timeout") node.remove();
      reject(error);
    };
    const timer = setTimeout(() => refuse(late("script", timeout)), timeout);
    document.addEventListener(
      "securitypolicyviolation",
      (event) => {
        isRefused ||= refuses(event, /^script-src/, node.src);
      },
      { signal },
    );
    document.addEventListener("load", arrive, true);
    node.addEventListener("load", () => {
      arrive();
      const message = "the TrustBox script ran, yet window.Trustpilot has no loadFromElement";
      refuse(new PlauditError("malformed_response", message));
    });
    node.addEventListener("error", () => {
      // The policy's own event may come after this one.
      setTimeout(() => refuse(isRefused ? refused("script") : unreachable(node.src)));
    });
    if (found) {
      // One that failed before we looked tells nobody: when the page is loaded and the script
      // fetched, it runs now or never.
      const isOver =
        document.readyState === "complete" &&
        performance.getEntriesByName(found.src, "resource").length > 0;
      if (isOver) {
        setTimeout(() => {
          if (!end()) return;
          failed.add(found);
          resolve(api() ?? fetchScript());
        }, GRACE);
      }
      return;
    }
    try {
      node.async = true;
      if (nonce) node.nonce = nonce;
      node.src = trusted(src);
      document.head.append(node);
    } catch (cause) {
      refuse(refused("script", cause));
    }
  });
}

/** The script's address, as a page under Trusted Types wants it. */
function trusted(src: string): string {
  const { trustedTypes } = globalThis as { trustedTypes?: Factory };
  if (settings.policy) return settings.policy.createScriptURL(src) as string;
  if (!trustedTypes) return src;
  if (ownPolicy === undefined) {
    try {
      ownPolicy = trustedTypes.createPolicy("plaudit", {
        createScriptURL(address) {
          if (address !== settings.src) throw new TypeError("not the TrustBox script");
          return address;
        },
      });
    } catch {
      // Refused, or another copy of this package has it: text does where nothing is enforced.
      ownPolicy = null;
    }
  }
  return ownPolicy ? (ownPolicy.createScriptURL(src) as string) : src;
}

/** What the page's own policy refuses: script, or frame. */
export function refused(what: string, cause?: unknown): PlauditError {
  const message = `the page's own policy refuses the TrustBox ${what}: see docs/trustbox.md for what it must allow`;
  return new PlauditError("unsupported_environment", message, { cause });
}

function unreachable(src: string): PlauditError {
  const last = performance.getEntriesByName(src, "resource").at(-1);
  // Told of answers that the page may read, 0 of others.
  const { responseStatus: status } = (last ?? {}) as { responseStatus?: number };
  const message = navigator.onLine
    ? "the TrustBox script was not loaded: a content blocker, the network, or an error of its server"
    : "the TrustBox script was not loaded: the browser is offline";
  return new PlauditError("network_error", message, {
    retryable: true,
    status: status && status >= 400 ? status : undefined,
  });
}
