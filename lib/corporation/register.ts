import { setImmediate as nextTurn } from "node:timers/promises";
import { and, count, eq, isNull, sql } from "drizzle-orm";
import { corporations, users } from "@/drizzle/schema";
import type { ProofRefusal } from "@/lib/approval/prove";
import type { ConfirmationRefusal } from "@/lib/login/confirm-password";
import type { CurrentSession } from "@/lib/login/guards";
import { problemOfPassword } from "@/lib/login/new-password";
import type { Caller } from "@/lib/platform/caller";
import type { Tx } from "@/lib/platform/database";
import { atTheBenchInTurn, hashPassword } from "@/lib/platform/password";
import { done, refuse, type Result } from "@/lib/platform/result";
import type { Work } from "@/lib/platform/transaction";
import { policy } from "@/lib/policy";
import type { Refusal } from "@/lib/refusals";
import { permitFromService } from "@/lib/token/permission";
import { assignableClasses } from "./acts";
import { approvalOf } from "./approvals";
import { type Credentials, type Operation, operate } from "./operator";
import { tellUsersAndMasters } from "./tell";
import type { NewUser } from "./user-fields";

type Company = CurrentSession["corporation"];
type PasswordProblems = Partial<Record<"loginPassword" | "newConfirmationPassword", string>>;

/** Judging and hashing passwords takes a processor: one company has one at a time, and lets others in after each user. */
const inTurn = <Value>({ id }: Company, work: () => Promise<Value>): Promise<Value> => atTheBenchInTurn(`registration ${id}`, work);

/** What is wrong with a user's temporary passwords, by field, beyond each field's own form. */
export const problemsOfPasswords = (user: NewUser, company: Company): Promise<PasswordProblems> => inTurn(company, async () => {
  await nextTurn(); // nothing here waits for anything: without this, 300 users would be judged in one go
  const ownWords = [user.loginId, user.name, company.name];
  const login = await problemOfPassword("仮ログインパスワード", user.loginPassword, ownWords);
  const confirmation = user.newConfirmationPassword === user.loginPassword
    ? "仮ログインパスワードと異なるものを入力してください。"
    : await problemOfPassword("仮確認用パスワード", user.newConfirmationPassword, ownWords);
  return { ...(login && { loginPassword: login }), ...(confirmation && { newConfirmationPassword: confirmation }) };
});

type RegisterRefusal = Refusal<"too_many_users" | "not_permitted_on_user"> | { taken: string[] };

type HashedUser = Omit<NewUser, "loginPassword" | "newConfirmationPassword"> & { loginPasswordHash: string; confirmationPasswordHash: string };

/**
 * Registers users with temporary passwords, all or none. Hashing is done between two transactions, because it takes long and they hold locks: the first asks
 * for the confirmation password, so that without it nothing is hashed; the second asks again, because much may have happened meanwhile. A wrong one is
 * counted once: it does not come as far as the second. A proof that the first asks for makes the session fresh for the second.
 */
export async function registerUsers(
  caller: Caller, session: CurrentSession, { added, by, ...credentials }: Credentials & { added: NewUser[]; by: "form" | "csv" },
): Promise<Result<string[], RegisterRefusal | ConfirmationRefusal | ProofRefusal>> {
  const act = { userIds: [], wholeContract: true, ...credentials, approval: () => approvalOf("register") };
  const permitted = await operate(caller, session, act, (work, operation) => mayRegister(work, operation, added));
  if (!permitted.ok) return permitted;
  const hashed = await hashInTurn(session.corporation, added);
  return operate(caller, session, act, (work, operation) => writeUsers(work, operation, hashed, by));
}

async function hashInTurn(company: Company, added: NewUser[]): Promise<HashedUser[]> {
  const hash = (password: string) => inTurn(company, () => hashPassword(password));
  const hashed: HashedUser[] = [];
  for (const { loginPassword, newConfirmationPassword, ...user } of added)
    hashed.push({ ...user, loginPasswordHash: await hash(loginPassword), confirmationPasswordHash: await hash(newConfirmationPassword) });
  return hashed;
}

type Registered = Pick<NewUser, "loginId" | "userClass">;

/** Whether these may be registered now. Answers the company's row, which is locked: two at once cannot both take the contract's last place, or one login ID. */
async function mayRegister(work: Work, { operator }: Operation, added: Registered[]): Promise<Result<typeof corporations.$inferSelect, RegisterRefusal>> {
  const no = (reason: "too_many_users" | "not_permitted_on_user") => {
    work.record({ name: "user.register_refused", reason });
    return refuse({ reason });
  };
  const assignable = assignableClasses(operator.user);
  if (added.some(({ userClass }) => !assignable.includes(userClass))) return no("not_permitted_on_user");
  const [corporation] = await work.tx.select().from(corporations).where(eq(corporations.id, operator.corporation.id));
  if (added.length > (await placesLeft(work.tx, corporation!.id))) return no("too_many_users");

  await work.tx.execute(sql`select pg_advisory_xact_lock(hashtextextended('login IDs', 0))`); // they are the whole institution's
  const taken = await takenLoginIds(work.tx, added.map(({ loginId }) => loginId));
  if (taken.length === 0) return done(corporation!);
  work.record({ name: "user.register_refused", reason: "login_id_taken" });
  return refuse({ taken });
}

async function writeUsers(work: Work, operation: Operation, added: HashedUser[], by: "form" | "csv"): Promise<Result<string[], RegisterRefusal>> {
  const permitted = await mayRegister(work, operation, added);
  if (!permitted.ok) return permitted;
  const corporation = permitted.value;
  const inserted = await work.tx.insert(users).values(added.map((user) => ({
    ...user, corporationId: corporation.id, loginPasswordTemporary: true, confirmationPasswordTemporary: true, createdAt: work.now,
  }))).returning({ id: users.id, name: users.name, mailAddress: users.mailAddress, userClass: users.userClass });

  permitFromService(work, corporation, inserted.map(({ id }) => id));
  for (const { id, userClass } of inserted) work.record({ name: "user.registered", userId: id, userClass, by });
  await tellUsersAndMasters(work, inserted.map((user) => ({ user, corporation })), (userNames) =>
    ({ kind: "user_changed", userNames, at: work.now.toISOString(), change: "registered" }));
  return done(inserted.map(({ id }) => id));
}

/** How many more users the contract holds. */
export async function placesLeft(tx: Tx, corporationId: string): Promise<number> {
  const [present] = await tx.select({ users: count() }).from(users).where(and(eq(users.corporationId, corporationId), isNull(users.deletedAt)));
  return policy.usersPerContract - present!.users;
}

/** Those of these login IDs that somebody of the institution has already, in whatever spelling; in lower case. */
export async function takenLoginIds(tx: Tx, loginIds: string[]): Promise<string[]> {
  const wanted = JSON.stringify(loginIds.map((loginId) => loginId.toLowerCase()));
  const found = await tx.select({ loginId: sql<string>`lower(${users.loginId})` }).from(users)
    .where(and(sql`lower(${users.loginId}) in (select jsonb_array_elements_text(${wanted}::jsonb))`, isNull(users.deletedAt)));
  return found.map(({ loginId }) => loginId);
}
