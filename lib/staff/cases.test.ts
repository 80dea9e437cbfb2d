import { and, eq, sql } from "drizzle-orm";
import { beforeEach, describe, expect, test } from "vitest";
import { auditEvents, cases, caseTargets, corporations, issuancePermissions, loginAttempts, mailIntents, sessions, staff, stops, users } from "@/drizzle/schema";
import { headOf } from "@/lib/audit/store";
import { sealAll, someEvent } from "@/lib/audit/test-seal";
import { type Authentication, authenticationOf, noPasskeyNeeded } from "@/lib/corporation/authentication";
import { confirmationPassword } from "@/lib/demo/cast.qa";
import { putScenario } from "@/lib/demo/scenarios.qa";
import { openSession } from "@/lib/login/session";
import { person, wrongDigits } from "@/lib/login/test-person";
import { ourselves } from "@/lib/platform/caller";
import { sortableDate } from "@/lib/platform/japan-time";
import { testDatabase } from "@/lib/platform/test-database";
import { inOneTransaction } from "@/lib/platform/transaction";
import { lift } from "@/lib/suspension/lift";
import { releaseStops, stopUsers } from "@/lib/suspension/stop";
import { suspendLoginPassword } from "./test-states";
import { afterEvent, caseEvents, caseStates } from "./case-states";
import { approveCase, temporariesFor } from "./decide-case";
import { openForApproval } from "./open-case";
import { caseRow, colleague } from "./test-staff";

const database = testDatabase();
let clerk = colleague("clerk");
let approver = colleague("approver");
beforeEach(async () => {
  await putScenario("demo");
  [clerk, approver] = [colleague("clerk"), colleague("approver")];
});

const numberOf = (result: Awaited<ReturnType<typeof clerk.enter>>): string => {
  if (!result.ok) throw new Error(JSON.stringify(result.refusal));
  return result.value.number;
};
const eventsNamed = (name: string) => database.db.select().from(auditEvents).where(eq(auditEvents.name, name)).orderBy(auditEvents.id);
const mailsTo = async (recipient: string) => (await database.db.select().from(mailIntents).where(eq(mailIntents.recipient, recipient))).map(({ content }) => content as { kind: string; change?: string } | null);

const made = { "waiting approve": "done", "waiting return": "returned", "waiting withdraw": "withdrawn", "returned enter_again": "waiting", "returned withdraw": "withdrawn" } as Record<string, string>;
test.each(caseStates.flatMap((state) => caseEvents.map((event) => [state, event] as const)))("a case that is %s, on %s", (state, event) => {
  expect(afterEvent(state, event)).toBe(made[`${state} ${event}`]);
});

