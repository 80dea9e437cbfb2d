import { eq } from "drizzle-orm";
import { cases, caseTargets, staff } from "@/drizzle/schema";
import { shownPasswordOf } from "@/lib/demo/accounts.qa";
import { ourselves } from "@/lib/platform/caller";
import { readClock } from "@/lib/platform/clock";
import { database } from "@/lib/platform/database";
import { inOneTransaction } from "@/lib/platform/transaction";
import { approveCase, returnCase, temporariesFor, withdrawCase } from "./decide-case";
import { enterCase, enterContract, openEntry } from "./enter-case";
import { openCase, openForApproval, seenNow } from "./open-case";
import type { CaseEntry, ContractEntry } from "./case-fields";
import type { StaffProof } from "./prove";
import { openStaffSession } from "./session";
import { type StaffSession } from "./guards";
import { showSlips } from "./slips";
import { standingOfStaffId } from "./standing";
import { staffLoggedIn } from "./test-passkey";

let numbers = 0;

/** For tests: one of the demo's staff, using the verbs as the routes do. `proving`: with a login of both steps, where others only have a session put there. */
export function colleague(staffId: string, { proving = false } = {}) {
  let session: StaffSession | undefined;

  async function logIn(): Promise<StaffSession> {
    if (proving) await staffLoggedIn(staffId);
    else await inOneTransaction(ourselves(), standingOfStaffId(staffId), (work, { standing }) => openStaffSession(work, standing!, { hash: `test ${staffId}` }));
    const { standing } = await database().transaction(standingOfStaffId(staffId));
    const { now } = await readClock(database());
    const { passwordTemporary, id, name, branch, duty } = standing!.staff;
    const { id: sessionId, provedAt } = standing!.openSession!;
    return { now, id: sessionId, provedAt, expiresAt: now, lastSeenAt: now, endedBecause: null, staff: { id, staffId, name, branch, duty, passwordTemporary } };
  }
  /** What the guard reads of it at each request. */
  async function lately() {
    const { now, standing } = await database().transaction(standingOfStaffId(staffId));
    return { now, provedAt: standing?.openSession?.provedAt ?? now };
  }
  const currentSession = async () => (session ??= await logIn());
  const actor = ({ staff: { id } }: StaffSession) => ({ kind: "staff", id }) as const;

  return {
    staffId, session: currentSession,
    logInAgain: async () => { session = await logIn(); },
    presentDigits: async () => (await shownPasswordOf(staffId))!.oneTimePassword,
    async enter(fields: Partial<CaseEntry> & Pick<CaseEntry, "kind">) {
      const entry: CaseEntry = {
        number: `T-${(numbers += 1).toString().padStart(4, "0")}`, contractNumber: "1000001", loginIds: [], documents: ["届出印"], reason: "窓口でのお申し出", serviceAppliesFrom: "", allowReissue: true, authentication: null, ...fields,
      };
      const at = await currentSession();
      const act = entry.kind === "emergency_stop" ? "enter_emergency_stop" : "enter_case";
      return inOneTransaction(ourselves(), openEntry(at, act, entry), (work, opened) => enterCase(work, opened, entry), actor(at));
    },
    async enterContract(fields: Partial<ContractEntry>) {
      const entry: ContractEntry = {
        number: `N-${(numbers += 1).toString().padStart(4, "0")}`, contractNumber: "2000001", name: "新規商会", master: { loginId: "shinki", name: "新規一郎", mailAddress: "shinki@example.jp" },
        documents: ["届出印"], reason: "お申込書のとおり", serviceAppliesFrom: "", ...fields,
      };
      const at = await currentSession();
      return inOneTransaction(ourselves(), openEntry(at, "enter_case", { number: entry.number, contractNumber: "", loginIds: [] }), (work, opened) => enterContract(work, opened, entry), actor(at));
    },
    /** What the approver's page would send back. */
    seen: async (number: string) => seenNow(await database().transaction(openForApproval({ ...(await currentSession()) }, number))),
    async approve(number: string, seen?: string, proof: StaffProof = {}) {
      const at = await currentSession().then(async (session) => ({ ...session, ...(await lately()) }));
      const shown = seen ?? (await this.seen(number));
      const temporaries = await temporariesFor(at, number, proof);
      return inOneTransaction(ourselves(), openForApproval(at, number), (work, open) => approveCase(work, open, { seen: shown, proof }, temporaries), actor(at));
    },
    async sendBack(number: string, reason = "") {
      const at = await currentSession();
      return inOneTransaction(ourselves(), openCase(at, "decide_case", number), (work, open) => returnCase(work, open, reason), actor(at));
    },
    async withdraw(number: string) {
      const at = await currentSession();
      return inOneTransaction(ourselves(), openCase(at, "withdraw_case", number), withdrawCase, actor(at));
    },
    async slips(number: string) {
      const at = await currentSession();
      return inOneTransaction(ourselves(), openCase(at, "show_slips", number), showSlips, actor(at));
    },
    row: async () => (await database().select().from(staff).where(eq(staff.staffId, staffId)))[0]!,
  };
}

export async function caseRow(number: string) {
  const [row] = await database().select().from(cases).where(eq(cases.number, number));
  const targets = row ? await database().select().from(caseTargets).where(eq(caseTargets.caseId, row.id)).orderBy(caseTargets.place) : [];
  return { row, targets };
}
