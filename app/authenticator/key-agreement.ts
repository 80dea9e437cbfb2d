import { fromBase64Url, toBase64Url } from "@/lib/platform/base64url";
import type { SetUpToken } from "./token";

export type PhoneKeys = { privateKey: CryptoKey; publicKey: string };

const curve = { name: "ECDH", namedCurve: "P-256" } as const;

/** The private key is non-extractable: not even this app can read it back. */
export async function makePhoneKeys(): Promise<PhoneKeys> {
  const pair = await crypto.subtle.generateKey(curve, false, ["deriveKey"]);
  const point = await crypto.subtle.exportKey("raw", pair.publicKey);
  return { privateKey: pair.privateKey, publicKey: toBase64Url(new Uint8Array(point)) };
}

/** R11: the key is agreed, bound to service ID, user ID and issuance, and never leaves WebCrypto. */
export async function agreeOnKey(
  privateKey: CryptoKey,
  token: Pick<SetUpToken, "id" | "serviceId" | "userId" | "publicKey" | "algorithm">,
): Promise<CryptoKey> {
  const text = new TextEncoder();
  const peer = await crypto.subtle.importKey("raw", fromBase64Url(token.publicKey), curve, false, []);
  const shared = await crypto.subtle.deriveKey({ name: "ECDH", public: peer }, privateKey, "HKDF", false, ["deriveKey"]);
  return crypto.subtle.deriveKey(
    {
      name: "HKDF",
      hash: "SHA-256",
      salt: text.encode(token.id),
      info: text.encode(`ichido token v1|${token.serviceId}|${token.userId}|${token.id}`),
    },
    shared,
    // WebCrypto's default length is the hash's block size, 512 bits: every password would differ from the server's.
    { name: "HMAC", hash: token.algorithm, length: 256 },
    false,
    ["sign"],
  );
}