describe("two people (R22)", () => {
  test("nothing happens before approval; then it happens, by two different people, and the user can log in", async () => {
    const number = numberOf(await clerk.enter({ kind: "lift_suspension", loginIds: ["sachiko"] }));
    expect((await person("sachiko").standing()).suspendedAt).not.toBeNull();
    expect(await caseRow(number)).toMatchObject({ row: { state: "waiting", decidedBy: null }, targets: [{ outcome: null }] });

    expect(await approver.approve(number)).toEqual({ ok: true, value: undefined });
    expect(await person("sachiko").standing()).toMatchObject({ suspendedAt: null, user: { oneTimePasswordFailures: 0 } });
    const { row, targets } = await caseRow(number);
    expect(row).toMatchObject({ state: "done", enteredBy: (await clerk.row()).id, decidedBy: (await approver.row()).id });
    expect(targets).toMatchObject([{ outcome: "done" }]);
    expect(await person("sachiko").password()).toMatchObject({ ok: true, value: { step: "one_time_password" } });
    expect(await mailsTo("sachiko@example.jp")).toContainEqual(expect.objectContaining({ kind: "suspension_lifted" }));
    const [lifted] = await eventsNamed("suspension.lifted");
    expect(lifted).toMatchObject({ actorKind: "staff", actorId: (await approver.row()).id });
  });

  test("whoever entered a case approves and returns it in no duty, in two tabs neither", async () => {
    const number = numberOf(await clerk.enter({ kind: "lift_suspension", loginIds: ["sachiko"] }));
    await expect(clerk.approve(number)).rejects.toMatchObject({ refusal: { reason: "staff_not_permitted" } });
    await database.db.update(staff).set({ duty: "approver" }).where(eq(staff.staffId, "clerk")); // promoted between the two
    const tries = await Promise.all([clerk.approve(number), clerk.approve(number), clerk.sendBack(number)]);
    for (const tried of tries) expect(tried).toEqual({ ok: false, refusal: { reason: "own_case" } });
    expect((await caseRow(number)).row!.state).toBe("waiting");
    expect((await person("sachiko").standing()).suspendedAt).not.toBeNull();
    expect(await eventsNamed("case.act_refused")).toHaveLength(3);
  });

  test("the database itself refuses a case decided by who entered it, one decided twice, and a number that changes", async () => {
    const number = numberOf(await clerk.enter({ kind: "lift_suspension", loginIds: ["sachiko"] }));
    const decide = (by: string) => database.db.update(cases).set({ state: "done", decidedBy: by, decidedAt: new Date() }).where(eq(cases.number, number));
    await expect(decide((await clerk.row()).id)).rejects.toThrow();
    await expect(database.db.update(cases).set({ number: "Z-1" }).where(eq(cases.number, number))).rejects.toThrow();
    await decide((await approver.row()).id);
    await expect(decide((await colleague("auditor").row()).id)).rejects.toThrow();
    await expect(database.db.delete(cases).where(eq(cases.number, number))).rejects.toThrow();
  });

  test("duties: an approver enters no case but an emergency stop, a clerk decides none, an auditor does nothing", async () => {
    const auditor = colleague("auditor");
    const entry = { kind: "lift_suspension" as const, loginIds: ["sachiko"] };
    for (const one of [approver, auditor]) await expect(one.enter(entry)).rejects.toMatchObject({ refusal: { reason: "staff_not_permitted" } });
    await expect(auditor.enter({ kind: "emergency_stop", loginIds: ["haruki"] })).rejects.toMatchObject({ refusal: { reason: "staff_not_permitted" } });
    const number = numberOf(await clerk.enter(entry));
    for (const one of [clerk, auditor]) {
      await expect(one.approve(number)).rejects.toMatchObject({ refusal: { reason: "staff_not_permitted" } });
      await expect(one.sendBack(number)).rejects.toMatchObject({ refusal: { reason: "staff_not_permitted" } });
    }
    await expect(auditor.withdraw(number)).rejects.toMatchObject({ refusal: { reason: "staff_not_permitted" } });
    expect(await approver.withdraw(number)).toEqual({ ok: false, refusal: { reason: "not_own_case" } });
    expect((await approver.enter({ kind: "emergency_stop", loginIds: ["haruki"] })).ok).toBe(true);
  });

  test("an approver whose duty was withdrawn while the page was open is refused when the button is pressed", async () => {
    const number = numberOf(await clerk.enter({ kind: "lift_suspension", loginIds: ["sachiko"] }));
    const seen = await approver.seen(number);
    await database.db.update(staff).set({ duty: "auditor" }).where(eq(staff.staffId, "approver"));
    await expect(approver.approve(number, seen)).rejects.toMatchObject({ refusal: { reason: "staff_not_permitted" } });
    await database.db.update(staff).set({ duty: "approver", endedAt: new Date() }).where(eq(staff.staffId, "approver"));
    await expect(approver.approve(number, seen)).rejects.toMatchObject({ refusal: { reason: "staff_session_changed" } });
    expect((await caseRow(number)).row!.state).toBe("waiting");
  });

  test("withdrawn is withdrawn: approving after it changes nothing; only who entered it withdraws", async () => {
    await database.db.insert(staff).values({ ...(await clerk.row()), id: crypto.randomUUID(), staffId: "clerk2" });
    const number = numberOf(await clerk.enter({ kind: "lift_suspension", loginIds: ["sachiko"] }));
    const seen = await approver.seen(number);
    expect(await colleague("clerk2").withdraw(number)).toEqual({ ok: false, refusal: { reason: "not_own_case" } });
    expect((await clerk.withdraw(number)).ok).toBe(true);
    expect(await approver.approve(number, seen)).toEqual({ ok: false, refusal: { reason: "case_decided" } });
    expect(await clerk.withdraw(number)).toEqual({ ok: false, refusal: { reason: "case_decided" } });
    expect((await person("sachiko").standing()).suspendedAt).not.toBeNull();
  });

  test("sent back, corrected under the same number by who entered it, approved; nobody else may take the number", async () => {
    await database.db.insert(staff).values({ ...(await clerk.row()), id: crypto.randomUUID(), staffId: "clerk2" });
    const number = numberOf(await clerk.enter({ kind: "lift_suspension", loginIds: ["sachiko"] }));
    expect((await approver.sendBack(number, "届出印をご確認ください")).ok).toBe(true);
    expect((await caseRow(number)).row).toMatchObject({ state: "returned", decisionReason: "届出印をご確認ください" });
    expect(await colleague("clerk2").enter({ number, kind: "lift_suspension", loginIds: ["sachiko"] })).toMatchObject({ ok: false, refusal: { fields: { number: expect.anything() as string } } });
    numberOf(await clerk.enter({ number, kind: "revoke_token", loginIds: ["haruki", "sakuro"] }));
    expect(await caseRow(number)).toMatchObject({ row: { state: "waiting", decidedBy: null, decisionReason: null }, targets: [{ place: 1 }, { place: 2 }] });
    expect((await approver.approve(number)).ok).toBe(true);
    expect((await person("sachiko").standing()).suspendedAt).not.toBeNull(); // no target any more
    expect((await person("haruki").standing()).inUse).toBeNull();
  });

  test("a number is used once, whatever its spelling and whatever came of the case", async () => {
    numberOf(await clerk.enter({ number: "AB-1", kind: "lift_suspension", loginIds: ["sachiko"] }));
    await clerk.withdraw("AB-1");
    expect(await clerk.enter({ number: "ab-1", kind: "lift_suspension", loginIds: ["sachiko"] })).toMatchObject({ ok: false, refusal: { fields: { number: "この受付番号は、すでに使われています。" } } });
  });

  test("what was sent back to somebody who is gone, an approver withdraws; what waits, never", async () => {
    const number = numberOf(await clerk.enter({ kind: "lift_suspension", loginIds: ["sachiko"] }));
    await approver.sendBack(number);
    await database.db.update(staff).set({ endedAt: new Date() }).where(eq(staff.staffId, "clerk"));
    expect((await approver.withdraw(number)).ok).toBe(true);
    expect((await caseRow(number)).row!.state).toBe("withdrawn");
  });

  test("one number entered ten times at once, by several clerks, is one case, and the others are told", async () => {
    const clerks = await Promise.all(Array.from({ length: 10 }, async (_, index) => {
      await database.db.insert(staff).values({ ...(await clerk.row()), id: crypto.randomUUID(), staffId: `clerk${index}` });
      return colleague(`clerk${index}`);
    }));
    for (const one of clerks) await one.session();
    const entered = await Promise.all(clerks.map((one) => one.enter({ number: "R-7", kind: "lift_suspension", loginIds: ["sachiko"] })));
    expect(entered.filter(({ ok }) => ok)).toHaveLength(1);
    for (const one of entered) if (!one.ok) expect(one.refusal).toEqual({ fields: { number: "この受付番号は、すでに使われています。" } });
    expect(await database.db.select().from(cases)).toHaveLength(1);
  });

  test("a target that changed since the approver looked asks again, and then goes", async () => {
    const number = numberOf(await clerk.enter({ kind: "lift_suspension", loginIds: ["sachiko", "haruki"] }));
    const seen = await approver.seen(number);
    await person("haruki").as((work, standing) => stopUsers(work, [standing], "manager"));
    expect(await approver.approve(number, seen)).toEqual({ ok: false, refusal: { reason: "case_changed" } });
    expect((await person("sachiko").standing()).suspendedAt).not.toBeNull();
    expect(await approver.approve(number, await approver.seen(number))).toMatchObject({ ok: true });
    expect((await caseRow(number)).targets.map(({ outcome }) => outcome)).toEqual(["done", "not_suspended"]);
  });

  test("a case that was sent back and entered anew since the approver looked asks again: kind, documents, reason and box are part of what is approved", async () => {
    const entry = { number: "V-1", kind: "revoke_token" as const, loginIds: ["haruki"], allowReissue: true };
    numberOf(await clerk.enter(entry));
    for (const changed of [{ kind: "open_permission" as const }, { allowReissue: false }, { reason: "別の理由" }, { documents: ["本人確認書類"] }]) {
      const seen = await approver.seen("V-1");
      const { row } = await caseRow("V-1");
      expect((await approver.sendBack("V-1")).ok).toBe(true);
      numberOf(await clerk.enter({ ...entry, ...changed }));
      await database.db.update(cases).set({ enteredAt: row!.enteredAt }).where(eq(cases.number, "V-1")); // not the time alone
      expect(await approver.approve("V-1", seen)).toEqual({ ok: false, refusal: { reason: "case_changed" } });
    }
    expect((await person("haruki").standing()).inUse).not.toBeNull();
  });

  test("a stop in another's place, a suspension that began anew, another token: they read the same, and ask again", async () => {
    const ichiro = person("ichiro");
    await ichiro.as((work, standing) => stopUsers(work, [standing], "manager"));
    const release = numberOf(await clerk.enter({ kind: "release_stop", loginIds: ["ichiro"] }));
    const seen = await approver.seen(release);
    numberOf(await clerk.enter({ kind: "emergency_stop", loginIds: ["ichiro"], documents: [] }));
    expect(await approver.approve(release, seen)).toEqual({ ok: false, refusal: { reason: "case_changed" } });
    expect((await ichiro.standing()).stop).toMatchObject({ cause: "emergency" });

    const suspended = numberOf(await clerk.enter({ kind: "lift_suspension", loginIds: ["sachiko"] }));
    const before = await approver.seen(suspended);
    await person("sachiko").as((work, standing) => lift(work, [standing]));
    await database.db.execute(sql`insert into suspensions (corporation_id, user_id, suspended_at, cause) select corporation_id, id, app_now(), 'wrong_one_time_passwords' from users where login_id = 'sachiko'`);
    await database.db.execute(sql`update users set one_time_password_failures = 5, revision = revision + 1 where login_id = 'sachiko'`);
    expect(await approver.approve(suspended, before)).toEqual({ ok: false, refusal: { reason: "case_changed" } });
  });

  test("an approval for which too few temporary passwords were made is asked again, and hands out none", async () => {
    const number = numberOf(await clerk.enter({ kind: "issue_login_password", loginIds: ["haruki", "ichiro"] }));
    const [at, seen] = [await approver.session(), await approver.seen(number)];
    const refused = await inOneTransaction(ourselves(), openForApproval(at, number), (work, open) => approveCase(work, open, { seen, proof: {} }, []), { kind: "staff", id: at.staff.id });
    expect(refused).toEqual({ ok: false, refusal: { reason: "case_changed" } });
    expect(await temporariesFor(at, number, {})).toHaveLength(2);
    expect(await temporariesFor(await clerk.session(), number, {})).toEqual([]); // whoever cannot approve makes nobody hash
  });

  test("a user's logging in and out is no such change", async () => {
    const number = numberOf(await clerk.enter({ kind: "open_permission", loginIds: ["ichiro"] }));
    const seen = await approver.seen(number);
    await person("ichiro").password();
    expect((await approver.approve(number, seen)).ok).toBe(true);
  });

  test("a failure between the approval and the act leaves the case waiting and the user as before", async () => {
    const number = numberOf(await clerk.enter({ kind: "lift_suspension", loginIds: ["sachiko"] }));
    const seen = await approver.seen(number);
    await database.db.execute(sql`alter table suspensions add constraint broken check (lifted_at is null) not valid`);
    await expect(approver.approve(number, seen)).rejects.toThrow();
    await database.db.execute(sql`alter table suspensions drop constraint broken`);
    expect(await caseRow(number)).toMatchObject({ row: { state: "waiting" }, targets: [{ outcome: null }] });
    expect(await eventsNamed("case.approved")).toHaveLength(0);
    expect((await approver.approve(number, seen)).ok).toBe(true);
  });
});

