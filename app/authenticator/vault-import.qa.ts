import type { TokenOnPhone } from "./token";
import { keepToken } from "./vault";

/** The QA page puts the demo's seeded tokens on the phone; a production build has no way to bring in a key. */
export async function importToken(token: TokenOnPhone, rawKey: Uint8Array<ArrayBuffer>): Promise<void> {
  const key = await crypto.subtle.importKey("raw", rawKey, { name: "HMAC", hash: token.algorithm }, false, ["sign"]);
  await keepToken({ ...token, key, setUpAt: Date.now() });
}
