// Every code of PlauditError as a sentence for people, and what they can do next.
// do: "sign-in" | "retry" | "reload" offers a button; "at" gives other words to a call than to a sign-in,
// and to what a server of one's own answers.

const AGAIN = "Sign in again; it takes one click.";
const MESSAGES = {
  invalid_argument: {
    text: "This page asked for a sign-in that makes no sense.",
    next: "Check the client id, the redirect address and the options given to createAuth().",
    at: {
      call: {
        text: "That does not look like a domain.",
        next: "Write it like trustpilot.com: no https:// before it, no path behind it.",
      },
    },
  },
  not_initialized: {
    text: "The WebAssembly part of plaudit did not start.",
    next: "Reload the page. If it stays, the page’s security policy must allow 'wasm-unsafe-eval'.",
    do: "reload",
  },
  crypto_unavailable: {
    text: "This browser gives no secure random numbers here, so no sign-in was started.",
    next: "Open the page over https or on localhost.",
  },
  token_in_query: {
    text: "The platform put the token where servers and logs can read it. It was thrown away.",
    next: "Sign in again. If it stays, tell the platform: that token has leaked.",
    do: "sign-in",
  },
  duplicate_parameter: {
    text: "The answer named the same thing twice, so there is no telling which one is true.",
    next: AGAIN,
    do: "sign-in",
  },
  state_missing: {
    text: "The platform did not send back the mark that proves this sign-in began here.",
    next: "Sign in again without Google, or choose “Redirect address” in the options first.",
    do: "sign-in",
    at: {
      server: {
        text: "The platform’s answer does not say which sign-in it is for.",
        next: AGAIN,
        do: "sign-in",
      },
    },
  },
  state_mismatch: {
    text: "This answer belongs to another sign-in, so it was refused.",
    next: `Somebody may have sent you a link. ${AGAIN}`,
    do: "sign-in",
  },
  state_unexpected: {
    text: "The answer carries a mark that was never sent.",
    next: AGAIN,
    do: "sign-in",
  },
  redirect_mismatch: {
    text: "The answer came to another address than the one it was meant for.",
    next: "Use one address in createAuth() and in the platform’s settings, to the letter.",
    do: "sign-in",
  },
  issuer_mismatch: {
    text: "Another sign-in server answered than the one that was asked.",
    next: `Nothing was kept. ${AGAIN}`,
    do: "sign-in",
  },
  provider_error: {
    text: "The platform refused the sign-in.",
    next: AGAIN,
    do: "sign-in",
    oauth: {
      access_denied: {
        text: "You said no on the platform’s page, so nothing was shared.",
        next: "If that was a slip, sign in again.",
      },
      temporarily_unavailable: {
        text: "The platform’s sign-in is down for the moment.",
        next: "Try again in a few minutes.",
      },
      server_error: {
        text: "The platform’s sign-in failed on its side.",
        next: "Try again in a few minutes.",
      },
      unauthorized_client: {
        text: "The platform does not let this application sign people in this way.",
        next: "Ask the platform to allow this grant for your key.",
      },
      invalid_scope: {
        text: "The platform does not know a permission that was asked for.",
        next: "Check the scope given to createAuth().",
      },
      invalid_request: {
        text: "The platform did not understand the sign-in request.",
        next: "Check the client id and the redirect address.",
      },
      unsupported_response_type: {
        text: "The platform does not hand tokens to pages any more.",
        next: "Use the code flow with a server.",
      },
    },
  },
  malformed_response: {
    text: "The answer to the sign-in is not written as the standard says, so it was not used.",
    next: AGAIN,
    do: "sign-in",
    at: {
      call: {
        text: "The platform answered, but not with something that can be read.",
        next: "Try again in a moment.",
        do: "retry",
      },
      server: {
        text: "The platform answered the server with something that cannot be read.",
        next: "Try again in a moment.",
        do: "retry",
      },
    },
  },
  unsupported_token_type: {
    text: "The platform gave a kind of token that plaudit does not know, so it was not used.",
    next: "Only bearer tokens can be used. Sign in again, or ask the platform.",
    do: "sign-in",
  },
  transaction_missing: {
    text: "An answer came, but no sign-in was begun in this tab.",
    next: `That happens with old links and bookmarks. ${AGAIN}`,
    do: "sign-in",
    at: {
      server: {
        text: "An answer came, but no sign-in waits for one in this browser.",
        next: `That happens with old links, and when a sign-in is used twice. ${AGAIN}`,
        do: "sign-in",
      },
    },
  },
  transaction_expired: {
    text: "The sign-in took too long, and its time has run out.",
    next: AGAIN,
    do: "sign-in",
  },
  storage_unavailable: {
    text: "The browser does not let this page keep anything, so a sign-in could not be matched.",
    next: "Allow site data for this page, or sign in with a popup.",
    do: "sign-in",
  },
  unsupported_environment: {
    text: "This does not work where the page runs now.",
    next: "Open it in a browser window of its own, not inside a frame.",
  },
  popup_blocked: {
    text: "The browser stopped the sign-in window.",
    next: "Allow popups for this page, or sign in without one.",
    do: "sign-in",
  },
  popup_closed: {
    text: "The sign-in window was closed before it was done.",
    next: AGAIN,
    do: "sign-in",
  },
  popup_timeout: {
    text: "The sign-in window was open for too long.",
    next: AGAIN,
    do: "sign-in",
  },
  signed_out: {
    text: "This call needs a token, and nobody is signed in.",
    next: "Sign in first, or call with the API key.",
    do: "sign-in",
    at: {
      server: {
        text: "Your session is over.",
        next: AGAIN,
        do: "sign-in",
      },
    },
  },
  expired: {
    text: "The token’s time is up.",
    next: AGAIN,
    do: "sign-in",
  },
  origin_not_allowed: {
    text: "The token was not sent: that address is not one of the platform’s.",
    next: "Name the address in allowedOrigins if it is yours.",
  },
  unauthorized: {
    text: "The platform did not accept the key or the token.",
    next: "Check the API key, or sign in again and repeat the call.",
    do: "retry",
  },
  forbidden: {
    text: "The key is good, but it may not ask for this.",
    next: "Ask the platform which modules your key has.",
    at: {
      server: {
        text: "The platform does not let this account see that.",
        next: "Sign in with an account of this business.",
      },
    },
  },
  not_found: {
    text: "The platform knows no business by that domain.",
    next: "Look for a typing mistake in the domain.",
  },
  rate_limited: {
    text: "Too many calls in a short time.",
    next: "Wait a moment, then try again.",
    do: "retry",
    at: {
      server: {
        text: "Too many requests from here in a minute; the server said no.",
        next: "Wait a moment, then try again.",
        do: "retry",
      },
    },
  },
  bad_request: {
    text: "The platform did not understand the question.",
    next: "Check what was typed in.",
  },
  server_error: {
    text: "The platform has trouble of its own.",
    next: "Try again in a few minutes.",
    do: "retry",
    at: {
      server: {
        text: "The platform has trouble of its own, and the server has no older answer.",
        next: "Try again in a few minutes.",
        do: "retry",
      },
    },
  },
  network_error: {
    text: "No answer came: the connection broke, or the browser was not let through.",
    next: "Check that you are online, then try again.",
    do: "retry",
    at: {
      server: {
        text: "The server does not answer.",
        next: "See that it still runs, then try again.",
        do: "retry",
      },
    },
  },
  aborted: {
    text: "You stopped the call before an answer came.",
    next: "Nothing was changed. Try again when you like.",
    do: "retry",
  },
  timeout: {
    text: "The platform took too long to answer.",
    next: "Try again in a moment.",
    do: "retry",
    at: {
      server: {
        text: "The platform did not answer the server in time.",
        next: "Try again in a moment.",
        do: "retry",
      },
    },
  },
  // A broker's own.
  platform_unreachable: {
    text: "The server could not reach the platform.",
    next: "See that the sandbox still runs, then try again.",
    do: "retry",
  },
  sign_in_failed: {
    text: "The platform gave the server no token for this sign-in.",
    next: AGAIN,
    do: "sign-in",
  },
  duplicate_cookie: {
    text: "A cookie came twice, so the server believed neither.",
    next: `Another site under the same name may have set one. ${AGAIN}`,
    do: "sign-in",
  },
  configuration_error: {
    text: "The server’s access to the platform is not set up rightly.",
    next: "Check key and secret on the server.",
  },
  upstream_auth: {
    text: "The platform refuses the server’s own key.",
    next: "Check key and secret on the server.",
  },
  store_unavailable: {
    text: "The server cannot get at its sessions.",
    next: "Try again in a moment.",
    do: "retry",
  },
  token_refused: {
    text: "The platform does not take the token any more that the server keeps for you.",
    next: AGAIN,
    do: "sign-in",
  },
  token_pending: {
    text: "The server is just renewing your token.",
    next: "Try again in a moment.",
    do: "retry",
  },
  cross_origin: {
    text: "The server takes this page for another site’s.",
    next: "Open the page at the address that the server was told.",
  },
  unexpected_answer: {
    text: "The server does not answer as it should.",
    next: "Open the page at the address that the demo printed, or start the demo anew.",
    do: "reload",
  },
};

/** All the codes this page has words for. */
export const codes = Object.keys(MESSAGES);

/** `during` is "sign-in", "call" or "server"; the answer is `{ text, next, do? }`. */
export function explain(error, during) {
  const known = Object.hasOwn(MESSAGES, error.code) ? MESSAGES[error.code] : null;
  if (!known) return { text: "Something went wrong that this page has no words for.", next: "" };
  const special =
    (error.oauthError && Object.hasOwn(known.oauth ?? {}, error.oauthError)
      ? known.oauth[error.oauthError]
      : undefined) ?? known.at?.[during];
  const words = { ...known, ...special };
  const next =
    error.code === "rate_limited" && error.retryAfter > 0
      ? `The ${during === "server" ? "server" : "platform"} says to wait ${error.retryAfter} s, then try again.`
      : words.next;
  return { text: words.text, next, do: words.do };
}