test("the database's connection dies between the approval and the act: the case waits, the user is as before, and it goes afterwards", async () => {
  const number = numberOf(await clerk.enter({ kind: "lift_suspension", loginIds: ["sachiko"] }));
  const seen = await approver.seen(number);
  const waiting = () => database.client<{ pid: number }[]>`select pid from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock' and query like 'with %'`;
  await database.client.begin(async (holder) => {
    await holder`lock table suspensions in share mode`; // the approval may read, decide, and then not write
    const approved = approver.approve(number, seen).then(() => "approved", () => "no answer");
    await expect.poll(async () => (await waiting()).length, { timeout: 5_000 }).toBe(1);
    await database.client`select pg_terminate_backend(${(await waiting())[0]!.pid})`;
    expect(await approved).toBe("no answer");
  });
  expect(await caseRow(number)).toMatchObject({ row: { state: "waiting", decidedBy: null }, targets: [{ outcome: null }] });
  expect((await person("sachiko").standing()).suspendedAt).not.toBeNull();
  expect(await eventsNamed("case.approved")).toEqual([]);
  expect((await approver.approve(number, seen)).ok).toBe(true);
  expect((await person("sachiko").standing()).suspendedAt).toBeNull();
});

describe("whom a case may name", () => {
  test("a user of another company is one that does not exist, in the same words", async () => {
    const foreign = await clerk.enter({ kind: "lift_suspension", loginIds: ["mihon"] });
    const unknown = await clerk.enter({ kind: "lift_suspension", loginIds: ["nobody"] });
    const words = (result: typeof foreign) => (!result.ok && "fields" in result.refusal ? result.refusal.fields.loginIds! : "").replace(/mihon|nobody/, "X");
    expect(words(foreign)).toBe("この契約に登録されていないログインIDです：X");
    expect(words(unknown)).toBe(words(foreign));
    expect(await database.db.select().from(cases)).toHaveLength(0);
    expect(await eventsNamed("case.enter_refused")).toHaveLength(2);
  });

  test("a user deleted after the entry is left alone, and hides nobody else", async () => {
    const number = numberOf(await clerk.enter({ kind: "open_permission", loginIds: ["ichiro", "jiro"] }));
    await database.db.update(users).set({ deletedAt: new Date(), revision: 99 }).where(eq(users.loginId, "ichiro"));
    expect((await approver.approve(number)).ok).toBe(true);
    expect((await caseRow(number)).targets.map(({ outcome }) => outcome)).toEqual(["unknown_user", "done"]);
  });

  test("the log says whom a case was about, by its entry, its return and its approval, also once it was entered anew", async () => {
    const number = numberOf(await clerk.enter({ kind: "revoke_token", loginIds: ["haruki"] }));
    await approver.sendBack(number);
    numberOf(await clerk.enter({ number, kind: "open_permission", loginIds: ["ichiro", "haruki"] }));
    await approver.approve(number);
    const idOf = async (loginId: string) => (await person(loginId).row()).id;
    expect((await eventsNamed("case.entered"))[0]!.details).toMatchObject({ kind: "revoke_token", loginIds: ["haruki"], contractNumber: "1000001", documents: ["届出印"], allowReissue: true });
    expect((await eventsNamed("case.entered_again"))[0]!.details).toMatchObject({ kind: "open_permission", loginIds: ["ichiro", "haruki"] });
    expect((await eventsNamed("case.target_named")).map(({ userId }) => userId)).toEqual([await idOf("haruki"), await idOf("ichiro"), await idOf("haruki")]);
    expect(await eventsNamed("case.target_done")).toMatchObject([{ userId: await idOf("ichiro") }]);
    expect(await eventsNamed("case.target_refused")).toMatchObject([{ userId: await idOf("haruki"), code: "OTP-411" }]);
  });

  test("an unknown contract", async () => {
    expect(await clerk.enter({ contractNumber: "9999999", kind: "lift_suspension", loginIds: ["haruki"] })).toMatchObject({ ok: false, refusal: { fields: { contractNumber: expect.anything() as string } } });
  });
});

