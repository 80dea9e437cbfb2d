import { and, asc, eq, isNull, sql } from "drizzle-orm";
import { corporations, users } from "@/drizzle/schema";
import { authenticationOf } from "@/lib/corporation/authentication";
import { ableManagers } from "@/lib/corporation/managers";
import { factsOf } from "@/lib/corporation/user-page";
import { countUsers, listedUserAnswer, listUsers, searchPattern } from "@/lib/corporation/user-list";
import { standingsOfUsers } from "@/lib/login/standing";
import { serviceApplies } from "@/lib/login/states";
import { appNow } from "@/lib/platform/clock";
import { database, withinDeadline } from "@/lib/platform/database";
import type { ContractAnswer, ContractSearchAnswer, StaffUserAnswer } from "./answers";
import { casesOfContract, casesOfUser } from "./case-list";

const mostFound = 20;
const shortestKey = 2;

type Search = Pick<ContractSearchAnswer, "key" | "problem" | "found" | "more"> & { ids: string[] };

/** What somebody searches with, as it may stand in the log: on one line, in reading order. */
export const plainKey = (text: string): string => text.normalize("NFKC").replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}\ufffd]/gu, "").trim();

/**
 * Contracts by a key (STF-05: no browsing): the whole contract number, the whole login ID, or a part of the company's name. Never more than a few: whoever
 * has too many types more of the name.
 */
export async function searchContracts(text: string): Promise<Search> {
  const key = plainKey(text);
  if (!key) return { key, problem: null, found: null, more: false, ids: [] };
  if ([...key].length < shortestKey) return { key, problem: `${shortestKey}文字以上で入力してください。`, found: null, more: false, ids: [] };
  const user = sql`select corporation_id from users where lower(login_id) = ${key.toLowerCase()} and deleted_at is null`;
  const contracts = await withinDeadline(database().select().from(corporations)
    .where(sql`${corporations.contractNumber} = ${key} or lower(normalize(${corporations.name}, NFKC)) like ${searchPattern(key)} or ${corporations.id} in (${user})`)
    .orderBy(asc(corporations.contractNumber)).limit(mostFound + 1));
  const shown = contracts.slice(0, mostFound);
  const matching = await withinDeadline(database().select({ id: users.id, loginId: users.loginId, name: users.name, corporationId: users.corporationId })
    .from(users).where(and(eq(sql`lower(${users.loginId})`, key.toLowerCase()), isNull(users.deletedAt))));
  return {
    key, problem: null, more: contracts.length > mostFound, ids: shown.map(({ id }) => id),
    found: shown.map(({ id, contractNumber, name, serviceAppliesFrom }) => ({
      contractNumber, name, serviceAppliesFrom,
      users: matching.filter(({ corporationId }) => corporationId === id).map(({ corporationId: _, ...found }) => found),
    })),
  };
}

/** A contract by its number. */
export async function contractByNumber(contractNumber: string) {
  const [found] = await withinDeadline(database().select({ now: appNow, corporation: corporations }).from(corporations).where(eq(corporations.contractNumber, contractNumber)));
  return found as { now: Date; corporation: typeof corporations.$inferSelect } | undefined;
}

type Found = NonNullable<Awaited<ReturnType<typeof contractByNumber>>>;

/** 契約詳細, with a page of its users. */
export async function contractPage({ now, corporation }: Found, { search, page }: { search: string; page: number }): Promise<Omit<ContractAnswer, "staff" | "session">> {
  const [counts, able, listed, cases] = await Promise.all([
    countUsers(corporation.id), ableManagers(database(), corporation.id, now),
    listUsers(corporation.id, { search, sort: "suspended", descending: false, page }), casesOfContract(corporation.id),
  ]);
  return {
    contract: {
      contractNumber: corporation.contractNumber, name: corporation.name, serviceAppliesFrom: corporation.serviceAppliesFrom,
      serviceApplies: serviceApplies(corporation.serviceAppliesFrom, now), registeredAt: corporation.createdAt.toISOString(), authentication: authenticationOf(corporation), counts,
      ableManagers: able.map(({ loginId, name }) => ({ loginId, name })),
    },
    users: listed.users.map(listedUserAnswer), total: listed.total, pages: listed.pages, cases,
  };
}

/** Everything the counter may know of one user: as in management, and never a password, a key or a one-time password. */
export async function staffUserPage(userId: string): Promise<(Omit<StaffUserAnswer, "staff" | "session"> & { corporationId: string }) | undefined> {
  const [owner] = await withinDeadline(database().select({ corporationId: users.corporationId }).from(users).where(and(eq(users.id, userId), isNull(users.deletedAt))));
  const [standing] = owner ? await withinDeadline(database().transaction(standingsOfUsers(owner.corporationId, [userId]))) : [];
  if (!owner || !standing) return undefined;
  const { corporation, now } = standing;
  const [{ able, shown }, cases] = await Promise.all([factsOf(standing, now), casesOfUser(corporation.id, userId)]);
  return {
    corporationId: corporation.id,
    contract: { contractNumber: corporation.contractNumber, name: corporation.name },
    shown,
    couldHelp: able.filter(({ id }) => id !== userId).map(({ name }) => name),
    cases,
  };
}
