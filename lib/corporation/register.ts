import { and, count, eq, isNull, sql } from "drizzle-orm";
import { corporations, issuancePermissions, users } from "@/drizzle/schema";
import { problemOfPassword } from "@/lib/login/new-password";
import type { Standing } from "@/lib/login/standing";
import { days, later } from "@/lib/platform/clock";
import { startOfDay } from "@/lib/platform/japan-time";
import { done, refuse, type Result } from "@/lib/platform/result";
import type { Work } from "@/lib/platform/transaction";
import { policy } from "@/lib/policy";
import type { Refusal } from "@/lib/refusals";
import { assignableClasses } from "./acts";
import type { UserClass } from "./user-classes";
import type { Operation } from "./operator";
import { tellUsersAndMasters } from "./tell";

/** A user to be: fields already checked and normalised. */
export type NewUser = { loginId: string; name: string; userClass: UserClass; mailAddress: string; loginPassword: string; confirmationPassword: string };

/** The same with passwords hashed: hashing is done before the transaction, which holds locks. */
export type HashedUser = Omit<NewUser, "loginPassword" | "confirmationPassword"> & { loginPasswordHash: string; confirmationPasswordHash: string };

/** What is wrong with a user to be, by field, beyond each field's own form. */
export async function problemsOfNewUser(user: NewUser, operator: Pick<Standing["user"], "id" | "userClass">, companyName: string): Promise<Record<string, string>> {
  const ownWords = [user.loginId, user.name, companyName];
  const login = await problemOfPassword("仮ログインパスワード", user.loginPassword, ownWords);
  const confirmation = user.confirmationPassword === user.loginPassword
    ? "仮ログインパスワードと異なるものを入力してください。"
    : await problemOfPassword("仮確認用パスワード", user.confirmationPassword, ownWords);
  return {
    ...(!assignableClasses(operator).includes(user.userClass) && { userClass: "この利用者区分の利用者は登録できません。" }),
    ...(login && { loginPassword: login }),
    ...(confirmation && { newConfirmationPassword: confirmation }),
  };
}

export type RegisterRefusal = Refusal<"too_many_users" | "not_permitted_on_user"> | { taken: string[] };

/**
 * Registers users with temporary passwords, all or none (R13, R23: a 発行許可 where the service's own 30 days still run). A login ID is the only one of the whole
 * institution. The company's row is locked, so that two at once cannot pass the contract's limit.
 */
export async function registerUsers(work: Work, { operator }: Operation, added: HashedUser[], by: "form" | "csv"): Promise<Result<string[], RegisterRefusal>> {
  const { corporation } = operator;
  const no = (reason: "too_many_users" | "not_permitted_on_user") => {
    work.record({ name: "user.register_refused", reason });
    return refuse({ reason });
  };
  const assignable = assignableClasses(operator.user);
  if (added.some(({ userClass }) => !assignable.includes(userClass))) return no("not_permitted_on_user");
  await work.tx.select({ id: corporations.id }).from(corporations).where(eq(corporations.id, corporation.id)).for("no key update");
  const [present] = await work.tx.select({ users: count() }).from(users).where(and(eq(users.corporationId, corporation.id), isNull(users.deletedAt)));
  if (present!.users + added.length > policy.usersPerContract) return no("too_many_users");

  const taken = await takenLoginIds(work, added.map(({ loginId }) => loginId));
  if (taken.length > 0) return refuse({ taken });
  const inserted = await work.tx.insert(users).values(added.map((user) => ({
    ...user, corporationId: corporation.id, loginPasswordTemporary: true, confirmationPasswordTemporary: true, createdAt: work.now,
  }))).returning({ id: users.id, loginId: users.loginId, name: users.name, mailAddress: users.mailAddress, userClass: users.userClass });

  permitFromService(work, corporation, inserted.map(({ id }) => id));
  for (const { id, userClass } of inserted) work.record({ name: "user.registered", userId: id, userClass, by });
  await tellUsersAndMasters(work, inserted.map((user) => ({ user, corporation })), (userNames) =>
    ({ kind: "user_changed", userNames, at: work.now.toISOString(), change: "registered" }));
  return done(inserted.map(({ id }) => id));
}

/** Login IDs that somebody has already, in whatever spelling. A lock on each keeps two registrations at once from both seeing it free. */
export async function takenLoginIds(work: Pick<Work, "tx">, loginIds: string[]): Promise<string[]> {
  const wanted = [...new Set(loginIds.map((loginId) => loginId.toLowerCase()))].sort();
  await work.tx.execute(sql`select pg_advisory_xact_lock(hashtextextended('login id ' || wanted, 0)) from jsonb_array_elements_text(${JSON.stringify(wanted)}::jsonb) as wanted`);
  const found = await work.tx.select({ loginId: sql<string>`lower(${users.loginId})` }).from(users)
    .where(and(sql`lower(${users.loginId}) in (select jsonb_array_elements_text(${JSON.stringify(wanted)}::jsonb))`, isNull(users.deletedAt)));
  return found.map(({ loginId }) => loginId);
}

/** R13: the permission that every user has for 30 days from the date the service applies. */
function permitFromService(work: Work, { id: corporationId, serviceAppliesFrom }: Standing["corporation"], userIds: string[]): void {
  if (!serviceAppliesFrom) return;
  const begins = startOfDay(serviceAppliesFrom);
  const closesAt = later(begins, days(policy.permissionDaysFromService));
  if (closesAt <= work.now) return;
  const opensAt = begins > work.now ? begins : work.now;
  work.save("permissions_opened", work.tx.insert(issuancePermissions)
    .values(userIds.map((userId) => ({ corporationId, userId, opensAt, closesAt, cause: "service_applied" as const }))));
  for (const userId of userIds) work.record({ name: "issuance_permission.opened", userId, cause: "service_applied", closesAt: closesAt.toISOString() });
}
