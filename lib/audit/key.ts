import { env } from "@/lib/platform/env";
import { checkerOf, signerOf } from "./chain.mjs";

let pair: (ReturnType<typeof signerOf> & { isSigned: ReturnType<typeof checkerOf> }) | undefined;

/** The key that signs heads, which the database never sees. */
export function auditKey() {
  if (!pair) {
    const signer = signerOf(env().AUDIT_SIGNING_KEY);
    pair = { ...signer, isSigned: checkerOf(signer.publicKey) };
  }
  return pair;
}