describe("each kind", () => {
  const approved = async (fields: Parameters<typeof clerk.enter>[0]) => {
    const number = numberOf(await clerk.enter(fields));
    expect(await approver.approve(number)).toEqual({ ok: true, value: undefined });
    return number;
  };

  test("利用解除 lifts every suspension that the user has, and tells", async () => {
    await person("sachiko").as((work, standing) => {
      suspendLoginPassword(work, standing);
      work.changeUser(standing.user.id, { confirmationFailures: 5, confirmationSuspendedAt: work.now });
    });
    await approved({ kind: "lift_suspension", loginIds: ["sachiko"] });
    expect(await person("sachiko").standing()).toMatchObject({ suspendedAt: null, passwordSuspendedAt: null, user: { confirmationFailures: 0, confirmationSuspendedAt: null } });
    expect((await mailsTo("sachiko@example.jp")).map((content) => content?.change ?? content?.kind)).toEqual(expect.arrayContaining(["suspension_lifted", "login_password_lifted", "confirmation_password_lifted"]));
  });

  test("失効, with and without a new 発行許可; the wait is the same as a manager's", async () => {
    await approved({ kind: "revoke_token", loginIds: ["haruki"], allowReissue: true });
    await approved({ kind: "revoke_token", loginIds: ["sakuro"], allowReissue: false });
    expect(await person("haruki").password()).toMatchObject({ ok: false, refusal: { reason: "waiting_after_revocation" } });
    await database.advance(30 * 60);
    expect(await person("haruki").password()).toMatchObject({ ok: true, value: { step: "issuance" } });
    expect((await person("haruki").standing()).permission).toMatchObject({ cause: "revocation" });
    expect((await person("sakuro").standing()).permission).toBeNull();
  });

  test("発行許可, for several, by the counter", async () => {
    await database.db.delete(issuancePermissions);
    await approved({ kind: "open_permission", loginIds: ["ichiro", "jiro", "haruki"] });
    for (const loginId of ["ichiro", "jiro"]) expect((await person(loginId).standing()).permission).toMatchObject({ cause: "counter", openedBy: null });
    expect((await person("haruki").standing()).permission).toBeNull(); // has a token in use
  });

  test("発行許可 by the counter takes no time away from one that is open longer", async () => {
    const before = (await person("ichiro").standing()).permission!.closesAt;
    await approved({ kind: "open_permission", loginIds: ["ichiro"] });
    expect((await person("ichiro").standing()).permission).toMatchObject({ cause: "counter", closesAt: before });
  });

  test("ログインパスワード再登録 makes a temporary password each, lifts its suspension, and ends the sessions", async () => {
    const haruki = person("haruki");
    await haruki.as((work, standing) => openSession(work, standing, haruki.browser));
    await haruki.as((work, standing) => suspendLoginPassword(work, standing));
    const number = await approved({ kind: "issue_login_password", loginIds: ["haruki", "ichiro"] });
    expect(await haruki.openSessions()).toHaveLength(0);
    expect(await haruki.password()).toMatchObject({ ok: false, refusal: { reason: "wrong_id_or_password" } });

    const { targets } = await caseRow(number);
    expect(targets.map(({ sealedSlip }) => sealedSlip !== null)).toEqual([true, true]);
    const shown = await clerk.slips(number);
    if (!shown.ok) throw new Error();
    expect(shown.value.map(({ loginId }) => loginId)).toEqual(["haruki", "ichiro"]);
    expect(JSON.stringify(targets)).not.toContain(shown.value[0]!.loginPassword!);
    expect(await person("haruki").password(shown.value[0]!.loginPassword)).toMatchObject({ ok: true, value: { step: "one_time_password" } });
    expect(await person("ichiro").password(shown.value[1]!.loginPassword)).toMatchObject({ ok: true });
    expect((await haruki.row()).loginPasswordTemporary).toBe(true);
  });

  test("確認用パスワード初期化 ends its suspension", async () => {
    await person("haruki").as((work, standing) => work.changeUser(standing.user.id, { confirmationFailures: 5, confirmationSuspendedAt: work.now }));
    const number = await approved({ kind: "issue_confirmation_password", loginIds: ["haruki"] });
    expect(await person("haruki").row()).toMatchObject({ confirmationFailures: 0, confirmationSuspendedAt: null, confirmationPasswordTemporary: true });
    expect(await approver.slips(number)).toMatchObject({ ok: true, value: [{ loginId: "haruki", confirmationPassword: expect.stringMatching(/^\w{4}-\w{4}-\w{4}$/) as string }] });
  });

  test("緊急停止 is one person's, at once: the session ends, a manager cannot release it, the counter can, by a case", async () => {
    const haruki = person("haruki");
    await haruki.as((work, standing) => openSession(work, standing, haruki.browser));
    const number = numberOf(await clerk.enter({ kind: "emergency_stop", loginIds: ["haruki"], documents: [] }));
    expect(await caseRow(number)).toMatchObject({ row: { state: "done" }, targets: [{ outcome: "done" }] });
    expect(await haruki.openSessions()).toHaveLength(0);
    expect((await database.db.select().from(sessions)).map(({ endedBecause }) => endedBecause)).toEqual(["stopped"]);
    expect(await haruki.password()).toMatchObject({ ok: false, refusal: { reason: "user_stopped_by_counter" } });
    expect(await mailsTo("haruki@example.jp")).toContainEqual(expect.objectContaining({ change: "stopped_by_counter" }));

    await approved({ kind: "release_stop", loginIds: ["haruki"] });
    expect(await haruki.password()).toMatchObject({ ok: true });
  });

  test("緊急停止 takes the place of a manager's stop, which a manager could release", async () => {
    await person("ichiro").as((work, standing) => stopUsers(work, [standing], "manager"));
    numberOf(await clerk.enter({ kind: "emergency_stop", loginIds: ["ichiro"], documents: [] }));
    expect((await person("ichiro").standing()).stop).toMatchObject({ cause: "emergency" });
    expect(await database.db.select().from(stops)).toHaveLength(2);
    const again = numberOf(await clerk.enter({ kind: "emergency_stop", loginIds: ["ichiro"], documents: [] }));
    expect((await caseRow(again)).targets).toMatchObject([{ outcome: "state_changed" }]);
    await person("ichiro").as((work, standing) => releaseStops(work, [standing]));
    expect((await person("ichiro").standing()).stop).toBeNull();
  });

  const contractRow = async (contractNumber: string) => (await database.db.select().from(corporations).where(eq(corporations.contractNumber, contractNumber)))[0]!;
  const today = async () => sortableDate((await clerk.session()).now);

  test("申込: the company's sessions end, everybody may issue for 30 days from the date, the masters are told", async () => {
    const mihon = person("mihon");
    await mihon.as((work, standing) => openSession(work, standing, mihon.browser));
    await database.db.delete(issuancePermissions);
    await approved({ kind: "apply_service", contractNumber: "1000002", serviceAppliesFrom: await today() });
    expect((await contractRow("1000002")).serviceAppliesFrom).toBe(await today());
    expect(await mihon.openSessions()).toHaveLength(0);
    expect(await mihon.password()).toMatchObject({ ok: true, value: { step: "issuance" } });
    const { permission, now } = await mihon.standing();
    expect(permission).toMatchObject({ cause: "service_applied" });
    expect(permission!.closesAt.getTime()).toBe(new Date(`${await today()}T00:00:00+09:00`).getTime() + 30 * 86_400_000);
    expect(permission!.opensAt <= now).toBe(true);
    expect(await mailsTo("mihon@example.jp")).toContainEqual(expect.objectContaining({ kind: "service_applied" }));
    expect(await clerk.enter({ kind: "apply_service", contractNumber: "1000002", serviceAppliesFrom: await today() })).toMatchObject({ ok: false, refusal: { fields: { kind: expect.anything() as string } } });
    await approved({ kind: "end_service", contractNumber: "1000002" });
    await approved({ kind: "apply_service", contractNumber: "1000002", serviceAppliesFrom: await today() }); // in place of the first permission
  });

  test.each(["2020-01-01", "0001-01-01", "9999-12-31"])("申込 from %s is a slip of the hand, for a contract that is there and for a new one", async (serviceAppliesFrom) => {
    expect(await clerk.enter({ kind: "apply_service", contractNumber: "1000002", serviceAppliesFrom })).toMatchObject({ ok: false, refusal: { fields: { serviceAppliesFrom: expect.stringContaining("1年以内") as string } } });
    expect(await clerk.enterContract({ serviceAppliesFrom })).toMatchObject({ ok: false, refusal: { fields: { serviceAppliesFrom: expect.anything() as string } } });
  });

  test("申込 approved so late that nobody could issue any more is refused, and shuts nobody out", async () => {
    const number = numberOf(await clerk.enter({ kind: "apply_service", contractNumber: "1000002", serviceAppliesFrom: await today() }));
    await database.advance(31 * 86_400);
    await approver.logInAgain();
    expect(await approver.approve(number)).toEqual({ ok: false, refusal: { reason: "service_date_passed" } });
    expect(await person("mihon").password()).toMatchObject({ ok: true, value: { step: "session" } });
  });

  describe("認証方法の変更", () => {
    const required = async () => ({ passkeyPolicy: "required", passkeyRequiredFrom: await today(), passkeyAlone: true, stepUpPolicy: "everyone" }) as const;
    const asked = { passkeyPolicy: "asked_of_managers", passkeyRequiredFrom: null, passkeyAlone: false, stepUpPolicy: "off" } as const;
    const change = async (authentication: Authentication, contractNumber = "1000001") => clerk.enter({ kind: "change_authentication", contractNumber, authentication });

    test("is so once another has approved it, and not before; nobody is logged out, the masters are told, the log has both", async () => {
      const haruki = person("haruki");
      await haruki.as((work, standing) => openSession(work, standing, haruki.browser));
      const number = numberOf(await change(await required()));
      expect(authenticationOf(await contractRow("1000001"))).toEqual({ ...noPasskeyNeeded, stepUpPolicy: "managers_with_passkey" });
      expect(await approver.approve(number)).toEqual({ ok: true, value: undefined });
      expect(authenticationOf(await contractRow("1000001"))).toEqual(await required());
      expect(await haruki.openSessions()).toHaveLength(1);
      expect(await mailsTo("sakuro@example.jp")).toContainEqual(expect.objectContaining({ kind: "authentication_changed", authentication: await required() }));
      expect(await mailsTo("haruki@example.jp")).not.toContainEqual(expect.objectContaining({ kind: "authentication_changed" }));
      expect(await eventsNamed("contract.authentication_changed")).toMatchObject([{ actorKind: "staff", details: { before: { passkeyPolicy: "offered" }, after: { passkeyPolicy: "required" } } }]);
      expect(authenticationOf(await contractRow("1000002"))).toMatchObject(noPasskeyNeeded); // another company's
    });

    test("changed in between by another case, the approver is asked again", async () => {
      const [one, other] = [numberOf(await change(await required())), numberOf(await change(asked))];
      const seen = await approver.seen(other);
      await approver.approve(one);
      expect(await approver.approve(other, seen)).toEqual({ ok: false, refusal: { reason: "case_changed" } });
      expect(authenticationOf(await contractRow("1000001"))).toEqual(await required());
      expect(await approver.approve(other)).toMatchObject({ ok: true });
      expect(authenticationOf(await contractRow("1000001"))).toEqual(asked);
    });

    test("without the service passkeys are neither required nor enough, at the entry and at the approval; the rest may be changed", async () => {
      expect(await change(await required(), "1000002")).toMatchObject({ ok: false, refusal: { fields: { passkeyPolicy: expect.stringContaining("未申込") as string, passkeyAlone: expect.stringContaining("未申込") as string } } });
      expect(await change({ ...asked, passkeyAlone: true }, "1000002")).toMatchObject({ ok: false, refusal: { fields: { passkeyAlone: expect.stringContaining("未申込") as string } } });
      expect(await change(asked, "1000002")).toMatchObject({ ok: true });
      const late = numberOf(await change({ ...asked, passkeyAlone: true }));
      await approved({ kind: "end_service" });
      expect(await approver.approve(late)).toEqual({ ok: false, refusal: { reason: "service_not_applied" } });
      expect((await contractRow("1000001")).passkeyAlone).toBe(false);
    });

    test("the end of the service takes back what needs it, and only that", async () => {
      await approver.approve(numberOf(await change(await required())));
      await approved({ kind: "end_service" });
      expect(authenticationOf(await contractRow("1000001"))).toEqual({ ...noPasskeyNeeded, stepUpPolicy: "everyone" });
      expect(await eventsNamed("contract.authentication_changed")).toHaveLength(2);
    });

    test.each(["2020-01-01", "9999-12-31", ""])("required from %j is a slip of the hand; what is in force already may stay", async (passkeyRequiredFrom) => {
      expect(await change({ ...(await required()), passkeyRequiredFrom })).toMatchObject({ ok: false, refusal: { fields: { passkeyRequiredFrom: expect.anything() as string } } });
      await database.db.update(corporations).set({ passkeyPolicy: "required", passkeyRequiredFrom: "2020-01-01" }).where(eq(corporations.contractNumber, "1000001"));
      expect(await change({ ...(await required()), passkeyRequiredFrom: "2020-01-01" })).toMatchObject({ ok: true });
    });

    test("what is so already is no change", async () => {
      expect(await change({ ...noPasskeyNeeded, stepUpPolicy: "managers_with_passkey" })).toMatchObject({ ok: false, refusal: { fields: { passkeyPolicy: expect.stringContaining("同じ") as string } } });
    });
  });

  test("契約登録: the first master logs in with the slip's passwords; what is taken meanwhile is refused at the approval", async () => {
    const number = numberOf(await clerk.enterContract({ serviceAppliesFrom: await today() }));
    expect((await contractRow("2000001"))).toBeUndefined();
    expect((await approver.approve(number)).ok).toBe(true);
    const shown = await clerk.slips(number);
    if (!shown.ok) throw new Error();
    expect(shown.value).toMatchObject([{ loginId: "shinki", contractNumber: "2000001", company: "新規商会" }]);
    expect(await person("shinki").password(shown.value[0]!.loginPassword)).toMatchObject({ ok: true, value: { step: "issuance" } });
    expect((await person("shinki").standing()).permission).toMatchObject({ cause: "service_applied" });
    expect(await mailsTo("shinki@example.jp")).toContainEqual(expect.objectContaining({ kind: "service_applied" }));

    expect(await clerk.enterContract({})).toMatchObject({ ok: false, refusal: { fields: { contractNumber: expect.anything() as string, masterLoginId: expect.anything() as string } } });
    const other = numberOf(await clerk.enterContract({ contractNumber: "2000002", master: { loginId: "shinki2", name: "新規二郎", mailAddress: "b@example.jp" } }));
    await database.db.update(users).set({ loginId: "Shinki2" }).where(eq(users.loginId, "jiro"));
    expect(await approver.approve(other)).toEqual({ ok: false, refusal: { reason: "contract_taken" } });
    expect(await contractRow("2000002")).toBeUndefined();
  });

  test("a contract's case is corrected on the contract's form, and a user's on the user's", async () => {
    const number = numberOf(await clerk.enterContract({}));
    await approver.sendBack(number);
    expect(await clerk.enter({ number, kind: "lift_suspension", loginIds: ["sachiko"] })).toMatchObject({ ok: false, refusal: { fields: { number: expect.anything() as string } } });
    const ofUser = numberOf(await clerk.enter({ kind: "lift_suspension", loginIds: ["sachiko"] }));
    await approver.sendBack(ofUser);
    expect(await clerk.enterContract({ number: ofUser })).toMatchObject({ ok: false, refusal: { fields: { number: expect.anything() as string } } });
  });

  test("申込 and 解約 end logins that are half done", async () => {
    await person("haruki").password();
    await approved({ kind: "end_service" });
    expect(await database.db.select().from(loginAttempts)).toEqual([]);
  });

  test("解約: tokens and sessions end, login is by password alone again; a suspension stays", async () => {
    const haruki = person("haruki");
    await haruki.as((work, standing) => openSession(work, standing, haruki.browser));
    await approved({ kind: "end_service" });
    expect(await haruki.openSessions()).toHaveLength(0);
    expect(await haruki.standing()).toMatchObject({ inUse: null, permission: null, corporation: { serviceAppliesFrom: null } });
    expect(await haruki.password()).toMatchObject({ ok: true, value: { step: "session" } });
    expect(await person("sachiko").password()).toMatchObject({ ok: false, refusal: { reason: "suspended_counter" } }); // nobody has a token now
    expect(await mailsTo("sakuro@example.jp")).toContainEqual(expect.objectContaining({ kind: "service_ended" }));
    expect((await database.db.execute<{ live: number }>(sql`select count(*)::int as live from tokens where ended_at is null`))[0]!.live).toBe(0);
  });

  test("two cases of one kind for one contract: the second is refused, and stays waiting", async () => {
    const [first, second] = [numberOf(await clerk.enter({ kind: "end_service" })), numberOf(await clerk.enter({ kind: "end_service" }))];
    expect((await approver.approve(first)).ok).toBe(true);
    expect(await approver.approve(second)).toEqual({ ok: false, refusal: { reason: "service_not_applied" } });
    expect((await caseRow(second)).row!.state).toBe("waiting");
  });
});

