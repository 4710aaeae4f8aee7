// The pure parts of the broker that read what anybody can write: paths, return targets, cookies.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { inside } from "./inside.mjs";

const { canonical, createTable, isPlain, returnAddress, routeOf, split, targetOf } =
  await inside("broker/paths.ts");
const { cookiesOf, cookiesWith, createSealer, setCookie } = await inside("broker/cookies.ts");

const ID = "46d6a890000064000500e0c3";

describe("addresses", () => {
  for (const [url, expected] of [
    ["https://shop.example/api/x?y=1", ["/api/x", "y=1"]],
    ["https://shop.example/api/x?", ["/api/x", ""]],
    ["https://shop.example/api/x?a=?b", ["/api/x", "a=?b"]],
    ["https://shop.example/#?x=1", ["/", ""]],
    ["https://shop.example", ["/", ""]],
    ["https://shop.example?x=1", ["/", ""]],
    ["https://shop.example//evil.example/x", ["//evil.example/x", ""]],
  ]) {
    it(`of ${url}`, () => assert.deepEqual(split(targetOf(url)), expected));
  }
});

describe("the route table", () => {
  const find = createTable([
    routeOf("units.get", ["G1/business-units/{,IbusinessUnitId", 0, "", 1]),
    routeOf("units.find", ["G1/business-units/find,Ddomain=name", 0, "", 1]),
    routeOf("units.reviews", ["G1/business-units/{/reviews,IbusinessUnitId,npage", 0, "", 1]),
    routeOf("profiles", ["P1/consumers/profile/bulk,JconsumerIds", 0, "", 3]),
  ]);
  const nameOf = (method, path) => find(method, path)?.route?.name ?? find(method, path);

  it("BF13 reads an endpoint's line", () => {
    const { row, ...route } = routeOf("a.b", ["G1/x/{/y,Iid,npage,uproductUrl=url", 0, "", 1]);
    assert.deepEqual(route, {
      name: "a.b",
      method: "GET",
      segments: ["x", null, "y"],
      inPath: [{ kind: "i", required: true, name: "id", wire: "id" }],
      others: [
        { kind: "n", required: false, name: "page", wire: "page" },
        { kind: "u", required: false, name: "productUrl", wire: "url" },
      ],
    });
  });

  it("BF13 words win over parameters, and methods count", () => {
    assert.equal(nameOf("GET", "/business-units/find"), "units.find");
    assert.equal(nameOf("GET", `/business-units/${ID}`), "units.get");
    assert.equal(nameOf("GET", `/business-units/${ID}/reviews`), "units.reviews");
    assert.deepEqual(find("GET", `/business-units/${ID}/reviews`).values, [ID]);
    assert.equal(nameOf("POST", "/consumers/profile/bulk"), "profiles");
    assert.equal(nameOf("GET", "/consumers/profile/bulk"), "method");
    assert.equal(nameOf("DELETE", "/business-units/find"), "method");
    assert.equal(nameOf("GET", "/business-units"), undefined);
    assert.equal(nameOf("GET", "/business-units/find/x"), undefined);
  });

  for (const path of [
    "",
    "/",
    "business-units/find",
    "/business-units/find/",
    "//business-units/find",
    "/business-units//find",
    "/business-units/./find",
    "/business-units/../find",
    "/business-units/..",
    "/business-units/%66ind",
    "/%62usiness-units/find",
    "/business-units/x%2ffind",
    "/business-units/%2e%2e/secret",
    "/business-units/..%2fsecret",
    "/business-units/%252e%252e",
    "/business-units/..%5csecret",
    "/business-units/%00",
    "/business-units/find%00",
    "/business-units/find%25",
    "/business-units/..\\secret",
    "/business-units\\find",
    "/business-units/find;jsessionid=1",
    "/business-units;x/find",
    "/business-units/find ",
    "/business-units/find\t",
    "/business-units/find\r\nX: y",
    "/business-units/@evil.example",
    "/business-units/a:b",
    "/business-units/$(jndi)",
    "/business-units/fínd",
    "/business-units/.find",
    `/business-units/${"a".repeat(2_100)}`,
  ]) {
    it(`BF14 no route: ${JSON.stringify(path.slice(0, 60))}`, () => {
      assert.equal(find("GET", path), undefined);
    });
  }

  it("BF14 what a URL parser has folded already is no route either", () => {
    for (const written of ["/api/%2e%2e/secret", "/api/../secret", "/api/\\x", "/%61pi/x"]) {
      const [path] = split(targetOf(new Request(`https://shop.example${written}`).url));
      const below = path.startsWith("/api/") ? path.slice(4) : "";
      assert.equal(find("GET", below), undefined, path);
    }
    assert.equal(isPlain("/a/b.c/d~e_f-g"), true);
  });

  for (const [kind, value, expected] of [
    ["i", ID.toUpperCase(), ID],
    ["d", "Example.COM", "example.com"],
    ["m", "EN,da,en", "da,en"],
    ["s", "5,1,5", "1,5"],
    ["k", "US,DK", "DK,US"],
    ["l", "EN-us", "en-US"],
    ["l", "ZH-hant-tw", "zh-Hant-TW"],
    ["t", "As It Is", "As It Is"],
    ["g", "Pet_Store", "Pet_Store"],
  ]) {
    it(`CH8 ${kind}: ${value} is spelled ${expected}`, () => {
      assert.equal(canonical(kind, value), expected);
    });
  }
});

