import { createHmac, createPublicKey, diffieHellman, generateKeyPairSync, hkdfSync } from "node:crypto";
import { expect, test } from "vitest";
import { fromBase64Url, toBase64Url } from "@/lib/platform/base64url";
import { agreeOnKey, makePhoneKeys } from "./key-agreement";

/** The server's half, with Node's own crypto. */
function server(phonePublicKey: string, token: { id: string; serviceId: string; userId: string }) {
  const pair = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const point = fromBase64Url(phonePublicKey);
  const phone = createPublicKey({
    key: { kty: "EC", crv: "P-256", x: toBase64Url(point.slice(1, 33)), y: toBase64Url(point.slice(33)) },
    format: "jwk",
  });
  const own = pair.publicKey.export({ format: "jwk" });
  const raw = Uint8Array.from([4, ...fromBase64Url(own.x ?? ""), ...fromBase64Url(own.y ?? "")]);
  const z = diffieHellman({ privateKey: pair.privateKey, publicKey: phone });
  const info = `ichido token v1|${token.serviceId}|${token.userId}|${token.id}`;
  return { publicKey: toBase64Url(raw), key: Buffer.from(hkdfSync("sha256", z, token.id, info, 32)) };
}

const token = { id: "4f1c1e0e-3f6c-4a63-8a51-6c8a1f1b2d3e", serviceId: "100200", userId: "482109371156" };

test("the phone and the server derive the same key, and neither sends it", async () => {
  const phone = await makePhoneKeys();
  expect(fromBase64Url(phone.publicKey)).toHaveLength(65);
  const { publicKey, key } = server(phone.publicKey, token);
  const agreed = await agreeOnKey(phone.privateKey, { ...token, publicKey, algorithm: "SHA-256" });
  const message = new TextEncoder().encode("message");
  const signed = Buffer.from(await crypto.subtle.sign("HMAC", agreed, message));
  expect(signed.equals(createHmac("sha256", key).update(message).digest())).toBe(true);
});

test.each([
  ["token", { ...token, id: "another" }],
  ["service ID", { ...token, serviceId: "100201" }],
  ["user ID", { ...token, userId: "482109371157" }],
])("a key agreed for another %s is another key", async (_, other) => {
  const phone = await makePhoneKeys();
  const { publicKey, key } = server(phone.publicKey, token);
  const agreed = await agreeOnKey(phone.privateKey, { ...other, publicKey, algorithm: "SHA-256" });
  const signed = Buffer.from(await crypto.subtle.sign("HMAC", agreed, new Uint8Array(1)));
  expect(signed.equals(createHmac("sha256", key).update(new Uint8Array(1)).digest())).toBe(false);
});

test("no key can be read out of the phone", async () => {
  const phone = await makePhoneKeys();
  const { publicKey } = server(phone.publicKey, token);
  const agreed = await agreeOnKey(phone.privateKey, { ...token, publicKey, algorithm: "SHA-256" });
  await expect(crypto.subtle.exportKey("raw", agreed)).rejects.toThrow();
  await expect(crypto.subtle.exportKey("jwk", phone.privateKey)).rejects.toThrow();
});

test("a damaged public key is refused", async () => {
  const phone = await makePhoneKeys();
  const damaged = toBase64Url(new Uint8Array(65).fill(4));
  await expect(agreeOnKey(phone.privateKey, { ...token, publicKey: damaged, algorithm: "SHA-256" })).rejects.toThrow();
});