describe("nobody waits crosswise", () => {
  test("申込 and 解約 while a master of the contract registers users", async () => {
    const { registerUsers } = await import("@/lib/corporation/register");
    const sakuro = person("sakuro");
    const kase = numberOf(await clerk.enter({ kind: "end_service" }));
    const seen = await approver.seen(kase);
    const added = [{ loginId: "tsuika", name: "追加一郎", userClass: "general" as const, mailAddress: "t@example.jp", loginPassword: "Atarashii-kagi-2026", newConfirmationPassword: "Betsu-no-kagi-2026" }];
    for (let round = 0; round < 10; round += 1) {
      await sakuro.as((work, standing) => openSession(work, standing, sakuro.browser));
      const { user, openSession: open, corporation } = await sakuro.standing();
      const session = { id: open!.id, user, corporation } as unknown as Parameters<typeof registerUsers>[1];
      const both = await Promise.allSettled([
        registerUsers(ourselves(), session, { added: added.map((one) => ({ ...one, loginId: `tsuika${round}` })), by: "form", confirmationPassword, proof: {} }), approver.approve(kase, round === 9 ? seen : "x"),
      ]);
      for (const one of both) if (one.status === "rejected") expect(one.reason).toMatchObject({ refusal: { reason: "session_ended" } });
    }
  }, 60_000);

  test("cases entered anew for other users than before, all at once", async () => {
    const logins = ["haruki", "ichiro", "jiro", "sakuro", "sachiko", "tarou"];
    const numbers: string[] = [];
    for (const loginId of logins) {
      await database.db.insert(staff).values({ ...(await clerk.row()), id: crypto.randomUUID(), staffId: `of-${loginId}` });
      numbers.push(numberOf(await colleague(`of-${loginId}`).enter({ kind: "open_permission", loginIds: [loginId] })));
    }
    for (let round = 0; round < 10; round += 1) {
      for (const number of numbers) expect((await approver.sendBack(number)).ok).toBe(true);
      const clerks = logins.map((loginId) => colleague(`of-${loginId}`));
      for (const one of clerks) await one.session();
      const entered = await Promise.all(clerks.map((one, index) => one.enter({ number: numbers[index]!, kind: "open_permission", loginIds: [logins[(index + round) % 6]!, logins[(index + round + 3) % 6]!] })));
      expect(entered.every(({ ok }) => ok)).toBe(true);
    }
  }, 60_000);
});

