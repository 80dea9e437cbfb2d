import type { staff } from "@/drizzle/schema";
import { seal, unseal } from "@/lib/platform/keys";

type Row = Pick<typeof staff.$inferSelect, "id" | "sealedKey">;

/** A sealed key opens only in the row it was sealed for. */
export const staffBinding = (id: string) => `staff ${id}`;

export const sealStaffKey = (id: string, key: Uint8Array): string => seal(key, staffBinding(id));

/** The raw TOTP key of a member of staff. */
export const staffKey = ({ id, sealedKey }: Row): Uint8Array => unseal(sealedKey, staffBinding(id));
