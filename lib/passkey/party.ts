import { env } from "@/lib/platform/env";
import { institution } from "@/lib/platform/institution";
import { allowedOrigins } from "@/lib/platform/origins";
import type { RelyingParty } from "./webauthn";

/** The customers' side: passkeys are of PUBLIC_ORIGIN's host. */
export const customersParty = (): RelyingParty => ({ id: new URL(env().PUBLIC_ORIGIN).hostname, name: institution().name, origins: allowedOrigins() });