describe("交付票", () => {
  const issued = async () => {
    const number = numberOf(await clerk.enter({ kind: "issue_login_password", loginIds: ["ichiro"] }));
    await approver.approve(number);
    return number;
  };

  test("is shown once, to one of two who ask at once, and then nothing of it is left", async () => {
    const number = await issued();
    await Promise.all([clerk.session(), approver.session()]);
    const asked = await Promise.all([clerk.slips(number), approver.slips(number), clerk.slips(number), approver.slips(number)]);
    expect(asked.filter(({ ok }) => ok)).toHaveLength(1);
    expect(asked.filter((one) => !one.ok && one.refusal.reason === "slips_gone")).toHaveLength(3);
    expect((await caseRow(number)).targets).toMatchObject([{ sealedSlip: null, slipShownAt: expect.any(Date) as Date }]);
    expect(await eventsNamed("case.slips_shown")).toHaveLength(1);
  });

  test("to whoever entered or approved, and to nobody else; within a day", async () => {
    await database.db.insert(staff).values({ ...(await clerk.row()), id: crypto.randomUUID(), staffId: "clerk2" });
    const number = await issued();
    expect(await colleague("clerk2").slips(number)).toEqual({ ok: false, refusal: { reason: "not_own_case" } });
    await expect(colleague("auditor").slips(number)).rejects.toMatchObject({ refusal: { reason: "staff_not_permitted" } });
    await database.advance(24 * 3600);
    expect(await clerk.slips(number)).toEqual({ ok: false, refusal: { reason: "slips_gone" } });
    const { eraseOldSlips } = await import("./slips");
    await eraseOldSlips();
    expect((await caseRow(number)).targets).toMatchObject([{ sealedSlip: null, slipShownAt: null }]);
  });

  test("sealed passwords open in their own row only", async () => {
    const [one, other] = [await issued(), await issued()];
    const { targets: [target] } = await caseRow(one);
    const { row } = await caseRow(other);
    await database.db.execute(sql`alter table case_targets disable trigger user`);
    await database.db.update(caseTargets).set({ sealedSlip: target!.sealedSlip }).where(eq(caseTargets.caseId, row!.id));
    await database.db.execute(sql`alter table case_targets enable trigger user`);
    await expect(clerk.slips(other)).rejects.toThrow();
  });
});

