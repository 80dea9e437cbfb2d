import type { tokens } from "@/drizzle/schema";
import { seal, unseal } from "@/lib/platform/keys";

type Token = Pick<typeof tokens.$inferSelect, "id" | "corporationId" | "userId" | "sealedKey">;

/** A sealed key opens only in the row it was sealed for: another user's ciphertext is refused. */
export const tokenBinding = ({ id, corporationId, userId }: Omit<Token, "sealedKey">) => `tokens ${corporationId} ${userId} ${id}`;

export const sealTokenKey = (token: Omit<Token, "sealedKey">, key: Uint8Array): string => seal(key, tokenBinding(token));

/** The raw TOTP key. Throws for a token that has none. */
export function tokenKey(token: Token): Uint8Array {
  if (!token.sealedKey) throw new Error("this token has no key");
  return unseal(token.sealedKey, tokenBinding(token));
}
