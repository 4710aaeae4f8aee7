// A page that signs in through the broker: the sandbox is another site, the origin http on loopback.
import assert from "node:assert/strict";
import { afterEach, beforeEach, it } from "node:test";
import { By, until } from "selenium-webdriver";
import { openSite } from "../server/site.mjs";
import { throughEngines } from "./drivers.mjs";

const WAIT = 15_000;

await throughEngines((context) => {
  let site;
  beforeEach(async () => {
    site = await openSite();
  });
  afterEach(() => site?.close());

  /** Waits until the page says how it is. */
  const state = async () => {
    const output = await context.driver.wait(until.elementLocated(By.id("state")), WAIT);
    await context.driver.wait(until.elementTextContains(output, "signed"), WAIT);
    return output.getText();
  };

  /** What an asynchronous function of the page gives. */
  const run = (work) =>
    context.driver.executeAsyncScript(
      `const done = arguments[0]; (${work})().then(done, (error) => done(String(error)));`,
    );

  async function signIn() {
    const { driver } = context;
    await driver.get(`${site.url}/`);
    assert.equal(await state(), "signed out");
    await driver.findElement(By.id("sign-in")).click();
    await driver.wait(until.elementLocated(By.css("input[name=password]")), WAIT);
    for (const [name, value] of [
      ["email", "demo@example.com"],
      ["password", "plaudit"],
    ]) {
      const field = driver.findElement(By.css(`input[name=${name}]`));
      await field.clear();
      await field.sendKeys(value);
    }
    await driver.findElement(By.css("button")).click();
    await driver.wait(until.urlContains("/account"), WAIT);
    assert.equal(await state(), "signed in");
    assert.equal(await driver.getCurrentUrl(), `${site.url}/account`);
  }

  it("BF1 BF7 BF8 signs in, reads by the unchanged client and privately, and signs out", async () => {
    await signIn();
    const seen = await run(async () => {
      const { broker } = window;
      const unit = await broker.client.businessUnits.find("example.com");
      const pages = broker.client.businessUnits.reviews.all(unit.id);
      const all = await pages.toArray({ limit: 25 });
      const bare = await fetch("/broker/sign-out", { method: "POST" });
      const mine = await broker.mine(unit.id);
      const out = await broker.signOut();
      return [
        unit.displayName,
        all.length,
        bare.status,
        mine.status,
        mine.count,
        // No script sees the session.
        document.cookie,
        out,
        await broker.session(),
      ];
    });
    assert.deepEqual(seen, ["Example Store", 25, 403, 200, 2, "", 204, 401]);
    await context.driver.navigate().refresh();
    assert.equal(await state(), "signed out");
  });

  it("BF6 no image, frame or script begins a sign-in, and none of another site reads", async () => {
    const { driver } = context;
    await driver.get(`${site.url}/`);
    await state();
    const own = await run(async () => {
      const answer = await fetch("/broker/sign-in", { redirect: "manual" });
      const image = new Image();
      const loaded = new Promise((resolve) => {
        image.onload = () => resolve("loaded");
        image.onerror = () => resolve("refused");
      });
      image.src = "/broker/sign-in";
      return [answer.status, await loaded];
    });
    assert.deepEqual(own, [403, "refused"]);
    // The sandbox's page is of another site.
    await driver.get(`${site.platform}/`);
    const read = await driver.executeAsyncScript(
      `const done = arguments[1];
      fetch(arguments[0] + "/broker/api/business-units/find?name=example.com").then(
        () => done("read"), () => done("refused"));`,
      site.url,
    );
    assert.equal(read, "refused");
  });
});
