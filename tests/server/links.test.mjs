// businessLink against the worked vector, and read back by an implementation of its own.
import { createSandbox } from "plaudit/sandbox";
import { businessLink, secret } from "plaudit/server";
import {
  assert,
  assertSilent,
  describe,
  fromBase64,
  fromHex,
  hexOf,
  hmacSha256,
  it,
  rejects,
} from "../kit.mjs";

const keys = {
  encryptionKey: "BAXltLTmPHVo7tX1HzrlbxjUOGaHEFEN4HbTZQYj+UA=",
  authenticationKey: "/Cmm+QZRIMRplLKSaXSePvt1W23a8inGbQLxNtxIE7w=",
};
const order = {
  domain: "my-domain.com",
  email: "zoë@example.com",
  name: "Zoë O'Neil",
  ref: "A-1001",
  skus: ["sku/1", "sku+2"],
  tags: ["first order"],
};

/** What Trustpilot would read: the MAC first, then the text (BG4). */
async function open(url) {
  const sealed = fromBase64(new URL(url).searchParams.get("p"));
  const signed = sealed.slice(0, -32);
  const mac = await hmacSha256(fromBase64(keys.authenticationKey), signed);
  assert.deepEqual(sealed.slice(-32), mac);
  const raw = fromBase64(keys.encryptionKey);
  const key = await crypto.subtle.importKey("raw", raw, "AES-CBC", false, ["decrypt"]);
  const iv = signed.slice(0, 16);
  const text = await crypto.subtle.decrypt({ name: "AES-CBC", iv }, key, signed.slice(16));
  return { text: new TextDecoder().decode(text), iv: hexOf(iv) };
}

describe("business generated links", () => {
  it("the worked vector, byte for byte", async (t) => {
    const iv = fromHex("400a094b63105ec0309434cc4764d045");
    const value = (array) => {
      assert.equal(array.length, 16);
      array.set(iv);
      return array;
    };
    Object.defineProperty(crypto, "getRandomValues", { value, configurable: true });
    t.after(() => delete crypto.getRandomValues);
    const url = await businessLink(order, keys);
    const p =
      "QAoJS2MQXsAwlDTMR2TQReLw6nELdd3dM0SxcfRZT%2Ft3z4bjH6BeXF7f8DZ4uqsF7XT7NPvMhCPXmu5x6yQnR5Pp%2F" +
      "v6bw3NRMDyRZhIDfoLz2n%2F%2FMX5Y%2FaRQnXXVUUDLAZ638bgMXkpdaXstyGYfEhdaGimfIz%2BiE09038ltauyvV4" +
      "KNciFIGoWLIKoi3z6abpzQz2ee91nS3TNdt9qDiWf2JxoMrufgj%2F1vfI0tY3w%3D";
    assert.equal(url, `https://www.trustpilot.com/evaluate-bgl/my-domain.com?p=${p}`);
  });

  it("BG2 each link has an IV of its own", async () => {
    const links = await Promise.all(Array.from({ length: 50 }, () => businessLink(order, keys)));
    const opened = await Promise.all(links.map(open));
    assert.equal(new Set(opened.map(({ iv }) => iv)).size, 50);
  });

  it("what is left out is left out of the payload; the members keep their order", async () => {
    const { domain, ref } = order;
    const bare = await businessLink({ domain, ref, email: undefined, skus: [] }, keys);
    assert.equal((await open(bare)).text, '{"ref":"A-1001","skus":[]}');
    const { tags, ...rest } = order;
    const turned = await businessLink({ tags, ...rest }, keys);
    assert.equal((await open(turned)).text, JSON.stringify({ ...rest, tags, domain: undefined }));
  });

  it("texts of any length and script, as JSON.stringify writes them", async () => {
    for (const ref of ["x", "\u{1F600}", '"\\/\b\f\n\r\t\u0001\u2028', "é".repeat(500)]) {
      const url = await businessLink({ domain: "my-domain.com", ref }, keys);
      assert.equal((await open(url)).text, JSON.stringify({ ref }));
      assert.ok(!/[+/=]/.test(url.split("?p=")[1]), "percent-encoded");
    }
  });

  it("BG1 keys are base64 of 32 bytes, or secrets that hold it; they stand in no error", async () => {
    const secrets = Object.entries(keys).map(([name, key]) => [name, secret(key)]);
    await open(await businessLink(order, Object.fromEntries(secrets)));
    for (const name of ["encryptionKey", "authenticationKey"]) {
      for (const key of ["", " ", "c2hvcnQ=", keys[name].slice(0, -1), undefined, 7]) {
        const error = await rejects(
          businessLink(order, { ...keys, [name]: key }),
          "invalid_argument",
        );
        assert.ok(error.message.startsWith(`${name}: `), error.message);
        assertSilent(error, [keys.encryptionKey, keys.authenticationKey, "c2hvcnQ="]);
      }
    }
  });

  it("BG3 the domain is a domain alone", async () => {
    for (const domain of ["https://my-domain.com", "my-domain.com/x", "..", "a.example?p=1", 7]) {
      const error = await rejects(businessLink({ ...order, domain }, keys), "invalid_argument");
      assert.ok(error.message.startsWith("domain: "), error.message);
    }
    const url = await businessLink({ ...order, domain: "müller.example" }, keys);
    assert.equal(new URL(url).pathname, "/evaluate-bgl/m%C3%BCller.example");
  });

  it("BG4 the sandbox reads a link as the platform would", async () => {
    const sandbox = createSandbox();
    const read = sandbox.readLink(await businessLink(order, keys), {
      encryption_key: keys.encryptionKey,
      authentication_key: keys.authenticationKey,
    });
    const { domain, ...data } = order;
    assert.deepEqual(read, { domain, data });
  });

  it("arguments of other types are refused by name", async () => {
    for (const [name, value] of [
      ["ref", undefined],
      ["ref", ""],
      ["email", 7],
      ["name", {}],
      ["skus", [7]],
      ["tags", [null]],
    ]) {
      const error = await rejects(
        businessLink({ ...order, [name]: value }, keys),
        "invalid_argument",
      );
      assert.ok(error.message.startsWith(`${name}: `), error.message);
    }
  });
});
