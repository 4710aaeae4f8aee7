// The look for secrets itself: it must find one wherever it is put.
import assert from "node:assert/strict";

const SECRET = "tpa-sandbox-0123456789abcdef";
const finds = /holds a (token|code|state)|a token stands/;

export function watch(scenario) {
  scenario("the look for secrets finds one in every place", {}, async (s) => {
    await s.go();
    const plants = {
      address: [(secret) => history.replaceState(null, "", `#${secret}`)],
      "history.state": [(secret) => history.replaceState({ secret }, "")],
      title: [
        (secret) => {
          document.title = secret;
        },
        () => {
          document.title = "";
        },
      ],
      "window.name": [
        (secret) => {
          window.name = secret;
        },
        () => {
          window.name = "";
        },
      ],
      localStorage: [(secret) => localStorage.setItem("a", secret), () => localStorage.clear()],
    };
    for (const [place, [plant, clear]] of Object.entries(plants)) {
      await s.run(plant, SECRET);
      await assert.rejects(s.assertNothingLeaked(""), finds, place);
      await s.run(clear ?? (() => history.replaceState(null, "", location.pathname)));
      await s.assertNothingLeaked("");
    }
    await assert.rejects(s.assertNothingLeaked(`GET /?a=${SECRET} 200`), finds, "access log");
    s.assertClean("%74pa", "text that is none");
    assert.throws(
      () => s.assertClean(encodeURIComponent("sbxkMPA+AdKiseYx+h7hGw=="), "text"),
      finds,
    );

    await s.run((secret) => console.log(secret), SECRET);
    await s.logged(SECRET);
    await assert.rejects(s.assertNothingLeaked(""), finds, "console");
    await s.forgetConsole();

    for (const path of [`/x?${SECRET}`, "/x"]) {
      await s.run(
        (path, secret) => {
          if (path === "/x") history.replaceState(null, "", `/app.html?${secret}`);
          return fetch(path);
        },
        path,
        SECRET,
      );
      await s.run(() => history.replaceState(null, "", "/app.html"));
      await assert.rejects(s.assertNothingLeaked(""), finds, path);
      s.site.requests.length = 0;
      await s.forgetTiming(path);
    }
    // Chromium's own console names addresses that were not found.
    await s.forgetConsole();
    await s.assertNothingLeaked("");
  });

  scenario(
    "the look for secrets finds a token on its way to the platform, and a state",
    {},
    async (s) => {
      await s.go();
      const { session, state } = await s.signIn();
      await s.run(
        (token) => fetch(`${window.app.config.sandbox}/v1/business-units/find?name=${token}`),
        session.accessToken,
      );
      await assert.rejects(s.assertNothingLeaked(""), finds);
      await s.forgetTiming(session.accessToken);
      await s.forgetConsole();
      await s.control("DELETE", "requests");
      await s.run((state) => history.replaceState(null, "", `#state=${state}`), state);
      await assert.rejects(s.assertNothingLeaked(""), finds);
      await s.run(() => history.replaceState(null, "", location.pathname));
      await s.assertNothingLeaked("");
    },
  );
}
