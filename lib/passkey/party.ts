import { env } from "@/lib/platform/env";
import { institution } from "@/lib/platform/institution";
import { allowedOrigins, staffOrigins } from "@/lib/platform/origins";
import type { RelyingParty } from "./webauthn";

/** The customers' side: passkeys are of PUBLIC_ORIGIN's host. */
export const customersParty = (): RelyingParty => ({ id: new URL(env().PUBLIC_ORIGIN).hostname, name: institution().name, origins: allowedOrigins() });

/** The counter console's: of STAFF_HOST where it has a host of its own. */
export function staffParty(): RelyingParty {
  const { STAFF_HOST, PUBLIC_ORIGIN } = env();
  return { id: new URL(STAFF_HOST ? `https://${STAFF_HOST}` : PUBLIC_ORIGIN).hostname, name: `${institution().name} 営業店コンソール`, origins: staffOrigins() };
}