test("the receipt has the head of the company's audit chain at that moment", async () => {
  const early = numberOf(await clerk.enter({ kind: "open_permission", loginIds: ["ichiro"] }));
  await approver.approve(early);
  expect((await caseRow(early)).row).toMatchObject({ sealNumber: null, sealHash: null });
  for (const loginId of ["mihon", "nobody"]) {
    await sealAll();
    await someEvent(database.db, loginId);
  }
  await sealAll();
  const number = numberOf(await clerk.enter({ kind: "open_permission", loginIds: ["jiro"] }));
  await approver.approve(number);
  const { row } = await caseRow(number);
  const head = await headOf(database.db, row!.corporationId);
  expect(row).toMatchObject({ sealNumber: head!.number, sealHash: head!.hash });
  const institutions = await headOf(database.db, null);
  expect(institutions!.hash).not.toBe(head!.hash);
  const contract = numberOf(await clerk.enterContract({}));
  await approver.approve(contract);
  expect((await caseRow(contract)).row).toMatchObject({ sealNumber: institutions!.number, sealHash: institutions!.hash }); // a new company has no chain yet
});

test("a company whose managers are all suspended is sent to the counter, helped there by two, and logs in again", async () => {
  await putScenario("all-managers-suspended");
  [clerk, approver] = [colleague("clerk"), colleague("approver")];
  expect(await person("haruki").password()).toMatchObject({ ok: false, refusal: { reason: "suspended_counter" } });
  const number = numberOf(await clerk.enter({ kind: "lift_suspension", loginIds: ["haruki", "sakuro"] }));
  expect((await approver.approve(number)).ok).toBe(true);
  const haruki = person("haruki");
  await haruki.password();
  expect((await haruki.oneTimePassword(await haruki.presentDigits())).ok).toBe(true);
});

