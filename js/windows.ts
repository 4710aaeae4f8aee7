import { PlauditError } from "./errors.js";

/** The messages that a sign-in window and its opener exchange about one `state`. */
interface Message {
  plaudit: "callback" | "received";
  state: string;
  href?: string;
}

const POLL = 500;
const ANSWER_TIMEOUT = 2_000;

function isMessage(data: unknown, kind: Message["plaudit"], state: string): data is Message {
  const message = data as Message | null;
  return message?.plaudit === kind && message.state === state;
}

function openChannel(state: string): BroadcastChannel | undefined {
  try {
    // The name is as secret as the state is; only this origin can join.
    return new BroadcastChannel(`plaudit:${state}`);
  } catch {
    return undefined;
  }
}

/** Hears both ways: the other window's `postMessage`, and the channel where COOP cuts windows apart. */
function listen(
  channel: BroadcastChannel | undefined,
  other: Window | null,
  listener: (event: MessageEvent) => void,
): () => void {
  const fromWindow = (event: MessageEvent) => {
    if (event.origin === location.origin && event.source === other) listener(event);
  };
  addEventListener("message", fromWindow);
  channel?.addEventListener("message", listener);
  return () => {
    removeEventListener("message", fromWindow);
    channel?.close();
  };
}

/** In the window: hands the address to whoever opened it. Resolves with whether someone took it. */
export function handOver(state: string, href: string): Promise<boolean> {
  const channel = openChannel(state);
  const opener = window.opener as Window | null;
  const message: Message = { plaudit: "callback", state, href };
  return new Promise((resolve) => {
    const end = (isTaken: boolean) => {
      clearTimeout(timer);
      stop();
      resolve(isTaken);
    };
    const timer = setTimeout(end, ANSWER_TIMEOUT, false);
    const stop = listen(channel, opener, ({ data }) => {
      if (isMessage(data, "received", state)) end(true);
    });
    channel?.postMessage(message);
    try {
      opener?.postMessage(message, location.origin);
    } catch {
      // Another origin took the opener's place: the channel remains.
    }
  });
}

/** In the opener: waits for the window's address. Answers with what stops the waiting. */
export function awaitAddress(
  opened: Window,
  state: string,
  timeout: number,
  on: {
    onAddress(href: string): void;
    onClosed(error: PlauditError): void;
    onTimeout(error: PlauditError): void;
  },
): () => void {
  const channel = openChannel(state);
  const stopListening = listen(channel, opened, ({ data, source }) => {
    if (!isMessage(data, "callback", state) || typeof data.href !== "string") return;
    const received: Message = { plaudit: "received", state };
    channel?.postMessage(received);
    if (source) opened.postMessage(received, location.origin);
    on.onAddress(data.href);
  });
  // A platform's COOP header makes an open window look closed. Yet while the user is in it, this
  // page has no focus: closed and focused, three times in a row, is closed.
  let closed = 0;
  const poll = setInterval(() => {
    closed = opened.closed && document.hasFocus() ? closed + 1 : 0;
    if (closed < 3) return;
    clearInterval(poll);
    on.onClosed(new PlauditError("popup_closed", "the window was closed before sign-in ended"));
  }, POLL);
  const limit = setTimeout(() => {
    on.onTimeout(new PlauditError("popup_timeout", "no answer came from the window in time"));
  }, timeout);
  return () => {
    clearInterval(poll);
    clearTimeout(limit);
    stopListening();
  };
}
