import { sql } from "drizzle-orm";
import { corporations, sessions, users } from "@/drizzle/schema";
import type { CurrentSession } from "@/lib/login/guards";
import { serviceApplies } from "@/lib/login/states";
import { isManager } from "@/lib/corporation/user-classes";

type Contract = Pick<typeof corporations.$inferSelect, "serviceAppliesFrom" | "passkeyPolicy" | "passkeyRequiredFrom">;

/** What the top page says about passkeys to one who has none: required from a date, asked for, or offered this once. */
export type PasskeyNotice = { kind: "passkey_required"; from: string } | { kind: "passkey_asked" } | { kind: "passkey_offered" };

/** For `requireUser`: what the notices go by. */
export const passkeyColumns = {
  contract: sql<Contract>`json_build_object('serviceAppliesFrom', ${corporations.serviceAppliesFrom}, 'passkeyPolicy', ${corporations.passkeyPolicy}, 'passkeyRequiredFrom', ${corporations.passkeyRequiredFrom})`,
  hasPasskey: sql<boolean>`exists (select from passkeys p where p.user_id = ${users.id} and p.corporation_id = ${corporations.id} and p.removed_at is null)`,
  passkeyOffered: sql<boolean>`${sessions.passkeyOffered}`,
};

type Viewed = Pick<CurrentSession, "user"> & { contract: Contract; hasPasskey: boolean; passkeyOffered: boolean };

/** One at most, the most pressing. Nobody is told of what they could not register yet. */
export function passkeyNotices({ user, contract, hasPasskey, passkeyOffered }: Viewed, now: Date): PasskeyNotice[] {
  if (hasPasskey || !serviceApplies(contract.serviceAppliesFrom, now)) return [];
  switch (contract.passkeyPolicy) {
    case "required": return [{ kind: "passkey_required", from: contract.passkeyRequiredFrom! }];
    case "asked_of_managers": return isManager(user.userClass) ? [{ kind: "passkey_asked" }] : [];
    case "offered": return passkeyOffered ? [{ kind: "passkey_offered" }] : [];
  }
}