test("wrong one-time passwords suspend again after the counter lifted: the count begins anew", async () => {
  const number = numberOf(await clerk.enter({ kind: "lift_suspension", loginIds: ["sachiko"] }));
  await approver.approve(number);
  const sachiko = person("sachiko");
  await sachiko.password();
  const wrong = await wrongDigits(sachiko);
  for (let i = 0; i < 4; i += 1) expect(await sachiko.oneTimePassword(wrong)).toMatchObject({ refusal: { reason: "wrong_one_time_password" } });
  expect(await sachiko.oneTimePassword(wrong)).toMatchObject({ refusal: { reason: "suspended" } });
});

test("50 rounds of two approvers at once: one release each, one mail, one event", async () => {
  await database.db.insert(staff).values({ ...(await approver.row()), id: crypto.randomUUID(), staffId: "approver2" });
  const other = colleague("approver2");
  const sachiko = await person("sachiko").row();
  for (let round = 0; round < 50; round += 1) {
    await person("sachiko").as((work, standing) => {
      if (standing.suspendedAt) return;
      work.save("suspension", sql`(insert into suspensions (corporation_id, user_id, suspended_at, cause) values (${sachiko.corporationId}, ${sachiko.id}, ${work.now.toISOString()}, 'wrong_one_time_passwords'))`);
      work.changeUser(sachiko.id, { oneTimePasswordFailures: 5 });
    });
    const number = numberOf(await clerk.enter({ kind: "lift_suspension", loginIds: ["sachiko"] }));
    const seen = await approver.seen(number);
    await other.session();
    const both = await Promise.all([approver.approve(number, seen), other.approve(number, seen)]);
    expect(both.map((result) => (result.ok ? "done" : result.refusal.reason)).sort()).toEqual(["case_decided", "done"]);
  }
  expect(await eventsNamed("suspension.lifted")).toHaveLength(50);
  expect(await eventsNamed("case.approved")).toHaveLength(50);
  expect((await mailsTo("sachiko@example.jp")).filter((content) => content?.kind === "suspension_lifted")).toHaveLength(50);
  expect(await database.db.select().from(auditEvents).where(and(eq(auditEvents.name, "case.act_refused"), eq(auditEvents.code, "OTP-515")))).toHaveLength(50);
});