const ORIGIN = "https://shop.example";

/** Where a browser would be after `Location: value` from the origin. */
const landing = (value) => new URL(value, `${ORIGIN}/callback`).origin;

describe("return targets", () => {
  for (const [target, expected] of [
    ["/", `${ORIGIN}/`],
    ["/account?tab=1&x=%2F", `${ORIGIN}/account?tab=1&x=%2F`],
    ["/a/../b", `${ORIGIN}/b`],
    ["/a#b", `${ORIGIN}/a`],
    ["/a?u=https://evil.example", `${ORIGIN}/a?u=https://evil.example`],
    ["/@evil.example", `${ORIGIN}/@evil.example`],
    ["/a//b", `${ORIGIN}/a//b`],
    ["/%2f/evil.example", `${ORIGIN}/%2f/evil.example`],
    ["https://app.example/home", "https://app.example/home"],
  ]) {
    it(`BF11 ${target} is taken`, () => {
      assert.equal(returnAddress(ORIGIN, target, ["https://app.example/home"]), expected);
    });
  }

  for (const target of [
    "/.//evil.example",
    "/..//evil.example",
    "/a/..//evil.example",
    "/a/b/../..//evil.example",
    "/%2e//evil.example",
    "/%2e%2e//evil.example",
    "/a/%2E%2e//evil.example",
    "/.//",
  ]) {
    it(`BF12 ${target} resolves to a path that begins with //`, () => {
      assert.equal(new URL(target, ORIGIN).origin, ORIGIN);
      assert.match(new URL(target, ORIGIN).pathname, /^\/\//);
      assert.equal(returnAddress(ORIGIN, target, []), undefined);
    });
  }

  it("BF11 the list is taken to the letter", () => {
    const listed = ["https://app.example/home"];
    for (const target of [
      "https://app.example/home/",
      "https://app.example/home?x",
      "https://app.example",
      "https://app.example.evil.example/home",
      "HTTPS://app.example/home",
      " https://app.example/home",
    ]) {
      assert.equal(returnAddress(ORIGIN, target, listed), undefined, target);
    }
  });

  it("BF11 BF12 thousands of redirectors' payloads stay at home", () => {
    const hosts = ["evil.example", "evil.example%2f..", "evil.example/..", "1.2.3.4", "0x7f000001"];
    hosts.push("[::1]", "user@evil.example", "shop.example@evil.example", "evil%E3%80%82example");
    hosts.push("shop.example.evil.example", "evil.example#shop.example", "evil.example:443");
    const leads = ["", "/", "//", "///", "////", "/\\", "\\", "\\\\", "\\/", "/\\/", "/./", "/.//"];
    leads.push("/..//", "/.\\", "/\t/", "/\n/", "/\r/", "\t//", " //", "/ /", "/\0/", "/%00/");
    leads.push("/%09/", "/%0a/", "/%0d%0a/", "/%2f", "/%2f/", "/%5c", "/%5c/", "/%2f%2f", "//%5c");
    leads.push("%2f%2f", "%5c%5c", "https:", "https:/", "https://", "https:///", "https:\\\\");
    leads.push("http://", "HtTpS://", "//https://", "/https://", "//;@", "//@", "/;@", "///;@");
    leads.push("javascript://", "javascript:alert(1)//", "data:text/html,", "file://", "ftp://");
    leads.push("/\u2028/", "/\u00a0/", "/\ufeff/", "\ufeff//", "/a/..//", "/a/../..//", "/..\\/");
    leads.push(
      "/%2e//",
      "/%2E%2e//",
      "/.%2e//",
      "/;/",
      "//;/",
      "/?//",
      "/#//",
      "?//",
      "#//",
      ".//",
    );
    leads.push(
      "..//",
      "@",
      "//shop.example@",
      "//shop.example:80#@",
      "/%2e%2e%2f%2f",
      "〱",
      "//〱",
    );
    const tails = ["", "/", "/%2f..", "/%2e%2e", "?x=1", "#", "/\\..", "%23.shop.example", "\\@x"];
    let count = 0;
    let taken = 0;
    for (const lead of leads) {
      for (const host of hosts) {
        for (const tail of tails) {
          const target = lead + host + tail;
          count += 1;
          const address = returnAddress(ORIGIN, target, []);
          if (address === undefined) continue;
          taken += 1;
          assert.equal(landing(address), ORIGIN, target);
          // A proxy that drops scheme and host must not make an address of another site of it.
          const url = new URL(address);
          assert.equal(landing(url.pathname + url.search), ORIGIN, target);
          // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
          assert.doesNotMatch(address, /[\x00-\x20\x7f-\uffff\\]/, target);
        }
      }
    }
    assert.ok(count > 5_000 && taken > 100 && taken < count / 2, `${taken} of ${count}`);
  });
});

describe("cookies", () => {
  const style = { isSecure: true, sameSite: "Lax" };

  it("BF1 the exact line", () => {
    assert.equal(
      setCookie("__Host-Http-plaudit", "abc", style),
      "__Host-Http-plaudit=abc; Path=/; Secure; HttpOnly; SameSite=Lax",
    );
    assert.equal(
      setCookie("__Host-Http-plaudit", "", { ...style, sameSite: "Strict" }, 0),
      "__Host-Http-plaudit=; Path=/; Max-Age=0; Secure; HttpOnly; SameSite=Strict",
    );
    assert.equal(
      setCookie("plaudit-dev", "abc", { isSecure: false, sameSite: "Lax" }),
      "plaudit-dev=abc; Path=/; HttpOnly; SameSite=Lax",
    );
  });

  for (const value of ["a\r\nSet-Cookie: x=y", "a\nb", "a;b", "a,b", 'a"b', "a b", "a\0", "ø"]) {
    it(`BF23 a value ${JSON.stringify(value)} is refused, not stripped`, () => {
      assert.throws(() => setCookie("a", value, style), TypeError);
    });
  }

  for (const [header, expected] of [
    [null, []],
    ["", []],
    ["x=1", []],
    ["s=1", ["1"]],
    ["a=b; s=1; c=d", ["1"]],
    ["s=1; s=2", ["1", "2"]],
    ["s=1;s=1", ["1", "1"]],
    ["s", [""]],
    ["s=a=b", ["a=b"]],
    ["xs=1; s_=2", []],
    ["S=1", []],
    [" s = 1 ", ["1"]],
    ["=s=1", []],
    // Names that browsers take for others, whatever a prefix of theirs forbids.
    ["\u00a0s=1", []],
    ["s\u00a0=1", []],
    ["\u2003s=1; \ufeffs=2; \u000bs=3; \u0085s=4; \u001fs=5", []],
    ["s=\u00a01", ["\u00a01"]],
    ["\ts\t=\t1\t", ["1"]],
  ]) {
    it(`BF4 cookies called s in ${JSON.stringify(header)}`, () => {
      assert.deepEqual(cookiesOf(header, "s"), expected);
    });
  }

  it("BF2 those that begin alike", () => {
    assert.deepEqual(cookiesWith("tx-a=1; other=2; tx-b=3", "tx-"), [
      ["tx-a", "1"],
      ["tx-b", "3"],
    ]);
  });

  it("BF5 what was sealed comes back as it was, or not at all", async () => {
    const sealer = createSealer("s3cret", "test");
    const sealed = await sealer.seal({ a: 1, b: "ø" });
    assert.match(sealed, /^[\w.-]+$/);
    assert.ok(!sealed.includes("s3cret"));
    assert.deepEqual(await sealer.open(sealed), { a: 1, b: "ø" });
    assert.deepEqual(await createSealer("s3cret", "test").open(sealed), { a: 1, b: "ø" });
    const [body, mac] = sealed.split(".");
    const flipped = (body[0] === "A" ? "B" : "A") + body.slice(1);
    for (const wrong of [
      ...["", ".", body, `${body}.`, `.${mac}`, `${flipped}.${mac}`, `${sealed}.x`, `${sealed}=`],
      `${body}.${mac.slice(0, -2)}`,
      `${btoa('{"a":2}').replaceAll("=", "")}.${mac}`,
      "é.é",
    ]) {
      assert.equal(await sealer.open(wrong), undefined, wrong);
    }
    assert.equal(await createSealer("other", "test").open(sealed), undefined);
    assert.equal(await createSealer("s3cret", "other").open(sealed), undefined);
  });
});
