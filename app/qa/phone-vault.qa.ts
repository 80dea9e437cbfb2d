import { fromBase64Url } from "@/lib/platform/base64url";
import type { TokenOnPhone } from "../authenticator/token";
import { removeToken, storedTokens } from "../authenticator/vault";
import { importToken } from "../authenticator/vault-import.qa";
import { ask } from "./ask.qa";

type Seeded = { token: TokenOnPhone; key: string };

/** The phone holds the demo's tokens and those set up by hand; what a scenario has wiped out of the database goes from it too. */
async function putTokensOnPhone(): Promise<void> {
  const held = (await storedTokens()).map(({ id }) => id);
  const known = held.length > 0 ? await ask<string[]>(`/qa/api/phones/known?${held.map((id) => `id=${id}`).join("&")}`) : [];
  const seeded = await ask<Seeded[]>("/qa/api/phones");
  for (const id of held) if (!known.includes(id)) await removeToken(id);
  // The app shows the newest first: the last one put in is the first account of the list.
  for (const { token, key } of seeded.reverse()) if (!held.includes(token.id)) await importToken(token, fromBase64Url(key));
}

/** One tab at a time, or two would take each other's tokens for missing. */
export const preparePhone = (): Promise<void> => navigator.locks.request("ichido-qa-phone", putTokensOnPhone);
