import { now } from "../device-clock";
import type { TokenOnPhone } from "./token";
import { keepToken, storedTokens } from "./vault";

/** The QA page puts the demo's seeded tokens on the phone; a production build has no way to bring in a key. */
export async function importToken(token: TokenOnPhone, rawKey: Uint8Array<ArrayBuffer>): Promise<void> {
  const key = await crypto.subtle.importKey("raw", rawKey, { name: "HMAC", hash: token.algorithm }, false, ["sign"]);
  const before = (await storedTokens()).find(({ id }) => id === token.id);
  await keepToken({ ...token, key, setUpAt: before?.setUpAt ?? now() });
}
