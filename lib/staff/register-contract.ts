import { eq, sql } from "drizzle-orm";
import { corporations, users } from "@/drizzle/schema";
import { takenLoginIds } from "@/lib/corporation/register";
import { tellUsersAndMasters } from "@/lib/corporation/tell";
import type { TemporaryPassword } from "@/lib/login/temporary-password";
import type { Tx } from "@/lib/platform/database";
import { startOfDay } from "@/lib/platform/japan-time";
import { done, refuse, type Result } from "@/lib/platform/result";
import type { Work } from "@/lib/platform/transaction";
import type { Refusal } from "@/lib/refusals";
import { permitFromService } from "@/lib/token/permission";
import type { NewContract } from "./answers";

type NewMaster = { corporationId: string; userId: string };

/** What of a contract to be belongs to somebody already. Under the lock that registration takes, so that two at once cannot both find it free. */
export async function takenOf(tx: Tx, { contractNumber, master }: NewContract): Promise<("contractNumber" | "masterLoginId")[]> {
  await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended('login IDs', 0))`);
  const [same] = await tx.select({ id: corporations.id }).from(corporations).where(eq(corporations.contractNumber, contractNumber));
  const taken = await takenLoginIds(tx, [master.loginId]);
  return [...(same ? ["contractNumber" as const] : []), ...(taken.length > 0 ? ["masterLoginId" as const] : [])];
}

/** Registers a contract and its first master, with temporary passwords (R23). */
export async function registerContract(
  work: Work, { contractNumber, name, master }: NewContract, serviceAppliesFrom: string | null, [login, confirmation]: [TemporaryPassword, TemporaryPassword],
): Promise<Result<NewMaster, Refusal<"contract_taken">>> {
  if ((await takenOf(work.tx, { contractNumber, name, master })).length > 0) return refuse({ reason: "contract_taken" });
  const [corporation] = await work.tx.insert(corporations).values({ contractNumber, name, serviceAppliesFrom, createdAt: work.now }).returning();
  const [user] = await work.tx.insert(users).values({
    corporationId: corporation!.id, ...master, userClass: "master", createdAt: work.now,
    loginPasswordHash: login.hash, loginPasswordTemporary: true, confirmationPasswordHash: confirmation.hash, confirmationPasswordTemporary: true,
  }).returning();
  work.corporationId = corporation!.id;
  work.record({ name: "contract.registered", contractNumber });
  work.record({ name: "user.registered", userId: user!.id, userClass: "master", by: "counter" });
  permitFromService(work, corporation!, [user!.id]);
  await tellUsersAndMasters(work, [{ user: user!, corporation: corporation! }], (userNames) =>
    ({ kind: "user_changed", userNames, at: work.now.toISOString(), change: "registered_by_counter" }));
  if (serviceAppliesFrom) {
    work.record({ name: "service.applied", from: serviceAppliesFrom, users: 1 });
    work.mail({
      corporationId: corporation!.id, userId: user!.id, recipient: master.mailAddress,
      content: { kind: "service_applied", corporationName: name, from: startOfDay(serviceAppliesFrom).toISOString() },
    });
  }
  return done({ corporationId: corporation!.id, userId: user!.id });
}
